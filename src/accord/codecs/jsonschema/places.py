"""Which types of value a schema allows at a place, and what it says of the members there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, Final
from urllib.parse import unquote

from accord.schemas import JsonDocuments

Node = Any
"""A schema in its text: a dict, True or False."""

ALL_TYPES: Final = frozenset({"null", "boolean", "string", "integer", "number", "array", "object"})


@dataclass(frozen=True)
class Place:
    """Where a value stands: some ``nodes`` speak of it, each for itself or with others."""

    documents: JsonDocuments
    nodes: tuple[Node, ...]

    @cached_property
    def types(self) -> frozenset[str]:
        """The types that values may have here, at most; ``number`` only with ``integer``."""
        return reduce(frozenset.__or__, (self._types(node, {}) for node in self.nodes), frozenset())

    @cached_property
    def is_plain(self) -> bool:
        """Whether one schema without alternatives says all there is to say of a value here."""
        return len(self.nodes) == 1 and len(list(self._branches(self.nodes[0], set()))) == 1

    @property
    def required(self) -> frozenset[str]:
        """The members that every schema here asks for."""
        sets = [
            frozenset(one["required"]) for one in self._objects() if isinstance(one.get("required"), list)
        ]
        return reduce(frozenset.__or__, sets, frozenset())

    @property
    def names(self) -> frozenset[str]:
        """The members that are named."""
        return frozenset(name for one in self._objects() for name in _names(one))

    @property
    def is_closed(self) -> bool:
        """Whether objects here have named members only, whichever alternative they follow."""
        return all(self._is_closed(node, set()) for node in self.nodes)

    def member(self, name: str) -> "Place":
        """Where the member of that name stands."""
        return self._place(self._members(name))

    @property
    def tells_members(self) -> bool:
        """Whether a member that is not named is not meant to be: some are named or no others allowed, and no rule is."""
        keywords = ("patternProperties", "additionalProperties")
        objects = list(self._objects())
        if any(isinstance(one.get(keyword), dict) for one in objects for keyword in keywords):
            return False
        return any(_names(one) or one.get("additionalProperties") is False for one in objects)

    @property
    def item(self) -> "Place":
        """Where an item stands that has no schema of its own."""
        return self._place(one["items"] for one in self._objects() if isinstance(one.get("items"), dict))

    @property
    def other(self) -> "Place":
        """Where a member stands that is not named."""
        found = (one.get("additionalProperties") for one in self._objects())
        return self._place(one for one in found if isinstance(one, dict))

    def _place(self, nodes: Iterable[Node]) -> "Place":
        return Place(self.documents, tuple(nodes) or (True,))

    def _members(self, name: str) -> Iterator[Node]:
        for one in self._objects():
            properties = one.get("properties")
            if isinstance(properties, dict) and name in properties:
                yield properties[name]

    def _objects(self) -> Iterator[dict[str, Node]]:
        for node in self.nodes:
            yield from (one for one in self._branches(node, set()) if isinstance(one, dict))

    def _branches(self, node: Node, seen: set[int]) -> Iterator[Node]:
        """``node`` and all that it says in other schemas of the same value, each once."""
        if id(node) in seen and isinstance(node, dict):
            return
        seen.add(id(node))
        yield node
        if not isinstance(node, dict):
            return
        for inner in self._applied(node):
            yield from self._branches(inner, seen)

    def _applied(self, node: dict[str, Node]) -> Iterator[Node]:
        if isinstance(node.get("$ref"), str):
            yield self._referred(node["$ref"])
        for keyword in ("allOf", "anyOf", "oneOf"):
            yield from node.get(keyword, ())
        yield from (node[keyword] for keyword in ("then", "else") if keyword in node and "if" in node)

    def _types(self, node: Node, known: dict[int, frozenset[str]]) -> frozenset[str]:
        if node is False:
            return frozenset()
        if not isinstance(node, dict):
            return ALL_TYPES
        if id(node) in known:
            return known[id(node)]
        # What leads back here says nothing further.
        known[id(node)] = ALL_TYPES
        found = _own_types(node)
        if isinstance(node.get("$ref"), str):
            found &= self._types(self._referred(node["$ref"]), known)
        for inner in node.get("allOf", ()):
            found &= self._types(inner, known)
        for keyword in ("anyOf", "oneOf"):
            if keyword in node:
                found &= frozenset[str]().union(*(self._types(inner, known) for inner in node[keyword]))
        known[id(node)] = found
        return found

    def _is_closed(self, node: Node, seen: set[int]) -> bool:
        if not isinstance(node, dict) or id(node) in seen:
            return False
        if node.get("patternProperties"):
            return False
        seen = seen | {id(node)}
        applied = [*node.get("allOf", ()), *([self._referred(node["$ref"])] if "$ref" in node else ())]
        return (
            node.get("additionalProperties") is False
            or "object" not in self._types(node, {})
            or any(self._is_closed(one, seen) for one in applied)
            or any(
                all(self._is_closed(one, seen) for one in node[keyword])
                for keyword in ("anyOf", "oneOf")
                if keyword in node
            )
        )

    def _referred(self, reference: str) -> Node:
        """What it leads to; True, which allows everything, where that is not told here."""
        uri, _, pointer = reference.partition("#")
        found = self.documents.texts.get(uri or self.documents.root, True)
        for token in unquote(pointer).split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isdigit() and int(name) < len(found):
                found = found[int(name)]
            else:
                return True
        return found


def root_of(documents: JsonDocuments) -> Place:
    """The place of the whole value."""
    return Place(documents, (documents.texts[documents.root],))


def type_of(value: object) -> str:
    """The JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    return "integer" if isinstance(value, int) or value % 1 == 0 else "number"  # type: ignore[operator]


def _own_types(node: dict[str, Node]) -> frozenset[str]:
    declared = node.get("type", ALL_TYPES)
    found = frozenset([declared] if isinstance(declared, str) else declared)
    if "number" in found:
        found |= {"integer"}
    if "const" in node:
        found &= {type_of(node["const"])}
    if isinstance(node.get("enum"), list):
        found &= {type_of(one) for one in node["enum"]}
    return found


def _names(node: dict[str, Node]) -> Iterable[str]:
    properties = node.get("properties")
    return properties if isinstance(properties, dict) else ()
