"""Our codec and fastavro, an independent one: the same bytes and the same values, for any schema."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.codecs import DataFault, InvalidData, codec_for
from accord.schemas import Schema

Case = tuple[Any, st.SearchStrategy[Any]]
"""A schema node, and what makes values of it."""

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)

MOMENTS = st.datetimes(
    datetime.fromordinal(2), datetime.fromordinal(date.max.toordinal() - 1), timezones=st.just(UTC)
)

# fastavro reads and writes these the same way.
SIMPLE: list[Case] = [
    ("null", st.none()),
    ("boolean", st.booleans()),
    ("int", st.integers(-(2**31), 2**31 - 1)),
    ("long", st.integers(-(2**63), 2**63 - 1)),
    ("float", st.floats(width=32, allow_nan=False)),
    ("double", st.floats(allow_nan=False)),
    ("bytes", st.binary(max_size=8)),
    ("string", text),
    ({"type": "int", "logicalType": "date"}, st.dates()),
    (
        {"type": "long", "logicalType": "timestamp-millis"},
        MOMENTS.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)),
    ),
    ({"type": "long", "logicalType": "timestamp-micros"}, MOMENTS),
    ({"type": "long", "logicalType": "time-micros"}, st.times()),
    ({"type": "string", "logicalType": "uuid"}, st.uuids()),
    (
        {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 3},
        st.decimals(-9999, 9999, places=3, allow_nan=False, allow_infinity=False),
    ),
]


@st.composite
def cases(draw: st.DrawFn, depth: int = 2) -> Case:
    """A schema node, and what makes values of it."""
    names = iter(f"T{number}" for number in range(1000))
    return draw(_nodes(names, depth))


@st.composite
def _nodes(draw: st.DrawFn, names: Iterator[str], depth: int) -> Case:
    kinds = ["simple", "enum", "fixed"] + (["array", "map", "record", "union"] if depth else [])
    match draw(st.sampled_from(kinds)):
        case "simple":
            return draw(st.sampled_from(SIMPLE))
        case "enum":
            symbols = draw(st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=4, unique=True))
            return {"type": "enum", "name": next(names), "symbols": symbols}, st.sampled_from(symbols)
        case "fixed":
            size = draw(st.integers(1, 5))
            return {"type": "fixed", "name": next(names), "size": size}, st.binary(
                min_size=size, max_size=size
            )
        case "array":
            items, values = draw(_nodes(names, depth - 1))
            return {"type": "array", "items": items}, st.lists(values, max_size=3)
        case "map":
            items, values = draw(_nodes(names, depth - 1))
            return {"type": "map", "values": items}, st.dictionaries(text, values, max_size=3)
        case "union":
            return draw(_optionals(names, depth - 1))
        case _:
            return draw(_records(names, depth - 1))


@st.composite
def _records(draw: st.DrawFn, names: Iterator[str], depth: int) -> Case:
    name = next(names)
    fields = [draw(_nodes(names, depth)) for _ in range(draw(st.integers(0, 4)))]
    node = {
        "type": "record",
        "name": name,
        "fields": [{"name": f"f{number}", "type": type_} for number, (type_, _) in enumerate(fields)],
    }
    return node, st.fixed_dictionaries({f"f{number}": values for number, (_, values) in enumerate(fields)})


@st.composite
def _optionals(draw: st.DrawFn, names: Iterator[str], depth: int) -> Case:
    node, values = draw(
        _nodes(names, depth).filter(lambda case: case[0] != "null" and not isinstance(case[0], list))
    )
    branches = ["null", node] if draw(st.booleans()) else [node, "null"]
    return branches, st.none() | values


def fastavro_bytes(node: Any, value: Any) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(node), value)
    return out.getvalue()


def fastavro_value(node: Any, data: bytes) -> Any:
    return fastavro.schemaless_reader(io.BytesIO(data), fastavro.parse_schema(node), None)


def drawn(data: st.DataObject) -> tuple[Any, Any]:
    node, values = data.draw(cases())
    return node, data.draw(values)


@given(data=st.data())
def test_our_bytes_are_fastavros_bytes(data: st.DataObject) -> None:
    node, value = drawn(data)
    assert codec_for(Schema(json.dumps(node))).encode(value) == fastavro_bytes(node, value)


@given(data=st.data())
def test_what_is_encoded_is_decoded(data: st.DataObject) -> None:
    node, value = drawn(data)
    codec = codec_for(Schema(json.dumps(node)))
    assert codec.decode(codec.encode(value)) == value


@given(data=st.data())
def test_our_values_are_fastavros_values(data: st.DataObject) -> None:
    node, value = drawn(data)
    written = fastavro_bytes(node, value)
    assert codec_for(Schema(json.dumps(node))).decode(written) == fastavro_value(node, written)


@given(data=st.data())
def test_a_record_that_was_cut_short_is_never_read(data: st.DataObject) -> None:
    node, value = drawn(data)
    codec = codec_for(Schema(json.dumps(node)))
    whole = codec.encode(value)
    for end in range(len(whole)):
        with pytest.raises(InvalidData) as caught:
            codec.decode(whole[:end])
        assert caught.value.fault is DataFault.TRUNCATED


@given(data=st.data(), noise=st.binary(max_size=30))
def test_noise_is_refused_or_read_but_never_breaks_anything(data: st.DataObject, noise: bytes) -> None:
    node, _ = data.draw(cases())
    codec = codec_for(Schema(json.dumps(node)))
    try:
        value = codec.decode(noise)
    except InvalidData:
        return
    codec.encode(value)
