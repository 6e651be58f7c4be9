"""What stands between two JSON Schemas: by kind and path, in the order of the walk."""

import json
import time
from collections.abc import Sequence
from itertools import permutations
from typing import Any, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accord.schemas import InvalidSchema, Schema, SchemaType, parse
from accord.schemas.jsonschema.comparison import walk as comparison
from accord.schemas.jsonschema.comparison.difference import differences
from accord.schemas.jsonschema.comparison.kinds import COMPATIBLE, INCOMPATIBLE, Kind
from accord.schemas.jsonschema.comparison.matching import all_pair_up
from accord.schemas.jsonschema.comparison.walk import contrasts
from accord.schemas.jsonschema.rules import RULE_OF
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.model import CompatibilityPolicy

Json: TypeAlias = Any

LATER = "https://json-schema.org/draft/2020-12/schema"
STRICT, LENIENT = CompatibilityPolicy.STRICT, CompatibilityPolicy.LENIENT
STRING, INTEGER, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def parsed(schema: Json, **referenced: Json) -> JsonSchema:
    needed = {name: Schema(json.dumps(value), SchemaType.JSON) for name, value in referenced.items()}
    made = parse(Schema(json.dumps(schema), SchemaType.JSON), referenced=needed)
    assert isinstance(made, JsonSchema)
    return made


def between(writer: Json, reader: Json, policy: CompatibilityPolicy = STRICT) -> list[str]:
    """Kinds and paths of what stands against reading what ``writer`` allows as ``reader``."""
    found = contrasts(parsed(writer).root, parsed(reader).root, policy)
    return [f"{one.kind} {one.path}" for one in found]


def object_with(properties: Json, **others: Json) -> Json:
    return {"type": "object", "properties": properties, **others}


def later(schema: Json = None, **others: Json) -> Json:
    return {"$schema": LATER, **(schema or {}), **others}


def test_every_kind_that_refuses_has_a_rule_and_lenient_takes_more_than_strict() -> None:
    assert {kind.value for kind in INCOMPATIBLE} == set(RULE_OF)
    assert COMPATIBLE[STRICT] < COMPATIBLE[LENIENT]
    assert Kind.TYPE_CHANGED not in COMPATIBLE[LENIENT]


@pytest.mark.parametrize(
    ("writer", "reader", "strict", "lenient"),
    [
        (
            object_with({"a": STRING}),
            object_with({"a": STRING, "b": INTEGER}),
            ["OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/b"],
            [],
        ),
        (
            object_with({}),
            object_with({"b": INTEGER}, required=["b"]),
            ["REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/b"],
            ["REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/b"],
        ),
        (
            object_with({}),
            object_with({"b": {"type": "integer", "default": 1}}, required=["b"]),
            ["REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL #/properties/b"],
            [],
        ),
        (
            object_with({"a": STRING, "b": STRING}, additionalProperties=False),
            object_with({"a": STRING}, additionalProperties=False),
            ["PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/b"],
            [],
        ),
        (
            object_with({"a": STRING}),
            object_with({"a": STRING}, additionalProperties=False),
            ["ADDITIONAL_PROPERTIES_REMOVED #/additionalProperties"],
            [],
        ),
        (
            object_with({"a": INTEGER}, additionalProperties=STRING),
            object_with({}, additionalProperties=STRING),
            [
                "TYPE_CHANGED #/properties/a",
                "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/a",
            ],
            ["TYPE_CHANGED #/properties/a"],
        ),
        ({"$schema": LATER}, {"$schema": LATER, "unevaluatedProperties": False}, ["TYPE_CHANGED #"], ["TYPE_CHANGED #"]),
        (
            {"$schema": LATER, "type": "object"},
            {"$schema": LATER, "type": "object", "unevaluatedProperties": STRING},
            ["UNEVALUATED_PROPERTIES_NARROWED #/unevaluatedProperties"],
            [],
        ),
        (
            later(object_with({"a": STRING}), unevaluatedProperties=STRING),
            later(object_with({"a": STRING, "b": INTEGER}), unevaluatedProperties=STRING),
            [
                "TYPE_CHANGED #/properties/b",
                "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/b",
            ],
            ["TYPE_CHANGED #/properties/b"],
        ),
        (
            later(object_with({"a": STRING, "b": STRING}), unevaluatedProperties=STRING),
            later(object_with({"a": STRING}), unevaluatedProperties=STRING),
            [],
            [],
        ),
        (
            later(object_with({"a": STRING}), unevaluatedProperties={}),
            later(object_with({"a": STRING, "b": STRING}), unevaluatedProperties=True),
            ["OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/b"],
            [],
        ),
        (
            later(prefixItems=[STRING], unevaluatedItems=STRING),
            later(prefixItems=[STRING, INTEGER], unevaluatedItems=STRING),
            ["TYPE_CHANGED #/items/1", "ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/items/1"],
            ["TYPE_CHANGED #/items/1", "ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/items/1"],
        ),
        (
            {"oneOf": [object_with({"a": STRING})]},
            {"oneOf": [object_with({"a": STRING, "b": STRING})]},
            ["COMBINED_TYPE_SUBSCHEMAS_CHANGED #"],
            [],
        ),
    ],
)  # fmt: skip
def test_the_policy_decides_what_a_content_model_may_become(
    writer: Json, reader: Json, strict: list[str], lenient: list[str]
) -> None:
    assert between(writer, reader, STRICT) == strict
    assert between(writer, reader, LENIENT) == lenient


