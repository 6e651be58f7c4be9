"""From a word such as ``sqlite:registry.db`` to the log it stands for."""

from pathlib import Path

from accord.registry.log.memory import MemoryLog
from accord.registry.log.port import EventLog, LogRefused
from accord.registry.log.sqlite import SqliteLog


def open_log(address: str) -> EventLog:
    """Open ``sqlite:PATH`` or ``memory:``. Raises LogRefused."""
    kind, _, place = address.partition(":")
    if kind == "sqlite" and place:
        return SqliteLog(Path(place))
    if address == "memory:":
        return MemoryLog()
    raise LogRefused(
        f"'{address}' names no log", hint="use sqlite:PATH for a file, or memory: to keep nothing"
    )
