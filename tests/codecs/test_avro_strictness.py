"""What fastavro lets through and a contract must not, in both directions."""

import json
import struct
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from accord.codecs import DataFault, InvalidData, InvalidEvent, codec_for
from accord.schemas import InvalidSchema, Schema


class Level(IntEnum):
    LOW = 1


class Word(StrEnum):
    LOW = "low"


POINT = {
    "type": "record",
    "name": "Point",
    "fields": [{"name": "x", "type": "int"}, {"name": "y", "type": "int"}],
}


def avro(node: object) -> Schema:
    return Schema(json.dumps(node))


def record(**types: object) -> Schema:
    fields = [{"name": name, "type": type_} for name, type_ in types.items()]
    return avro({"type": "record", "name": "Event", "namespace": "com.example", "fields": fields})


def logical(underlying: str, name: str, **more: object) -> dict[str, object]:
    return {"type": underlying, "logicalType": name, **more}


REFUSED: list[tuple[str, object, object]] = [
    ("a fraction for an int", "int", 1.7),
    ("a whole float for an int", "int", 1.0),
    ("True for an int", "int", True),
    ("too much for an int", "int", 2**31),
    ("far too much for an int", "int", 2**40),
    ("too little for an int", "int", -(2**31) - 1),
    ("text for an int", "int", "1"),
    ("None for an int", "int", None),
    ("a fraction for a long", "long", 1.5),
    ("too much for a long", "long", 2**63),
    ("too little for a long", "long", -(2**63) - 1),
    ("a whole float for a long", "long", 2.0),
    ("a member of an IntEnum for an int", "int", Level.LOW),
    ("a member of a StrEnum for a string", "string", Word.LOW),
    ("a member of a StrEnum where string is a branch", ["null", "string", "int"], Word.LOW),
    (
        "a moment where only numbers are branches",
        ["null", "long", "double"],
        datetime(2024, 1, 1, tzinfo=UTC),
    ),
    ("a bytearray for bytes", "bytes", bytearray(b"x")),
    ("five bytes for four", {"type": "fixed", "name": "Four", "size": 4}, b"abcde"),
    ("a set for a list", {"type": "array", "items": "string"}, {"a"}),
    ("a dict for a list", {"type": "array", "items": "string"}, {"a": "b"}),
    ("None in a list", {"type": "array", "items": "string"}, [None]),
    ("None for a list", {"type": "array", "items": "string"}, None),
    ("an unknown field in an optional record", ["null", POINT], {"x": 1, "y": 2, "z": 3}),
    ("an unhashable thing for an enum", {"type": "enum", "name": "Color", "symbols": ["RED"]}, ["RED"]),
    ("a key that is no text", POINT, {"x": 1, 2: 2}),
    ("True for a double", "double", True),
    ("text for a double", "double", "1.0"),
    ("an int that a double cannot hold", "double", 2**53 + 1),
    ("too much for a float", "float", 1e39),
    ("a whole number that a float would round", "float", 2**24 + 1),
    ("1 for a boolean", "boolean", 1),
    ("bytes for a string", "string", b"text"),
    ("half a surrogate pair", "string", "\ud800"),
    ("text for bytes", "bytes", "text"),
    ("three bytes for four", {"type": "fixed", "name": "Four", "size": 4}, b"abc"),
    ("an unknown symbol", {"type": "enum", "name": "Color", "symbols": ["RED"]}, "BLUE"),
    ("a symbol's number", {"type": "enum", "name": "Color", "symbols": ["RED"]}, 0),
    ("text for a list", {"type": "array", "items": "string"}, "abc"),
    ("a number as a map's key", {"type": "map", "values": "int"}, {1: 1}),
    ("a list for a map", {"type": "map", "values": "int"}, [1]),
    ("none of the branches", ["null", "string", "int"], 1.5),
    ("True where int is a branch", ["int", "string"], True),
    ("no branch for a missing field", ["string", POINT], {"x": 1}),
    ("text for a record", POINT, "point"),
    ("an unknown field", POINT, {"x": 1, "y": 2, "z": 3}),
    ("a missing field", POINT, {"x": 1}),
    ("a naive datetime", logical("long", "timestamp-millis"), datetime(2024, 1, 1)),  # noqa: DTZ001
    ("a number for a moment", logical("long", "timestamp-millis"), 1700000000000),
    ("a date for a moment", logical("long", "timestamp-micros"), date(2024, 1, 1)),
    ("a datetime for a date", logical("int", "date"), datetime(2024, 1, 1, tzinfo=UTC)),
    (
        "a time zone in local time",
        logical("long", "local-timestamp-millis"),
        datetime(2024, 1, 1, tzinfo=UTC),
    ),
    ("text for a UUID", logical("string", "uuid"), str(uuid.UUID(int=1))),
    ("too many digits after the point", logical("bytes", "decimal", precision=6, scale=2), Decimal("1.005")),
    ("too many digits", logical("bytes", "decimal", precision=4, scale=2), Decimal(100)),
    ("no amount", logical("bytes", "decimal", precision=4, scale=2), Decimal("NaN")),
    ("a float for a decimal", logical("bytes", "decimal", precision=4, scale=2), 1.5),
]


