"""Avro's binary primitives, read strictly: a length, number or text that cannot be is damage, never a guess."""

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from accord.codecs.avro.types import Datum
from accord.codecs.errors import DataFault

INT_RANGE: Final = range(-(2**31), 2**31)
LONG_RANGE: Final = range(-(2**63), 2**63)
ZIGZAG_LIMIT: Final = 2**64

# Items that take no bytes (nulls, empty records) could claim any number of themselves.
MAX_EMPTY_ITEMS: Final = 100_000

DOUBLE: Final = struct.Struct("<d")
FLOAT: Final = struct.Struct("<f")


class Damage(Exception):
    """Bytes that cannot be what they claim; ``path`` grows from the inside out."""

    def __init__(self, fault: DataFault, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason
        self.path: list[str] = []


class Input:
    """Bytes, and how far they have been read."""

    __slots__ = ("data", "position")

    def __init__(self, data: bytes, start: int = 0) -> None:
        self.data = data
        self.position = start

    def take(self, length: int) -> bytes:
        """The next ``length`` bytes."""
        end = self.position + length
        if length < 0:
            raise Damage(DataFault.MALFORMED, f"a length of {length} bytes")
        if end > len(self.data):
            raise Damage(DataFault.TRUNCATED, f"the bytes end {end - len(self.data)} too early")
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def long(self) -> int:
        """The next number: seven bits a byte, the lowest first, zig-zag."""
        data, position = self.data, self.position
        number = shift = 0
        try:
            while (byte := data[position]) > 0x7F:  # noqa: PLR2004 -- seven bits
                number |= (byte & 0x7F) << shift
                shift += 7
                position += 1
        except IndexError:
            raise Damage(DataFault.TRUNCATED, "the bytes end within a number") from None
        number |= byte << shift
        self.position = position + 1
        if number >= ZIGZAG_LIMIT:
            raise Damage(DataFault.MALFORMED, "a number of more than 64 bits")
        return (number >> 1) ^ -(number & 1)

    def finish(self) -> None:
        """Insist that everything has been read."""
        if self.position != len(self.data):
            raise Damage(DataFault.TRAILING_BYTES, f"{len(self.data) - self.position} bytes are left over")

    def blocks(self) -> Iterator[int]:
        """The numbers of items in the blocks of an array or a map."""
        while count := self.long():
            if count < 0:
                # A negative count announces the block's size in bytes, which only skipping needs.
                self.long()
            if abs(count) > max(len(self.data) - self.position, MAX_EMPTY_ITEMS):
                raise Damage(
                    DataFault.TRUNCATED, f"{abs(count)} items are announced, and the bytes end before"
                )
            yield abs(count)


Read = Callable[[Input], Datum]


def append_long(number: int, out: bytearray) -> None:
    """Write a number: zig-zag, then seven bits a byte, the lowest first."""
    rest = (number << 1) ^ (number >> 63)
    while rest > 0x7F:  # noqa: PLR2004 -- seven bits
        out.append((rest & 0x7F) | 0x80)
        rest >>= 7
    out.append(rest)


def read_boolean(source: Input) -> bool:
    """One byte, 0 or 1."""
    byte = source.take(1)[0]
    if byte > 1:
        raise Damage(DataFault.MALFORMED, f"byte 0x{byte:02x} is no boolean")
    return byte == 1


def read_int(source: Input) -> int:
    """A number that 32 bits hold."""
    number = source.long()
    if number not in INT_RANGE:
        raise Damage(DataFault.MALFORMED, f"{number} is no int of 32 bits")
    return number


def read_float(source: Input) -> float:
    """Four bytes."""
    value: float = FLOAT.unpack(source.take(FLOAT.size))[0]
    return value


def read_double(source: Input) -> float:
    """Eight bytes."""
    value: float = DOUBLE.unpack(source.take(DOUBLE.size))[0]
    return value


def read_bytes(source: Input) -> bytes:
    """A length, and so many bytes."""
    return source.take(source.long())


def read_string(source: Input) -> str:
    """A length, and so many bytes of UTF-8."""
    return text_of(source.take(source.long()))


def text_of(encoded: bytes) -> str:
    """The bytes as text."""
    try:
        return encoded.decode()
    except UnicodeDecodeError as error:
        raise Damage(DataFault.MALFORMED, f"a string that is not UTF-8: {error.reason}") from error


PRIMITIVE_READERS: Final[Mapping[str, Read]] = {
    "null": lambda _: None,
    "boolean": read_boolean,
    "int": read_int,
    "long": Input.long,
    "float": read_float,
    "double": read_double,
    "bytes": read_bytes,
    "string": read_string,
}
