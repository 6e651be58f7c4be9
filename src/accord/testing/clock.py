"""A clock that stands still until it is told to go on."""

from datetime import UTC, datetime
from typing import Final

START: Final = datetime(2026, 1, 1, tzinfo=UTC)


class VirtualClock:
    """Begins at ``start``."""

    def __init__(self, start: datetime = START) -> None:
        self._start_s = start.timestamp()
        self._passed_s = 0.0

    def monotonic(self) -> float:
        """Seconds since it began."""
        return self._passed_s

    def now(self) -> float:
        """Seconds since 1970."""
        return self._start_s + self._passed_s

    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return round(self.now() * 1000)

    def pass_s(self, seconds: float) -> None:
        """Go on."""
        self._passed_s += seconds

    def reach(self, seconds: float) -> None:
        """Go on until so many seconds have passed since it began."""
        self._passed_s = max(self._passed_s, seconds)
