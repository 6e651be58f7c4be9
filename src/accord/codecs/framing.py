r"""The five bytes before the data: a zero byte and the schema id, big-endian.

value = prefixed(SchemaId(7), body)
frame = split(value)            # raises InvalidFrame
frame.schema_id, frame.body

In front of Protobuf data stands which message of the file it is, as the indexes of messages from the outermost inwards:

body = indexed((1, 0), data)    # the first message within the second one of the file
frame = split_indexes(body)     # raises InvalidFrame
frame.indexes, frame.data

Instead of the prefix, a header of the record may name the schema: a byte of one, the schema's GUID, and the message indexes
if it is a Protobuf schema. The value then is the data alone.

headers = [(VALUE_HEADER, header(guid, indexes=b"\0"))]
frame = split_header(value)     # raises InvalidFrame
frame.guid, frame.indexes
"""

import struct
import uuid
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from accord.codecs.errors import DataFault, InvalidFrame
from accord.schemas import SchemaGuid, SchemaId

MAGIC_BYTE: Final = 0
PREFIX_LENGTH: Final = 5
VALUE_HEADER: Final = "__value_schema_id"
KEY_HEADER: Final = "__key_schema_id"
HEADER_LENGTH: Final = 17
"""Of the byte and the GUID, without message indexes."""

_PREFIX = struct.Struct(">bi")
_HEADER_START: Final = b"\x01"
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


class HeaderFrame(NamedTuple):
    """The header that names a schema, taken apart; ``indexes`` is empty if it says none, as for other formats than Protobuf."""

    guid: SchemaGuid
    indexes: tuple[int, ...]


class IndexedFrame(NamedTuple):
    """The body of a Protobuf record, taken apart."""

    indexes: tuple[int, ...]
    data: bytes


def prefix(schema_id: int) -> bytes:
    """What stands in front of every record of one schema."""
    return _PREFIX.pack(MAGIC_BYTE, schema_id)


def prefixed(schema_id: int, body: bytes) -> bytes:
    """The value of a record: prefix, then ``body``."""
    return _PREFIX.pack(MAGIC_BYTE, schema_id) + body


def split(value: bytes) -> Frame:
    """Take the prefix off; an empty body is a legal record. Raises InvalidFrame."""
    return Frame(schema_id_of(value), value[PREFIX_LENGTH:])


def schema_id_of(value: bytes) -> SchemaId:
    """What the prefix says, in front of whatever body. Raises InvalidFrame."""
    if len(value) < PREFIX_LENGTH:
        raise _too_short(value)
    magic_byte, schema_id = _PREFIX.unpack_from(value)
    if magic_byte != MAGIC_BYTE:
        raise _wrong_magic_byte(value)
    return SchemaId(schema_id)


def header(guid: SchemaGuid, indexes: bytes = b"") -> bytes:
    """What the header says of a record whose schema is ``guid``; ``indexes`` are a Protobuf codec's own.

    Raises ValueError for what is no GUID.
    """
    return _HEADER_START + uuid.UUID(guid).bytes + indexes


def split_header(value: bytes) -> HeaderFrame:
    """What the header says. Raises InvalidFrame, also for bytes that follow GUID and indexes."""
    if value[:1] != _HEADER_START:
        raise _wrong_header(value)
    if len(value) < HEADER_LENGTH:
        raise InvalidFrame(
            f"the schema's header has {len(value)} bytes, and a GUID ends with byte {HEADER_LENGTH}",
            fault=DataFault.PREFIX_TOO_SHORT,
        )
    guid = SchemaGuid(str(uuid.UUID(bytes=bytes(value[1:HEADER_LENGTH]))))
    if len(value) == HEADER_LENGTH:
        return HeaderFrame(guid, ())
    indexes, end = read_indexes(value, HEADER_LENGTH)
    if end != len(value):
        raise _wrong_indexes(f"{len(value) - end} bytes follow them in the header")
    return HeaderFrame(guid, indexes)


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
    indexes, end = read_indexes(body, 0)
    return IndexedFrame(indexes, body[end:])


def read_indexes(body: bytes, start: int) -> tuple[tuple[int, ...], int]:
    """The message indexes that begin at ``start``, and where the data behind them begins. Raises InvalidFrame."""
    count, at = _read_varint(body, start)
    if count == 0:
        return _FIRST_MESSAGE, at
    if not 0 < count <= _MOST_INDEXES:
        raise _wrong_indexes(f"there are {count} message indexes")
    indexes = []
    for _ in range(count):
        index, at = _read_varint(body, at)
        if not 0 <= index <= _LARGEST_INDEX:
            raise _wrong_indexes(f"a message index is {index}")
        indexes.append(index)
    return tuple(indexes), at


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


def _wrong_header(value: bytes) -> InvalidFrame:
    told = f"starts with byte 0x{value[0]:02x} instead of 0x01" if value else "is empty"
    return InvalidFrame(
        f"the schema's header {told}",
        fault=DataFault.WRONG_MAGIC_BYTE if value else DataFault.PREFIX_TOO_SHORT,
        hint=f"'{VALUE_HEADER}' and '{KEY_HEADER}' carry a byte of one and the 16 bytes of a schema's GUID",
    )


def _wrong_magic_byte(value: bytes) -> InvalidFrame:
    return InvalidFrame(
        f"the value starts with byte 0x{value[0]:02x} instead of 0x00",
        fault=DataFault.WRONG_MAGIC_BYTE,
        hint="it was written without a schema registry: plain JSON or text, perhaps",
    )
