"""The embedded log of a registry that is not running, as a source and as a target."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from accord.registry.log.port import START, EventLog, LogRefused, Logs, Record
from accord.registry.log.sqlite import APPLICATION_ID, FORMAT, open_sqlite
from accord.transfer.continuation import Continuation
from accord.transfer.counting import Counted
from accord.transfer.errors import PlaceRefused
from accord.transfer.inspection import inspected
from accord.transfer.ports import Row, Taken, Watcher
from accord.transfer.reports import Merge, merged

BATCH: Final = 1000
"""So many records are one transaction."""

_SCHEMAS: Final = "SELECT key, value, timestamp_ms FROM record ORDER BY position"
_REPORTS: Final = "SELECT key, value, timestamp_ms FROM report ORDER BY position"
_WITH_REPORTS: Final = 3
_THROUGH_THE_SERVER: Final = (
    "a file that a server has open is read through the server (http://HOST:PORT) while it runs; "
    "else name another file, sqlite:PATH"
)


class SqliteSource:
    """The records of a file that no server has open; nothing in it or beside it is changed."""

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
        return Row(self._records(_SCHEMAS), reports=list(self._records(_REPORTS, since=_WITH_REPORTS)))

    def _records(self, query: str, *, since: int = 0) -> Iterator[Record]:
        """The records of one log, which files have ``since`` a version of the format."""
        try:
            with closing(_opened_to_read(self._path)) as connection:
                if _format_of(self._path, connection) >= since:
                    yield from (Record(*row) for row in connection.execute(query))
        except sqlite3.Error as error:
            raise _unreadable(self._path, error) from error


class SqliteTarget:
    """A file that is new or empty, or that an import was interrupted in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = f"sqlite:{path}"

    def take(self, row: Row, watcher: Watcher) -> Taken:
        """Put the records there. Raises TargetDiffers, PlaceRefused, LogFailed."""
        watcher.doing(f"writing {self.name}")
        with closing(_opened(self._path)) as logs:
            log = logs.schemas
            held = _Held(log)
            continuation = Continuation(self.name, held, same=row.same)
            counted = Counted(continuation.rest(inspected(row.records, watcher)), watcher)
            rest = iter(counted)
            while batch := list(islice(rest, BATCH)):
                held.end = log.append(batch, after=held.end)
            reports = _brought_together(logs.accord, row.reports or ())
        return Taken(counted.count, continuation.found, reports=reports)


def _brought_together(log: EventLog, coming: Sequence[Record]) -> Merge:
    """Put reports beside those that are there. Raises LogFailed."""
    held = _Held(log)
    merge = merged(held, coming)
    rest = iter(merge.missing)
    while batch := list(islice(rest, BATCH)):
        held.end = log.append(batch, after=held.end)
    return merge


class _Held:
    """What a log holds; ``end`` is where that ends, once it was gone through."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self.end = START

    def __iter__(self) -> Iterator[Record]:
        while logged := self._log.read(self.end):
            yield from (one.record for one in logged)
            self.end = logged[-1].position


def _opened(path: Path) -> Logs:
    if not path.parent.is_dir():
        raise PlaceRefused(f"there is no folder {path.parent}", hint="make it, or name a file in another one")
    try:
        return open_sqlite(path)
    except LogRefused as error:
        cause = error.__cause__
        in_use = isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode == sqlite3.SQLITE_BUSY
        raise PlaceRefused(error.message, hint=_THROUGH_THE_SERVER if in_use else error.hint) from error


def _opened_to_read(path: Path) -> sqlite3.Connection:
    # While a server has the file open, and after one that crashed, other files beside it hold what is new. Where there is
    # nothing in them, SQLite must not make them: the folder may be one that we only read.
    alone = not any(_holds_something(path.with_name(path.name + end)) for end in ("-wal", "-journal"))
    uri = f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    return sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _format_of(path: Path, connection: sqlite3.Connection) -> int:
    """The version of what is in the file. Raises PlaceRefused if that is no registry's log, or a newer one's."""
    ((application,),) = connection.execute("PRAGMA application_id")
    ((version,),) = connection.execute("PRAGMA user_version")
    if application != APPLICATION_ID:
        raise PlaceRefused(
            f"{path} is no registry's log: it is empty, or another program's",
            hint="name the file that `accord serve --log` names",
        )
    if version > FORMAT:
        raise PlaceRefused(
            f"{path} was written by a newer Accord: its format is {version}, and this one knows up to {FORMAT}",
            hint="use the newer Accord to read it",
        )
    return int(version)


def _unreadable(path: Path, error: sqlite3.Error) -> PlaceRefused:
    match error.sqlite_errorcode:
        case sqlite3.SQLITE_BUSY:
            return PlaceRefused(f"{path} is in use by another registry server", hint=_THROUGH_THE_SERVER)
        case sqlite3.SQLITE_NOTADB:
            return PlaceRefused(f"{path} is not a SQLite file", hint="a dump is named without sqlite:")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY:
            hint = "see that this user may read it; after a crash, copy it with the files beside it to a folder of yours"
        case _:
            hint = "look at what the system reports of the disk; if the file is damaged, put a copy of it in its place"
    return PlaceRefused(f"{path} cannot be read: {error}", hint=hint)
