"""A log in this process's memory: for tests, and gone with the process."""

from collections.abc import Sequence

from accord.registry.log.port import START, LoggedRecord, Position, PositionTaken, Record


class MemoryLog:
    """An EventLog that keeps nothing beyond its own life."""

    name = "memory:"

    def __init__(self) -> None:
        self._records: list[LoggedRecord] = []

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        """The next records after ``after``."""
        return self._records[after + 1 : after + 1 + limit]

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        """Add ``records``; raises PositionTaken if ``after`` is not the end."""
        end = self._records[-1].position if self._records else START
        if after < end:
            raise PositionTaken(f"the log ends at {end}, not at {after}")
        self._records += [LoggedRecord(Position(end + 1 + n), record) for n, record in enumerate(records)]
        return self._records[-1].position if self._records else START

    def close(self) -> None:
        """Nothing to let go of."""
