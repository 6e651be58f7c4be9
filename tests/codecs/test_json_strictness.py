import json
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from accord.codecs import DataFault, InvalidData, InvalidEvent, codec_for
from accord.errors import AccordError
from accord.schemas import Schema, SchemaType

ORDER: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "count": {"type": "integer", "minimum": 0, "maximum": 2**53},
        "price": {"type": "number", "multipleOf": 0.01},
        "kind": {"enum": ["a", "b"]},
        "lines": {"type": "array", "items": {"$ref": "#/definitions/line"}, "maxItems": 3},
        "by": {"anyOf": [{"type": "null"}, {"$ref": "#/definitions/line"}]},
        "anything": True,
    },
    "required": ["id"],
    "additionalProperties": False,
    "definitions": {
        "line": {"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]},
    },
}
SCHEMA = Schema(json.dumps(ORDER), SchemaType.JSON)


@dataclass
class Line:
    sku: str


class LineStruct(msgspec.Struct):
    sku: str


def endless() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("event", "path", "words"),
    [
        ({}, "id", "the field is missing"),
        ({"id": 1}, "id", "a string is needed, and this is 1 (int)"),
        ({"id": ""}, "id", "`minLength` (1) does not take '' (str)"),
        ({"id": None}, "id", "a string is needed, and this is None (NoneType)"),
        ({"id": "a", "count": 1.7}, "count", "an integer is needed, and this is 1.7 (float)"),
        ({"id": "a", "count": True}, "count", "an integer is needed, and this is True (bool)"),
        ({"id": "a", "count": -1}, "count", "`minimum` (0) does not take -1 (int)"),
        ({"id": "a", "count": 2**70}, "count", "`maximum`"),
        ({"id": "a", "price": 0.015}, "price", "`multipleOf`"),
        ({"id": "a", "kind": "c"}, "kind", '`enum` (["a", "b"]) does not take'),
        ({"id": "a", "lines": [{"sku": "b"}, {}]}, "lines[1].sku", "the field is missing"),
        ({"id": "a", "lines": [{"sku": 3}]}, "lines[0].sku", "a string is needed"),
        ({"id": "a", "lines": [{"sku": "s"}] * 4}, "lines", "`maxItems` (3)"),
        ({"id": "a", "by": {"sku": 1}}, "by.sku", "a string is needed"),
        ({"id": "a", "by": 1}, "by", "none of the alternatives takes 1 (int)"),
        ({"id": "a", "unknown": 1}, "unknown", "the schema has no such field"),
        ([], "", "an object is needed"),
        ("text", "", "an object is needed"),
        (None, "", "an object is needed"),
        ({"id": "a", "price": float("nan")}, "price", "nan (float)"),
        ({"id": "a", "anything": float("nan")}, "anything", "nan (float)"),
        ({"id": "a", "anything": [{"x": float("-inf")}]}, "anything[0].x", "-inf (float)"),
        ({"id": "a", "anything": Decimal("NaN")}, "anything", "NaN"),
        ({"id": "a", "anything": Decimal("-Infinity")}, "anything", "Infinity"),
        ({"id": "a", "anything": [Decimal("1E+400")]}, "", "beyond the range of a double"),
        ({"id": "\ud800"}, "", "UTF-8"),
        ({"id": "a", "anything": {"\ud800": 1}}, "", "UTF-8"),
        ({"id": "a", "anything": {1: 2}}, "", "the value has no JSON form"),
        ({"id": "a", "anything": b"x"}, "", "the value has no JSON form"),
        ({"id": "a", "anything": {1, 2}}, "", "the value has no JSON form"),
        ({"id": "a", "anything": datetime(2026, 1, 1, tzinfo=UTC)}, "", "the value has no JSON form"),
        ({"id": "a", "anything": uuid.UUID(int=1)}, "", "the value has no JSON form"),
        ({"id": "a", "anything": Line("a")}, "", "the value has no JSON form"),
        ({"id": "a", "anything": LineStruct("a")}, "", "the value has no JSON form"),
        ({"id": "a", "anything": object()}, "", "the value has no JSON form"),
        ({"id": "a", "anything": endless()}, "", ""),
        ({"id": "a", "anything": deep(100_000)}, "", ""),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, dict) and "anything" not in value else None,
)
def test_what_the_schema_does_not_allow_is_not_written(event: Any, path: str, words: str) -> None:
    with pytest.raises(InvalidEvent) as caught:
        codec_for(SCHEMA).encode(event)
    assert caught.value.path == path
    assert words in caught.value.message


