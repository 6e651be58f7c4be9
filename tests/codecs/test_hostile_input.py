"""What comes from others, schemas among it, is neither run as code nor believed."""

import json
from typing import Any

import pydantic
import pydantic.dataclasses
import pytest

from accord.codecs import InvalidData, InvalidEvent, codec_for
from accord.codecs.avro.runtime import MAX_EMPTY_ITEMS, NUMBER
from accord.schemas import InvalidSchema, Schema, SchemaType

NULLS = Schema('{"type": "array", "items": "null"}', SchemaType.AVRO)
PROTO = Schema(
    'syntax = "proto3"; import "google/protobuf/struct.proto";'
    "message Node { repeated Node kids = 1; google.protobuf.Value json = 2; }",
    SchemaType.PROTOBUF,
)


@pytest.mark.parametrize("size", ["__import__('os')", "4", -4, 1.5, True, None, [4]])
def test_the_size_of_a_fixed_is_a_number_before_it_is_part_of_code(size: object) -> None:
    text = json.dumps({"type": "fixed", "name": "F", "size": size})
    with pytest.raises(InvalidSchema, match="size of the fixed F"):
        codec_for(Schema(text, SchemaType.AVRO))


def test_items_without_bytes_cannot_be_claimed_block_by_block() -> None:
    block = NUMBER[MAX_EMPTY_ITEMS]
    codec = codec_for(NULLS)
    assert len(codec.decode(block + b"\0")) == MAX_EMPTY_ITEMS
    with pytest.raises(InvalidData, match="announced"):
        codec.decode(block * 2 + b"\0")


def test_a_message_that_contains_itself_is_an_invalid_event() -> None:
    node: dict[str, Any] = {}
    node["kids"] = [node]
    with pytest.raises(InvalidEvent, match="contains itself"):
        codec_for(PROTO).encode(node)


def test_a_number_beyond_doubles_is_no_json_of_protobuf() -> None:
    with pytest.raises(InvalidEvent, match="json"):
        codec_for(PROTO).encode({"json": 10**400})


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2**53 + 1])
def test_json_of_protobuf_is_not_written_if_it_would_not_be_read_as_it_was(number: float) -> None:
    with pytest.raises(InvalidEvent, match="json"):
        codec_for(PROTO).encode({"json": {"deep": [number]}})


@pytest.mark.parametrize("name", [5, "", None, ["a"]])
def test_what_is_no_name_makes_no_codec(name: object) -> None:
    field = {"name": name, "type": "int"}
    for schema in (
        {"type": "record", "name": "R", "fields": [field]},
        {**field, "type": "enum", "symbols": []},
    ):
        with pytest.raises(InvalidSchema, match="is no name"):
            codec_for(Schema(json.dumps(schema), SchemaType.AVRO))


@pydantic.dataclasses.dataclass
class _Amount:
    cents: pydantic.NonNegativeInt


def test_what_a_dataclass_of_pydantic_refuses_is_told_by_its_name() -> None:
    schema = {"type": "record", "name": "Amount", "fields": [{"name": "cents", "type": "int"}]}
    codec = codec_for(Schema(json.dumps(schema), SchemaType.AVRO), model=_Amount)
    with pytest.raises(InvalidData) as refused:
        codec.decode(b"\x01")
    assert refused.value.path == "cents"


@pytest.mark.parametrize("symbols", [[1, 2], "AB", {"A": 1}])
def test_what_are_no_symbols_makes_no_codec(symbols: object) -> None:
    text = json.dumps({"type": "enum", "name": "E", "symbols": symbols})
    with pytest.raises(InvalidSchema, match="symbols of the enum E"):
        codec_for(Schema(text, SchemaType.AVRO))


@pytest.mark.parametrize("precision", [10, 100])
def test_a_million_digits_are_refused_without_writing_them_out(precision: int) -> None:
    text = json.dumps({"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": 2})
    data = NUMBER[1_000_000] + b"\x7f" * 1_000_000
    with pytest.raises(InvalidData, match=f"more than {precision} digits"):
        codec_for(Schema(text, SchemaType.AVRO)).decode(data)
