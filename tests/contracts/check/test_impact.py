"""A reader that is judged not to be hit decodes what is written: proved with the real codecs."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.codecs import InvalidEvent, codec_for
from accord.contracts.check import Impact, impact
from accord.contracts.check.impact import reading_as
from accord.contracts.known import KnownReader
from accord.schemas import Earlier, ParsedSchema, Schema, SchemaType, Subject, Version, parse

Fields = list[dict[str, Any]]
NAMES = ("a", "b", "c", "d")


def reader_of(*fields: str, schema: Schema | None = None) -> KnownReader:
    return KnownReader("billing", Subject("orders-value"), "claim", fields=fields or None, schema=schema)


def judged(before: ParsedSchema, now: ParsedSchema, reader: KnownReader) -> Impact:
    return impact(now, (Earlier(Version(1), before),), reader)


def avro(*fields: dict[str, Any]) -> ParsedSchema:
    return parse(Schema(json.dumps({"type": "record", "name": "Order", "fields": list(fields)})))


TYPES = st.sampled_from(
    [
        "int", "long", "string", "double", ["null", "string"], ["null", "long"], {"type": "array", "items": "int"},
        {"type": "enum", "name": "E", "symbols": ["X", "Y"]},
    ]
)  # fmt: skip
DEFAULTS = {"int": 1, "long": 2, "string": "s", "double": 0.5}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "int": st.integers(-(2**31), 2**31 - 1), "long": st.integers(-(2**63), 2**63 - 1), "string": st.text(max_size=3),
    "double": st.floats(allow_nan=False), "null": st.none(),
}  # fmt: skip


@st.composite
def avro_fields(draw: st.DrawFn) -> list[dict[str, Any]]:
    fields = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1)):
        kind = draw(TYPES)
        field: dict[str, Any] = {"name": name, "type": kind}
        if draw(st.booleans()):
            if isinstance(kind, str):
                field["default"] = DEFAULTS[kind]
            elif isinstance(kind, list):
                field["default"] = None
        fields.append(field)
    enums = [field for field in fields if isinstance(field["type"], dict) and field["type"]["type"] == "enum"]
    for field in enums:
        field["type"] = {**field["type"], "name": f"E{field['name']}"}
    return fields


def avro_value(kind: Any) -> st.SearchStrategy[Any]:
    if isinstance(kind, str):
        return VALUES[kind]
    if isinstance(kind, list):
        return st.one_of(*map(avro_value, kind))
    if kind["type"] == "array":
        return st.lists(VALUES["int"], max_size=2)
    return st.sampled_from(kind["symbols"])


def written(data: st.DataObject, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {field["name"]: data.draw(avro_value(field["type"])) for field in fields}


@given(avro_fields(), avro_fields(), st.lists(st.sampled_from(NAMES), unique=True), st.data())
@settings(max_examples=50)
def test_avro_readers_that_are_not_hit_decode(
    before: Fields, now: Fields, fields: list[str], data: st.DataObject
) -> None:
    old, new, reader = avro(*before), avro(*now), reader_of(*fields)
    found = judged(old, new, reader)
    if found.reads_new:
        codec = codec_for(new, reader=reading_as(old, reader))
        codec.decode(codec_for(new).encode(written(data, now)))
    if found.reads_old:
        codec = codec_for(old, reader=reading_as(new, reader))
        codec.decode(codec_for(old).encode(written(data, before)))
    if found.reads_new and found.reads_old and not found.missing:
        own = judged(old, new, reader_of(*fields, schema=Schema(reading_as(old, reader).canonical)))
        assert own.reads_new


def nested(inner: Fields, more: Fields) -> Fields:
    line = {"type": "record", "name": "Line", "fields": inner}
    return [*more, {"name": "lines", "type": {"type": "array", "items": ["null", line]}}]


def unlike(fields: Fields) -> Fields:
    """The same without enums: each has one name in a schema."""
    return [field for field in fields if not (isinstance(field["type"], dict) and "symbols" in field["type"])]


@given(
    avro_fields(),
    avro_fields(),
    avro_fields(),
    st.lists(st.sampled_from(NAMES), unique=True),
    st.data(),
)
@settings(max_examples=50)
def test_avro_readers_of_fields_within_others_decode(
    before: Fields, now: Fields, more: Fields, names: list[str], data: st.DataObject
) -> None:
    old = avro(*nested(unlike(before), unlike(more)))
    new = avro(*nested(unlike(now), unlike(more)))
    reader = reader_of(*(f"lines.{name}" for name in names))
    found = judged(old, new, reader)
    value = written(data, unlike(more)) | {"lines": [None, written(data, unlike(now))]}
    if found.reads_new:
        codec_for(new, reader=reading_as(old, reader)).decode(codec_for(new).encode(value))
    value = written(data, unlike(more)) | {"lines": [written(data, unlike(before)), None]}
    if found.reads_old:
        codec_for(old, reader=reading_as(new, reader)).decode(codec_for(old).encode(value))
    assert all(name.startswith("lines") for hit in (*found.as_it_is, *found.upgraded) for name in hit.fields)


@given(avro_fields(), st.lists(st.sampled_from(NAMES), unique=True))
def test_nobody_is_hit_by_no_change(fields: Fields, names: list[str]) -> None:
    schema = avro(*fields)
    found = judged(schema, schema, reader_of(*names))
    assert found.reads_new
    assert found.reads_old
    assert set(found.missing) == set(names) - {field["name"] for field in fields}


JSON_TYPES = st.sampled_from(
    [
        {"type": "string"},
        {"type": "integer"},
        {"type": "number"},
        {"type": ["string", "null"]},
        {"enum": ["x", 1]},
    ]
)
JSON_VALUES = st.one_of(st.none(), st.integers(-5, 5), st.floats(-2, 2), st.sampled_from(["x", "y"]))


@st.composite
def json_schemas(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: draw(JSON_TYPES) for name in names},
        "required": draw(st.lists(st.sampled_from(names), unique=True)) if names else [],
    }
    if draw(st.booleans()):
        schema["additionalProperties"] = False
    return schema


@given(
    json_schemas(),
    json_schemas(),
    st.lists(st.sampled_from(NAMES), unique=True),
    st.dictionaries(st.sampled_from(NAMES), JSON_VALUES),
)
@settings(max_examples=50)
def test_json_readers_that_are_not_hit_decode(
    before: dict[str, Any], now: dict[str, Any], fields: list[str], value: dict[str, Any]
) -> None:
    old, new = (parse(Schema(json.dumps(one), SchemaType.JSON)) for one in (before, now))
    reader = reader_of(*fields)
    found = judged(old, new, reader)
    pairs = [(found.reads_new, new, old), (found.reads_old, old, new)]
    for reads, writer, reading in pairs:
        data = encoded(writer, value)
        if reads and data is not None:
            codec_for(writer, reader=reading_as(reading, reader)).decode(data)


def encoded(writer: ParsedSchema, value: dict[str, Any]) -> bytes | None:
    """None where the value is none of the schema's."""
    try:
        return codec_for(writer).encode(value)
    except InvalidEvent:
        return None


