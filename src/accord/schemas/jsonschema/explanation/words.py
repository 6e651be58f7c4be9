"""What a difference between two JSON Schemas is about, in words that a developer would use."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from accord.schemas.json_text import JsonValue, written
from accord.schemas.jsonschema import rules
from accord.schemas.jsonschema.comparison.difference import JsonSchemaDifference
from accord.schemas.jsonschema.explanation.descriptions import (
    ANYTHING,
    counted,
    names_listed,
    told_apart,
    values_listed,
)
from accord.schemas.jsonschema.explanation.places import path_words, property_words
from accord.schemas.jsonschema.model import (
    ArrayNode,
    CombinedNode,
    ConstNode,
    Criterion,
    EnumNode,
    Node,
    NotNode,
    ObjectNode,
    TrueNode,
)
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.pointers import child, tokens

_ANY: Final = TrueNode()
_ABOUT_HOLDER: Final = frozenset(
    rule.id
    for rule in (
        rules.CONTENT_MODEL_CLOSED,
        rules.CONTENT_MODEL_NARROWED,
        rules.LIST_CLOSED,
        rules.LIST_NARROWED,
        rules.DEPENDENCY_ADDED,
        rules.DEPENDENT_SCHEMA_ADDED,
        rules.NEGATION_EXTENDED,
    )
)
"""The rules that are about the schema that has the keyword, not about what stands under it."""

_ABOUT_DEPENDENCIES: Final = frozenset({rules.DEPENDENCY_ADDED.id, rules.DEPENDENT_SCHEMA_ADDED.id})
_LONGEST_SHOWN: Final = 100

_ABOUT_BRANCHES: Final = frozenset({rules.BRANCH_REMOVED.id, rules.BRANCHES_CHANGED.id})
"""The rules of which one branch says more than all of them."""


def facts_of(difference: JsonSchemaDifference) -> Mapping[str, str]:
    """The facts of the difference, ``where``, and what else the message of its rule needs."""
    tell = _TOLD.get(difference.rule.id, _kinds)
    return {"where": where_of(difference), **tell(difference), **difference.facts}


def where_of(difference: JsonSchemaDifference) -> str:
    """The place of the difference: "`street` of `home`", "an item of `lines`", "the document"."""
    steps = _steps(difference)
    if difference.rule is rules.PROPERTY_BECAME_REQUIRED:
        return property_words(difference.facts["name"], steps)
    return path_words(steps)


def place_in(difference: JsonSchemaDifference, *, is_reader: bool) -> str:
    """Where in one of the two schemas it is, a JSON pointer, or in words what of a referenced schema it is about."""
    place = difference.reader_place if is_reader else difference.writer_place
    return where_of(difference) if place is None else place


def sides_of(
    difference: JsonSchemaDifference, reader: JsonSchema, writer: JsonSchema
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Place and fragment of both sides; where a side has nothing, the fragment is empty."""
    places = difference.reader_place, difference.writer_place
    if difference.rule.id in _ABOUT_BRANCHES:
        places = _branch_of_its_own(reader, writer, places), _branch_of_its_own(writer, reader, places[::-1])
    if difference.rule.id in _ABOUT_DEPENDENCIES:
        name = difference.facts["name"]
        places = _dependency(reader, places[0], name), _dependency(writer, places[1], name)
    if not difference.error_type:
        # A warning has no nodes; both of its places are of something that stands there.
        here, there = (
            _side(schema, place, is_told=True, lacks_keyword=not place)
            for schema, place in zip((reader, writer), places, strict=True)
        )
        return here, there
    nodes = difference.reader_node, difference.writer_node
    is_told = [node is not None for node in nodes]
    is_keyword = [node is None or place != node.place for node, place in zip(nodes, places, strict=True)]
    return (
        _side(reader, places[0], is_told=is_told[0], lacks_keyword=is_keyword[1] and not is_keyword[0]),
        _side(writer, places[1], is_told=is_told[1], lacks_keyword=is_keyword[0] and not is_keyword[1]),
    )


def field_of_root(schema: JsonSchema, name: str) -> tuple[str, str] | None:
    """Place and fragment of the property ``name`` of the whole document; None where the schema describes none."""
    place = child("/properties", name)
    return (place, schema.source.fragment(place)) if place in schema.source else None