@pytest.mark.parametrize(
    ("writer", "reader", "expected"),
    [
        ({"exclusiveMaximum": 10}, {"exclusiveMaximum": 9.5}, ["EXCLUSIVE_MAXIMUM_DECREASED #/exclusiveMaximum"]),
        ({"exclusiveMaximum": 10}, {"exclusiveMaximum": 10.0}, []),
        ({"exclusiveMaximum": 10}, {"maximum": 9, "exclusiveMaximum": 9}, [
            "MAXIMUM_ADDED #/maximum", "EXCLUSIVE_MAXIMUM_DECREASED #/exclusiveMaximum",
        ]),
        ({"maximum": 20, "exclusiveMaximum": 10}, {"maximum": 20, "exclusiveMaximum": 5}, []),
        ({"maximum": 8, "exclusiveMaximum": 10}, {"maximum": 8, "exclusiveMaximum": 9}, [
            "EXCLUSIVE_MAXIMUM_DECREASED #/exclusiveMaximum",
        ]),
        ({"maximum": 1}, {"maximum": 10**400}, []),
        ({"minimum": 1}, {"minimum": 10**400}, ["MINIMUM_INCREASED #/minimum"]),
        ({"multipleOf": 4}, {"multipleOf": 2}, []),
        ({"multipleOf": 2}, {"multipleOf": 4}, ["MULTIPLE_OF_EXPANDED #/multipleOf"]),
        ({"multipleOf": 4}, {"multipleOf": 6}, ["MULTIPLE_OF_CHANGED #/multipleOf"]),
        ({"multipleOf": 0.5}, {"multipleOf": 0.25}, []),
        ({"multipleOf": 0.5}, {"multipleOf": 2}, ["MULTIPLE_OF_EXPANDED #/multipleOf"]),
        ({"multipleOf": 0.5}, {"multipleOf": 0.3}, ["MULTIPLE_OF_CHANGED #/multipleOf"]),
        ({"multipleOf": 2}, {"multipleOf": 0.5}, ["MULTIPLE_OF_EXPANDED #/multipleOf"]),
        ({"multipleOf": 2}, {"multipleOf": 2.0}, ["MULTIPLE_OF_EXPANDED #/multipleOf"]),
        ({"multipleOf": 2}, {"multipleOf": 1e300}, ["MULTIPLE_OF_EXPANDED #/multipleOf"]),
        ({"enum": [1, "a"]}, {"enum": ["a", 1, 2]}, []),
        ({"enum": [1]}, {"enum": [1.0]}, ["ENUM_ARRAY_CHANGED #/enum"]),
        ({"enum": [{"a": 1, "b": 2}]}, {"enum": [{"b": 2, "a": 1}]}, []),
        ({"const": {"a": 1}}, {"const": None}, ["ENUM_ARRAY_CHANGED #/const"]),
        ({"const": None}, {"const": {"a": 1}}, ["ENUM_ARRAY_CHANGED #/const"]),
        ({"type": "string", "connect.type": "bytes"}, {"type": "number", "connect.type": "bytes"}, []),
        ({"type": "string", "connect.type": "bytes"}, {"type": "number"}, ["TYPE_CHANGED #"]),
        (
            object_with({"a/b": STRING}),
            object_with({"a/b": INTEGER}),
            ["TYPE_CHANGED #/properties/a/b"],
        ),
        (
            object_with({"a": STRING}, additionalProperties=False, patternProperties={"^a": STRING}),
            object_with({}, additionalProperties=False, patternProperties={"^a": STRING}),
            [],
        ),
        ({"items": [STRING]}, {"items": STRING}, ["SCHEMA_ADDED #/items"]),
        ({"anyOf": [STRING]}, {"allOf": [STRING]}, []),
        ({"anyOf": [STRING]}, {"oneOf": [STRING, INTEGER]}, []),
        ({"anyOf": [STRING]}, {"allOf": [STRING, {"minLength": 1}]}, ["COMBINED_TYPE_CHANGED #"]),
        ({"const": 1, "type": "string"}, {"type": "string", "const": 1}, []),
    ],
)  # fmt: skip
def test_values_are_compared_as_the_registry_does_or_as_it_would(
    writer: Json, reader: Json, expected: list[str]
) -> None:
    assert between(writer, reader) == expected


