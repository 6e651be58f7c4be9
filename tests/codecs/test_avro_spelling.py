"""Avro values as JSON and back: nothing is lost, and what is no spelling is refused where it stands."""

import json
import math
import uuid
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.codecs import InvalidEvent, codec_for
from accord.codecs.avro.spelling import AvroSpelling
from accord.schemas import Schema


def schema_of(field_type: object) -> Schema:
    return Schema(
        json.dumps({"type": "record", "name": "Event", "fields": [{"name": "it", "type": field_type}]})
    )


def logical(name: str, on: str, **more: object) -> dict[str, object]:
    return {"type": on, "logicalType": name, **more}


ADDRESS = {"type": "record", "name": "com.example.Address", "fields": [{"name": "city", "type": "string"}]}
COLOUR = {"type": "enum", "name": "Colour", "symbols": ["RED", "BLUE"]}
ANYTHING = [
    "null",
    "boolean",
    "long",
    "double",
    "bytes",
    "string",
    {"type": "array", "items": "long"},
    ADDRESS,
]
MOMENT = datetime(2026, 3, 1, 12, 0, 0, 500_000, UTC)

SPELLINGS = [
    ("int", 7, 7),
    ("long", -(2**63), -(2**63)),
    ("double", 0.1, 0.1),
    ("double", math.inf, "Infinity"),
    ("double", -math.inf, "-Infinity"),
    ("boolean", True, True),
    ("bytes", b"\xff\x00", "/wA="),
    ({"type": "fixed", "name": "Two", "size": 2}, b"\xff\x00", "/wA="),
    (logical("decimal", "bytes", precision=9, scale=2), Decimal("-12.50"), "-12.50"),
    (logical("timestamp-millis", "long"), MOMENT, "2026-03-01T12:00:00.500000Z"),
    (logical("timestamp-nanos", "long"), 1_700_000_000_123_456_789, 1_700_000_000_123_456_789),
    (logical("local-timestamp-micros", "long"), MOMENT.replace(tzinfo=None), "2026-03-01T12:00:00.500000"),
    (logical("date", "int"), date(2026, 3, 1), "2026-03-01"),
    (logical("time-millis", "int"), time(12, 0, 1), "12:00:01"),
    (logical("uuid", "string"), uuid.UUID(int=7), str(uuid.UUID(int=7))),
    (COLOUR, "RED", "RED"),
    (ADDRESS, {"city": "Bern"}, {"city": "Bern"}),
    ({"type": "array", "items": ADDRESS}, [{"city": "Bern"}], [{"city": "Bern"}]),
    ({"type": "map", "values": "bytes"}, {"a": b"\0"}, {"a": "AA=="}),
    (["null", "bytes"], None, None),
    (["null", "bytes"], b"abc", "YWJj"),
    (["null", "long", "string"], "abc", "abc"),
    (["bytes", "string"], "abcd", {"string": "abcd"}),
    (["bytes", "string"], "abc", "abc"),
    (["string", "bytes"], b"abc", {"bytes": "YWJj"}),
    (["null", COLOUR, "string"], "GREEN", "GREEN"),
    ([{"type": "map", "values": "string"}, "string"], {"string": "x"}, {"map": {"string": "x"}}),
    ([logical("date", "int"), "string"], "2026-03-01", {"string": "2026-03-01"}),
    (ANYTHING, 7.0, 7.0),
    (ANYTHING, {"city": "Bern"}, {"city": "Bern"}),
]


@pytest.mark.parametrize(("field_type", "value", "spelled"), SPELLINGS)
def test_each_type_has_a_spelling_that_leads_back(field_type: object, value: Any, spelled: Any) -> None:
    schema = schema_of(field_type)
    codec, spelling = codec_for(schema), AvroSpelling(schema, {})
    decoded = codec.decode(codec.encode({"it": value}))

    told = json.dumps(spelling.spell(decoded))

    assert json.loads(told) == {"it": spelled}
    read = spelling.read(json.loads(told))
    assert codec.encode(read) == codec.encode({"it": value})


def test_what_is_not_a_number_is_spelled_too() -> None:
    spelling = AvroSpelling(schema_of("float"), {})

    assert spelling.spell({"it": math.nan}) == {"it": "NaN"}
    assert math.isnan(spelling.read({"it": "NaN"})["it"])


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.binary(max_size=6),
    st.text(max_size=6),
    st.lists(st.integers(-9, 9), max_size=2),
    st.fixed_dictionaries({"city": st.text(max_size=4)}),
)


@given(VALUES, st.permutations(ANYTHING))
def test_a_union_leads_back_to_the_branch_that_it_came_from(value: Any, branches: list[object]) -> None:
    schema = schema_of(branches)
    codec, spelling = codec_for(schema), AvroSpelling(schema, {})
    written = codec.encode({"it": value})

    spelled = json.loads(json.dumps(spelling.spell(codec.decode(written))))

    assert codec.encode(spelling.read(spelled)) == written


@pytest.mark.parametrize(
    ("field_type", "spelled", "told"),
    [
        ("int", 7.0, "it: 7.0 is no int"),
        ("int", True, "it: True is no int"),
        ("double", "7", "it: '7' is no number"),
        ("bytes", "!", "it: '!' is not base64 text"),
        ("null", 0, "it: 0 is not null"),
        (logical("decimal", "bytes", precision=9, scale=2), 9.5, "it: 9.5 is not a decimal as text"),
        (logical("decimal", "bytes", precision=9, scale=2), "nine", "it: 'nine' is not a decimal as text"),
        (logical("timestamp-millis", "long"), "noon", "it: 'noon' is not a moment"),
        (COLOUR, "GREEN", "it: 'GREEN' is none of RED, BLUE"),
        (ADDRESS, {"town": "Bern"}, "it.town: there is no such field; there are city"),
        (ADDRESS, [], "it: [] is not an object"),
        ({"type": "array", "items": ADDRESS}, [{"city": 1}], "it[0].city: 1 is no string"),
        ({"type": "map", "values": "int"}, {"a": "b"}, "it.a: 'b' is no int"),
        (["null", "int"], "x", "it: 'x' is no int"),
        (["null", "int", ADDRESS], "x", "it: 'x' is none of null, int, com.example.Address"),
        (["null", "int", ADDRESS], {"com.example.Address": {"city": 1}}, "it.city: 1 is no string"),
        (
            ["null", {"type": "fixed", "name": "D", "size": 12, "logicalType": "duration"}],
            {"x": 1},
            "no duration",
        ),
    ],
)
def test_what_is_no_spelling_is_refused_where_it_stands(field_type: object, spelled: Any, told: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        AvroSpelling(schema_of(field_type), {}).read({"it": spelled})

    assert told in refused.value.message
