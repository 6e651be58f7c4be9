"""The data of records: in each format, one schema with a bit of everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from accord.codecs import Codec, InvalidData, InvalidEvent
from accord.codecs.avro import avro_codec
from accord.codecs.jsonschema import json_codec
from accord.codecs.protobuf import protobuf_codec
from accord.schemas import Schema, SchemaType
from fuzz.mutations import mixed, mutated_bytes, mutated_json
from fuzz.target import Target, Wrong

_BYTES: Final = mixed((1, mutated_bytes))
_TEXT: Final = mixed((3, mutated_json), (1, mutated_bytes))

_AVRO: Final = """
{"type": "record", "name": "Order", "fields": [
  {"name": "id", "type": "string"},
  {"name": "note", "type": ["null", "string", {"type": "array", "items": "Order"}]},
  {"name": "stock", "type": {"type": "map", "values": "long"}},
  {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
  {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2}},
  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
  {"name": "share", "type": "double"}, {"name": "paid", "type": "boolean"},
  {"name": "key", "type": {"type": "fixed", "name": "Key", "size": 4}}]}"""
_JSON: Final = """
{"type": "object", "title": "Order", "required": ["id"], "properties": {
  "id": {"type": "string", "maxLength": 8}, "count": {"type": "integer"}, "share": {"type": "number"},
  "lines": {"type": "array", "items": {"$ref": "#"}}, "kind": {"enum": ["A", "B", null]}}}"""
_PROTOBUF: Final = """
syntax = "proto3";
import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto"; import "google/protobuf/wrappers.proto";
message Order {
  string id = 1; sint64 cents = 2; optional bool paid = 3; double share = 4; bytes raw = 5; Kind kind = 6;
  google.protobuf.Timestamp at = 7; google.protobuf.Duration took = 8; google.protobuf.StringValue note = 9;
  repeated Order lines = 10; map<string, Order> by_key = 11; repeated fixed32 numbers = 12;
  oneof choice { Refund refund = 13; uint32 code = 14; }
}
message Refund { string reason = 1; }
enum Kind { A = 0; B = 1; }"""

_SCHEMAS: Final[Mapping[SchemaType, str]] = {
    SchemaType.AVRO: _AVRO,
    SchemaType.JSON: _JSON,
    SchemaType.PROTOBUF: _PROTOBUF,
}
_SEEDS: Final[Mapping[SchemaType, Sequence[bytes]]] = {
    SchemaType.AVRO: (
        b"\x02x\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
        b"\x02x\x02\x02y\x02\x02k\x06\x00\x02\x04\x01\xf4\x80\x80\x80\x80\x20\x00\x00\x00\x00\x00\x00\xf8\x3f\x01abcd",
    ),
    SchemaType.JSON: (
        b'{"id": "x"}',
        b'{"id": "x", "count": 3, "share": 0.5, "lines": [{"id": "y", "kind": null}], "kind": "A"}',
    ),
    SchemaType.PROTOBUF: (
        b"\x02\x02\x0a\x01x",
        b"\x00\x0a\x01x\x10\x05\x18\x01\x21\x00\x00\x00\x00\x00\x00\xf8\x3f\x2a\x02\x00\xff\x30\x01",
        b"\x00\x3a\x06\x08\x80\x80\x80\x80\x08\x42\x04\x08\x05\x10\x01\x4a\x03\x0a\x01n\x52\x03\x0a\x01l",
        b"\x00\x5a\x08\x0a\x01k\x12\x03\x0a\x01m\x62\x04\x01\x00\x00\x00\x6a\x03\x0a\x01r",
    ),
}


@dataclass(frozen=True, slots=True)
class _Value:
    """Data of one format is read, and what came out is written and read again."""

    type: SchemaType

    def __call__(self, data: bytes) -> None:
        codec = _codec(self.type)
        value = codec.decode_indexed(data)
        if self.type is SchemaType.PROTOBUF and "reason" in value:
            # Not the message that the codec writes.
            return
        # Written, numbers that are none are equal as well, and Protobuf's maps are in one order.
        written = codec.encode(value)
        if codec.encode(codec.decode(written)) != written:
            raise Wrong(f"{value} came back as another value")

    def seeds(self) -> Sequence[bytes]:
        """Data that is well."""
        return _SEEDS[self.type]


@cache
def _codec(type_: SchemaType) -> Codec[Any]:
    # Not ``codec_for``, which loads a format when it is needed first: what is loaded then is not observed.
    schema = Schema(_SCHEMAS[type_], type_)
    if type_ is SchemaType.AVRO:
        return avro_codec(schema, model=None, reader=None, referenced={})
    if type_ is SchemaType.JSON:
        return json_codec(schema, model=None, reader=None, referenced={})
    return protobuf_codec(schema)


_EXPECTED: Final = (InvalidData, InvalidEvent)

TARGETS: Final = tuple(
    Target(
        f"{type_.lower()}-value",
        _Value(type_),
        _Value(type_).seeds,
        _TEXT if type_ is SchemaType.JSON else _BYTES,
        _EXPECTED if type_ is SchemaType.PROTOBUF else (InvalidData,),
    )
    for type_ in SchemaType
)
