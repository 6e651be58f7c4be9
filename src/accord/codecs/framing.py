"""The five bytes before the data: a zero byte and the schema id, big-endian.

value = prefixed(SchemaId(7), body)
frame = split(value)            # raises InvalidFrame
frame.schema_id, frame.body

In front of Protobuf data stands which message of the file it is, as the indexes of messages from the outermost inwards:

body = indexed((1, 0), data)    # the first message within the second one of the file
frame = split_indexes(body)     # raises InvalidFrame
frame.indexes, frame.data
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from accord.codecs.errors import DataFault, InvalidFrame
from accord.schemas import SchemaId

MAGIC_BYTE: Final = 0
PREFIX_LENGTH: Final = 5

_PREFIX = struct.Struct(">bi")
_FIRST_MESSAGE: Final = (0,)
# Messages nest as deep as a compiler lets them, which is far less.
_MOST_INDEXES: Final = 100
_LONGEST_VARINT: Final = 5
_MORE: Final = 0x80
_LARGEST_INDEX: Final = 2**31 - 1
_INDEXES_HINT: Final = (
    "Protobuf data begins with the place of its message in the file; a producer that leaves it out, or an old one that "
    "does not write zig-zag numbers, does not speak the format"
)


class Frame(NamedTuple):
    """The value of a record, taken apart."""

    schema_id: SchemaId
    body: bytes


class IndexedFrame(NamedTuple):
    """The body of a Protobuf record, taken apart."""

    indexes: tuple[int, ...]
    data: bytes


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


def indexed(indexes: Sequence[int], data: bytes) -> bytes:
    """The body of a Protobuf record: how many indexes, each of them, ``data``. All numbers are zig-zag varints.

    The first message of a file, which most records are, is one zero byte instead. Raises ValueError for indexes that
    no message has.
    """
    if not indexes or len(indexes) > _MOST_INDEXES:
        raise ValueError(f"{len(indexes)} message indexes: 1 to {_MOST_INDEXES} are possible")
    if not all(0 <= index <= _LARGEST_INDEX for index in indexes):
        raise ValueError(f"message indexes count from 0: {indexes}")
    if tuple(indexes) == _FIRST_MESSAGE:
        return b"\0" + data
    return b"".join((_varint(len(indexes)), *map(_varint, indexes), data))


def split_indexes(body: bytes) -> IndexedFrame:
    """Take the message indexes off. Raises InvalidFrame."""
    count, at = _read_varint(body, 0)
    if count == 0:
        return IndexedFrame(_FIRST_MESSAGE, body[at:])
    if not 0 < count <= _MOST_INDEXES:
        raise _wrong_indexes(f"there are {count} message indexes")
    indexes = []
    for _ in range(count):
        index, at = _read_varint(body, at)
        if not 0 <= index <= _LARGEST_INDEX:
            raise _wrong_indexes(f"a message index is {index}")
        indexes.append(index)
    return IndexedFrame(tuple(indexes), body[at:])


def _varint(number: int) -> bytes:
    """A number from 0 to 2**31 - 1, zig-zag."""

    def groups() -> Iterator[int]:
        left = number << 1
        while left >= _MORE:
            yield left & 0x7F | _MORE
            left >>= 7
        yield left

    return bytes(groups())


def _read_varint(body: bytes, at: int) -> tuple[int, int]:
    """The number at ``at``, which is zig-zag, and where it ends."""
    value = 0
    for position, byte in enumerate(body[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * position
        if byte < _MORE:
            return value >> 1 ^ -(value & 1), at + position + 1
    if len(body) < at + _LONGEST_VARINT:
        raise InvalidFrame(
            "the value ends within its message indexes", fault=DataFault.PREFIX_TOO_SHORT, hint=_INDEXES_HINT
        )
    raise _wrong_indexes("a message index has more than 32 bits")


def _wrong_indexes(what: str) -> InvalidFrame:
    return InvalidFrame(
        f"the message indexes are wrong: {what}", fault=DataFault.WRONG_MESSAGE_INDEXES, hint=_INDEXES_HINT
    )


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
