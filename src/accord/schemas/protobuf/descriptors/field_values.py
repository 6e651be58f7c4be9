"""Defaults and JSON names of fields, as a descriptor holds them."""

import math
import re
import struct
from decimal import Decimal, InvalidOperation
from typing import Final

from accord.schemas.protobuf.model import Number, OptionValue, Text, Word

MOST_DIGITS: Final = 400
"""No number of Protobuf has more digits, and of thousands of them Python makes no number."""

# Up to here, and with three decimals, a number of 32 bits and its decimal notation are the same to everybody.
_FEW: Final = 10_000
_FLOATS: Final = frozenset({"float", "double"})
_INTEGER: Final = re.compile(r"(-?)(?:0[xX]([0-9A-Fa-f]+)|0([0-7]+)|([0-9]+))")
_SHORT_ESCAPES: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "'": r"\'", "\\": r"\\"}
_PRINTABLE: Final = range(0x20, 0x7F)
_FLOAT_DIGITS: Final = (6, 9)
_DOUBLE_DIGITS: Final = (15, 17)


def json_name(name: str) -> str:
    """The name of a field in JSON where nothing else is said: ``home_address`` is ``homeAddress``."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def entry_name(name: str) -> str:
    """The name of the message that a map field ``name`` is made of: ``ZipCodesEntry``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_")) + "Entry"


def integer(written: str) -> int | None:
    """The whole number that ``written`` stands for: decimal, hexadecimal or octal; None for another value."""
    found = _INTEGER.fullmatch(written)
    if found is None or len(written) > MOST_DIGITS:
        return None
    sign, hexadecimal, octal, decimal = found.groups()
    number = int(hexadecimal, 16) if hexadecimal else int(octal, 8) if octal else int(decimal)
    return -number if sign else number


def plain_number(written: str) -> str:
    """The number in decimal notation and as few digits as say it; as written where that is not plain to see."""
    whole = integer(written)
    if whole is not None or "_" in written:
        return written if whole is None else str(whole)
    try:
        number = float(written)
        short = f"{number:.3f}"
        is_plain = abs(number) < _FEW and Decimal(written) == Decimal(short)
    except (ValueError, InvalidOperation):
        return written
    return short.rstrip("0").rstrip(".") if is_plain else written


def default_value(value: OptionValue, kind: str) -> str | None:
    """What a descriptor holds for the default of a field of type ``kind``; None for a value that cannot be one."""
    if isinstance(value, Text):
        return _escaped(value.data) if kind == "bytes" else value.value
    if isinstance(value, Number | Word):
        word = value.written if isinstance(value, Number) else value.name
        if kind in _FLOATS:
            return _float_text(word, kind)
        number = integer(word)
        return word if number is None else str(number)
    return None


def _float_text(word: str, kind: str) -> str:
    """The number in as few digits as say it."""
    whole = integer(word)
    try:
        number = float(word) if whole is None else float(whole)
    except (ValueError, OverflowError):
        return word
    if math.isnan(number) or math.isinf(number):
        return "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"
    if kind == "float":
        number = _single(number)
    few, many = _FLOAT_DIGITS if kind == "float" else _DOUBLE_DIGITS
    short = f"{number:.{few}g}"
    again = _single(float(short)) if kind == "float" else float(short)
    return short if again == number else f"{number:.{many}g}"


def _single(number: float) -> float:
    """The nearest number of 32 bits."""
    try:
        (nearest,) = struct.unpack("<f", struct.pack("<f", number))
    except OverflowError:
        return math.copysign(math.inf, number)
    return float(nearest)


def _escaped(data: bytes) -> str:
    return "".join(
        _SHORT_ESCAPES.get(chr(byte), chr(byte) if byte in _PRINTABLE else f"\\{byte:03o}") for byte in data
    )
