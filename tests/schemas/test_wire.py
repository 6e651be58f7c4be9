"""The bytes of Avro that the pages of rules show: they are what is written, and what they say of readers is so."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import fastavro
import pytest

from accord.codecs import InvalidData, codec_for
from accord.schemas import Schema, SchemaType, catalogue
from accord.schemas.rules import Rule
from accord.schemas.shared_rules import SCHEMA_TYPE_CHANGED

avro = [rule for rule in catalogue.RULES if rule.example.type is SchemaType.AVRO]
avro_readers = [rule for rule in avro if rule is not SCHEMA_TYPE_CHANGED]
every_rule = pytest.mark.parametrize("rule", avro, ids=lambda rule: rule.id)
every_avro_reader = pytest.mark.parametrize("rule", avro_readers, ids=lambda rule: rule.id)


@every_rule
def test_the_bytes_are_those_that_two_encoders_write(rule: Rule) -> None:
    schema = json.loads(written_by(rule))
    value = as_python(json.loads(rule.wire.value), schema)
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(schema), value)
    assert data_of(rule) == buffer.getvalue() == codec_for(Schema(written_by(rule))).encode(value)


@every_avro_reader
def test_accords_decoder_makes_of_them_what_the_page_says_or_stops(rule: Rule) -> None:
    if rule.wire.read is None:
        with pytest.raises(InvalidData):
            codec_for(Schema(written_by(rule)), reader=Schema(read_by(rule))).decode(data_of(rule))
    else:
        assert by_accord(rule) == json.loads(rule.wire.read)


@pytest.mark.parametrize(
    ("rule_id", "read"),
    [
        ("AVRO_FIELD_WITHOUT_DEFAULT", "stops"),
        ("AVRO_TYPE_CHANGED", "stops"),
        ("AVRO_UNION_BRANCH_MISSING", "stops"),
        ("AVRO_NAME_CHANGED", "stops"),
        ("AVRO_ENUM_SYMBOLS_MISSING", "stops"),
        ("AVRO_FIXED_SIZE_CHANGED", "stops"),
        ("AVRO_FIELD_MATCHES_SEVERAL", "stops"),
        ("AVRO_DEFAULT_UNREADABLE", {"id": "a-1", "status": "NONE"}),
        ("AVRO_DEFAULT_OF_LATER_BRANCH", {"id": "a-1", "note": None}),
        ("AVRO_ENUM_SYMBOLS_READ_AS_DEFAULT", "OPEN"),
        ("AVRO_ALIAS_AMBIGUOUS", {"id": "a-1", "net": 0, "gross": 1250}),
        ("AVRO_NAMESPACE_CHANGED", {"status": "PAID"}),
        ("AVRO_BRANCHES_NAMED_ALIKE", {"price": {"net": 0}, "note": ""}),
        ("AVRO_FIELD_VALUES_LOST", {"id": "a-1", "total": 0}),
        ("AVRO_FIELD_LOOKS_RENAMED", {"id": "a-1", "total_cents": 0}),
        ("AVRO_LOGICAL_TYPE_ON_ONE_SIDE", {"at": 1795392000000}),
        ("AVRO_LOGICAL_TYPE_CHANGED", {"at": datetime(2026, 11, 23, tzinfo=UTC)}),
    ],
)
def test_another_decoder_makes_of_them_what_the_page_says(rule_id: str, read: Any) -> None:
    rule = catalogue.find(rule_id)
    assert rule is not None
    written, reader = (fastavro.parse_schema(json.loads(text)) for text in (written_by(rule), read_by(rule)))
    try:
        found = fastavro.schemaless_reader(io.BytesIO(data_of(rule)), written, reader)
    except (fastavro.read.SchemaResolutionError, KeyError):
        found = "stops"
    assert found == read


def test_a_reader_of_json_stops_at_the_first_byte_of_avro() -> None:
    with pytest.raises(json.JSONDecodeError, match="char 0"):
        json.loads(data_of(SCHEMA_TYPE_CHANGED).decode())


def test_a_reader_that_goes_by_its_own_schema_takes_milliseconds_for_microseconds() -> None:
    rule = catalogue.find("AVRO_LOGICAL_TYPE_CHANGED")
    assert rule is not None
    read = codec_for(Schema(rule.example.new)).decode(data_of(rule))
    assert read == {"at": datetime(1970, 1, 21, 18, 43, 12, tzinfo=UTC)}
    assert "1970-01-21 18:43:12" in rule.wire.outcome


def written_by(rule: Rule) -> str:
    return rule.example.new if rule.wire.candidate_writes else rule.example.old


def read_by(rule: Rule) -> str:
    return rule.example.old if rule.wire.candidate_writes else rule.example.new


def data_of(rule: Rule) -> bytes:
    return bytes.fromhex("".join(piece for piece, _ in rule.wire.pieces))


def by_accord(rule: Rule) -> Any:
    read = codec_for(Schema(written_by(rule)), reader=Schema(read_by(rule))).decode(data_of(rule))
    return json.loads(json.dumps(read, default=datetime.isoformat))


def as_python(value: Any, type_: Any) -> Any:
    """The value as encoders take it: bytes for a fixed, a moment for a timestamp."""
    if not isinstance(type_, dict):
        return value
    if type_["type"] == "record":
        return {field["name"]: as_python(value[field["name"]], field["type"]) for field in type_["fields"]}
    if type_["type"] == "fixed":
        return value.encode("latin-1")
    if type_.get("logicalType") == "timestamp-millis":
        return datetime.fromtimestamp(value / 1000, UTC)
    return value
