import json
from typing import Any

import pytest

from accord.schemas import InvalidSchema, ParsedSchema, Schema, SchemaType, parse
from accord.schemas.jsonschema.model import ABSENT, Criterion, Node, NumberNode, ObjectNode, StringNode
from accord.schemas.jsonschema.reading.drafts import Draft, draft_of
from accord.schemas.jsonschema.schema import JsonSchema

LATER = "https://json-schema.org/draft/2020-12/schema"
DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def parsed(schema: Any, **referenced: Any) -> JsonSchema:
    text = schema if isinstance(schema, str) else json.dumps(schema)
    needed = {name: Schema(json.dumps(value), SchemaType.JSON) for name, value in referenced.items()}
    made = parse(Schema(text, SchemaType.JSON), referenced=needed)
    assert isinstance(made, JsonSchema)
    return made


def shape(node: Node) -> Any:
    """A node as nested names of classes."""
    members = getattr(node, "members", None)
    if members is None:
        return type(node).__name__.removesuffix("Node")
    return [getattr(node, "criterion").value, *map(shape, members)]  # noqa: B009


def test_text_is_stored_compact_and_normalized_with_sorted_keys() -> None:
    schema: ParsedSchema = parsed(' {"b": 1e2, "a": ["\\u00e9", -0.0, 1.50]}\n// what follows says nothing')
    assert schema.canonical == '{"b":1E+2,"a":["é",0.0,1.50]}'
    assert schema.normalized == '{"a":["é",0.0,1.50],"b":1E+2}'
    assert schema.formatted("resolved") == schema.canonical


def test_places_are_those_of_the_text_as_written() -> None:
    schema = parsed('{\n  "properties": {\n    "a": {"type": "string"}\n  }\n} trailing')
    assert schema.source.position("/properties/a/type") == (3, 19)
    assert schema.source.fragment("/properties/a") == '{"type": "string"}'


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (True, "True"),
        (False, "False"),
        ({}, "Empty"),
        ({"title": "t", "x-team": "a", "definitions": {"a": {"type": "wat"}}}, "Empty"),
        ({"type": "integer", "maximum": 3}, "Number"),
        ({"maximum": 3}, "Number"),
        ({"type": ["string", "null"], "maxLength": 5}, ["anyOf", "String", "Null"]),
        ({"type": ["string", "string"]}, ["anyOf", "String"]),
        ({"type": []}, ["anyOf"]),
        ({"type": "string", "enum": ["a"]}, ["allOf", "Enum", "String"]),
        ({"maxLength": 2, "maximum": 3}, ["allOf", "Number", "String"]),
        ({"type": "object", "items": {}, "pattern": "a"}, ["allOf", "Object", "Array", "String"]),
        ({"type": "object", "if": {}, "then": {}}, ["allOf", "Object", "Conditional"]),
        ({"then": {}}, "Conditional"),
        ({"$schema": DRAFT_4, "if": {}, "const": 1, "contains": {}, "propertyNames": {}}, "Empty"),
        ({"oneOf": [{"const": 1}, {"const": 1.0}, {"const": 1}]}, ["oneOf", "Const", "Const"]),
        ({"anyOf": [{"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": True}]}, ["anyOf", "Empty", "Empty"]),
        ({"not": {}, "allOf": [True]}, ["allOf", ["allOf", "True"], "Not"]),
        ({"$ref": "#/definitions/a", "type": "string", "definitions": {"a": {}}}, "Reference"),
        ({"dependentRequired": {"a": ["b"]}, "prefixItems": [{}], "unevaluatedItems": 5}, "Empty"),
        ({"$schema": LATER, "$ref": "#/$defs/a", "type": "string", "$defs": {"a": {}}}, ["allOf", "Reference", "String"]),
        ({"$schema": LATER, "$ref": "#/$defs/a", "description": "d", "$defs": {"a": {}}}, "Reference"),
        ({"$schema": LATER, "type": ["string", "null"], "maxLength": 5}, ["allOf", ["anyOf", "String", "Null"], "String"]),
        ({"$schema": LATER, "then": {}, "properties": {}, "dependencies": [], "$recursiveRef": "#"}, "Empty"),
        ({"$schema": LATER, "if": {}}, "Conditional"),
    ],
)  # fmt: skip
def test_a_schema_is_taken_apart_as_the_registry_does(schema: Any, expected: Any) -> None:
    assert shape(parsed(schema).root) == expected