BAD_DATA = [
    (b"", DataFault.TRUNCATED),
    (b" ", DataFault.TRUNCATED),
    (b'{"id":"a"', DataFault.TRUNCATED),
    (b'{"id":"a', DataFault.TRUNCATED),
    (b'{"id":"a"}x', DataFault.TRAILING_BYTES),
    (b'{"id":"a"}{"id":"a"}', DataFault.TRAILING_BYTES),
    (b'{"id":"a"}\x00', DataFault.TRAILING_BYTES),
    (b"{'id':'a'}", DataFault.MALFORMED),
    (b'{"id":"a",}', DataFault.MALFORMED),
    (b'{"id":"a"}//', DataFault.TRAILING_BYTES),
    (b'\xef\xbb\xbf{"id":"a"}', DataFault.MALFORMED),
    (b'{"id":"\xff"}', DataFault.MALFORMED),
    (b'{"id":"\xed\xa0\x80"}', DataFault.MALFORMED),
    (b'{"id":"a\nb"}', DataFault.MALFORMED),
    (b'{"id":"a","id":"a"}', DataFault.MALFORMED),
    (b'{"id":"a","i\\u0064":"b"}', DataFault.MALFORMED),
    (b'{"id":"\\u003a","id":"a"}', DataFault.MALFORMED),
    (b'{"id":"a","anything":[{"x":1,"x":1}]}', DataFault.MALFORMED),
    (b'{"id":"a","count":NaN}', DataFault.MALFORMED),
    (b'{"id":"a","anything":Infinity}', DataFault.MALFORMED),
    (b'{"id":"a","anything":1e999}', DataFault.MALFORMED),
    (b'{"id":"a","anything":01}', DataFault.MALFORMED),
    (b'{"id":"a","count":1.5}', DataFault.MALFORMED),
    (b'{"id":"a","unknown":1}', DataFault.MALFORMED),
    (b'{"lines":[]}', DataFault.MALFORMED),
    (b"[]", DataFault.MALFORMED),
    (b"null", DataFault.MALFORMED),
    (b'"id"', DataFault.MALFORMED),
    (b"\x00\x00\x00\x00\x07{}", DataFault.MALFORMED),
    (b"\x02\x80", DataFault.MALFORMED),
    (b'{"id":"a","anything":' + b"[" * 100_000 + b"]" * 100_000 + b"}", DataFault.MALFORMED),
]


@pytest.mark.parametrize(("data", "fault"), BAD_DATA, ids=lambda value: str(value[:30]))
@pytest.mark.parametrize("model", [None, Line], ids=["dict", "model"])
def test_what_is_no_record_of_the_schema_is_not_read(
    data: bytes, fault: DataFault, model: type[Any] | None
) -> None:
    # Both sides are one: every kind of bad input is an InvalidData, which callers catch by one name.
    schema = SCHEMA if model is None else Schema(json.dumps(ORDER["definitions"]["line"]), SchemaType.JSON)
    codec = codec_for(SCHEMA, reader=schema, model=model)
    for start in (0, 5):
        with pytest.raises(InvalidData) as caught:
            codec.decode(b"x" * start + data, start)
        assert isinstance(caught.value, AccordError)
        assert caught.value.fault is fault


def test_half_of_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(InvalidData):
        codec_for(SCHEMA).decode(b'{"id":"\\ud800"}')


def test_equal_names_in_different_objects_and_colons_in_strings_are_fine() -> None:
    codec = codec_for(SCHEMA)
    for data in (
        b'{"id":"a:b::","anything":[{"x":1},{"x":1}]}',
        b'{ "id" : "\\u003a" , "anything" : { "id" : ":" } }',
        b'{"id":"\\u00e9\\/","anything":1.0e2}',
    ):
        assert codec.decode(data) == json.loads(data)


@dataclass
class Chain:
    at: datetime
    next: "Chain | None" = None


@pytest.mark.parametrize("links", [300, 990, 100_000])
def test_chains_of_instances_end_somewhere(links: int) -> None:
    schema = Schema(
        '{"properties":{"at":{"type":"string"},"next":{"$ref":"#"}},"type":"object"}', SchemaType.JSON
    )
    codec = codec_for(schema, model=Chain)
    chain = Chain(datetime(2026, 1, 1, tzinfo=UTC))
    for _ in range(links):
        chain = Chain(datetime(2026, 1, 1, tzinfo=UTC), chain)
    with suppress(InvalidEvent):
        codec.encode(chain)
    link = b'{"at":"2026-01-01T00:00:00Z","next":'
    with suppress(InvalidData):
        codec.decode(link * links + b'{"at":"2026-01-01T00:00:00Z"}' + b"}" * links)


def test_numbers_keep_their_digits_where_the_class_does() -> None:
    codec = codec_for(Schema('{"properties":{"amount":{"type":"number"}}}', SchemaType.JSON), model=Amount)
    text = b'{"amount":0.1234567890123456789012345678901234567890}'
    assert codec.encode(codec.decode(text)) == text


def test_amounts_that_readers_take_for_no_number_are_not_written_as_one() -> None:
    huge = Amount(Decimal("1E+400"))
    number = Schema('{"properties":{"amount":{"type":"number"}}}', SchemaType.JSON)
    with pytest.raises(InvalidEvent, match=r"amount: .* is beyond the range of a double"):
        codec_for(number, model=Amount).encode(huge)
    text = codec_for(Schema('{"properties":{"amount":{"type":"string"}}}', SchemaType.JSON), model=Amount)
    assert text.decode(text.encode(huge)) == huge
    tiny = Amount(Decimal("1E-400"))
    assert codec_for(number, model=Amount).decode(codec_for(number, model=Amount).encode(tiny)) == tiny


@dataclass
class Amount:
    amount: Decimal