def _steps(difference: JsonSchemaDifference) -> list[str]:
    """The steps to the schema that it is about, from the top of the text, or of the path where that is elsewhere."""
    nodes = difference.reader_node, difference.writer_node
    places = [tokens(node.place) for node in nodes if node is not None and node.place is not None]
    path = difference.path.split("/")[1:]
    # Of what only one side lists, the other one's node is the rule for all that it does not list.
    listed = [steps for steps in places if steps and steps[-1] in path]
    if places:
        return (listed or places)[0]
    keyword = difference.facts.get("keyword")
    return path[: path.index(keyword)] if difference.rule.id in _ABOUT_HOLDER and keyword in path else path


def _branch_of_its_own(
    schema: JsonSchema, other: JsonSchema, places: tuple[str | None, str | None]
) -> str | None:
    """The place of the only branch that ``schema`` has and ``other`` has not, or else that of all branches."""
    mine, theirs = (
        one.source.value(place) if place is not None and place in one.source else None
        for one, place in zip((schema, other), places, strict=True)
    )
    if places[0] is None or not isinstance(mine, list) or not isinstance(theirs, list):
        return places[0]
    known = {written(one, in_order=True) for one in theirs}
    own = [at for at, one in enumerate(mine) if written(one, in_order=True) not in known]
    return child(places[0], own[0]) if len(own) == 1 else places[0]


def _dependency(schema: JsonSchema, place: str | None, name: str) -> str | None:
    """The place of what the schema at ``place`` asks of objects with the property ``name``, or its own."""
    for keyword in ("dependencies", "dependentRequired", "dependentSchemas") if place is not None else ():
        listed = child(child(place or "", keyword), name)
        if listed in schema.source:
            return listed
    return place


def _side(schema: JsonSchema, place: str | None, *, is_told: bool, lacks_keyword: bool) -> tuple[str, str]:
    if place is None or not is_told:
        return place or "", ""
    fragment = schema.source.fragment(place)
    # The beginning of something large says nothing about what the rest of it lacks.
    return place, "" if lacks_keyword and len(fragment) > _LONGEST_SHOWN else fragment


# What the messages need beside the place.


def _kinds(difference: JsonSchemaDifference) -> Mapping[str, str]:
    reader, writer = told_apart(difference.reader_node or _ANY, difference.writer_node or _ANY)
    return {"reader_kind": reader, "writer_kind": writer}


def _branches(difference: JsonSchemaDifference) -> Mapping[str, str]:
    """The kinds of all branches, or how many there are if the kinds are the same."""
    kinds, nodes = _kinds(difference), (difference.reader_node, difference.writer_node)
    if not kinds["reader_kind"].startswith(kinds["writer_kind"]):
        return kinds
    reader, writer = (len(node.members) if isinstance(node, CombinedNode) else 1 for node in nodes)
    return {
        "reader_kind": counted(reader, "branch", "branches"),
        "writer_kind": counted(writer, "branch", "branches"),
    }


def _kinds_of_others(difference: JsonSchemaDifference) -> Mapping[str, str]:
    """What is allowed under ``additional…`` and ``unevaluated…``."""
    keyword = difference.facts["keyword"]
    nodes = (difference.reader_node, difference.writer_node)
    reader, writer = told_apart(*(_permitted(node, keyword) for node in nodes))
    return {"reader_kind": reader, "writer_kind": writer}


def _permitted(node: Node | None, keyword: str) -> Node:
    if not isinstance(node, ObjectNode | ArrayNode):
        return _ANY
    permission = node.unevaluated if keyword.startswith("unevaluated") else node.additional
    return permission if isinstance(permission, Node) else _ANY


def _forbidden_kinds(difference: JsonSchemaDifference) -> Mapping[str, str]:
    reader, writer = (
        node.inner if isinstance(node, NotNode) else node
        for node in (difference.reader_node, difference.writer_node)
    )
    told = told_apart(reader or _ANY, writer or _ANY)
    return {"reader_kind": told[0], "writer_kind": told[1]}


def _limits(difference: JsonSchemaDifference) -> Mapping[str, str]:
    facts = difference.facts
    keyword, value = facts["keyword"], facts["reader_value"]
    return {
        "reader_limit": _limit(keyword, value),
        "writer_limit": _limit(keyword, facts["writer_value"]),
        "beyond": _BEYOND[keyword](value) if keyword in _BEYOND else "",
    }