def test_a_node_knows_its_place_and_what_is_said_about_it() -> None:
    root = parsed(
        {"$id": "http://x/o", "title": "O", "properties": {"a/b": {"default": None, "type": "string"}}}
    ).root
    assert isinstance(root, ObjectNode)
    assert (root.place, root.id, root.title, root.default) == ("", "http://x/o", "O", ABSENT)
    inner = root.properties["a/b"]
    assert (inner.place, inner.default, inner.has_default) == ("/properties/a~1b", None, True)


def test_null_is_no_default_in_later_drafts() -> None:
    assert not parsed({"$schema": LATER, "default": None}).root.has_default


@pytest.mark.parametrize("inner", [{"properties": {"a": True}}, {"items": [True]}, {"allOf": [True]}])
def test_draft_4_is_read_with_boolean_schemas_in_most_places(inner: Any) -> None:
    assert parsed({"$schema": DRAFT_4, **inner}).canonical


def test_counts_of_later_drafts_are_what_32_bits_hold() -> None:
    root = parsed({"$schema": LATER, "maxLength": 2**32 - 1, "minLength": 2.9}).root
    assert isinstance(root, StringNode)
    assert (root.max_length, root.min_length) == (-1, 2)


def test_bounds_are_booleans_in_draft_4_and_numbers_later() -> None:
    old = parsed({"$schema": DRAFT_4, "maximum": 3, "exclusiveMaximum": True}).root
    new = parsed({"maximum": 3, "exclusiveMaximum": 2.5}).root
    assert isinstance(old, NumberNode)
    assert isinstance(new, NumberNode)
    assert old.exclusive_maximum is None
    assert str(new.exclusive_maximum) == "2.5"


@pytest.mark.parametrize(
    ("schema", "place", "complaint"),
    [
        (5, "", "5 is no schema"),
        ("null", "", "null is no schema"),
        ({"$schema": 5}, "/$schema", r"`\$schema` is 5, and must be a string"),
        ({"properties": {"a": {"type": "wat"}}}, "/properties/a/type", '"wat" is no type'),
        ({"type": 5}, "/type", "5 is no type"),
        ({"type": ["string", 5]}, "/type/1", "an item of `type` is 5"),
        ({"properties": []}, "/properties", r"`properties` is \[\], and must be an object"),
        ({"required": [1]}, "/required/0", "an item of `required` is 1"),
        ({"required": True}, "/required", "must be a list"),
        ({"enum": "a"}, "/enum", "must be a list"),
        ({"maxLength": 1.5}, "/maxLength", "must be an integer"),
        ({"maxLength": "5"}, "/maxLength", "must be a number"),
        ({"maxItems": True}, "/maxItems", "must be a number"),
        ({"maxItems": 2**31}, "/maxItems", "an integer of at most 2147483647"),
        ({"minimum": "1"}, "/minimum", "must be a number"),
        ({"multipleOf": 0}, "/multipleOf", "a number greater than 0"),
        ({"exclusiveMaximum": True}, "/exclusiveMaximum", "must be a number"),
        ({"$schema": DRAFT_4, "exclusiveMaximum": 5}, "/exclusiveMaximum", "must be true or false"),
        ({"$schema": LATER, "maxItems": 2**63}, "/maxItems", "an integer of at most 9223372036854775807"),
        ({"$schema": DRAFT_4, "items": True}, "/items", "true is no schema in draft-04"),
        (
            {"$schema": DRAFT_4, "dependencies": {"a": True}},
            "/dependencies/a",
            "true is no schema in draft-04",
        ),
        ({"uniqueItems": "yes"}, "/uniqueItems", "must be true or false"),
        ({"items": 5}, "/items", "5 is no schema"),
        ({"items": [5]}, "/items/0", "5 is no schema"),
        ({"additionalProperties": "no"}, "/additionalProperties", '"no" is no schema'),
        ({"propertyNames": 5}, "/propertyNames", "5 is no schema"),
        ({"if": 5}, "/if", "5 is no schema"),
        ({"allOf": {}}, "/allOf", "must be a list"),
        ({"oneOf": [5]}, "/oneOf/0", "5 is no schema"),
        ({"dependencies": {"a": [5]}}, "/dependencies/a/0", "an item of `a` is 5"),
        ({"dependencies": {"a": 5}}, "/dependencies/a", "5 is no schema"),
        ({"pattern": "["}, "/pattern", "is no regular expression: a `\\[` is never closed"),
        (
            {"patternProperties": {"a**": {}}},
            "/patternProperties",
            "there is nothing in front of `\\*` to repeat",
        ),
        ({"format": 5}, "/format", "must be a string"),
        ({"title": 5}, "/title", "must be a string"),
        ({"readOnly": "yes"}, "/readOnly", "must be true or false"),
        ({"$id": 5}, "/$id", "must be a string"),
        ({"$schema": LATER, "items": [{}]}, "/items", "`items` is a list"),
        ({"$schema": LATER, "type": "array", "contains": 5}, "/contains", "5 is no schema"),
        ({"$schema": LATER, "deprecated": 1}, "/deprecated", "must be true or false"),
        ({"$schema": LATER, "dependentSchemas": {"a": []}}, "/dependentSchemas/a", r"\[\] is no schema"),
    ],
)
def test_what_is_no_schema_is_refused_with_its_place(schema: Any, place: str, complaint: str) -> None:
    with pytest.raises(InvalidSchema, match=complaint) as refused:
        parsed(schema)
    assert refused.value.path == place
    assert refused.value.hint


