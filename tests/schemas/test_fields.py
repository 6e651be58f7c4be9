"""The fields of a schema by their dotted names, in all three formats."""

import json
from typing import Any

import pytest

from accord.schemas import ParsedSchema, Schema, SchemaType, parse
from accord.schemas.field import MOST_FIELDS
from accord.schemas.fields import fields_at, fields_of


def avro(*fields: dict[str, Any]) -> ParsedSchema:
    return parse(Schema(json.dumps({"type": "record", "name": "Order", "fields": list(fields)})))


def json_schema(document: dict[str, Any]) -> ParsedSchema:
    return parse(Schema(json.dumps(document), SchemaType.JSON))


def proto(text: str) -> ParsedSchema:
    return parse(Schema(f'syntax = "proto3"; package shop; {text}', SchemaType.PROTOBUF))


CITY = {"name": "city", "type": "string"}
ADDRESS = {"type": "record", "name": "Address", "fields": [CITY]}


def test_fields_of_records_are_found_through_lists_maps_and_unions() -> None:
    schema = avro(
        {"name": "id", "type": "string", "doc": "Which."},
        {"name": "homes", "type": {"type": "array", "items": ["null", ADDRESS]}},
        {"name": "offices", "type": {"type": "map", "values": "Address"}},
        {"name": "next", "type": ["null", "Order"], "default": None},
    )
    assert list(fields_of(schema)) == ["id", "homes", "homes.city", "offices", "offices.city", "next"]
    assert fields_of(schema)["id"].doc == "Which."
    assert fields_of(schema)["next"].optional
    assert fields_of(schema)["next"].default == "null"


def test_properties_are_found_through_references_and_combinations() -> None:
    schema = json_schema(
        {
            "properties": {"home": {"$ref": "#/$defs/A"}, "lines": {"items": {"properties": {"sku": {}}}}},
            "required": ["home"],
            "oneOf": [{"properties": {"card": {"type": "string"}}}, {"properties": {"cash": {}}}],
            "$defs": {"A": {"properties": {"city": {"type": "string"}, "inner": {"$ref": "#/$defs/A"}}}},
        }
    )
    assert list(fields_of(schema)) == [
        "home", "home.city", "home.inner", "lines", "lines.sku", "card", "cash",
    ]  # fmt: skip
    assert not fields_of(schema)["home"].optional
    assert fields_of(schema)["lines"].optional


def test_fields_of_messages_are_found_through_maps_and_oneofs() -> None:
    schema = proto(
        "message Order { string id = 1; map<string, Line> lines = 2; oneof paid { Card card = 3; int64 cash = 4; } }"
        " message Line { string sku = 1; Order back = 2; } message Card { string number = 1; }"
    )
    names = list(fields_of(schema))
    assert names[:2] == ["id", "lines"]
    assert {"lines.sku", "lines.back", "card.number", "cash"} <= set(names)
    assert fields_of(schema)["card.number"].number == 1


@pytest.mark.parametrize(
    ("schema", "place", "names"),
    [
        (avro({"name": "home", "type": ADDRESS}, {"name": "office", "type": "Address"}),
         "/fields/0/type/fields/0/type", ("home.city", "office.city")),
        (avro(CITY), "/fields/0", ("city",)),
        (avro(CITY), "", ()),
        (avro(CITY), "/name", ()),
        (json_schema({"properties": {"a": {}, "ab": {"type": "string"}}}), "/properties/ab/type", ("ab",)),
        (proto("message Order { string id = 1; string id_card = 2; }"), "shop.Order.id_card", ("id_card",)),
    ],
)  # fmt: skip
def test_a_place_is_in_a_field(schema: ParsedSchema, place: str, names: tuple[str, ...]) -> None:
    assert fields_at(schema, place) == names


DOUBLING = 40


def doubling_avro() -> ParsedSchema:
    inner: Any = "string"
    for number in range(DOUBLING):
        name = f"R{number}"
        first = {"name": "a", "type": inner}
        again = inner["name"] if isinstance(inner, dict) else inner
        inner = {"type": "record", "name": name, "fields": [first, {"name": "b", "type": again}]}
    return parse(Schema(json.dumps(inner)))


def doubling_json() -> ParsedSchema:
    def both(number: int) -> dict[str, Any]:
        reference = {"$ref": f"#/$defs/R{number}"} if number < DOUBLING else {}
        return {"properties": {"a": reference, "b": {"anyOf": [reference, reference]}}}

    return json_schema({**both(0), "$defs": {f"R{n}": both(n + 1) for n in range(DOUBLING)}})


def doubling_proto() -> ParsedSchema:
    messages = [f"message R{n} {{ R{n + 1} a = 1; R{n + 1} b = 2; }}" for n in range(DOUBLING)]
    return proto(" ".join([*messages, f"message R{DOUBLING} {{ string a = 1; }}"]))


@pytest.mark.parametrize("make", [doubling_avro, doubling_json, doubling_proto])
def test_types_within_types_do_not_make_names_without_end(make: Any) -> None:
    found = fields_of(make())
    assert {"a", "b", "a.a", "b.b", "a.b.a"} <= set(found)
    assert len(found) <= MOST_FIELDS
