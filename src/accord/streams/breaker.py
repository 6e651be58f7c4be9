"""When too many of a topic's records become dead letters, the deployment is at fault and not the records. Pure.

A consumer that went on would move the whole topic into the dead-letter topic.
"""

from collections import deque
from dataclasses import dataclass, field

from accord.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Breaker:
    """The consumer stops after more than ``in_a_row`` dead letters of a topic without a record handled in between.

    It also stops when they are more than ``share`` of the topic's last ``window`` records. None turns one of them off.
    """

    in_a_row: int | None = 100
    share: float | None = 0.5
    window: int = 1000

    def __post_init__(self) -> None:
        if (self.in_a_row is not None and self.in_a_row < 0) or self.window < 1:
            raise ConfigurationError(
                "a breaker counts dead letters, from 0, and a window of at least one record"
            )
        if self.share is not None and not 0 < self.share < 1:
            raise ConfigurationError(
                f"a share of {self.share} is none that could be passed",
                hint="give one between 0 and 1, such as 0.5",
            )


@dataclass(slots=True)
class BadRecords:
    """What was bad of one topic's records."""

    breaker: Breaker
    _done: int = 0
    _total: int = 0
    _in_a_row: int = 0
    _places: deque[int] = field(default_factory=deque)
    """Which of the last ``window`` records were bad: their numbers in the order in which they were settled."""

    def add(self, *, done: int) -> str | None:
        """One more is bad, and ``done`` were handled by now: answers what is too much, if something is."""
        good = max(0, done - self._done)
        self._done = max(done, self._done)
        self._in_a_row = 1 if good else self._in_a_row + 1
        self._total += good + 1
        self._places.append(self._total)
        while self._places[0] <= self._total - self.breaker.window:
            self._places.popleft()
        return self._too_many()

    def _too_many(self) -> str | None:
        in_a_row, share, window = self.breaker.in_a_row, self.breaker.share, self.breaker.window
        if in_a_row is not None and self._in_a_row > in_a_row:
            return f"{self._in_a_row} records in a row are bad"
        if share is not None and self._total >= window and len(self._places) > share * window:
            return f"{len(self._places)} of the last {window} records are bad"
        return None
