"""The bytes of one record <-> a typed value. Pure: no I/O, no clock.

codec = codec_for(schema, model=OrderCreated)
value = framing.prefixed(schema_id, codec.encode(event))
event = codec.decode(framing.split(value).body)
"""

from accord.codecs import framing
from accord.codecs.avro import derive_schema
from accord.codecs.codec import Codec
from accord.codecs.errors import DataFault, InvalidData, InvalidEvent, InvalidFrame, ModelDoesNotFit
from accord.codecs.selection import codec_for

__all__ = [
    "Codec",
    "DataFault",
    "InvalidData",
    "InvalidEvent",
    "InvalidFrame",
    "ModelDoesNotFit",
    "codec_for",
    "derive_schema",
    "framing",
]
