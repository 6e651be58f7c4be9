"""What was found out about parts of schemas is looked up for the same parts, and for no others."""

import json
from typing import Any, TypeAlias

import pytest

from accord.schemas import CompatibilityPolicy, InvalidSchema, Schema, SchemaType, parse
from accord.schemas.jsonschema.comparison.difference import contrasts_of
from accord.schemas.jsonschema.containment.ground import Ground, ground_of
from accord.schemas.jsonschema.containment.library import Library
from accord.schemas.jsonschema.contents import Saying, contents_of
from accord.schemas.jsonschema.memory import Memory
from accord.schemas.jsonschema.schema import JsonSchema

Json: TypeAlias = Any

STRICT, LENIENT = CompatibilityPolicy.STRICT, CompatibilityPolicy.LENIENT
TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
LATER: Json = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def parsed(schema: Json) -> JsonSchema:
    found = parse(Schema(json.dumps(schema), SchemaType.JSON))
    assert isinstance(found, JsonSchema)
    return found


def ground(schema: Json) -> Ground:
    return ground_of(Library(schema, {}).root)


def refused(writer: Json, reader: Json, policy: CompatibilityPolicy = STRICT) -> list[str]:
    return [one.path for one in contrasts_of(parsed(reader), parsed(writer), policy)]


ALIKE = [
    (TEXT, {**TEXT, "title": "A name", "default": "a", "$comment": "no more than a name"}),
    ({"enum": [1, "a", {"b": [2.0]}]}, {"enum": ["a", {"b": [2]}, 1.0, 1]}),
    ({"anyOf": [TEXT, WHOLE]}, {"anyOf": [WHOLE, TEXT]}),
    ({"definitions": {"a": TEXT}, "$ref": "#/definitions/a"}, {"allOf": [TEXT]}),
    ({"definitions": {"a": TEXT}, "items": {"$ref": "#/definitions/a"}}, {"$defs": {"b": TEXT}, "items": {"$ref": "#/$defs/b"}}),
    ({"items": {"$ref": "#"}}, {"title": "A tree", "items": {"$ref": "#"}}),
    ({"properties": {"a": TEXT, "b": WHOLE}}, {"properties": {"b": WHOLE, "a": TEXT}}),
]  # fmt: skip
UNLIKE = [
    (TEXT, WHOLE),
    ({"enum": [1]}, {"enum": ["1"]}),
    ({"enum": [True]}, {"enum": [1]}),
    ({"enum": [{"a": "b"}]}, {"enum": [["a", "b"]]}),
    ({"items": [TEXT, WHOLE]}, {"items": [WHOLE, TEXT]}),
    ({"properties": {"a": TEXT}}, {"properties": {"b": TEXT}}),
    ({"properties": {"a": TEXT}}, {"patternProperties": {"a": TEXT}}),
    ({"items": {"$ref": "#"}}, {"items": {"$ref": "#"}, "minItems": 1}),
    ({"definitions": {"a": {"items": {"$ref": "#/definitions/a"}}, "b": TEXT}, "$ref": "#/definitions/a"}, {"definitions": {"a": {"items": {"$ref": "#/definitions/b"}}, "b": TEXT}, "$ref": "#/definitions/a"}),
    ({**LATER, "dependentRequired": {"a": ["b"]}}, {**LATER, "dependencies": {"a": ["b"]}}),
    ({"required": ["a,b"]}, {"required": ["a", "b"]}),
    ({"$schema": "http://json-schema.org/draft-04/schema#", **WHOLE}, WHOLE),
    ({"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "other.json"}}}, {"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "more.json"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_schemas_that_say_the_same_have_the_same_content(one: Json, other: Json) -> None:
    first, second = ground(one), ground(other)
    assert first.contents[first.root] == second.contents[second.root]


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_schemas_that_differ_have_other_contents(one: Json, other: Json) -> None:
    first, second = ground(one), ground(other)
    assert first.contents[first.root] != second.contents[second.root]


def test_what_leads_back_to_itself_is_told_apart_from_what_does_not() -> None:
    circle = contents_of({"a": Saying("x", "a", [(["b"], True)]), "b": Saying("y", "b", [(["a"], True)])})
    line = contents_of({"a": Saying("x", "a", [(["b"], True)]), "b": Saying("y", "b", [])})
    assert circle["a"] != line["a"]
    assert circle["b"] != line["b"]
    assert circle["a"] != circle["b"]


def test_a_definition_that_changes_changes_whatever_leads_to_it() -> None:
    tree: Json = {"properties": {"left": {"$ref": "#/definitions/tree"}}}
    for leaf in (TEXT, WHOLE):
        tree = {**tree, "properties": {**tree["properties"], "value": leaf}}
        schema = ground(
            {"definitions": {"tree": tree}, "properties": {"root": {"$ref": "#/definitions/tree"}}}
        )
        contents = schema.contents[schema.root]
        assert contents not in tree.get("seen", ())
        tree["seen"] = [contents]


def test_what_is_compatible_under_one_policy_is_compared_again_under_another() -> None:
    old: Json = {"properties": {"inner": {"type": "object", "properties": {"a": {"minLength": 11}}}}}
    new: Json = {
        "properties": {"inner": {"type": "object", "properties": {"a": {"minLength": 11}, "b": TEXT}}}
    }
    assert refused(old, new, LENIENT) == []
    assert refused(old, new, STRICT) == ["#/properties/inner/properties/b"]
    assert refused(old, new, LENIENT) == []


def test_what_leads_too_deep_does_so_also_after_a_part_of_it_was_compared() -> None:
    def lists(inner: Json, levels: int) -> Json:
        for _ in range(levels):
            inner = {"type": "array", "items": inner}
        return inner

    def both(longest: int) -> Json:
        part = lists({"type": "string", "maxLength": longest}, 80)
        return {**lists({"$ref": "#/definitions/part"}, 75), "definitions": {"part": part}}

    old, new = both(1_077), both(1_078)
    assert refused(old["definitions"]["part"], new["definitions"]["part"]) == []
    with pytest.raises(InvalidSchema, match="150 levels deep"):
        refused(old, new)


def test_a_reference_that_is_not_followed_does_not_make_what_it_leads_to_readable() -> None:
    def chain(end: Json) -> Json:
        more = {"x": {"$ref": "#/definitions/y"}, "y": end}
        return {"definitions": more, "properties": {"a": {"$ref": "#/definitions/x"}}}

    def link(end: Json) -> Json:
        return {"definitions": {"y": end}, "properties": {"a": {"$ref": "#/definitions/y"}}}

    assert refused(chain({"maxLength": 12}), chain({"maxLength": 11})) == []
    assert refused(link({"maxLength": 12}), link({"maxLength": 11})) == ["#/properties/a/maxLength"]


def test_what_was_met_inside_itself_is_compared_elsewhere() -> None:
    def tree(value: Json) -> Json:
        node = {"type": "object", "properties": {"next": {"$ref": "#/definitions/node"}, "v": value}}
        return {"definitions": {"node": node}, "$ref": "#/definitions/node"}

    for _ in range(2):
        assert refused(tree({"maxLength": 22}), tree({"maxLength": 21})) == ["#/properties/v/maxLength"]
        assert refused(tree({"maxLength": 21}), tree({"maxLength": 22})) == []


def test_a_memory_that_is_full_starts_anew() -> None:
    memory = Memory(2)
    memory.remember("a", 1)
    memory.remember("b", 2)
    assert (memory.steps("a"), memory.steps("b")) == (1, 2)
    memory.remember("c", 3)
    assert (memory.steps("a"), memory.steps("b"), memory.steps("c")) == (None, None, 3)
