"""Logical types: what a number or some bytes mean, and what becomes of the meaning when it is read as another."""

import math
from collections.abc import Mapping
from typing import Final, TypeGuard

from accord.schemas.avro.model import Definition, Fixed, Kind, Primitive
from accord.schemas.json_text import JsonValue

_INT: Final = range(-(2**31), 2**31)
_LOGICAL_ON: Final[Mapping[str, Kind]] = {
    "big-decimal": Kind.BYTES,
    "uuid": Kind.STRING,
    "date": Kind.INT,
    "time-millis": Kind.INT,
    "time-micros": Kind.LONG,
    "timestamp-millis": Kind.LONG,
    "timestamp-micros": Kind.LONG,
    "timestamp-nanos": Kind.LONG,
    "local-timestamp-millis": Kind.LONG,
    "local-timestamp-micros": Kind.LONG,
    "local-timestamp-nanos": Kind.LONG,
}
_UUID_BYTES: Final = 16
_DURATION_BYTES: Final = 12
_DIGITS: Final[Mapping[str, int]] = {"millis": 3, "micros": 6, "nanos": 9}
"""The digits behind the second, by the end of the name of a logical type."""
# A factor of more digits is told as a power: a scale may be as large as an int, and nobody counts so many zeros.
_MOST_ZEROS: Final = 9


def logical_type(node: Definition) -> str:
    """The logical type that Avro sees in ``node``; "" where it ignores what is said, or nothing is."""
    logical = node.properties.get("logicalType")
    if not isinstance(logical, str) or not isinstance(node, Primitive | Fixed):
        return ""
    if logical == "decimal":
        known = _is_decimal(node)
    elif isinstance(node, Fixed):
        known = (logical, node.size) in {("duration", _DURATION_BYTES), ("uuid", _UUID_BYTES)}
    else:
        known = _LOGICAL_ON.get(logical) is node.kind
    return logical if known else ""


def meaning(node: Definition) -> str:
    """The logical type in words, with the scale of a decimal; the plain type where there is none."""
    logical = logical_type(node)
    return f"decimal of scale {_scale(node)}" if logical == "decimal" else logical or node.kind.value


def effect(reader: Definition, writer: Definition) -> str:
    """What a value of ``writer`` turns into for those who take it for one of ``reader``."""
    shift = _shift(reader, writer)
    if shift:
        zeros = abs(shift)
        factor = f"1{'0' * zeros}" if zeros <= _MOST_ZEROS else f"10^{zeros}"
        return f"a value can be taken for one {factor} times {'larger' if shift > 0 else 'smaller'}"
    return "a value can be taken for something else"


def _shift(reader: Definition, writer: Definition) -> int:
    """By how many decimal places a value moves to the left when it is taken for one of ``reader``; 0 if unknown."""
    mine, theirs = logical_type(reader), logical_type(writer)
    if mine == theirs == "decimal":
        return _scale(writer) - _scale(reader)
    family, _, unit = mine.rpartition("-")
    other_family, _, other_unit = theirs.rpartition("-")
    if family != other_family or unit not in _DIGITS or other_unit not in _DIGITS:
        return 0
    return _DIGITS[other_unit] - _DIGITS[unit]


def _is_decimal(node: Primitive | Fixed) -> bool:
    precision, scale = node.properties.get("precision"), node.properties.get("scale", 0)
    if not _is_int(precision) or not _is_int(scale):
        return False
    if isinstance(node, Fixed):
        limit = math.floor(math.log10(2) * (8 * node.size - 1))
    else:
        limit = _INT.stop if node.kind is Kind.BYTES else 0
    return 0 < precision <= limit and 0 <= scale <= precision


def _scale(decimal: Definition) -> int:
    scale: int = decimal.properties.get("scale", 0)
    return scale


def _is_int(value: JsonValue) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value in _INT
