"""What a schema allows, and where it stands, in words."""

import json
from typing import Any

import pytest

from accord.schemas.jsonschema.explanation.descriptions import described, told_apart
from accord.schemas.jsonschema.explanation.places import path_words, property_words
from accord.schemas.jsonschema.model import Node
from accord.schemas.jsonschema.schema import parse_json_schema
from accord.schemas.model import Schema, SchemaType
from accord.schemas.pointers import tokens


def node(schema: Any) -> Node:
    return parse_json_schema(Schema(json.dumps(schema), SchemaType.JSON), {}).root


ADDRESS = {"definitions": {"Address": {"type": "object", "properties": {"zip": {"type": "string"}}}}}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "anything"),
        (True, "anything"),
        (False, "nothing"),
        ({"type": "null"}, "null"),
        ({"type": "boolean"}, "a boolean"),
        ({"type": "string", "maxLength": 5}, "a string"),
        ({"type": "integer"}, "an integer"),
        ({"type": "number", "minimum": 1}, "a number"),
        ({"type": "object", "required": ["a"]}, "an object"),
        ({"type": "array"}, "a list"),
        ({"properties": {"a": {}}}, "anything, with rules for objects"),
        ({"minLength": 1}, "anything, with rules for strings"),
        ({"enum": ["a", 1, None]}, '`"a"`, `1` or `null`'),
        ({"enum": []}, "nothing"),
        ({"enum": [1, 2, 3, 4, 5, 6, 7]}, "`1`, `2`, `3`, `4` or 3 more"),
        ({"const": {"a": [1]}}, '`{"a": [1]}`'),
        ({"type": "string", "enum": ["a", "b"]}, '`"a"` or `"b"`'),
        ({"type": ["string", "null"]}, "a string or null"),
        (
            {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            "a string, an integer or null",
        ),
        ({"anyOf": [{"type": "object"}, {"type": "object", "required": ["a"]}]}, "an object"),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "a string that is an integer as well"),
        ({"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, "an object"),
        ({"not": {"type": "string"}}, "anything but a string"),
        (
            {"if": {"type": "string"}, "then": {"maxLength": 3}},
            "anything that meets the conditions of `if`, `then` and `else`",
        ),
        (
            {"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}},
            "an object that meets the conditions of `if`, `then` and `else`",
        ),
        (
            {"oneOf": [{"$ref": "#/definitions/Address"}, {"type": "null"}], **ADDRESS},
            "`Address` or null",
        ),
    ],
)
def test_what_a_schema_allows_is_told_in_a_few_words(schema: Any, words: str) -> None:
    assert described(node(schema)) == words


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ({"type": "string"}, {"type": "null"}, ("a string", "null")),
        (
            {"type": "string", "minLength": 2, "maxLength": 5},
            {"type": "string", "pattern": "^a"},
            ("a string of at least 2 characters and of at most 5 characters", "a string that matches `^a`"),
        ),
        (
            {"type": "integer", "minimum": 1, "exclusiveMaximum": 9},
            {"type": "integer", "multipleOf": 2},
            ("an integer of at least 1 and below 9", "an integer in steps of 2"),
        ),
        (
            {"type": "object", "required": ["b", "a"]},
            {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
            ("an object with `a` and `b`", "an object with nothing but `a`"),
        ),
        (
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
            {"type": "array"},
            ("a list in which each item is a string and of at least 1 item", "a list"),
        ),
        (
            {"type": "object", "properties": {"a": {"type": "string"}}},
            {"type": "object", "properties": {"a": {"type": "null"}}},
            ("an object under other rules", "an object"),
        ),
        (
            {"type": ["string", "null"], "maxLength": 1},
            {"type": ["string", "null"], "maxLength": 2},
            ("a string or null under other rules", "a string or null"),
        ),
        ({}, True, ("anything", "anything")),
    ],
)
def test_two_schemas_are_told_apart_with_as_much_detail_as_that_takes(
    one: Any, other: Any, words: tuple[str, str]
) -> None:
    assert told_apart(node(one), node(other)) == words


def test_what_leads_back_to_itself_is_described_and_ends() -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#"}}}
    around = {"anyOf": [{"type": "null"}, {"not": {"$ref": "#"}}]}
    assert described(node(tree)) == "an object"
    assert described(node(around)) == "null or anything but something"


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("", "the document"),
        ("/maxLength", "the document"),
        ("/properties/email", "`email`"),
        ("/properties/email/maxLength", "`email`"),
        ("/properties/home/properties/street", "`street` of `home`"),
        ("/properties/properties/properties/items", "`items` of `properties`"),
        ("/properties/lines/items", "an item of `lines`"),
        ("/properties/lines/items/properties/sku/type", "`sku` of an item of `lines`"),
        ("/items/1", "item 2 of the document"),
        ("/properties/point/prefixItems/0", "item 1 of `point`"),
        ("/properties/pay/oneOf/1/properties/iban", "`iban` of branch 2 of `pay`"),
        ("/allOf/0", "part 1 of the document"),
        ("/definitions/Address/properties/zip", "`zip` of the definition `Address`"),
        ("/$defs/a~1b", "the definition `a/b`"),
        ("/additionalProperties", "another property of the document"),
        ("/properties/x/patternProperties/^S_", "a property that matches `^S_` of `x`"),
        ("/properties/a/additionalItems", "a further item of `a`"),
        ("/properties/a/not", "the `not` of `a`"),
    ],
)
def test_a_place_is_named_in_words(pointer: str, words: str) -> None:
    assert path_words(tokens(pointer)) == words


def test_a_property_is_named_with_what_it_is_of() -> None:
    assert property_words("a", []) == "`a`"
    assert property_words("a", ["properties", "b", "required"]) == "`a` of `b`"