def test_what_never_ends_is_compared_once_per_reference() -> None:
    def tree(value: Json) -> Json:
        return {
            "$ref": "#/definitions/n",
            "definitions": {"n": object_with({"v": value, "kids": {"items": {"$ref": "#/definitions/n"}}})},
        }

    assert between(tree(STRING), tree(STRING)) == []
    assert between(tree(STRING), tree(INTEGER)) == ["TYPE_CHANGED #/properties/v"]


def test_a_shared_definition_is_told_of_wherever_it_is_used() -> None:
    def twice(value: Json) -> Json:
        used = {"$ref": "#/definitions/d"}
        return {**object_with({"a": used, "b": used}), "definitions": {"d": value}}

    assert between(twice(STRING), twice(INTEGER)) == [
        "TYPE_CHANGED #/properties/a",
        "TYPE_CHANGED #/properties/b",
    ]


def test_a_reference_to_a_reference_is_not_followed() -> None:
    def chain(value: Json) -> Json:
        definitions = {"x": {"$ref": "#/definitions/y"}, "y": value}
        return {**object_with({"a": {"$ref": "#/definitions/x"}}), "definitions": definitions}

    assert between(chain(STRING), chain(INTEGER)) == []


def test_what_a_pair_brings_up_inside_itself_is_not_taken_for_granted_elsewhere() -> None:
    def ring(value: Json) -> Json:
        names = ("x", "y", "z")
        every = {name: {"$ref": f"#/definitions/{name}"} for name in names}
        return {
            "$ref": "#/definitions/x",
            "definitions": {name: object_with({**every, "v": value}) for name in names},
        }

    steps = ["", "/y", "/y/z", "/z", "/z/y"]
    expected = {f"TYPE_CHANGED #{step.replace('/', '/properties/')}/properties/v" for step in steps}
    assert set(between(ring(STRING), ring(INTEGER))) == expected


