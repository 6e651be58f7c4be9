"""From JSON to types: every clause of the specification that a schema can break, each with the place it breaks at."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from accord.schemas.avro.consistency import check_consistency
from accord.schemas.avro.defaults import as_double
from accord.schemas.avro.equality import same_type
from accord.schemas.avro.model import (
    NO_DEFAULT,
    NO_PROPERTIES,
    PRIMITIVES,
    Array,
    Enum,
    Field,
    Fixed,
    Kind,
    Map,
    Name,
    NamedType,
    Primitive,
    Record,
    Ref,
    Type,
    Union,
)
from accord.schemas.errors import InvalidSchema
from accord.schemas.json_text import JsonValue, quote, read_json, shown
from accord.schemas.pointers import child

_TYPE_WORDS: Final = frozenset(
    {"doc", "fields", "items", "name", "namespace", "size", "symbols", "values", "type", "aliases"}
)
_ENUM_WORDS: Final = _TYPE_WORDS | {"default"}
_FIELD_WORDS: Final = frozenset({"default", "doc", "name", "order", "type", "aliases"})
_ORDERS: Final = frozenset({"ascending", "descending", "ignore"})
_PRIMITIVE_KINDS: Final[Mapping[str, Kind]] = {kind.value: kind for kind in PRIMITIVES}
_MOST_LISTED: Final = 50
_NAME_AND_TYPE: Final = 2
_MAX_FIXED_SIZE: Final = 2**31 - 9
_LONG: Final = range(-(2**63), 2**63)

Types = dict[str, NamedType]
"""Definitions by full name."""


def parse_type(
    text: str, known: Mapping[str, NamedType], *, strict: bool, placed: bool = True
) -> tuple[Type, Types]:
    """Parse one schema text that may use the ``known`` types by name; return its type and ``known`` plus its own.

    ``strict`` is for new schemas: names and defaults are checked too. The nodes know their places in the text if
    ``placed``. Raises InvalidSchema.
    """
    parser = _Parser(known, strict=strict, placed=placed)
    root = parser.type_of(read_json(text), "", "")
    check_consistency(root, parser.types, strict=strict)
    return root, parser.types


class _Parser:
    """Collects definitions while it walks down the JSON."""

    def __init__(self, known: Mapping[str, NamedType], *, strict: bool, placed: bool) -> None:
        self.types: Types = dict(known)
        # A record is named before its fields are read, and only then defined: they may use it.
        self._named_so_far = set(known)
        self._strict = strict
        self._placed = placed

    def type_of(self, json: JsonValue, space: str, place: str) -> Type:
        """The type that ``json`` stands for inside the namespace ``space``."""
        if isinstance(json, str):
            return self._named(json, space, place)
        if isinstance(json, list):
            branches = tuple([self.type_of(one, space, f"{place}/{index}") for index, one in enumerate(json)])
            return Union(branches, properties=NO_PROPERTIES, place=place if self._placed else None)
        if not isinstance(json, dict):
            raise InvalidSchema(
                f"{quote(json)} is not a type",
                path=place,
                hint="a type is a name, an object or a list of types",
            )
        return self._object(json, space, place)

    def _named(self, name: str, space: str, place: str) -> Type:
        kind = _PRIMITIVE_KINDS.get(name)
        if kind is not None:
            return _placed(kind, place) if self._placed else Primitive(kind)
        full = name if "." in name or not space else f"{space}.{name}"
        if full not in self._named_so_far and name in self._named_so_far:
            return Ref(name, properties=NO_PROPERTIES, place=place if self._placed else None)
        return Ref(full, properties=NO_PROPERTIES, place=place if self._placed else None)

    def _object(self, json: JsonValue, space: str, place: str) -> Type:
        word = json.get("type")
        if not isinstance(word, str):
            raise InvalidSchema(
                "the type has no name", path=place, hint='give it a member "type" that is a string'
            )
        if word in _PRIMITIVE_KINDS:
            return Primitive(
                _PRIMITIVE_KINDS[word],
                properties=_properties(json, _TYPE_WORDS),
                place=place if self._placed else None,
            )
        if word in {"array", "map"}:
            return self._collection(word, json, space, place)
        if word in {"record", "error", "enum", "fixed"}:
            return self._define(word, json, space, place)
        return self._named(word, space, place)

    def _collection(self, word: str, json: JsonValue, space: str, place: str) -> Type:
        member = "items" if word == "array" else "values"
        if member not in json:
            raise InvalidSchema(
                f"the {word} does not say the type of its {member}", path=place, hint=f'add "{member}"'
            )
        inner = self.type_of(json[member], space, f"{place}/{member}")
        properties = _container_properties(json, place)
        return (Array if word == "array" else Map)(
            inner, properties=properties, place=place if self._placed else None
        )

    def _define(self, word: str, json: JsonValue, space: str, place: str) -> NamedType:
        name = self._name_of(json, space, place)
        self._named_so_far.add(name.full)
        definition: NamedType
        if word == "enum":
            definition = self._enum(json, name, place)
        elif word == "fixed":
            definition = self._fixed(json, name, place)
        else:
            definition = self._record(json, name, place, is_error=word == "error")
        self._check_namespace(name, place)
        known = self.types.get(name.full)
        if known is None:
            self.types[name.full] = definition
        elif not same_type(known, definition, self.types):
            raise InvalidSchema(
                f"{shown(name.full)} is defined twice, and differently",
                path=place,
                hint="give one of the two another name",
            )
        return definition

    def _record(self, json: JsonValue, name: Name, place: str, *, is_error: bool) -> Record:
        given = json.get("fields")
        if not isinstance(given, list):
            raise InvalidSchema(
                f"the record {shown(name.full)} has no fields", path=place, hint='add a list "fields"'
            )
        fields: list[Field] = []
        seen: set[str] = set()
        for index, one in enumerate(given):
            inside = f"{place}/fields/{index}"
            field = self._field(one, name.space, inside)
            if field.name in seen:
                raise InvalidSchema(
                    f"the record {shown(name.full)} has two fields named {shown(field.name)}",
                    path=inside,
                    hint="rename or remove one of them",
                )
            seen.add(field.name)
            fields.append(field)
        return Record(
            name,
            doc=_doc(json),
            aliases=self._type_aliases(json, name, place),
            properties=_container_properties(json, place),
            place=place if self._placed else None,
            fields=tuple(fields),
            is_error=is_error,
        )

    def _field(self, json: JsonValue, space: str, place: str) -> Field:
        name = json.get("name") if isinstance(json, dict) else None
        if not isinstance(name, str):
            raise InvalidSchema(
                "the field has no name", path=place, hint='give it a member "name" that is a string'
            )
        if self._strict and not (name.isascii() and name.isidentifier()):
            raise _no_name(f"the field name {shown(name)}", place)
        if "type" not in json:
            raise InvalidSchema(
                f"the field {shown(name)} has no type", path=place, hint='add a member "type"'
            )
        inner = self.type_of(json["type"], space, f"{place}/type")
        if len(json) == _NAME_AND_TYPE:
            return Field(name, inner, properties=NO_PROPERTIES, place=place if self._placed else None)
        order = json.get("order", "ascending")
        if not isinstance(order, str) or order.lower() not in _ORDERS:
            raise InvalidSchema(
                f"{quote(order)} is not an order",
                path=child(place, "order"),
                hint="use ascending, descending or ignore",
            )
        return Field(
            name,
            inner,
            default=_default(json, inner, place),
            order=order.lower(),
            properties=_properties(json, _FIELD_WORDS),
            doc=_doc(json),
            aliases=_alias_texts(json, place),
            place=place if self._placed else None,
        )

    def _enum(self, json: JsonValue, name: Name, place: str) -> Enum:
        symbols = json.get("symbols")
        if not isinstance(symbols, list):
            raise InvalidSchema(
                f"the enum {shown(name.full)} has no symbols", path=place, hint='add a list "symbols"'
            )
        inside = f"{place}/symbols"
        seen: set[str] = set()
        for index, symbol in enumerate(symbols):
            if not isinstance(symbol, str):
                raise InvalidSchema(
                    f"the symbol {quote(symbol)} is not a string",
                    path=child(inside, index),
                    hint="write it in quotes",
                )
            if self._strict and not _is_name(symbol):
                raise _no_name(f"the symbol {shown(symbol)}", child(inside, index))
            if symbol in seen:
                raise InvalidSchema(
                    f"the enum {shown(name.full)} has the symbol {shown(symbol)} twice",
                    path=child(inside, index),
                    hint="remove one of the two",
                )
            seen.add(symbol)
        default = json.get("default")
        if isinstance(default, str) and default not in symbols:
            raise InvalidSchema(
                f"the default {shown(default)} is not a symbol of the enum {shown(name.full)}",
                path=child(place, "default"),
                hint=f"use one of {', '.join(symbols[:_MOST_LISTED])}",
            )
        return Enum(
            name,
            doc=_doc(json),
            aliases=self._type_aliases(json, name, place),
            properties=_properties(json, _ENUM_WORDS),
            place=place if self._placed else None,
            symbols=tuple(symbols),
            default=default if isinstance(default, str) else None,
        )

    def _fixed(self, json: JsonValue, name: Name, place: str) -> Fixed:
        size = json.get("size")
        if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= _MAX_FIXED_SIZE:
            raise InvalidSchema(
                f"the fixed {shown(name.full)} has no valid size",
                path=place,
                hint='give it a "size" in bytes, an integer',
            )
        return Fixed(
            name,
            doc=_doc(json),
            aliases=self._type_aliases(json, name, place),
            properties=_properties(json, _TYPE_WORDS),
            place=place if self._placed else None,
            size=size,
        )

    def _name_of(self, json: JsonValue, space: str, place: str) -> Name:
        given = json.get("name")
        if not isinstance(given, str):
            raise InvalidSchema("the type has no name of its own", path=place, hint='add a member "name"')
        namespace = json.get("namespace")
        name = _name(given, namespace if isinstance(namespace, str) else space)
        if self._strict and not _is_name(name.short):
            raise _no_name(f"the name {shown(given)}", child(place, "name"))
        if name.full in _PRIMITIVE_KINDS:
            raise InvalidSchema(
                f"{shown(given)} is the name of a primitive type",
                path=child(place, "name"),
                hint="choose another name",
            )
        return name

    def _type_aliases(self, json: JsonValue, name: Name, place: str) -> tuple[Name, ...]:
        given = _alias_texts(json, place)
        if not given:
            return ()
        aliases = tuple(_name(alias, name.space) for alias in given)
        for index, alias in enumerate(aliases):
            if self._strict and not _is_name(alias.short):
                raise _no_name(f"the alias {shown(alias.full)}", child(child(place, "aliases"), index))
        return tuple(dict.fromkeys(aliases))

    def _check_namespace(self, name: Name, place: str) -> None:
        for part in name.space.split(".") if name.space and self._strict else ():
            if not _is_name(part):
                raise _no_name(f"the part {shown(part)} of the namespace {shown(name.space)}", place)


@lru_cache(maxsize=2048)
def _placed(kind: Kind, place: str) -> Primitive:
    """Most schemas have these at the same places, and to make one takes ten times as long as to look it up."""
    return Primitive(kind, place=place)


def _is_name(text: str) -> bool:
    return text.isascii() and text.isidentifier()


def _no_name(what: str, place: str) -> InvalidSchema:
    return InvalidSchema(
        f"{what} is not a valid Avro name",
        path=place,
        hint="a name starts with a letter or _ and goes on with letters, digits or _, all of them ASCII",
    )


def _name(given: str, space: str) -> Name:
    before, dot, short = given.rpartition(".")
    return Name(short, before if dot else space)


def _doc(json: JsonValue) -> str | None:
    doc = json.get("doc")
    return doc if isinstance(doc, str) else None


def _default(json: JsonValue, inner: Type, place: str) -> JsonValue:
    default = json.get("default", NO_DEFAULT)
    if isinstance(default, str) and isinstance(inner, Primitive) and inner.kind in {Kind.FLOAT, Kind.DOUBLE}:
        number = as_double(default)
        if number is None:
            raise InvalidSchema(
                f"the default {shown(default)} is not a number",
                path=child(place, "default"),
                hint="write the number without quotes",
            )
        return number
    return default


def _alias_texts(json: JsonValue, place: str) -> tuple[str, ...]:
    aliases = json.get("aliases")
    if aliases is None and "aliases" not in json:
        return ()
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise InvalidSchema(
            "the aliases are not a list of strings",
            path=child(place, "aliases"),
            hint='write "aliases": ["OldName"]',
        )
    return tuple(dict.fromkeys(aliases))


def _properties(json: JsonValue, reserved: frozenset[str]) -> Mapping[str, JsonValue]:
    if json.keys() <= reserved:
        return NO_PROPERTIES
    return {key: value for key, value in json.items() if key not in reserved}


def _container_properties(json: JsonValue, place: str) -> Mapping[str, JsonValue]:
    """Properties of a record, an array or a map: there the registry cannot keep numbers of more than 64 bits."""
    properties = _properties(json, _TYPE_WORDS)
    for key, value in properties.items():
        if _beyond_long(value):
            raise InvalidSchema(
                f"the property {shown(key)} holds a number of more than 64 bits",
                path=child(place, key),
                hint="write it as a string",
            )
    return properties


def _beyond_long(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return any(_beyond_long(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_beyond_long(inner) for inner in value)
    return isinstance(value, int) and value not in _LONG
