"""Ranges of a contract's versions, as readers say them: ``>=1.0 <2``."""

import re
from typing import Final

_OPERATOR: Final = r"(>=|<=|==?|!=|>|<)"
_NUMBERS: Final = r"[0-9]{1,9}(\.[0-9]{1,9}){0,3}"
RANGE: Final = rf"^{_OPERATOR}? ?{_NUMBERS}(,? {_OPERATOR}? ?{_NUMBERS})*$"
"""What a range looks like: conditions, with spaces or commas between them, that all hold."""

_CONDITION: Final = re.compile(rf"{_OPERATOR}? ?([0-9.]+)")
_VERSION: Final = re.compile(r"v?([0-9]{1,9}(?:\.[0-9]{1,9})*)(?:[-+].*)?")
_LENGTH: Final = 8


def covers(said: str, version: str) -> bool:
    """Whether a version is within a range. What is no range, or no number, cannot be told to be outside."""
    found = _VERSION.fullmatch(version)
    if found is None or re.fullmatch(RANGE, said) is None:
        return True
    own = _numbers(found[1])
    return all(_holds(operator or "=", own, limit) for operator, limit in _CONDITION.findall(said))


def _holds(operator: str, own: tuple[int, ...], limit: str) -> bool:
    other = _numbers(limit)
    if operator in {"=", "=="}:
        # `1.2` stands for all of 1.2.
        return own[: limit.count(".") + 1] == other[: limit.count(".") + 1]
    if operator == "!=":
        return own[: limit.count(".") + 1] != other[: limit.count(".") + 1]
    if operator == ">=":
        return own >= other
    if operator == "<=":
        return own <= other
    return own > other if operator == ">" else own < other


def _numbers(version: str) -> tuple[int, ...]:
    numbers = tuple(map(int, version.split(".")))[:_LENGTH]
    return numbers + (0,) * (_LENGTH - len(numbers))
