"""A JSON Schema as values, read the way the registry's comparison sees it: one node per thing to compare.

A schema object in the text is often several nodes: ``{"type": ["string", "null"]}`` is a ``CombinedNode`` of two, and
``{"type": "string", "enum": ["a"]}`` one of an ``EnumNode`` and a ``StringNode``; all of them have the place of the
object. Keywords that the comparison does not look at have no part here; they are in the text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from accord.schemas.json_text import JsonValue

Number: TypeAlias = int | Decimal
"""A number as it was written: 1 and 1.0 differ as values of an enum, and not as bounds."""


class _Absent:
    """The absence of a value; ``null`` is a value like any other."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


class Criterion(StrEnum):
    """How many members of a combination have to agree with a value."""

    ALL = "allOf"
    ANY = "anyOf"
    ONE = "oneOf"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Node:
    """What every node has: a place, and what the schema says about itself.

    ``place`` is the JSON pointer of the schema object in its own text, or None where it lies in a referenced schema;
    ``document`` is then the name of the reference, and "" otherwise. ``is_connect_bytes`` tells that Kafka Connect keeps
    bytes there, whatever they are written as.
    """

    place: str | None = ""
    document: str = ""
    id: str | None = None
    title: str | None = None
    description: str | None = None
    default: JsonValue = ABSENT
    is_connect_bytes: bool = False

    @property
    def has_default(self) -> bool:
        """Whether the schema gives a default, be it null."""
        return self.default is not ABSENT


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EmptyNode(Node):
    """A schema without any keyword that is compared: it takes every value."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TrueNode(EmptyNode):
    """The schema ``true``."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FalseNode(Node):
    """The schema ``false``: it takes no value."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NullNode(Node):
    """The type null."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class BooleanNode(Node):
    """The type boolean."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StringNode(Node):
    """The type string, or keywords about strings without a type (``typed`` is then false): other values pass them."""

    typed: bool = True
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NumberNode(Node):
    """The type number or, with ``integer``, integer; or keywords about numbers without a type."""

    typed: bool = True
    integer: bool = False
    minimum: Number | None = None
    maximum: Number | None = None
    exclusive_minimum: Number | None = None
    exclusive_maximum: Number | None = None
    multiple_of: Number | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ObjectNode(Node):
    """The type object, or keywords about objects without a type.

    ``additional`` is what holds for properties that neither ``properties`` nor ``patterns`` cover, ``unevaluated`` the
    same for those that no other part of the whole schema covers, None where nothing is said. ``dependent_required`` and
    ``dependent_schemas`` are both halves of ``dependencies`` in older drafts.
    """

    typed: bool = True
    properties: Mapping[str, Node] = field(default_factory=lambda: _NONE)
    patterns: Mapping[str, Node] = field(default_factory=lambda: _NONE)
    required: frozenset[str] = frozenset()
    additional: "bool | Node" = True
    unevaluated: "Node | None" = None
    min_properties: int | None = None
    max_properties: int | None = None
    dependent_required: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NO_NAMES)
    dependent_schemas: Mapping[str, Node] = field(default_factory=lambda: _NONE)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ArrayNode(Node):
    """The type array, or keywords about arrays without a type.

    ``items`` is the schema of every item; ``prefix`` are those of the first items, one by one, and ``additional``
    what holds for the items after them, said under ``additional_keyword``. One of ``items`` and ``prefix`` is None.
    ``min_contains`` and ``max_contains`` are of drafts that count.
    """

    typed: bool = True
    items: "Node | None" = None
    prefix: tuple[Node, ...] | None = None
    additional: "bool | Node" = True
    additional_keyword: str = "additionalItems"
    unevaluated: "Node | None" = None
    min_items: int | None = None
    max_items: int | None = None
    unique: bool = False
    min_contains: int | None = None
    max_contains: int | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EnumNode(Node):
    """The keyword ``enum``; ``texts`` are the values as text, the same for values that are equal."""

    values: tuple[JsonValue, ...] = ()
    texts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ConstNode(Node):
    """The keyword ``const``; ``text`` is the value as text, the same for values that are equal."""

    value: JsonValue = None
    text: str = "null"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NotNode(Node):
    """The keyword ``not``."""

    inner: Node


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ConditionalNode(Node):
    """The keywords ``if``, ``then`` and ``else``: they count as there or not there."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CombinedNode(Node):
    """Several schemas for one value, each once.

    ``written`` is false where the text has no such keyword at that place: a list of types is an anyOf, and keywords of
    several families side by side are an allOf.
    """

    criterion: Criterion
    members: tuple[Node, ...]
    written: bool = True


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReferenceNode(Node):
    """A ``$ref``: ``target`` is what it refers to, one step on, found in ``targets`` under the resolved ``uri``.

    Two references with the same ``knot`` lead to the very same schema, which is what ends recursion.
    """

    uri: str
    knot: str
    targets: Mapping[str, Node] = field(repr=False)

    @property
    def target(self) -> Node:
        """What is referred to; that may be a reference again."""
        return self.targets[self.uri]


_NONE: Final[Mapping[str, Node]] = MappingProxyType({})
_NO_NAMES: Final[Mapping[str, frozenset[str]]] = MappingProxyType({})
