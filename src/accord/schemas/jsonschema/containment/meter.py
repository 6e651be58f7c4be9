"""How much work a proof may still do."""

from typing import Final

_LOOKUPS: Final = 8


class Meter:
    """Counts steps down from ``most``: a step is a schema, a value or a name that is thought about, some microseconds.

    They are counted, and not the time that they take, so that it does not depend on the machine what is given up.
    """

    def __init__(self, most: int) -> None:
        self._left = most * _LOOKUPS

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to be spent."""
        return self._left <= 0

    def spend(self, steps: int = 1) -> None:
        """So many steps were taken."""
        self._left -= steps * _LOOKUPS

    def look_up(self, number: int = 1) -> None:
        """So many things were looked up, which is less than a step."""
        self._left -= number
