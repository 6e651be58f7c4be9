"""An Avro schema as values, one class per kind of type.

The tree mirrors the text: where the text uses a type by name stands a ``Ref``, and ``Types`` finds the definition.
So the values are finite even where the types are recursive. ``place`` is the JSON pointer of a node in its own
text, or None where the node comes from a referenced schema; it takes no part in equality.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final, TypeAlias

from accord.schemas.json_text import JsonValue


class Kind(StrEnum):
    """What a type is, spelled as in schema text."""

    NULL = "null"
    BOOLEAN = "boolean"
    INT = "int"
    LONG = "long"
    FLOAT = "float"
    DOUBLE = "double"
    BYTES = "bytes"
    STRING = "string"
    RECORD = "record"
    ENUM = "enum"
    FIXED = "fixed"
    ARRAY = "array"
    MAP = "map"
    UNION = "union"


PRIMITIVES: Final = frozenset(
    (Kind.NULL, Kind.BOOLEAN, Kind.INT, Kind.LONG, Kind.FLOAT, Kind.DOUBLE, Kind.BYTES, Kind.STRING)
)

NO_PROPERTIES: Final[Mapping[str, JsonValue]] = MappingProxyType({})


class _NoDefault:
    """The absence of a default; ``null`` is a default like any other."""

    def __repr__(self) -> str:
        return "NO_DEFAULT"


NO_DEFAULT: Final = _NoDefault()


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a record, enum or fixed: ``space`` is "" in the null namespace."""

    short: str
    space: str = ""

    @property
    def full(self) -> str:
        """The name with its namespace."""
        return f"{self.space}.{self.short}" if self.space else self.short


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every type has: custom properties, and a place in the text."""

    properties: Mapping[str, JsonValue] = field(default_factory=lambda: NO_PROPERTIES)
    place: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Primitive(Node):
    """A type without parts; a logical type sits among its properties."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Named(Node):
    """A type that others can use by name. Aliases and documentation take no part in equality, as in Avro."""

    name: Name
    doc: str | None = field(default=None, compare=False)
    aliases: tuple[Name, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record; ``default`` is JSON, or NO_DEFAULT."""

    name: str
    type: "Type"
    default: JsonValue = NO_DEFAULT
    order: str = "ascending"
    properties: Mapping[str, JsonValue] = field(default_factory=lambda: NO_PROPERTIES)
    doc: str | None = field(default=None, compare=False)
    aliases: tuple[str, ...] = field(default=(), compare=False)
    place: str | None = field(default=None, compare=False)

    @property
    def has_default(self) -> bool:
        """Whether a reader can do without this field in what was written."""
        return self.default is not NO_DEFAULT


@dataclass(frozen=True, slots=True)
class Record(Named):
    """A record, or an ``error``, which is a record with another word."""

    kind: ClassVar[Kind] = Kind.RECORD
    fields: tuple[Field, ...] = ()
    is_error: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Enum(Named):
    """A choice of symbols; ``default`` is what a reader takes for a symbol it does not know."""

    kind: ClassVar[Kind] = Kind.ENUM
    symbols: tuple[str, ...] = ()
    default: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Fixed(Named):
    """A given number of bytes."""

    kind: ClassVar[Kind] = Kind.FIXED
    size: int = 0


@dataclass(frozen=True, slots=True)
class Array(Node):
    """A list of items of one type."""

    kind: ClassVar[Kind] = Kind.ARRAY
    items: "Type"


@dataclass(frozen=True, slots=True)
class Map(Node):
    """Values of one type under string keys."""

    kind: ClassVar[Kind] = Kind.MAP
    values: "Type"


@dataclass(frozen=True, slots=True)
class Union(Node):
    """One of several types."""

    kind: ClassVar[Kind] = Kind.UNION
    branches: tuple["Type", ...]


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """A use of a type by its full name."""

    name: str


Definition: TypeAlias = Primitive | Record | Enum | Fixed | Array | Map | Union
Type: TypeAlias = Definition | Ref
NamedType: TypeAlias = Record | Enum | Fixed
