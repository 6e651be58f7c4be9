"""From the text of a schema to the nodes that the registry's comparison sees.

Drafts 4 to 7 are read by keywords in groups: ``enum``, combinations, ``not``, ``const``, the types, and then what is
left of each family of keywords. 2019-09 and 2020-12 are both read as 2020-12, with the same groups, and ``$ref`` is one
of them instead of replacing them all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from accord.schemas.json_text import JsonValue, quote, too_deep, written
from accord.schemas.jsonschema.model import (
    BooleanNode,
    CombinedNode,
    ConditionalNode,
    ConstNode,
    Criterion,
    EmptyNode,
    EnumNode,
    FalseNode,
    Node,
    NotNode,
    NullNode,
    ReferenceNode,
    TrueNode,
)
from accord.schemas.jsonschema.reading.distinct import Distinct
from accord.schemas.jsonschema.reading.drafts import CONDITION_KEYWORDS, Draft
from accord.schemas.jsonschema.reading.families import TYPES, Family, families
from accord.schemas.jsonschema.reading.library import Library
from accord.schemas.jsonschema.reading.spots import Spot


def read_schema(text: JsonValue, referenced: Mapping[str, JsonValue]) -> Node:
    """The nodes of the schema ``text``, with all that it refers to; raises InvalidSchema."""
    try:
        return _Reader(Library(text, referenced)).tree()
    except RecursionError:
        raise too_deep() from None


class _Reader:
    """Reads each place once, and what references point at after everything else."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._nodes: dict[tuple[str, str], Node] = {}
        self._targets: dict[str, Node] = {}
        self._waiting: dict[str, Spot] = {}
        self._distinct = Distinct()

    def tree(self) -> Node:
        """The root."""
        root = self.node(self._library.root)
        while self._waiting:
            uri, spot = self._waiting.popitem()
            self._targets[uri] = self.node(spot)
        return root

    def node(self, spot: Spot, *, is_object: bool = False) -> Node:
        """The node of the schema at ``spot``; ``is_object`` says that draft 4 wants an object there."""
        key = spot.document, spot.pointer
        known = self._nodes.get(key)
        if known is None:
            if isinstance(spot.value, bool) and is_object and not spot.draft.has_boolean_schemas:
                raise spot.refusal(
                    f"{quote(spot.value)} is no schema in draft-04",
                    hint='write {} for true and {"not": {}} for false',
                )
            known = self._nodes[key] = self._made(spot)
        return known

    def _made(self, spot: Spot) -> Node:
        if isinstance(spot.value, bool):
            made = TrueNode if spot.value else FalseNode
            return made(place=spot.place, document=spot.document)
        if not isinstance(spot.value, dict):
            raise spot.refusal(
                f"{quote(spot.value)} is no schema", hint="a schema is a JSON object, or true or false"
            )
        parts = [*self._parts(spot)]
        notes = _notes(spot)
        if len(parts) > 1:
            return _combined(spot, Criterion.ALL, parts, notes)
        part = parts[0] if parts else EmptyNode(place=spot.place, document=spot.document)
        return replace(part, **notes) if notes else part

    def _parts(self, spot: Spot) -> Iterator[Node]:
        """A node for each group of keywords."""
        if "$ref" in spot:
            yield self._reference(spot, "$ref")
            if not spot.draft.is_later:
                return
        if spot.draft.is_later and "$dynamicRef" in spot:
            yield self._reference(spot, "$dynamicRef")
        if "enum" in spot:
            yield _enum(spot)
        yield from self._combinations(spot)
        if "not" in spot:
            yield NotNode(place=spot.place, document=spot.document, inner=self.node(spot.at("not")))
        if "const" in spot and spot.draft is not Draft.DRAFT_4:
            value = spot.value["const"]
            text = written(value, in_order=True)
            yield ConstNode(place=spot.place, document=spot.document, value=value, text=text)
        yield from self._types(spot)
        if self._is_conditional(spot):
            yield ConditionalNode(place=spot.place, document=spot.document)

    def _reference(self, spot: Spot, keyword: str) -> Node:
        reference = spot.string(keyword) or ""
        uri, found = self._library.find(spot, reference)
        if keyword == "$dynamicRef" and found.document == spot.document and _holds(found, spot):
            raise spot.refusal(
                f"the dynamic reference {quote(reference)} leads back into itself, which the registry cannot follow",
                hint="use `$ref` instead",
            )
        if uri not in self._targets:
            self._waiting[uri] = found
        knot = f"{spot.document}#{spot.pointer}" if spot.draft.is_later else uri
        return ReferenceNode(
            place=spot.place, document=spot.document, uri=uri, knot=knot, targets=self._targets
        )

    def _combinations(self, spot: Spot) -> Iterator[Node]:
        for criterion in Criterion:
            given = spot.list(criterion)
            if given is not None:
                members = [self.node(item) for item in self._distinct.of(given.items())]
                yield _combined(spot, criterion, members, {}, is_written=True)

    def _types(self, spot: Spot) -> Iterator[Node]:
        """What is asked for by type, and then each family of keywords that the types leave over."""
        taken: set[Family] = set()
        if "type" in spot:
            given = spot.value["type"]
            if isinstance(given, list):
                spot.names("type")
                # Later drafts are read by a library that keeps a list of types apart from what is said about them.
                bare = Spot({}, spot.draft, spot.document, spot.pointer) if spot.draft.is_later else spot
                members = [self._typed(spot, name, taken, bare) for name in dict.fromkeys(given)]
                if spot.draft.is_later:
                    taken.clear()
                yield _combined(spot, Criterion.ANY, members, {})
            else:
                yield self._typed(spot, given, taken, spot)
        for family, keywords in families(spot.draft):
            said = keywords & spot.value.keys()
            if said and family not in taken and any(_says_something(spot, keyword) for keyword in said):
                yield family(spot, self.node, typed=False)

    def _typed(self, spot: Spot, name: JsonValue, taken: set[Family], keywords: Spot) -> Node:
        if name == "null":
            return NullNode(place=spot.place, document=spot.document)
        if name == "boolean":
            return BooleanNode(place=spot.place, document=spot.document)
        if not isinstance(name, str) or name not in TYPES:
            raise spot.at("type").refusal(
                f"{quote(name)} is no type", hint=f"the types are null, boolean, {', '.join(TYPES)}"
            )
        taken.add(TYPES["number" if name == "integer" else name])
        return TYPES[name](keywords, self.node, typed=True)

    def _is_conditional(self, spot: Spot) -> bool:
        """Whether there is a condition; its schemas are not compared, but have to be schemas."""
        if not spot.draft.has_conditions or (spot.draft.is_later and "if" not in spot):
            return False
        given = [keyword for keyword in CONDITION_KEYWORDS if keyword in spot]
        for keyword in given:
            self.node(spot.at(keyword))
        return bool(given)


