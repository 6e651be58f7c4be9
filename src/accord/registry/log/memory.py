"""Logs in this process's memory: for tests, and gone with the process."""

from collections.abc import Sequence
from itertools import islice

from accord.registry.log.port import START, EventLog, LoggedRecord, Logs, Position, PositionTaken, Record


def in_memory(schemas: EventLog | None = None) -> Logs:
    """Both logs of a registry that keeps nothing; ``schemas`` may be another one."""
    return Logs(schemas or MemoryLog(), CompactedMemoryLog())


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


class CompactedMemoryLog:
    """An EventLog that keeps the last record of each key, and nothing beyond its own life."""

    name = "memory: (_accord)"

    def __init__(self) -> None:
        # What is written again goes to the end, so this is the order of positions.
        self._last: dict[bytes, LoggedRecord] = {}
        self._end = START

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        """The next records after ``after``."""
        return list(islice((one for one in self._last.values() if one.position > after), limit))

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        """Add ``records``; raises PositionTaken if ``after`` is not the end."""
        if after < self._end:
            raise PositionTaken(f"the log ends at {self._end}, not at {after}")
        for record in records:
            self._end = Position(self._end + 1)
            self._last.pop(record.key, None)
            self._last[record.key] = LoggedRecord(self._end, record)
        return self._end

    def close(self) -> None:
        """Nothing to let go of."""