@pytest.mark.parametrize(
    ("type_", "value"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_value_that_the_schema_does_not_allow_is_refused_with_its_path(
    type_: object, value: object
) -> None:
    with pytest.raises(InvalidEvent) as caught:
        codec_for(record(before="string", field=type_)).encode({"before": "x", "field": value})
    assert caught.value.path.startswith("field")
    assert caught.value.message.startswith("field")


def test_the_path_leads_through_lists_maps_and_records() -> None:
    line = {"type": "record", "name": "Line", "fields": [{"name": "price", "type": "double"}]}
    schema = record(lines={"type": "array", "items": {"type": "map", "values": line}})
    with pytest.raises(InvalidEvent) as caught:
        codec_for(schema).encode({"lines": [{}, {"one": {"price": "free"}}]})
    assert caught.value.path == "lines[1]{'one'}.price"
    assert caught.value.message == "lines[1]{'one'}.price: a double is needed, and this is 'free' (str)"


@pytest.mark.parametrize(
    ("items", "good", "bad", "path"),
    [
        ("null", None, 0, "[2]"),
        ("int", 1, "1", "[2]"),
        ("string", "a", 1, "[2]"),
        ({"type": "array", "items": "string"}, ["a"], ["a", 1], "[2][1]"),
        ({"type": "map", "values": "string"}, {"a": "b"}, {"a": 1}, "[2]{'a'}"),
        (POINT, {"x": 1, "y": 2}, {"x": 1, "y": "2"}, "[2].y"),
        (["null", "string", "int"], "a", 1.5, "[2]"),
    ],
)
def test_the_path_tells_which_item_it_is(items: object, good: object, bad: object, path: str) -> None:
    codec = codec_for(avro({"type": "array", "items": items}))
    with pytest.raises(InvalidEvent) as caught:
        codec.encode([good, good, bad, good])
    assert caught.value.path == path


def test_a_value_that_contains_itself_is_refused() -> None:
    node = {
        "type": "record",
        "name": "Node",
        "fields": [{"name": "next", "type": ["null", "Node"]}],
    }
    value: dict[str, Any] = {}
    value["next"] = value
    with pytest.raises(InvalidEvent, match="nested too deeply"):
        codec_for(avro(node)).encode(value)


def written(number: int) -> bytes:
    """The number as the Avro specification writes it."""
    raw, groups = 2 * number if number >= 0 else -2 * number - 1, []
    while raw > 127:
        groups.append(raw % 128 + 128)
        raw //= 128
    return bytes([*groups, raw])


NUMBERS = sorted({sign * 2**bits + more for bits in range(63) for sign in (1, -1) for more in (-1, 0, 1)})


@pytest.mark.parametrize(
    "type_",
    ["long", logical("long", "timestamp-millis"), logical("long", "timestamp-micros"), logical("long", "local-timestamp-micros")],
)  # fmt: skip
def test_numbers_of_every_length_are_written_and_read(type_: object) -> None:
    codec, plain = codec_for(avro(type_)), codec_for(avro("long"))
    for number in NUMBERS:
        assert plain.encode(number) == written(number)
        try:
            value = codec.decode(written(number))
        except InvalidData:
            assert type_ != "long"
            assert abs(number) > 62_135_596_800_000
            continue
        assert codec.encode(value) == written(number)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -0.0])
def test_every_float_is_a_double(number: float) -> None:
    codec = codec_for(avro("double"))
    assert codec.encode(number) == struct.pack("<d", number)


def test_an_int_is_a_fine_double_but_rather_a_long() -> None:
    assert codec_for(avro("double")).decode(codec_for(avro("double")).encode(3)) == 3.0
    union = codec_for(avro(["double", "long"]))
    assert union.encode(3) == b"\x02\x06"
    assert union.encode(3.0)[:1] == b"\x00"