@pytest.mark.parametrize(
    "schema",
    [
        {"maxLength": -1},
        {"multipleOf": -1},
        {"required": ["a", "a"]},
        {"enum": []},
        {"allOf": []},
        {"$schema": ""},
        {"$schema": "http://json-schema.org/draft-03/schema#", "type": "string"},
        {"definitions": {"a": {"type": "wat", "$ref": "#/nowhere"}}},
        {"readOnly": "yes", "$schema": DRAFT_4},
        {"$ref": "#/definitions/a", "type": "wat", "definitions": {"a": {}}},
        {"$schema": LATER, "$id": 5, "maxLength": 1.5, "multipleOf": 0},
        {"$schema": LATER, "contains": {}, "minContains": "x"},
    ],
)
def test_what_the_registry_takes_is_taken(schema: Any) -> None:
    assert parsed(schema).canonical


@pytest.mark.parametrize(
    "text", ["", "{", "{'type': 'string'}", "// first\n{}", "NaN", '{"a": 1,}', "\ufeff{}", '"\\ud800"']
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(InvalidSchema):
        parsed(text)


@pytest.mark.parametrize("levels", [99, 100, 10_000])
def test_deep_nesting_ends_in_a_schema_or_a_refusal(levels: int) -> None:
    text = '{"not": ' * levels + "{}" + "}" * levels
    if levels < 200:
        assert parsed(text).canonical
    else:
        with pytest.raises(InvalidSchema, match="nested"):
            parsed(text)


@pytest.mark.parametrize(
    ("url", "draft"),
    [
        ("http://json-schema.org/draft-04/schema#", Draft.DRAFT_4),
        ("https://json-schema.org/draft-06/schema", Draft.DRAFT_6),
        ("http://json-schema.org/schema#", Draft.DRAFT_4),
        ("https://json-schema.org/draft/2019-09/schema#", Draft.DRAFT_2019_09),
        ("https://json-schema.org/draft/2020-12/schema", Draft.DRAFT_2020_12),
        ("ftp://json-schema.org/draft-04/schema#", Draft.DRAFT_7),
        ("https://example.com/draft-04/schema#", Draft.DRAFT_7),
        (None, Draft.DRAFT_7),
    ],
)
def test_the_draft_is_the_one_that_the_schema_names(url: Any, draft: Draft) -> None:
    assert draft_of({"$schema": url}) is draft


def test_a_combination_of_the_text_is_told_from_one_that_is_read_into_it() -> None:
    written = parsed({"anyOf": [{"type": "string"}]}).root
    read = parsed({"type": ["string"]}).root
    assert getattr(written, "written", None) is True
    assert getattr(read, "written", None) is False
    assert getattr(read, "criterion", None) is Criterion.ANY
