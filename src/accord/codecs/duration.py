"""A span of time as a calendar has it."""

from dataclasses import dataclass
from typing import Final

_LARGEST: Final = 2**32 - 1


@dataclass(frozen=True, slots=True, order=False)
class Duration:
    """Months, days and milliseconds, none of which can be said in another. Each from 0 to 2**32 - 1; else ValueError."""

    months: int = 0
    days: int = 0
    milliseconds: int = 0

    def __post_init__(self) -> None:
        for number in (self.months, self.days, self.milliseconds):
            if type(number) is not int or not 0 <= number <= _LARGEST:
                raise ValueError(f"a part of a duration is a whole number from 0 to {_LARGEST}: {number!r}")