def test_moments_are_kept_in_utc_whatever_zone_they_came_in() -> None:
    codec = codec_for(avro(logical("long", "timestamp-millis")))
    there = datetime(2024, 7, 1, 12, 0, 0, 123999, tzinfo=timezone(timedelta(hours=2)))
    assert codec.decode(codec.encode(there)) == datetime(2024, 7, 1, 10, 0, 0, 123000, tzinfo=UTC)


DAMAGED: list[tuple[str, object, bytes, DataFault]] = [
    ("no bytes for an int", "int", b"", DataFault.TRUNCATED),
    ("a number without an end", "long", b"\x80", DataFault.TRUNCATED),
    ("half a double", "double", b"\x00\x00", DataFault.TRUNCATED),
    ("a string that is longer than the rest", "string", b"\x0eabc", DataFault.TRUNCATED),
    ("a string of negative length", "string", b"\x01", DataFault.MALFORMED),
    ("a string that is not UTF-8", "string", b"\x04\xff\xfe", DataFault.MALFORMED),
    ("an int of 40 bits", "int", b"\x80\x80\x80\x80\x80\x80\x01", DataFault.MALFORMED),
    ("one more than an int holds", "int", b"\x80\x80\x80\x80\x10", DataFault.MALFORMED),
    ("one less than an int holds", "int", b"\x81\x80\x80\x80\x10", DataFault.MALFORMED),
    ("a long of 65 bits", "long", b"\x80" * 9 + b"\x02", DataFault.MALFORMED),
    ("a number that never ends", "long", b"\x80" * 100 + b"\x00", DataFault.MALFORMED),
    ("a length that never ends", "string", b"\x80" * 100 + b"\x00", DataFault.MALFORMED),
    ("a string of 2**62 bytes", "string", b"\x80" * 9 + b"\x01", DataFault.TRUNCATED),
    ("bytes of a negative length of two bytes", "bytes", b"\x81\x01", DataFault.MALFORMED),
    ("a boolean of 255", "boolean", b"\xff", DataFault.MALFORMED),
    ("branch 2**40", ["null", "string"], b"\x80\x80\x80\x80\x80\x80\x01", DataFault.MALFORMED),
    ("symbol 2**40", {"type": "enum", "name": "E", "symbols": ["A"]}, b"\x80\x80\x80\x80\x80\x80\x01", DataFault.MALFORMED),
    ("2**62 bytes in a map", {"type": "map", "values": "int"}, b"\x80" * 9 + b"\x01", DataFault.TRUNCATED),
    ("minus 2**63 items", {"type": "array", "items": "int"}, b"\xff" * 9 + b"\x01\x02\x00", DataFault.TRUNCATED),
    ("half a block of a size", {"type": "array", "items": "int"}, b"\x03", DataFault.TRUNCATED),
    ("half a moment", logical("long", "timestamp-millis"), b"\x80\x80\x80", DataFault.TRUNCATED),
    ("half a fixed", {"type": "fixed", "name": "F", "size": 4}, b"abc", DataFault.TRUNCATED),
    ("half a string of two bytes a character", "string", b"\x08\xc3\xa4\xc3", DataFault.TRUNCATED),
    ("a key that is not UTF-8", {"type": "map", "values": "int"}, b"\x02\x02\xff\x02\x00", DataFault.MALFORMED),
    ("a long of 70 bits", "long", b"\xff" * 10 + b"\x01", DataFault.MALFORMED),
    ("a boolean of 7", "boolean", b"\x07", DataFault.MALFORMED),
    ("branch -1 of a union", ["null", "string"], b"\x01\x00", DataFault.MALFORMED),
    ("branch 2 of two", ["null", "string"], b"\x04", DataFault.MALFORMED),
    ("symbol -1 of an enum", {"type": "enum", "name": "E", "symbols": ["A", "B"]}, b"\x01", DataFault.MALFORMED),
    ("symbol 2 of two", {"type": "enum", "name": "E", "symbols": ["A", "B"]}, b"\x04", DataFault.MALFORMED),
    ("a list of a billion bytes", {"type": "array", "items": "int"}, b"\x80\xa8\xd6\xb9\x07", DataFault.TRUNCATED),
    ("a billion nulls", {"type": "array", "items": "null"}, b"\x80\xa8\xd6\xb9\x07\x00", DataFault.TRUNCATED),
    ("a moment after the end of time", logical("long", "timestamp-millis"), b"\xfe" + b"\xff" * 8 + b"\x01", DataFault.MALFORMED),
    ("a UUID that is none", logical("string", "uuid"), b"\x04ab", DataFault.MALFORMED),
    ("a time before midnight", logical("int", "time-millis"), b"\x01", DataFault.MALFORMED),
    ("a byte too many", "int", b"\x02\x00", DataFault.TRAILING_BYTES),
    ("bytes after nothing", "null", b"\x00", DataFault.TRAILING_BYTES),
]  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "data", "fault"), [case[1:] for case in DAMAGED], ids=[case[0] for case in DAMAGED]
)
def test_bytes_that_cannot_be_what_they_claim_are_refused(
    type_: object, data: bytes, fault: DataFault
) -> None:
    with pytest.raises(InvalidData) as caught:
        codec_for(avro(type_)).decode(data)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    ("type_", "data", "value"),
    [
        ("long", b"\x82\x00", 1),
        ("string", b"\x82\x00a", "a"),
        (["null", "long"], b"\x82\x00\x02", 1),
        (["null", "long"], b"\x80\x00", None),
        ({"type": "enum", "name": "E", "symbols": ["A", "B"]}, b"\x82\x80\x00", "B"),
        (logical("long", "timestamp-millis"), b"\x80\x80\x80\x80\x80\x00", datetime(1970, 1, 1, tzinfo=UTC)),
        ({"type": "array", "items": "int"}, b"\x02\x02\x01\x02\x04\x00", [1, 2]),
        ({"type": "map", "values": "int"}, b"\x01\x06\x02a\x02\x02\x02b\x04\x00", {"a": 1, "b": 2}),
    ],
)
def test_what_another_writer_may_write_otherwise_is_read(type_: object, data: bytes, value: object) -> None:
    """Numbers with zeros in front, blocks of one item each, blocks that tell their size."""
    assert codec_for(avro(type_)).decode(data) == value