PROTO_TYPES = st.sampled_from(["int32", "int64", "string", "bool", "bytes", "sint32", "repeated int32"])


@st.composite
def protos(draw: st.DrawFn) -> str:
    lines: list[str] = []
    oneof: list[str] = []
    for number, name in enumerate(NAMES, 1):
        if not draw(st.booleans()):
            continue
        kind = draw(PROTO_TYPES)
        line = f"{kind} {name} = {number};"
        (oneof if draw(st.booleans()) and "repeated" not in kind else lines).append(line)
    inside = " ".join(lines) + (f" oneof one {{ {' '.join(oneof)} }}" if oneof else "")
    return f'syntax = "proto3"; message Order {{ {inside} }}'


PROTO_VALUES = {
    "int32": st.integers(-(2**31), 2**31 - 1), "int64": st.integers(-(2**63), 2**63 - 1), "string": st.text(max_size=3),
    "bool": st.booleans(), "bytes": st.binary(max_size=3), "sint32": st.integers(-9, 9),
}  # fmt: skip


@given(protos(), protos(), st.lists(st.sampled_from(NAMES), unique=True), st.data())
@settings(max_examples=50)
def test_protobuf_readers_that_are_not_hit_decode(
    before: str, now: str, fields: list[str], data: st.DataObject
) -> None:
    old, new = (parse(Schema(one, SchemaType.PROTOBUF)) for one in (before, now))
    reader = reader_of(*fields)
    found = judged(old, new, reader)
    for reads, writer, text, reading in (
        (found.reads_new, new, now, old),
        (found.reads_old, old, before, new),
    ):
        known = [(kind, name) for kind in PROTO_VALUES for name in NAMES if f" {kind} {name} =" in text]
        value = {
            name: data.draw(PROTO_VALUES[kind])
            for kind, name in known
            if "repeated" not in text.split(name)[0][-20:]
        }
        chosen = data.draw(st.sampled_from([None, *value]))
        body = encoded(writer, {} if chosen is None else {chosen: value[chosen]})
        if reads and body is not None:
            codec_for(writer, reader=reading_as(reading, reader)).decode(body)


