"""The five bytes before the data: a zero byte and the schema id, big-endian.

value = prefixed(SchemaId(7), body)
frame = split(value)            # raises InvalidFrame
frame.schema_id, frame.body
"""

import struct
from typing import Final, NamedTuple

from accord.codecs.errors import DataFault, InvalidFrame
from accord.schemas import SchemaId

MAGIC_BYTE: Final = 0
PREFIX_LENGTH: Final = 5

_PREFIX = struct.Struct(">bi")


class Frame(NamedTuple):
    """The value of a record, taken apart."""

    schema_id: SchemaId
    body: bytes


def prefixed(schema_id: int, body: bytes) -> bytes:
    """The value of a record: prefix, then ``body``."""
    return _PREFIX.pack(MAGIC_BYTE, schema_id) + body


def split(value: bytes) -> Frame:
    """Take the prefix off; an empty body is a legal record. Raises InvalidFrame."""
    if len(value) < PREFIX_LENGTH:
        raise _too_short(value)
    magic_byte, schema_id = _PREFIX.unpack_from(value)
    if magic_byte != MAGIC_BYTE:
        raise _wrong_magic_byte(value)
    return Frame(SchemaId(schema_id), value[PREFIX_LENGTH:])


def _too_short(value: bytes) -> InvalidFrame:
    if not value:
        return InvalidFrame(
            "the value has zero bytes, which is neither an event nor a tombstone",
            fault=DataFault.ZERO_BYTES,
            hint="a tombstone is a null value; something wrote an empty string",
        )
    if value[0] != MAGIC_BYTE:
        return _wrong_magic_byte(value)
    return InvalidFrame(
        f"the value has {len(value)} bytes, and the prefix alone has {PREFIX_LENGTH}",
        fault=DataFault.PREFIX_TOO_SHORT,
    )


def _wrong_magic_byte(value: bytes) -> InvalidFrame:
    return InvalidFrame(
        f"the value starts with byte 0x{value[0]:02x} instead of 0x00",
        fault=DataFault.WRONG_MAGIC_BYTE,
        hint="it was written without a schema registry: plain JSON or text, perhaps",
    )