def test_differences_carry_facts_places_and_nodes() -> None:
    writer = parsed(object_with({"a": {"type": "string", "maxLength": 8}, "b": STRING}))
    reader = parsed(object_with({"a": {"type": "string", "maxLength": 4}}, additionalProperties=False))
    length, removed, closed = differences(reader, writer, policy=STRICT)
    assert (length.reported_type, length.path) == ("MAX_LENGTH_DECREASED", "#/properties/a/maxLength")
    assert (length.reader_place, length.writer_place) == (
        "/properties/a/maxLength",
        "/properties/a/maxLength",
    )
    assert length.facts == {"keyword": "maxLength", "name": "", "reader_value": "4", "writer_value": "8"}
    assert (removed.reader_place, removed.writer_place) == ("", "/properties/b")
    assert (removed.reader_node, removed.facts["name"]) == (None, "b")
    assert (closed.reader_place, closed.writer_place) == ("/additionalProperties", "")
    assert closed.facts["reader_value"] == "false"


def test_places_in_referenced_schemas_are_not_places_in_the_text() -> None:
    use = object_with({"a": {"$ref": "x"}})
    (found,) = differences(parsed(use, x=INTEGER), parsed(use, x=STRING), policy=STRICT)
    assert (found.path, found.reader_place, found.writer_place) == ("#/properties/a", None, None)
    assert found.reader_node is not None
    assert found.reader_node.document == "x"


def nested(levels: int, leaf: Json, *, width: int = 2) -> Json:
    for level in range(levels):
        leaf = {"oneOf": [leaf, *(object_with({f"{level}.{number}": leaf}) for number in range(1, width))]}
    return leaf


def every_way(count: int, leaf: Json, draft: Json = None) -> Json:
    every = {f"p{number}": {"$ref": f"#/$defs/d{number}"} for number in range(count)}
    definitions = {f"d{number}": object_with({**every, "v": leaf}) for number in range(count)}
    return {"$schema": draft or "", "$ref": "#/$defs/d0", "$defs": definitions}


def diamond(levels: int, leaf: Json) -> Json:
    definitions = {
        f"d{level}": object_with({side: {"$ref": f"#/definitions/d{level + 1}"} for side in "ab"})
        for level in range(levels)
    }
    return {"$ref": "#/definitions/d0", "definitions": {**definitions, f"d{levels}": leaf}}


def expressions(count: int, leaf: Json, draft: Json = None) -> Json:
    every = {"oneOf": [leaf, *({"$ref": f"#/$defs/d{number}"} for number in range(count))]}
    definitions = {f"d{number}": object_with({"left": every, "right": every}) for number in range(count)}
    return {"$schema": draft or "", "$ref": "#/$defs/d0", "$defs": definitions}


@pytest.mark.parametrize(
    "make",
    [
        lambda leaf: nested(8, leaf),
        lambda leaf: every_way(30, leaf),
        lambda leaf: every_way(30, leaf, LATER),
        lambda leaf: diamond(60, leaf),
        lambda leaf: {"oneOf": [{"const": number} for number in range(120)] + [leaf]},
        lambda leaf: expressions(2, leaf, LATER),
        lambda leaf: expressions(8, leaf, LATER),
        lambda leaf: expressions(8, leaf),
    ],
)
def test_nothing_takes_for_ever(make: Any) -> None:
    started = time.process_time()
    assert between(make(STRING), make(STRING)) == []
    assert between(make(STRING), make(INTEGER))
    assert time.process_time() - started < 5


def test_what_leads_too_deep_is_refused_with_a_hint() -> None:
    def chain(leaf: Json) -> Json:
        definitions = {f"d{n}": object_with({"n": {"$ref": f"#/definitions/d{n + 1}"}}) for n in range(2_000)}
        return {"$ref": "#/definitions/d0", "definitions": {**definitions, "d2000": leaf}}

    with pytest.raises(InvalidSchema, match=r"cannot be compared: .* levels deep") as refused:
        between(chain(STRING), chain(INTEGER))
    assert refused.value.hint