def test_a_protobuf_reader_of_one_field_of_a_choice_is_hit_by_nothing_that_was_so_before() -> None:
    before = parse(
        Schema('syntax = "proto3"; message O { oneof x { string a = 1; int32 b = 2; } }', SchemaType.PROTOBUF)
    )
    now = parse(
        Schema(
            'syntax = "proto3"; message O { oneof x { string a = 1; int32 b = 2; } string c = 3; }',
            SchemaType.PROTOBUF,
        )
    )
    found = judged(before, now, reader_of("a"))
    assert not found.is_hit


def test_a_reader_with_its_own_schema_is_judged_by_that() -> None:
    before = avro({"name": "a", "type": "int"}, {"name": "b", "type": "string"})
    now = avro({"name": "a", "type": "long"}, {"name": "b", "type": "string"})
    widened = Schema(avro({"name": "a", "type": "long"}).canonical)
    assert judged(before, now, reader_of("a", schema=widened)).reads_new
    assert not judged(before, now, reader_of("a")).reads_new


def test_a_schema_of_a_reader_that_is_none_counts_as_not_known() -> None:
    before = avro({"name": "a", "type": "int"})
    now = avro({"name": "a", "type": "long"})
    found = judged(before, now, reader_of("a", schema=Schema("{")))
    assert [hit.fields for hit in found.as_it_is] == [("a",)]


@pytest.mark.parametrize("fields", [(), ("line.sku",)])
def test_fields_within_others_are_told_by_their_dotted_names(fields: tuple[str, ...]) -> None:
    def order(kind: str) -> ParsedSchema:
        line = {"type": "record", "name": "Line", "fields": [{"name": "sku", "type": kind}]}
        return avro({"name": "line", "type": {"type": "array", "items": line}})

    found = judged(order("string"), order("long"), reader_of(*fields))
    assert [hit.fields for hit in found.as_it_is] == [("line.sku",)]
    assert [hit.fields for hit in found.upgraded] == [("line.sku",)]


def test_a_topic_that_had_another_format_is_no_puzzle() -> None:
    before = parse(Schema('{"type": "object"}', SchemaType.JSON))
    found = judged(before, avro({"name": "a", "type": "int"}), reader_of("a"))
    assert found.missing == ()
    assert [hit.rule for hit in found.upgraded] == ["SCHEMA_TYPE_CHANGED"]


def test_a_field_that_leaves_a_choice_hits_although_another_one_was_never_read() -> None:
    before = parse(Schema('syntax = "proto3"; message O { oneof x { string d = 4; } }', SchemaType.PROTOBUF))
    text = 'syntax = "proto3"; message O { int32 d = 4; oneof x { int32 a = 1; int32 b = 2; } }'
    found = judged(before, parse(Schema(text, SchemaType.PROTOBUF)), reader_of("a", "d"))
    assert [hit.fields for hit in found.upgraded] == [("d",)]


def test_a_field_of_another_json_schema_is_there_until_that_one_has_it_no_more() -> None:
    schema = Schema('{"type": "object", "properties": {"sum": {"$ref": "money.json"}}}', SchemaType.JSON)

    def with_money(name: str) -> ParsedSchema:
        money = Schema(json.dumps({"properties": {name: {"type": "integer"}}}), SchemaType.JSON)
        return parse(schema, referenced={"money.json": money})

    reader = reader_of("sum.cents")
    assert judged(with_money("cents"), with_money("cents"), reader).missing == ()
    assert judged(with_money("cents"), with_money("pence"), reader).missing == ("sum.cents",)
