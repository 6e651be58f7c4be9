"""Lengths of time as contract files write them: ``10m``, ``14d``, or a number and a unit of the standard's."""

import re
from typing import Final

PATTERN: Final = r"^[0-9]{1,12}(ms|s|m|h|d|w)$"

_UNITS_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_WRITTEN: Final = re.compile(PATTERN.removeprefix("^").removesuffix("$"))
# The standard's `m` could be a month as well.
_WORDS: Final = {
    "ms": "ms", "millisecond": "ms", "milliseconds": "ms",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "min": "m", "mins": "m", "minute": "m", "minutes": "m",
    "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
    "d": "d", "day": "d", "days": "d", "w": "w", "week": "w", "weeks": "w",
    "y": "y", "yr": "y", "yrs": "y", "year": "y", "years": "y",
}  # fmt: skip
_YEAR_MS: Final = 365 * _UNITS_MS["d"]


def milliseconds(written: str) -> int:
    """How long that is; raises ValueError where it is no length of time."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"'{written}' is no length of time")
    return int(written[: -len(found[1])]) * _UNITS_MS[found[1]]


def of_property(value: object, unit: object) -> int:
    """The milliseconds of one of ``slaProperties``: a number and a unit, or text such as ``10m``. Raises ValueError."""
    if isinstance(value, str) and unit is None:
        return milliseconds(value)
    if isinstance(value, str) and value.replace(".", "", 1).isdecimal():
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:  # noqa: PLR2004
        raise ValueError(f"{value!r} is no length of time")
    word = _WORDS.get(str(unit).lower())
    if word is None:
        raise ValueError(f"'{unit}' is no unit of time; write ms, s, min, h, d, w or y")
    return round(value * (_YEAR_MS if word == "y" else _UNITS_MS[word]))


def in_words(length_ms: int) -> str:
    """The shortest way to write it in one unit."""
    unit = max((unit for unit in _UNITS_MS if length_ms % _UNITS_MS[unit] == 0), key=_UNITS_MS.__getitem__)
    return f"{length_ms // _UNITS_MS[unit]}{unit}"
