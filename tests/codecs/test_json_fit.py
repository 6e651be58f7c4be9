import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

import pytest

from accord.codecs import InvalidData, InvalidEvent, ModelDoesNotFit, codec_for
from accord.schemas import InvalidSchema, Schema, SchemaType

STRING = {"type": "string"}
NOTHING: dict[str, Any] = {}


class Color(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Inner:
    name: str


def model(**fields: Any) -> type[Any]:
    return dataclass(type("Model", (), {"__annotations__": fields}))


def of_object(required: str = "", **properties: Any) -> Schema:
    return json_schema(type="object", properties=properties, required=required.split())


def json_schema(**keywords: Any) -> Schema:
    return Schema(json.dumps(keywords), SchemaType.JSON)


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, STRING),
        (str, NOTHING),
        (datetime, STRING | {"format": "date-time"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (Decimal, {"type": "number"}),
        (Decimal, STRING),
        (bool, {"type": "boolean"}),
        (None, {"type": "null"}),
        (int, {"enum": [1, 2]}),
        (int, {"const": 3}),
        (Color, {"enum": ["red", "blue"]}),
        (Literal["a"], {"const": "a"}),
        (str | None, {"type": ["string", "null"]}),
        (str | None, STRING),
        (str | int, {"oneOf": [STRING, {"type": "integer"}]}),
        (list[str], {"type": "array", "items": STRING}),
        (list[str], {"type": "array"}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (Inner, {"type": "object", "properties": {"name": STRING}}),
        (Inner, {"$ref": "#/definitions/Inner"}),
        (Inner, {"allOf": [{"$ref": "#/definitions/Inner"}, {"required": ["name"]}]}),
        (Inner | None, {"anyOf": [{"$ref": "#/definitions/Inner"}, {"type": "null"}]}),
        (Inner, {"type": "object", "additionalProperties": STRING}),
        (Any, STRING),
    ],
)
def test_a_hint_fits(hint: Any, schema: Any) -> None:
    inner = {"type": "object", "properties": {"name": STRING}}
    codec_for(
        json_schema(properties={"field": schema}, definitions={"Inner": inner}), model=model(field=hint)
    )


@pytest.mark.parametrize(
    ("hint", "schema", "problem"),
    [
        (str, {"type": "integer"}, "field: the class allows str, the schema does not"),
        (int, STRING, "field: the class allows int, the schema does not"),
        (int, {"type": "number"}, "field: the schema allows number, the class does not"),
        (str, {"type": ["string", "null"]}, "field: the schema allows null, the class does not"),
        (float, {"type": "boolean"}, "field: the class allows float, the schema does not"),
        (Color, {"type": "array"}, "field: the class allows Color, the schema does not"),
        (Literal[1], STRING, "field: the class allows typing.Literal[1], the schema does not"),
        (list[int], {"type": "array", "items": STRING}, "field[]: the class allows int, the schema does not"),
        (
            dict[str, int],
            {"type": "object", "additionalProperties": STRING},
            "field{}: the class allows int, the schema does not",
        ),
        (
            Inner,
            {"type": "object", "properties": {"names": STRING}},
            "field.name: the schema has no such field",
        ),
        (
            Inner | None,
            {"type": ["object", "null"], "properties": {"name": {"type": "integer"}}},
            "field.name: the class allows str, the schema does not",
        ),
    ],
)
def test_a_hint_that_does_not_fit_is_told(hint: Any, schema: Any, problem: str) -> None:
    with pytest.raises(ModelDoesNotFit) as caught:
        codec_for(of_object(field=schema), model=model(field=hint))
    assert any(one.startswith(problem) for one in caught.value.problems)
    assert caught.value.hint


def test_all_differences_are_told_at_once() -> None:
    schema = of_object("needed known", known=STRING, needed=STRING, retyped=STRING, optional=STRING)
    with pytest.raises(ModelDoesNotFit) as caught:
        codec_for(schema, model=model(known=str | None, retyped=int, unknown=str))
    assert sorted(caught.value.problems) == [
        "known: the class allows None, the schema does not",
        "needed: the class has no such field",
        "retyped: the class allows int, the schema does not",
        "retyped: the schema allows string, the class does not",
        "unknown: the schema has no such field",
    ]


@dataclass
class Tree:
    name: str
    children: "list[Tree]"


def test_a_class_and_a_schema_may_contain_themselves() -> None:
    schema = json_schema(
        type="object", properties={"name": STRING, "children": {"type": "array", "items": {"$ref": "#"}}}
    )
    event = Tree("a", [Tree("b", [])])
    codec = codec_for(schema, model=Tree)
    assert codec.decode(codec.encode(event)) == event


def test_schemas_that_lead_in_circles_are_looked_at_once() -> None:
    circle = {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/b"}]}
    schema = json_schema(**circle, definitions={"b": {"allOf": [{"$ref": "#"}, {"$ref": "#/definitions/b"}]}})
    codec_for(schema, model=Inner)


def test_a_class_belongs_to_the_reader() -> None:
    writer, reader = of_object(name=STRING, old=STRING), of_object(name=STRING)
    codec = codec_for(writer, reader=reader, model=Inner)
    assert codec.decode(b'{"name":"a","old":"b"}') == Inner("a")


def test_schemas_are_found_by_the_names_of_their_references() -> None:
    schema = of_object(inner={"$ref": "inner.json"})
    referenced = {"inner.json": json_schema(type="object", properties={"name": STRING}, required=["name"])}
    codec = codec_for(schema, model=model(inner=Inner), referenced=referenced)
    with pytest.raises(InvalidData, match=r"inner\.name: the field is missing"):
        codec.decode(b'{"inner":{}}')


@pytest.mark.parametrize(
    "keywords",
    [
        {"required": []},
        {"dependencies": {"a": []}},
        {"$comment": 3},
        {"examples": "one"},
        {"properties": {"title": {"examples": 1}, "default": {"type": "string"}}},
        {"definitions": {"a": None}},
    ],
)
def test_a_schema_may_hold_what_says_nothing(keywords: dict[str, Any]) -> None:
    draft_4 = "http://json-schema.org/draft-04/schema#"
    codec = codec_for(json_schema(**{"$schema": draft_4}, **keywords))
    assert codec.decode(codec.encode({"a": 1})) == {"a": 1}
    if "properties" in keywords:
        with pytest.raises(InvalidData):
            codec.decode(b'{"default":1}')


def test_an_empty_list_of_items_says_something() -> None:
    codec = codec_for(json_schema(items=[], additionalItems=False))
    assert codec.encode([]) == b"[]"
    with pytest.raises(InvalidEvent):
        codec.encode([1])


def test_a_schema_that_no_validator_follows_from_is_told() -> None:
    with pytest.raises(InvalidSchema, match=r"\(/properties/a/pattern\): .* is not a") as caught:
        codec_for(of_object(a={"pattern": "[\\w-.]"}))
    assert caught.value.path == "/properties/a/pattern"
    assert caught.value.hint


def test_nothing_is_fetched() -> None:
    for reference in ("http://localhost:1/inner.json", "file:///etc/passwd", "inner.json"):
        with pytest.raises(InvalidSchema):
            codec_for(of_object(inner={"$ref": reference}))


def test_records_of_one_type_are_not_read_as_another() -> None:
    with pytest.raises(InvalidData, match="JSON cannot be read as AVRO") as caught:
        codec_for(of_object(), reader=Schema('"string"'))
    assert caught.value.fault == "NOT_READABLE_AS_CONTRACT"