def test_too_many_members_are_refused_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "_MAX_PAIRS", 1_000)

    def many(numbers: Sequence[int]) -> Json:
        return {"oneOf": [{"const": number} for number in numbers]}

    with pytest.raises(InvalidSchema, match="pairs of their parts") as refused:
        between(many([*range(1, 50), 99]), many(range(50, 0, -1)))
    assert refused.value.hint


def test_too_many_names_for_too_many_patterns_are_refused_with_a_hint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparison, "_MAX_PAIRS", 1_000)
    patterns = {f"^p{number}": STRING for number in range(100)}
    names = object_with({f"n{number}": STRING for number in range(100)}, additionalProperties=False)
    with pytest.raises(InvalidSchema, match="pairs of their parts"):
        between(names, object_with({}, patternProperties=patterns, additionalProperties=False))


NAMES = st.sampled_from(["a", "b", "c"])
LEAVES = st.sampled_from(
    [
        True, False, {}, STRING, INTEGER, NUMBER, {"type": ["string", "null"]}, {"enum": ["a", 1]}, {"const": 1},
        {"type": "string", "maxLength": 3}, {"minimum": 2}, {"$ref": "#/$defs/d"}, {"$ref": "#"}, {"if": {}},
    ]
)  # fmt: skip


def _deeper(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(NAMES, inner, max_size=3)},
        optional={
            "required": st.lists(NAMES, unique=True, max_size=2),
            "additionalProperties": st.one_of(st.booleans(), inner),
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$"]), inner, max_size=1),
        },
    )
    combined = st.builds(
        lambda criterion, members: {criterion: members},
        st.sampled_from(["oneOf", "anyOf", "allOf"]),
        st.lists(inner, min_size=1, max_size=3),
    )
    arrays = st.one_of(
        inner.map(lambda items: {"type": "array", "items": items}),
        st.lists(inner, max_size=2).map(
            lambda items: {"type": "array", "items": items, "additionalItems": False}
        ),
    )
    return st.one_of(objects, combined, arrays, inner.map(lambda one: {"not": one}))


SCHEMAS = st.builds(
    lambda root, definition: {"allOf": [root], "$defs": {"d": definition}},
    st.recursive(LEAVES, _deeper, max_leaves=8),
    st.recursive(LEAVES, _deeper, max_leaves=4),
)


@given(SCHEMAS)
@settings(max_examples=100, deadline=None)
def test_every_schema_reads_what_it_writes(schema: Json) -> None:
    assert between(schema, json.loads(json.dumps(schema))) == []


@given(SCHEMAS, SCHEMAS)
@example({"allOf": [True]}, {"allOf": [{"$ref": "#"}]})
@settings(max_examples=100, deadline=None)
def test_whatever_strict_takes_lenient_takes_too(writer: Json, reader: Json) -> None:
    if not between(writer, reader, STRICT):
        assert between(writer, reader, LENIENT) == []


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=6))
def test_members_pair_up_if_there_is_any_way(fits: list[list[bool]]) -> None:
    count = len(fits)
    smaller, larger = (range(count), range(4)) if count <= 4 else (range(4), range(count))
    can = any(
        all(
            fits[one][other] if count <= 4 else fits[other][one]
            for one, other in zip(smaller, chosen, strict=True)
        )
        for chosen in permutations(larger, len(smaller))
    )
    asked: list[tuple[int, int]] = []

    def gets_along(one: int, other: int) -> bool:
        asked.append((one, other))
        return fits[one][other]

    assert all_pair_up(count, 4, gets_along, first=lambda one: 3 - one % 4) is can
    assert len(asked) == len(set(asked))


def test_members_are_tried_no_longer_than_there_is_hope() -> None:
    asked: list[tuple[int, int]] = []

    def gets_along(one: int, other: int) -> bool:
        asked.append((one, other))
        return False

    assert not all_pair_up(100, 100, gets_along, first=lambda one: one)
    assert {one for one, _ in asked} == {0}
