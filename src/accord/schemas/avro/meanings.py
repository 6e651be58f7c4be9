"""Logical types: what a number or some bytes mean, and what becomes of the meaning when it is read as another."""

from collections.abc import Mapping
from typing import Final

from accord.schemas.avro.model import Definition

_DIGITS: Final[Mapping[str, int]] = {"millis": 3, "micros": 6, "nanos": 9}
"""The digits behind the second, by the end of the name of a logical type."""


def meaning(node: Definition) -> str:
    """The logical type in words, with the scale of a decimal; the plain type where there is none."""
    logical = node.properties.get("logicalType")
    if not isinstance(logical, str):
        return node.kind.value
    return f"decimal of scale {_scale(node)}" if logical == "decimal" else logical


def has_meaning(node: Definition) -> bool:
    """Whether there is a logical type."""
    return isinstance(node.properties.get("logicalType"), str)


def effect(reader: Definition, writer: Definition) -> str:
    """What a value of ``writer`` turns into for those who take it for one of ``reader``."""
    shift = _shift(reader, writer)
    if shift:
        return f"a value can be taken for one {10 ** abs(shift)} times {'larger' if shift > 0 else 'smaller'}"
    return "a value can be taken for something else"


def _shift(reader: Definition, writer: Definition) -> int:
    """By how many decimal places a value moves to the left when it is taken for one of ``reader``; 0 if unknown."""
    mine, theirs = meaning(reader), meaning(writer)
    if mine.startswith("decimal") and theirs.startswith("decimal"):
        return _scale(writer) - _scale(reader)
    family, _, unit = mine.rpartition("-")
    other_family, _, other_unit = theirs.rpartition("-")
    if family != other_family or unit not in _DIGITS or other_unit not in _DIGITS:
        return 0
    return _DIGITS[other_unit] - _DIGITS[unit]


def _scale(node: Definition) -> int:
    scale = node.properties.get("scale", 0)
    return scale if isinstance(scale, int) else 0
