"""Schemas with the fields alone that somebody reads."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.codecs import InvalidData, InvalidEvent, codec_for
from accord.contracts.narrowing import Narrowed, narrowed, parsed_with
from accord.schemas import Reference, Schema, SchemaType, Subject, Version, parse
from accord.schemas.fields import fields_of

ORDER = {
    "type": "record",
    "name": "Order",
    "namespace": "shop",
    "fields": [
        {"name": "id", "type": "string"},
        {
            "name": "ship_to",
            "type": {
                "type": "record",
                "name": "Address",
                "fields": [{"name": "city", "type": "string"}, {"name": "zip", "type": "string"}],
            },
        },
        {"name": "bill_to", "type": ["null", "Address"], "default": None},
        {
            "name": "lines",
            "type": {
                "type": "array",
                "items": {
                    "type": "record",
                    "name": "Line",
                    "fields": [{"name": "sku", "type": "string"}, {"name": "count", "type": "int"}],
                },
            },
        },
        {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"]}},
        {"name": "next", "type": ["null", "Order"], "default": None},
    ],
}
AVRO = Schema(json.dumps(ORDER))
JSON = Schema(
    json.dumps(
        {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "ship_to": {"$ref": "#/$defs/Address"},
                "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}},
                "state": {"enum": ["NEW", "PAID"]},
            },
            "required": ["id", "ship_to", "lines", "state"],
            "additionalProperties": False,
            "$defs": {
                "Address": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}, "zip": {"type": "string"}},
                    "required": ["city", "zip"],
                },
                "Line": {
                    "type": "object",
                    "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}},
                    "required": ["sku", "count"],
                },
            },
        }
    ),
    SchemaType.JSON,
)
PROTOBUF = Schema(
    """syntax = "proto3"; package shop;
    message Order {
      string id = 1;
      Address ship_to = 2;
      repeated Line lines = 4;
      oneof paid { string card = 5; int64 cash = 6; }
      optional string note = 7;
      map<string, Line> by_sku = 8;
      message Line { string sku = 1; int32 count = 2; }
    }
    message Address { string city = 1; string zip = 2; }""",
    SchemaType.PROTOBUF,
)
FULL = {
    "id": "o-1",
    "ship_to": {"city": "Rome", "zip": "00100"},
    "lines": [{"sku": "a", "count": 2}],
    "state": "NEW",
}
RECORD = FULL | {"bill_to": None, "next": None}


def narrow(schema: Schema, *fields: str) -> Narrowed:
    return narrowed(parse(schema), fields)


def read(writer: Schema, reader: Schema, value: Any) -> Any:
    return codec_for(writer, reader=reader).decode(codec_for(writer).encode(value))


def test_a_reader_of_some_fields_reads_them_and_nothing_else() -> None:
    small = narrow(AVRO, "id", "lines.sku")

    assert read(AVRO, small.schema, RECORD) == {"id": "o-1", "lines": [{"sku": "a"}]}
    assert small.unknown == ()


def test_a_writer_of_some_fields_needs_no_others() -> None:
    small = narrow(AVRO, "id", "bill_to.city")

    codec = codec_for(small.schema)
    assert codec.decode(codec.encode({"id": "o-1", "bill_to": {"city": "Rome"}})) == {
        "id": "o-1",
        "bill_to": {"city": "Rome"},
    }


def test_a_record_in_two_places_keeps_what_either_asks_for() -> None:
    small = narrow(AVRO, "ship_to.city", "bill_to.zip")

    given = RECORD | {"bill_to": {"city": "Oslo", "zip": "0150"}}
    assert read(AVRO, small.schema, given) == {
        "ship_to": {"city": "Rome", "zip": "00100"},
        "bill_to": {"city": "Oslo", "zip": "0150"},
    }


def test_a_record_that_contains_itself_stays_whole_below_a_field_that_is_wanted() -> None:
    small = narrow(AVRO, "next")

    assert read(AVRO, small.schema, RECORD | {"next": RECORD})["next"]["lines"] == [{"sku": "a", "count": 2}]


@pytest.mark.parametrize("schema", [AVRO, JSON, PROTOBUF], ids=lambda schema: schema.type)
def test_fields_that_a_schema_does_not_have_are_told(schema: Schema) -> None:
    assert narrow(schema, "id", "ship_to.town", "lines.sku", "colour").unknown == ("ship_to.town", "colour")


def test_a_json_reader_takes_other_properties_as_they_are() -> None:
    small = narrow(JSON, "id", "lines.sku")

    assert read(JSON, small.schema, FULL) == FULL
    codec = codec_for(small.schema)
    assert codec.decode(b'{"id":"o-1","state":7,"lines":[{"sku":"a"}]}')["state"] == 7
    for wrong in (b'{"id":1,"lines":[]}', b'{"lines":[]}', b'{"id":"o-1","lines":[{"sku":1}]}'):
        with pytest.raises(InvalidData):
            codec.decode(wrong)


def test_alternatives_that_became_the_same_fit_together() -> None:
    kinds = [
        {
            "type": "object",
            "properties": {"id": {"type": "string"}, "kind": {"const": name}},
            "required": ["id", "kind"],
        }
        for name in ("a", "b")
    ]
    small = narrow(Schema(json.dumps({"oneOf": kinds}), SchemaType.JSON), "id")

    codec = codec_for(small.schema)
    assert codec.decode(b'{"id":"o-1","kind":"c"}')
    with pytest.raises(InvalidEvent):
        codec.encode({"id": 1})


def test_a_protobuf_message_keeps_its_fields_by_number() -> None:
    small = narrow(PROTOBUF, "ship_to.zip", "cash", "note", "by_sku.count")

    value = {"id": "o-1", "ship_to": FULL["ship_to"], "cash": 5, "by_sku": {"a": {"sku": "a", "count": 2}}}
    assert read(PROTOBUF, small.schema, value) == {
        "ship_to": {"zip": "00100"},
        "cash": 5,
        "note": None,
        "by_sku": {"a": {"count": 2}},
    }


def test_a_protobuf_file_of_a_project_imports_what_it_lists_nowhere() -> None:
    money = Schema(
        'syntax = "proto3"; package m; message Money { int64 units = 1; }',
        SchemaType.PROTOBUF,
    )
    text = 'syntax = "proto3"; import "money.proto"; message Bill { m.Money sum = 1; string id = 2; }'
    bill = parse(Schema(text, SchemaType.PROTOBUF), referenced={"money.proto": money})

    assert list(fields_of(parsed_with(bill, ("sum.units",)))) == ["sum", "sum.units"]


def test_what_a_protobuf_file_imports_stays_whole() -> None:
    money = Schema(
        'syntax = "proto3"; package m; message Money { int64 units = 1; string unit = 2; }',
        SchemaType.PROTOBUF,
    )
    bill = Schema(
        'syntax = "proto3"; import "money.proto"; message Bill { m.Money sum = 1; string id = 2; }',
        SchemaType.PROTOBUF,
        (Reference("money.proto", Subject("money"), Version(1)),),
    )
    parsed = parse(bill, referenced={"money.proto": money})

    small = narrowed(parsed, ("sum.units", "sum.colour"), referenced={"money.proto": money})

    assert small.unknown == ("sum.colour",)
    codec = codec_for(small.schema, referenced={"money.proto": money})
    assert codec.decode(codec.encode({"sum": {"units": 3, "unit": "EUR"}})) == {
        "sum": {"units": 3, "unit": "EUR"}
    }


@given(st.sets(st.sampled_from(sorted(set(RECORD) - {"next"}))))
def test_any_choice_of_fields_is_a_schema_that_reads_what_the_whole_one_writes(names: set[str]) -> None:
    small = narrow(AVRO, *names)

    assert set(read(AVRO, small.schema, RECORD)) == names
    assert not small.unknown
