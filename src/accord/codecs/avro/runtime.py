"""What generated code calls: numbers as bytes and back, and the exceptions for what must not be.

The common cases are looked up in tables or written out where they are needed; what is here besides takes its time.
"""

import struct
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any, Final

from accord.codecs.errors import DataFault

LEAST: Final = {"int": -(2**31), "long": -(2**63)}
MOST: Final = {"int": 2**31 - 1, "long": 2**63 - 1}
EXACT: Final = {"double": range(-(2**53), 2**53 + 1), "float": range(-(2**24), 2**24 + 1)}
"""The whole numbers that stay the same."""
ZIGZAG_LIMIT: Final = 2**64

# Items that take no bytes (nulls, empty records) could claim any number of themselves.
MAX_EMPTY_ITEMS: Final = 100_000

DOUBLE: Final = struct.Struct("<d")
FLOAT: Final = struct.Struct("<f")

_SEVEN_BITS: Final = 0x7F
_MORE: Final = 0x80
# Where the tenth byte of a number begins, of which only the last bit is left.
_LAST_SHIFT: Final = 63
_SIX_BYTES: Final = struct.Struct("6B").unpack_from
_EIGHT_BYTES: Final = struct.Struct("8B").unpack_from
# That another byte follows, in three and in four bytes of a number.
_MORE_OF_THREE: Final = _MORE + (_MORE << 7) + (_MORE << 14)
_MORE_OF_FOUR: Final = _MORE_OF_THREE + (_MORE << 21)


class Misfit(Exception):
    """A value that its place in the schema does not allow."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Damage(Exception):
    """Bytes that cannot be what they claim."""

    def __init__(self, fault: DataFault, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason


def shown(value: object) -> str:
    """The value as an error shows it: its type, and never all of a long text."""
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"  # noqa: PLR2004


class Pairs(dict[int, bytes]):
    """Fourteen bits as the two bytes that they are where more follow."""

    def __missing__(self, bits: int) -> bytes:
        """The bytes, made now and kept."""
        self[bits] = pair = bytes((bits & _SEVEN_BITS | _MORE, bits >> 7 | _MORE))
        return pair


class Tails(dict[int, bytes]):
    """What is left of a number as the bytes that end it: seven bits a byte, the lowest first. What is small is kept."""

    def __missing__(self, rest: int) -> bytes:
        """The bytes, made now."""
        if rest >= FOURTEEN_BITS:
            return PAIR[rest & _LAST_14] + self[rest >> 14]
        self[rest] = tail = bytes((rest,) if rest <= _SEVEN_BITS else (rest & _SEVEN_BITS | _MORE, rest >> 7))
        return tail


class Numbers(dict[int, bytes]):
    """Numbers of 64 bits as they are written: zig-zag, then as a tail. What is small is kept."""

    def __missing__(self, number: int) -> bytes:
        """The bytes, made now."""
        raw = (number << 1) ^ (number >> 63)
        if raw < FOURTEEN_BITS:
            self[number] = written = TAIL[raw]
            return written
        if raw < _28_BITS:
            return PAIR[raw & _LAST_14] + TAIL[raw >> 14]
        if raw < _42_BITS:
            return PAIR[raw & _LAST_14] + PAIR[raw >> 14 & _LAST_14] + TAIL[raw >> 28]
        return (
            PAIR[raw & _LAST_14] + PAIR[raw >> 14 & _LAST_14] + PAIR[raw >> 28 & _LAST_14] + TAIL[raw >> 42]
        )


FOURTEEN_BITS: Final = 1 << 14
_LAST_14: Final = FOURTEEN_BITS - 1
_28_BITS: Final = 1 << 28
_42_BITS: Final = 1 << 42
PAIR: Final = Pairs()
TAIL: Final = Tails()
NUMBER: Final = Numbers()


def wrong_int(value: object) -> Misfit:
    """Why the value is no int."""
    if type(value) is not int:
        return Needed("an int is")(value)
    return Misfit(f"{value} does not fit an int (32 bits)")


def wrong_long(value: object) -> Misfit:
    """Why the value is no long."""
    if type(value) is not int:
        return Needed("a long is")(value)
    return Misfit(f"{value} does not fit a long (64 bits)")


def number_of(name: str, value: object) -> float:
    """The value as a ``name`` (float or double); an int is a fine amount as long as it stays the same number."""
    if isinstance(value, float):
        return float(value)
    if type(value) is int and value in EXACT[name]:
        return float(value)
    raise Needed(f"a {name} is")(value)


def text_of(value: object) -> str:
    """The value as a plain string; a member of an enum is none, whatever it is made of."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return str.__str__(value)
    raise Needed("a string is")(value)


def symbol_of(value: object) -> object:
    """The symbol that a value stands for."""
    if isinstance(value, str):
        return value.name if isinstance(value, Enum) else str.__str__(value)
    raise KeyError(value)


class Needed:
    """Makes the exception for a value that is not ``what`` is needed."""

    def __init__(self, what: str, purpose: str = "") -> None:
        self.what = what
        self.purpose = purpose

    def __call__(self, value: object) -> Misfit:
        """The exception."""
        return Misfit(f"{self.what} needed{self.purpose}, and this is {shown(value)}")


class Fields:
    """The fields of a record whose values are dicts."""

    def __init__(self, record: str, names: AbstractSet[str]) -> None:
        self.record = record
        self.names = names

    def unfit(self, value: dict[Any, Any]) -> Misfit:
        """Why the dict does not have just these keys."""
        if unknown := value.keys() - self.names:
            return Misfit(f"{self.record} has no field {', '.join(sorted(map(str, unknown)))}")
        missing = ", ".join(sorted(self.names - value.keys()))
        return Misfit(f"the field {missing} is missing")


