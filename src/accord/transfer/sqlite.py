"""The embedded log of a registry that is not running, as a source and as a target."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from accord.registry.log.port import START, LogRefused, Position, Record
from accord.registry.log.sqlite import SqliteLog
from accord.transfer.continuation import Continuation
from accord.transfer.counting import Counted
from accord.transfer.errors import PlaceRefused
from accord.transfer.ports import Row, Taken, Watcher

BATCH: Final = 1000
"""So many records are one transaction."""


class SqliteSource:
    """The records of a file that no server has open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = f"sqlite:{path}"

    def read(self, watcher: Watcher) -> Row:
        """Every record. Raises PlaceRefused if there is no such file or it is in use."""
        watcher.doing(f"reading {self.name}")
        if not self._path.exists():
            raise PlaceRefused(
                f"there is no file {self._path}", hint="name the file that `accord serve --log` names"
            )
        return Row(self._records())

    def _records(self) -> Iterator[Record]:
        with closing(_opened(self._path)) as log:
            yield from _all(log)


class SqliteTarget:
    """A file that is new or empty, or that an import was interrupted in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = f"sqlite:{path}"

    def take(self, row: Row, watcher: Watcher) -> Taken:
        """Put the records there. Raises TargetDiffers, PlaceRefused, LogFailed."""
        watcher.doing(f"writing {self.name}")
        with closing(_opened(self._path)) as log:
            continuation = Continuation(self.name, _all(log), same=_everything)
            counted = Counted(continuation.rest(row.records), watcher)
            rest = iter(counted)
            end = _end(log)
            while batch := list(islice(rest, BATCH)):
                end = log.append(batch, after=end)
        return Taken(counted.count, continuation.found)


def _everything(record: Record) -> Record:
    return record


def _all(log: SqliteLog) -> Iterator[Record]:
    position = START
    while logged := log.read(position):
        yield from (one.record for one in logged)
        position = logged[-1].position


def _end(log: SqliteLog) -> Position:
    position = START
    while logged := log.read(position):
        position = logged[-1].position
    return position


def _opened(path: Path) -> SqliteLog:
    try:
        return SqliteLog(path)
    except LogRefused as error:
        raise PlaceRefused(
            error.message,
            hint="a file that a server has open is read through the server (http://HOST:PORT) while it runs; "
            "else name another file, sqlite:PATH",
        ) from error
