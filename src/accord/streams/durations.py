"""Lengths of time as people write them: ``250ms``, ``5s``, ``1m``, ``24h``, ``7d``, or a number of seconds. Pure."""

import re
from typing import Final

from accord.errors import ConfigurationError

Duration = str | float
"""A length of time in words, or in seconds."""

UNITS_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

_WORDS: Final = re.compile(r"([0-9]{1,13})(ms|s|m|h|d)")


def milliseconds(duration: Duration) -> int:
    """How many milliseconds that is. Raises ConfigurationError if it is not more than none."""
    if isinstance(duration, str):
        words = _WORDS.fullmatch(duration.strip())
        if words is None:
            raise _no_duration(duration)
        length = int(words[1]) * UNITS_MS[words[2]]
    elif duration == duration and abs(duration) != float("inf"):  # noqa: PLR0124 -- NaN is not itself
        length = round(duration * 1000)
    else:
        raise _no_duration(duration)
    if length <= 0:
        raise _no_duration(duration)
    return length


def in_words(length_ms: int) -> str:
    """The shortest way to write it in one unit; the same length is always written the same."""
    unit = max((unit for unit in UNITS_MS if length_ms % UNITS_MS[unit] == 0), key=UNITS_MS.__getitem__)
    return f"{length_ms // UNITS_MS[unit]}{unit}"


def _no_duration(given: Duration) -> ConfigurationError:
    return ConfigurationError(
        f"{given!r} is no length of time",
        hint="write 250ms, 5s, 1m, 24h or 7d, or a number of seconds above 0",
    )
