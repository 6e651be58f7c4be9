"""The bytes of one record <-> a typed value, in Avro, JSON and Protobuf. Pure: no I/O, no clock.

Values are instances of dataclasses, msgspec Structs, pydantic models or generated Protobuf messages, or dicts.

schema = derive_schema(OrderCreated, type=SchemaType.JSON)    # or its text
codec = codec_for(schema, model=OrderCreated)                 # raises ModelDoesNotFit: keep the codec
value = framing.prefixed(schema_id, codec.encode(event))      # raises InvalidEvent, and nothing else for a bad event
event = codec.decode(framing.split(value).body)               # raises InvalidData, and nothing else for bad bytes
"""

from accord.codecs import framing
from accord.codecs.codec import Codec
from accord.codecs.duration import Duration
from accord.codecs.errors import DataFault, InvalidData, InvalidEvent, InvalidFrame, ModelDoesNotFit
from accord.codecs.marks import AvroType
from accord.codecs.selection import codec_for, derive_schema

__all__ = [
    "AvroType",
    "Codec",
    "DataFault",
    "Duration",
    "InvalidData",
    "InvalidEvent",
    "InvalidFrame",
    "ModelDoesNotFit",
    "codec_for",
    "derive_schema",
    "framing",
]