def _enum(spot: Spot) -> Node:
    given = spot.list("enum")
    values = () if given is None else tuple(given.value)
    texts = frozenset(written(value, in_order=True) for value in values)
    return EnumNode(place=spot.place, document=spot.document, values=values, texts=texts)


def _combined(
    spot: Spot, criterion: Criterion, members: list[Node], notes: dict[str, Any], *, is_written: bool = False
) -> Node:
    return CombinedNode(
        place=spot.place,
        document=spot.document,
        criterion=criterion,
        members=tuple(members),
        written=is_written,
        **notes,
    )


def _says_something(spot: Spot, keyword: str) -> bool:
    # Later drafts are read by a library that cannot tell an empty map from none.
    is_map = spot.draft.is_later and keyword in {"properties", "patternProperties"}
    return not is_map or spot.value[keyword] != {}


def _notes(spot: Spot) -> dict[str, Any]:
    """What a schema says about itself, as members of its node."""
    given: dict[str, Any] = {}
    for keyword in ("title", "description"):
        if keyword in spot:
            given[keyword] = spot.string(keyword)
    identifier = spot.value.get(spot.draft.id_keyword)
    if isinstance(identifier, str) or not spot.draft.is_later:
        identifier = spot.string(spot.draft.id_keyword)
        if identifier is not None:
            given["id"] = identifier
    for keyword in _SWITCHES.get(spot.draft, ()):
        spot.boolean(keyword)
    # In later drafts null as a default is read as none.
    if "default" in spot and not (spot.draft.is_later and spot.value["default"] is None):
        given["default"] = spot.value["default"]
    if spot.value.get("connect.type") == "bytes":
        given["is_connect_bytes"] = True
    return given


_SWITCHES = {
    Draft.DRAFT_7: ("readOnly", "writeOnly"),
    Draft.DRAFT_2019_09: ("readOnly", "writeOnly", "deprecated"),
    Draft.DRAFT_2020_12: ("readOnly", "writeOnly", "deprecated"),
}


def _holds(outer: Spot, inner: Spot) -> bool:
    return f"{inner.pointer}/".startswith(f"{outer.pointer}/")
