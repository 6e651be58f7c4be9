"""The families of keywords: those about strings, numbers, arrays and objects, each of which becomes a node."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Protocol

from accord.schemas.jsonschema.model import (
    ArrayNode,
    EmptyNode,
    FalseNode,
    Node,
    NumberNode,
    ObjectNode,
    StringNode,
    TrueNode,
)
from accord.schemas.jsonschema.reading.drafts import NUMBER_KEYWORDS, STRING_KEYWORDS, Draft
from accord.schemas.jsonschema.reading.spots import Spot


class Read(Protocol):
    """Reads the schema at a spot; ``is_object`` says that older drafts want an object there."""

    def __call__(self, spot: Spot, *, is_object: bool = False) -> Node:
        """The node."""


class Family(Protocol):
    """Makes the node of a family of keywords; ``typed`` says that the type is asked for by name."""

    def __call__(self, spot: Spot, read: Read, *, typed: bool) -> Node:
        """The node."""


def string(spot: Spot, read: Read, *, typed: bool) -> Node:
    """The node of what is said about strings."""
    del read
    spot.string("format")
    return StringNode(
        place=spot.place,
        document=spot.document,
        typed=typed,
        min_length=spot.integer("minLength"),
        max_length=spot.integer("maxLength"),
        pattern=spot.pattern("pattern"),
    )


def number(spot: Spot, read: Read, *, typed: bool, integer: bool = False) -> Node:
    """The node of what is said about numbers."""
    del read
    multiple_of = spot.number("multipleOf")
    if multiple_of == 0 and not spot.draft.is_later:
        raise spot.unfit("multipleOf", "a number greater than 0")
    minimum = maximum = None
    if spot.draft is Draft.DRAFT_4:
        # There they say whether the other limits are inclusive, which is not compared.
        spot.boolean("exclusiveMinimum")
        spot.boolean("exclusiveMaximum")
    else:
        minimum, maximum = spot.number("exclusiveMinimum"), spot.number("exclusiveMaximum")
    return NumberNode(
        place=spot.place,
        document=spot.document,
        typed=typed,
        integer=integer,
        minimum=spot.number("minimum"),
        maximum=spot.number("maximum"),
        exclusive_minimum=minimum,
        exclusive_maximum=maximum,
        multiple_of=multiple_of,
    )


def integer(spot: Spot, read: Read, *, typed: bool) -> Node:
    """The node of what is said about numbers, of the type integer."""
    return number(spot, read, typed=typed, integer=True)


def array(spot: Spot, read: Read, *, typed: bool) -> Node:
    """The node of what is said about arrays."""
    later = spot.draft.is_later
    prefix, items, additional = (_later_items if later else _older_items)(spot, read)
    counted = "contains" in spot and "contains" in spot.draft.array_keywords
    if counted:
        read(spot.at("contains"))
    return ArrayNode(
        place=spot.place,
        document=spot.document,
        typed=typed,
        items=items,
        prefix=prefix,
        additional=additional,
        additional_keyword="items" if later else "additionalItems",
        unevaluated=_unevaluated(spot, "unevaluatedItems", read),
        min_items=spot.integer("minItems"),
        max_items=spot.integer("maxItems"),
        unique=spot.boolean("uniqueItems") or False,
        min_contains=_count(spot, "minContains", 1) if later and counted else None,
        max_contains=_count(spot, "maxContains", None) if later and counted else None,
    )


def object_(spot: Spot, read: Read, *, typed: bool) -> Node:
    """The node of what is said about objects."""
    later = spot.draft.is_later
    if "propertyNames" in spot and "propertyNames" in spot.draft.object_keywords:
        read(spot.at("propertyNames"))
    required, schemas = (_later_dependencies if later else _older_dependencies)(spot, read)
    return ObjectNode(
        place=spot.place,
        document=spot.document,
        typed=typed,
        properties=_schemas(spot, "properties", read),
        patterns=_patterns(spot, read),
        required=frozenset(spot.names("required") or ()),
        additional=_additional(spot, "additionalProperties", read),
        unevaluated=_unevaluated(spot, "unevaluatedProperties", read),
        min_properties=spot.integer("minProperties"),
        max_properties=spot.integer("maxProperties"),
        dependent_required=required,
        dependent_schemas=schemas,
    )


TYPES: Final[Mapping[str, Family]] = {
    "string": string,
    "integer": integer,
    "number": number,
    "array": array,
    "object": object_,
}
"""The types that have keywords of their own."""


def families(draft: Draft) -> tuple[tuple[Family, frozenset[str]], ...]:
    """The families with their keywords, in the order in which they are read."""
    return (
        (array, draft.array_keywords),
        (object_, draft.object_keywords),
        (number, NUMBER_KEYWORDS),
        (string, STRING_KEYWORDS),
    )


_Items = tuple[tuple[Node, ...] | None, Node | None, bool | Node]


def _older_items(spot: Spot, read: Read) -> _Items:
    additional = _additional(spot, "additionalItems", read)
    given = spot.value.get("items")
    if isinstance(given, list):
        prefix = tuple(read(item) for item in spot.at("items").items())
        # An empty list says nothing.
        return prefix or None, None, additional
    return None, _schema(spot, "items", read, is_object=True), additional


def _later_items(spot: Spot, read: Read) -> _Items:
    if isinstance(spot.value.get("items"), list):
        raise spot.at("items").refusal(
            "`items` is a list, which later drafts than draft-07 are not read with",
            hint="write the schemas of the first items under `prefixItems`, and that of all others under `items`",
        )
    given = spot.list("prefixItems")
    prefix = tuple(read(item) for item in given.items()) if given is not None else ()
    if prefix:
        return prefix, None, _additional(spot, "items", read)
    return None, _schema(spot, "items", read), True


def _additional(spot: Spot, key: str, read: Read) -> bool | Node:
    if key not in spot:
        return True
    node = read(spot.at(key))
    if isinstance(node, TrueNode | FalseNode):
        return isinstance(node, TrueNode)
    return node


def _unevaluated(spot: Spot, key: str, read: Read) -> Node | None:
    node = _schema(spot, key, read) if spot.draft.is_later else None
    if isinstance(node, EmptyNode):
        # There the registry makes no difference between {} and true.
        return TrueNode(place=node.place, document=node.document)
    return node


def _schema(spot: Spot, key: str, read: Read, *, is_object: bool = False) -> Node | None:
    return read(spot.at(key), is_object=is_object) if key in spot else None


def _schemas(spot: Spot, key: str, read: Read) -> Mapping[str, Node]:
    given = spot.mapping(key)
    return {} if given is None else {name: read(given.at(name)) for name in given.value}


def _patterns(spot: Spot, read: Read) -> Mapping[str, Node]:
    given = spot.mapping("patternProperties")
    if given is not None:
        for pattern in given.value:
            given.check_pattern(pattern)
    return _schemas(spot, "patternProperties", read)


_Dependencies = tuple[Mapping[str, frozenset[str]], Mapping[str, Node]]


def _older_dependencies(spot: Spot, read: Read) -> _Dependencies:
    given = spot.mapping("dependencies")
    if given is None:
        return {}, {}
    lists = {
        name: frozenset(given.names(name) or ())
        for name, value in given.value.items()
        if isinstance(value, list)
    }
    schemas = {name: read(given.at(name), is_object=True) for name in given.value if name not in lists}
    return {name: names for name, names in lists.items() if names}, schemas


def _later_dependencies(spot: Spot, read: Read) -> _Dependencies:
    given = spot.mapping("dependentRequired")
    lists = {} if given is None else {name: frozenset(given.names(name) or ()) for name in given.value}
    return {name: names for name, names in lists.items() if names}, _schemas(spot, "dependentSchemas", read)


def _count(spot: Spot, key: str, otherwise: int | None) -> int | None:
    # What is no number counts as absent.
    is_number = type(spot.value.get(key)) in {int, Decimal}
    return spot.integer(key) if is_number else otherwise