def _limit(keyword: str, value: str) -> str:
    if keyword == "pattern":
        return f"the pattern `{json.loads(value)}`" if value else "no pattern"
    return f"`{keyword}` {value}" if value else f"no `{keyword}`"


_BEYOND: Final[Mapping[str, Callable[[str], str]]] = {
    "maxLength": lambda value: f"longer than {counted(value, 'character')}",
    "minLength": lambda value: f"shorter than {counted(value, 'character')}",
    "maximum": lambda value: f"greater than {value}",
    "minimum": lambda value: f"less than {value}",
    "exclusiveMaximum": lambda value: f"{value} or greater",
    "exclusiveMinimum": lambda value: f"{value} or less",
    "maxItems": lambda value: f"a list of more than {counted(value, 'item')}",
    "minItems": lambda value: f"a list of fewer than {counted(value, 'item')}",
    "maxProperties": lambda value: f"an object of more than {value} properties",
    "minProperties": lambda value: f"an object of fewer than {value} properties",
    "maxContains": lambda value: f"more than {counted(value, 'such item')}",
    "minContains": lambda value: f"fewer than {counted(value, 'such item')}",
    "multipleOf": lambda value: f"no multiple of {value}",
}
"""By keyword, what is beyond a limit, for a sentence that says what a value is."""


def _values(difference: JsonSchemaDifference) -> Mapping[str, str]:
    kept = {written(value) for value in _listed_by(difference.reader_node)}
    values = _listed_by(difference.writer_node)
    lost = [value for value in values if written(value) not in kept] or values
    return {"values": values_listed(lost, last="and") if lost else "values"}


def _listed_by(node: Node | None) -> list[JsonValue]:
    if isinstance(node, EnumNode):
        return list(node.values)
    return [node.value] if isinstance(node, ConstNode) else []


def _names(difference: JsonSchemaDifference) -> Mapping[str, str]:
    name, nodes = difference.facts["name"], (difference.reader_node, difference.writer_node)
    asked, before = (
        node.dependent_required.get(name, frozenset()) if isinstance(node, ObjectNode) else frozenset[str]()
        for node in nodes
    )
    return {"names": names_listed(sorted(asked - before or asked))}


def _counts(difference: JsonSchemaDifference) -> Mapping[str, str]:
    reader, writer = (
        str(len(node.members)) if isinstance(node, CombinedNode) else "1"
        for node in (difference.reader_node, difference.writer_node)
    )
    return {"reader_count": reader, "writer_count": writer}


def _criteria(difference: JsonSchemaDifference) -> Mapping[str, str]:
    return {
        "reader_criterion": _criterion(difference.reader_node),
        "writer_criterion": _criterion(difference.writer_node),
    }


def _criterion(node: Node | None) -> str:
    if not isinstance(node, CombinedNode):
        return ANYTHING
    if node.written:
        return _CRITERIA[node.criterion]
    return "one of its types" if node.criterion is Criterion.ANY else "all of its keywords"


_CRITERIA: Final = {
    Criterion.ANY: "one branch of its `anyOf` or more",
    Criterion.ONE: "exactly one branch of its `oneOf`",
    Criterion.ALL: "every part of its `allOf`",
}
_TOLD: Final[Mapping[str, Callable[[JsonSchemaDifference], Mapping[str, str]]]] = {
    rules.CONTENT_MODEL_CLOSED.id: _kinds_of_others,
    rules.CONTENT_MODEL_NARROWED.id: _kinds_of_others,
    rules.LIST_CLOSED.id: _kinds_of_others,
    rules.LIST_NARROWED.id: _kinds_of_others,
    rules.NEGATION_EXTENDED.id: _forbidden_kinds,
    rules.UPPER_LIMIT_TIGHTENED.id: _limits,
    rules.LOWER_LIMIT_TIGHTENED.id: _limits,
    rules.CONTAINS_TIGHTENED.id: _limits,
    rules.MULTIPLE_OF_TIGHTENED.id: _limits,
    rules.PATTERN_CHANGED.id: _limits,
    rules.ENUM_VALUES_MISSING.id: _values,
    rules.DEPENDENCY_ADDED.id: _names,
    rules.COMBINATION_CHANGED.id: _criteria,
    rules.BRANCH_REMOVED.id: _branches,
    rules.CONDITION_ADDED.id: _counts,
}
