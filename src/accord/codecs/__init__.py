"""The bytes of one record <-> a typed value. Pure: no I/O, no clock.

codec = codec_for(schema, model=OrderCreated)
value = framing.prefixed(schema_id, codec.encode(event))
event = codec.decode(framing.split(value).body)
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