class IsSymbol:
    """Tells whether a value is one of the symbols."""

    def __init__(self, class_: type | None, symbols: tuple[str, ...]) -> None:
        self.class_ = class_ or str
        self.symbols = frozenset(symbols)

    def __call__(self, value: object) -> bool:
        """Whether it is."""
        if not isinstance(value, self.class_):
            return False
        return (value.name if isinstance(value, Enum) else value) in self.symbols


def long_at(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at ``at``, and where it ends."""
    raw = shift = 0
    while (byte := data[at]) > _SEVEN_BITS and shift < _LAST_SHIFT:
        raw |= (byte & _SEVEN_BITS) << shift
        shift += 7
        at += 1
    raw |= byte << shift
    if raw >= ZIGZAG_LIMIT:
        raise Damage(DataFault.MALFORMED, "a number of more than 64 bits")
    return (raw >> 1) ^ -(raw & 1), at + 1


def branch_at(data: bytes, at: int) -> tuple[int, int]:
    """Twice the number that begins at ``at``, which is how small ones are stored, and where it ends."""
    number, at = long_at(data, at)
    return 2 * number, at


def millis_at(data: bytes, at: int) -> tuple[int, int]:
    """The same, sooner for moments of 1971 to 2039 in milliseconds, which are six bytes."""
    if at + 6 <= len(data):
        a, b, c, d, e, f = _SIX_BYTES(data, at)
        if a & b & c & d & e > _SEVEN_BITS >= f and not a & 1:
            low = a + (b << 7) + (c << 14) + (d << 21) - _MORE_OF_FOUR
            return (low >> 1) + ((e - _MORE + (f << 7)) << 27), at + 6
    return long_at(data, at)


def micros_at(data: bytes, at: int) -> tuple[int, int]:
    """The same, sooner for moments of 1978 to 2112 in microseconds, which are eight bytes."""
    if at + 8 <= len(data):
        a, b, c, d, e, f, g, h = _EIGHT_BYTES(data, at)
        if a & b & c & d & e & f & g > _SEVEN_BITS >= h and not a & 1:
            low = a + (b << 7) + (c << 14) + (d << 21) - _MORE_OF_FOUR
            high = e + (f << 7) + (g << 14) + (h << 21) - _MORE_OF_THREE
            return (low >> 1) + (high << 27), at + 8
    return long_at(data, at)


def stretch_at(data: bytes, at: int) -> tuple[int, int]:
    """One before the first of the bytes whose number is at ``at``, and one after the last."""
    length, at = long_at(data, at)
    if length < 0:
        raise Damage(DataFault.MALFORMED, f"a length of {length} bytes")
    if at + length > len(data):
        raise ends_early(at + length - len(data))
    return at - 1, at + length


def sized(data: bytes, at: int, count: int) -> tuple[int, int]:
    """A negative count announces the block's size in bytes, which only skipping needs."""
    _, at = long_at(data, at)
    return -count, at


def ends_early(missing: int) -> Damage:
    """Bytes are missing."""
    return Damage(DataFault.TRUNCATED, f"the bytes end {missing} too early")


def too_many(count: int) -> Damage:
    """More items are announced than there are bytes."""
    return Damage(DataFault.TRUNCATED, f"{count} items are announced, and the bytes end before")


def left_over(count: int) -> Damage:
    """There are bytes after the end."""
    return Damage(DataFault.TRAILING_BYTES, f"{count} bytes are left over")


def no_int(number: int) -> Damage:
    """The number is too large."""
    return Damage(DataFault.MALFORMED, f"{number} is no int of 32 bits")


def no_branch(doubled: int, count: int) -> Damage:
    """There is no such branch."""
    branch = doubled >> 1 ^ -(doubled & 1)
    return Damage(DataFault.MALFORMED, f"branch {branch} of a union of {count}")


def no_boolean(byte: int) -> Damage:
    """The byte is neither 0 nor 1."""
    return Damage(DataFault.MALFORMED, f"byte 0x{byte:02x} is no boolean")


def unreadable(reason: str) -> Damage:
    """The reader has nothing for this."""
    return Damage(DataFault.NOT_READABLE_AS_CONTRACT, reason)


class Symbols:
    """The symbols of an enum as they are read; a symbol that is None is unknown to the reader."""

    def __init__(self, written: tuple[str, ...], values: tuple[Any, ...]) -> None:
        self.written = written
        self.values = values

    @property
    def by_byte(self) -> tuple[Any, ...]:
        """What stands for each byte, None if that takes a longer look."""
        spread = [value for symbol in self.values[:64] for value in (symbol, None)]
        return (*spread, *(None,) * (256 - len(spread)))

    def at(self, data: bytes, at: int) -> tuple[Any, int]:
        """The symbol whose number begins at ``at``, and where it ends."""
        index, at = long_at(data, at)
        if not 0 <= index < len(self.values):
            raise Damage(DataFault.MALFORMED, f"symbol {index} of an enum of {len(self.values)}")
        if self.values[index] is None:
            raise unreadable(f"the reader does not know the symbol {self.written[index]}")
        return self.values[index], at


SMALL: Final = (*((byte >> 1) ^ -(byte & 1) for byte in range(128)), *(None,) * 128)
"""The number that each byte is, None if it goes on."""

BEYOND: Final = tuple(0 if byte & 1 or byte > _SEVEN_BITS else (byte >> 1) + 1 for byte in range(256))
"""How far it is from the length that each byte is to what stands behind so many bytes, 0 if it is not that simple."""

BOOLEAN: Final = (False, True, *(None,) * 254)
