"""The text that is stored and hashed: a schema as Avro-Java prints it."""

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from accord.schemas.avro.model import (
    NO_DEFAULT,
    Array,
    Enum,
    Field,
    Fixed,
    Kind,
    Name,
    NamedType,
    Primitive,
    Record,
    Ref,
    Type,
    Union,
)
from accord.schemas.avro.numbers import double_text
from accord.schemas.json_text import MAX_DEPTH, JsonValue, quoted, too_deep

_NAMED: Final = (Record, Enum, Fixed)
_WORDS: Final[Mapping[Kind, str]] = {kind: f'"{kind.value}"' for kind in Kind}
# The record, its list of fields, the field.
_LEVELS_OF_A_RECORD: Final = 3
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
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "null"
    if isinstance(value, float):
        text = double_text(value)
        return text if math.isfinite(value) else f'"{text}"'
    if isinstance(value, dict):
        return _object([(key, json_text(inner)) for key, inner in value.items()])
    if isinstance(value, list):
        return f"[{','.join([json_text(inner) for inner in value])}]"
    return json.dumps(value)


def field_text(field: Field, types: Mapping[str, NamedType], space: str, *, known: Collection[str]) -> str:
    """Print one field of a record whose namespace is ``space``."""
    return _Printer(types, known).field(field, space)


def type_text(node: Type, types: Mapping[str, NamedType], space: str, *, known: Collection[str]) -> str:
    """Print one type that is used inside the namespace ``space``."""
    return _Printer(types, known).type(node, space)


def _object(members: Iterable[tuple[str, str]]) -> str:
    return "{" + ",".join([f"{quoted(key)}:{text}" for key, text in members]) + "}"


def _written(members: Sequence[str], properties: Mapping[str, JsonValue]) -> str:
    """An object of members that are written out, and then of ``properties``."""
    if properties:
        members = [*members, *[f"{quoted(key)}:{json_text(value)}" for key, value in properties.items()]]
    return f"{{{','.join(members)}}}"


class _Printer:
    """Remembers which names were already written out."""

    def __init__(self, types: Mapping[str, NamedType], known: Collection[str]) -> None:
        self._types = types
        self._written = set(known)
        self._depth = 0

    def type(self, node: Type, space: str) -> str:
        """The text of ``node`` inside the namespace ``space``."""
        if isinstance(node, Primitive):
            word = _WORDS[node.kind]
            return _written([f'"type":{word}'], node.properties) if node.properties else word
        if isinstance(node, Ref):
            return self._named(self._types[node.name], space)
        if isinstance(node, _NAMED):
            return self._named(node, space)
        self._enter(1)
        if isinstance(node, Union):
            text = f"[{','.join([self.type(branch, space) for branch in node.branches])}]"
        elif isinstance(node, Array):
            text = _written(['"type":"array"', f'"items":{self.type(node.items, space)}'], node.properties)
        else:
            text = _written(['"type":"map"', f'"values":{self.type(node.values, space)}'], node.properties)
        self._depth -= 1
        return text

    def field(self, field: Field, space: str) -> str:
        """The text of a field of a record whose namespace is ``space``."""
        members = [f'"name":{quoted(field.name)}', f'"type":{self.type(field.type, space)}']
        if field.doc is not None:
            members.append(f'"doc":{quoted(field.doc)}')
        if field.default is not NO_DEFAULT:
            members.append(f'"default":{json_text(field.default)}')
        if field.order != "ascending":
            members.append(f'"order":{quoted(field.order)}')
        if field.aliases:
            members.append(f'"aliases":{json_text(list(field.aliases))}')
        return _written(members, field.properties)

    def _named(self, node: NamedType, space: str) -> str:
        full = node.name.full
        if full in self._written:
            return quoted(_qualified(node.name, space))
        self._written.add(full)
        word = '"error"' if isinstance(node, Record) and node.is_error else _WORDS[node.kind]
        members = [f'"type":{word}', f'"name":{quoted(node.name.short)}']
        if node.name.space != space:
            members.append(f'"namespace":{quoted(node.name.space)}')
        if node.doc is not None:
            members.append(f'"doc":{quoted(node.doc)}')
        members += self._own_members(node)
        text = _written(members, node.properties)
        if node.aliases:
            aliases = [_qualified(alias, node.name.space) for alias in node.aliases]
            return f'{text[:-1]},"aliases":{json_text(aliases)}}}'
        return text

    def _own_members(self, node: NamedType) -> list[str]:
        if isinstance(node, Record):
            self._enter(_LEVELS_OF_A_RECORD)
            space = node.name.space
            fields = [self.field(field, space) for field in node.fields]
            self._depth -= _LEVELS_OF_A_RECORD
            return [f'"fields":[{",".join(fields)}]']
        if isinstance(node, Fixed):
            return [f'"size":{node.size}']
        default = [] if node.default is None else [f'"default":{quoted(node.default)}']
        return [f'"symbols":[{",".join(map(quoted, node.symbols))}]', *default]

    def _enter(self, levels: int) -> None:
        self._depth += levels
        if self._depth > MAX_DEPTH:
            raise too_deep()


def _qualified(name: Name, space: str) -> str:
    if name.space and name.space == space and name.short not in _KIND_WORDS:
        return name.short
    return name.full