def test_damage_in_what_the_reader_does_not_know_is_damage() -> None:
    codec = codec_for(record(gone="string", kept="int"), reader=record(kept="int"))
    assert codec.decode(b"\x02a\x02") == {"kept": 1}
    with pytest.raises(InvalidData) as caught:
        codec.decode(b"\x02\xff\x02")
    assert (caught.value.path, caught.value.fault) == ("gone", DataFault.MALFORMED)


def test_trailing_bytes_belong_to_no_field() -> None:
    with pytest.raises(InvalidData, match="2 bytes are left over") as caught:
        codec_for(avro(POINT)).decode(b"\x02\x02\x00\x00")
    assert caught.value.path == ""


def test_a_record_in_the_middle_of_other_bytes_is_read_from_there() -> None:
    codec = codec_for(avro(POINT))
    assert codec.decode(b"\xff\xff\x02\x04", 2) == {"x": 1, "y": 2}
    with pytest.raises(InvalidData) as caught:
        codec.decode(b"\x02\x04\x02", 2)
    assert (caught.value.path, caught.value.fault) == ("y", DataFault.TRUNCATED)


def test_damage_is_told_with_the_path_of_the_field() -> None:
    schema = record(lines={"type": "array", "items": {"type": "map", "values": "string"}})
    with pytest.raises(InvalidData) as caught:
        codec_for(schema).decode(b"\x02\x02\x02k\x10ab")
    assert caught.value.path == "lines[0]{'k'}"


def test_a_chain_that_is_too_long_is_damage_and_no_crash() -> None:
    node = {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}
    with pytest.raises(InvalidData, match="nested too deeply"):
        codec_for(avro(node)).decode(b"\x02" * 100_000 + b"\x00")


@pytest.mark.parametrize(
    "text", ["", "{", '"nope"', '{"type": "array"}', '{"fields": []}', "3", '{"type":"enum","name":"E"}']
)
def test_what_is_no_schema_is_told_as_such(text: str) -> None:
    with pytest.raises(InvalidSchema):
        codec_for(Schema(text))


@pytest.mark.parametrize("number", [0.1, 1e39, 5.0])
def test_nothing_is_written_as_a_float_that_may_be_a_double(number: float) -> None:
    codec = codec_for(Schema('["null", "float", "double"]'))
    assert codec.decode(codec.encode(number)) == number
