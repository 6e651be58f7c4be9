"""The text that is stored and hashed: a schema as Avro-Java prints it."""

import json
import math
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from accord.schemas.avro.model import (
    NO_DEFAULT,
    Array,
    Enum,
    Field,
    Fixed,
    Map,
    Name,
    NamedType,
    Primitive,
    Record,
    Ref,
    Type,
    Union,
)
from accord.schemas.avro.numbers import double_text
from accord.schemas.json_text import JsonValue

# Kinds whose words a type's short name may equal; such a name is never written without its namespace.
_KIND_WORDS: Final = frozenset(
    {
        "record", "enum", "array", "map", "union", "fixed",
        "string", "bytes", "int", "long", "float", "double", "boolean", "null",
    }
)  # fmt: skip


def canonical_text(root: Type, types: Mapping[str, NamedType], *, known: Collection[str] = ()) -> str:
    """Print ``root``; the types named in ``known`` are defined elsewhere and only named here."""
    return _Printer(types, known).type(root, "")


def json_text(value: JsonValue) -> str:
    """Compact JSON, characters as they are, numbers as Java writes them."""
    if isinstance(value, float):
        text = double_text(value)
        return text if math.isfinite(value) else f'"{text}"'
    if isinstance(value, dict):
        return _object((key, json_text(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return f"[{','.join(map(json_text, value))}]"
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else quoted(value)


def quoted(text: str) -> str:
    r"""A JSON string; control characters other than \b \t \n \f \r come as \u with capital hex digits."""
    plain = json.dumps(text, ensure_ascii=False)
    return plain if text.isprintable() else _capital_escapes(plain)


def _capital_escapes(plain: str) -> str:
    parts = plain.split("\\u00")
    return "\\u00".join([parts[0], *(part[:2].upper() + part[2:] for part in parts[1:])])


def _object(members: Iterator[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{quoted(key)}:{text}" for key, text in members) + "}"


class _Printer:
    """Remembers which names were already written out."""

    def __init__(self, types: Mapping[str, NamedType], known: Collection[str]) -> None:
        self._types = types
        self._written = set(known)

    def type(self, node: Type, space: str) -> str:
        """The text of ``node`` inside the namespace ``space``."""
        if isinstance(node, Ref):
            return self._named(self._types[node.name], space)
        if isinstance(node, Record | Enum | Fixed):
            return self._named(node, space)
        if isinstance(node, Primitive):
            word = f'"{node.kind}"'
            return _object(iter([("type", word), *_rest(node.properties)])) if node.properties else word
        if isinstance(node, Union):
            return f"[{','.join(self.type(branch, space) for branch in node.branches)}]"
        member, inner = ("items", node.items) if isinstance(node, Array) else ("values", node.values)
        written = self.type(inner, space)
        return _object(iter([("type", f'"{node.kind}"'), (member, written), *_rest(node.properties)]))

    def _named(self, node: NamedType, space: str) -> str:
        if node.name.full in self._written:
            return quoted(_qualified(node.name, space))
        self._written.add(node.name.full)
        return _object(self._definition(node, space))

    def _definition(self, node: NamedType, space: str) -> Iterator[tuple[str, str]]:
        yield "type", '"error"' if isinstance(node, Record) and node.is_error else f'"{node.kind}"'
        yield "name", quoted(node.name.short)
        if node.name.space != space:
            yield "namespace", quoted(node.name.space)
        if node.doc is not None:
            yield "doc", quoted(node.doc)
        if isinstance(node, Record):
            fields = ",".join(_object(self._field(field, node.name.space)) for field in node.fields)
            yield "fields", f"[{fields}]"
        elif isinstance(node, Enum):
            yield "symbols", json_text(list(node.symbols))
            if node.default is not None:
                yield "default", quoted(node.default)
        else:
            yield "size", str(node.size)
        yield from _rest(node.properties)
        if node.aliases:
            yield "aliases", json_text([_qualified(alias, node.name.space) for alias in node.aliases])

    def _field(self, field: Field, space: str) -> Iterator[tuple[str, str]]:
        yield "name", quoted(field.name)
        yield "type", self.type(field.type, space)
        if field.doc is not None:
            yield "doc", quoted(field.doc)
        if field.default is not NO_DEFAULT:
            yield "default", json_text(field.default)
        if field.order != "ascending":
            yield "order", quoted(field.order)
        if field.aliases:
            yield "aliases", json_text(list(field.aliases))
        yield from _rest(field.properties)


def _rest(properties: Mapping[str, JsonValue]) -> Iterator[tuple[str, str]]:
    for key, value in properties.items():
        yield key, json_text(value)


def _qualified(name: Name, space: str) -> str:
    if name.space and name.space == space and name.short not in _KIND_WORDS:
        return name.short
    return name.full
