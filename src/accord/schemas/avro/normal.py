"""``normalize=true``: everything that carries no meaning put in one order.

Custom properties and aliases are sorted, logical types come first, defaults are written in the type of their field,
empty documentation goes, and ``error`` becomes ``record``. A default that is no value of the type (of a union: of its
first branch) goes as well, as in the original. Unlike there, a type without a namespace keeps its name inside of one.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from accord.schemas.avro.meanings import logical_type
from accord.schemas.avro.model import (
    NO_DEFAULT,
    Array,
    Definition,
    Enum,
    Field,
    Fixed,
    Kind,
    Map,
    NamedType,
    Primitive,
    Record,
    Ref,
    Type,
    Union,
)
from accord.schemas.avro.numbers import as_single, float_text
from accord.schemas.json_text import JsonValue

_LONG: Final = range(-(2**63), 2**63)


def normal_form(root: Type, types: Mapping[str, NamedType]) -> tuple[Type, dict[str, NamedType]]:
    """``root`` and ``types`` in normal form."""
    form = _Form(types)
    return form.type(root), {name: form.named(node) for name, node in types.items()}


class _Form:
    """Rewrites nodes; the types are at hand because a default is written in the type of its field."""

    def __init__(self, types: Mapping[str, NamedType]) -> None:
        self._types = types
        # A definition stands both in the text and among the types.
        self._known: dict[int, NamedType] = {}

    def type(self, node: Type) -> Type:
        """The normal form of any node."""
        if isinstance(node, Ref):
            return node
        if isinstance(node, Record | Enum | Fixed):
            return self.named(node)
        if isinstance(node, Union):
            return replace(node, branches=tuple(map(self.type, node.branches)))
        if isinstance(node, Primitive) and not node.properties:
            return node
        properties = _sorted_properties(node)
        if isinstance(node, Array):
            return replace(node, items=self.type(node.items), properties=properties)
        if isinstance(node, Map):
            return replace(node, values=self.type(node.values), properties=properties)
        return replace(node, properties=properties)

    def named(self, node: NamedType) -> NamedType:
        """The normal form of a definition."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = self._named(node)
        return known

    def _named(self, node: NamedType) -> NamedType:
        aliases = tuple(sorted(node.aliases, key=lambda alias: _java_order(alias.full)))
        doc, properties = node.doc or None, _sorted_properties(node)
        if not isinstance(node, Record):
            return replace(node, doc=doc, aliases=aliases, properties=properties)
        fields = tuple(map(self._field, node.fields))
        return replace(node, doc=doc, aliases=aliases, properties=properties, fields=fields, is_error=False)

    def _field(self, field: Field) -> Field:
        return Field(
            field.name,
            self.type(field.type),
            default=NO_DEFAULT if field.default is NO_DEFAULT else self._default(field.default, field.type),
            order=field.order,
            properties=_sorted_json(dict(field.properties)) if field.properties else field.properties,
            doc=field.doc,
            aliases=tuple(sorted(field.aliases, key=_java_order)),
            place=field.place,
        )

    def _default(self, value: JsonValue, node: Type) -> JsonValue:
        """``value`` as a value of ``node``, NO_DEFAULT where the type (of a union: its first) holds no such value."""
        if isinstance(node, Ref):
            return self._default(value, self._types[node.name])
        if isinstance(node, Union):
            return self._default(value, node.branches[0]) if node.branches else value
        if isinstance(value, str):
            return _text(value, node.kind)
        if isinstance(value, list):
            return [self._inner(item, node.items if isinstance(node, Array) else None) for item in value]
        if isinstance(value, dict):
            return {
                key: self._inner(value[key], _member(node, key)) for key in sorted(value, key=_java_order)
            }
        if value is None or isinstance(value, bool):
            return value
        return _NUMBERS.get(node.kind, _no_number)(value)

    def _inner(self, value: JsonValue, node: Type | None) -> JsonValue:
        if node is None:
            return _sorted_json(value)
        written = self._default(value, node)
        return value if written is NO_DEFAULT else written


def _text(value: str, kind: Kind) -> JsonValue:
    if kind in {Kind.BYTES, Kind.FIXED}:
        return value.encode("latin-1", "replace").decode("latin-1")
    return value if kind in {Kind.STRING, Kind.ENUM} else NO_DEFAULT


def _member(node: Definition, key: str) -> Type | None:
    if isinstance(node, Map):
        return node.values
    if isinstance(node, Record):
        return next((field.type for field in node.fields if field.name == key), None)
    return None


def _integer(value: float) -> JsonValue:
    return value if isinstance(value, int) and value in _LONG else NO_DEFAULT


def _double(value: float) -> JsonValue:
    return NO_DEFAULT if isinstance(value, int) and value not in _LONG else float(value)


def _single(value: float) -> JsonValue:
    if isinstance(value, int) and value not in _LONG:
        return NO_DEFAULT
    single = as_single(float(value))
    return float(float_text(single)) if math.isfinite(single) else single


def _no_number(_value: float) -> JsonValue:
    return NO_DEFAULT


_NUMBERS: Final[Mapping[Kind, Callable[[float], JsonValue]]] = {
    Kind.INT: _integer,
    Kind.LONG: _integer,
    Kind.FLOAT: _single,
    Kind.DOUBLE: _double,
}


def _sorted_properties(node: Definition) -> Mapping[str, JsonValue]:
    properties = node.properties
    if not properties:
        return properties
    ordered: dict[str, JsonValue] = _sorted_json(dict(properties))
    logical = logical_type(node)
    if logical:
        first = ["logicalType"]
        if logical == "decimal":
            first += ["precision", *(["scale"] if properties.get("scale") else [])]
        return {key: ordered[key] for key in dict.fromkeys([*first, *ordered])}
    return ordered


def _sorted_json(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _sorted_json(value[key]) for key in sorted(value, key=_java_order)}
    if isinstance(value, list):
        return [_sorted_json(item) for item in value]
    return value


def _java_order(text: str) -> bytes:
    """Java sorts strings by UTF-16 code units."""
    return text.encode("utf-16-be")
