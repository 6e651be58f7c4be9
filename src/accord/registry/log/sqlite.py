"""A log in one SQLite file, for a registry that runs alone. What ``append`` returned for survives a crash of the machine."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from accord.registry.log.port import (
    START,
    LogFailed,
    LoggedRecord,
    LogInDoubt,
    LogRefused,
    Position,
    PositionTaken,
    Record,
)

APPLICATION_ID: Final = 0x61636364
"""Marks the file as ours: "accd"."""
FORMAT: Final = 2
"""The version of what is in the file; a file of a later one is left alone.

1 knew neither metadata, rule sets, modes and contexts nor most of what can be configured.
"""

_TABLE: Final = "CREATE TABLE record (position INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB, timestamp_ms INTEGER NOT NULL)"


class SqliteLog:
    """An EventLog in a file that it locks for itself."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it. Raises LogRefused."""
        self.name = f"sqlite:{path}"
        try:
            self._connection = _opened(path)
        except sqlite3.Error as error:
            raise _refusal(path, error) from error

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        """The next records after ``after``."""
        wanted = "SELECT position, key, value, timestamp_ms FROM record WHERE position > ? ORDER BY position LIMIT ?"
        try:
            rows = self._connection.execute(wanted, (after, limit)).fetchall()
        except sqlite3.Error as error:
            raise LogFailed(f"{self.name} cannot be read: {error}", hint=_RESTORE) from error
        return [LoggedRecord(Position(position), Record(*record)) for position, *record in rows]

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        """Write ``records`` in one transaction and wait until the disk has it."""
        with self._transaction():
            ((end,),) = self._connection.execute("SELECT coalesce(max(position), ?) FROM record", (START,))
            if after < end:
                raise PositionTaken(f"{self.name} ends at {end}, not at {after}")
            self._connection.executemany(
                "INSERT INTO record VALUES (?, ?, ?, ?)",
                [
                    (position, record.key, record.value, record.timestamp_ms)
                    for position, record in enumerate(records, end + 1)
                ],
            )
        return Position(end + len(records))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
        except sqlite3.Error as error:
            self._roll_back()
            raise LogFailed(f"{self.name} was not written: {error}", hint=_ADVICE) from error
        except BaseException:
            self._roll_back()
            raise
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise LogInDoubt(f"{self.name} may not have been written: {error}", hint=_ADVICE) from error

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


_RESTORE: Final = (
    "look at what the system reports of the disk; if the file is damaged, put a copy of it in its place"
)
_ADVICE: Final = "make room on the disk, or look at what its system reports; then ask again"


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        # One server at a time: the lock goes with the process, however that ends.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        _require_ours(path, connection)
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL makes every commit wait for the disk; WAL's default would only do so now and then.
        connection.execute("PRAGMA synchronous = FULL")
        # macOS says that it wrote before the disk has it, unless it is asked like this; other systems do not know it.
        connection.execute("PRAGMA fullfsync = ON")
        _make_table(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _require_ours(path: Path, connection: sqlite3.Connection) -> None:
    """Look before anything is written. Raises LogRefused."""
    application, version = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
    if (application, version, tables) == (0, 0, 0):
        return
    if application != APPLICATION_ID:
        raise LogRefused(
            f"{path} is a SQLite file of another program, not a registry's log",
            hint="name another file with --log sqlite:PATH",
        )
    if version > FORMAT:
        raise LogRefused(
            f"{path} was written by a newer Accord: its format is {version}, and this one knows up to {FORMAT}",
            hint="run the newer version, or name another file with --log sqlite:PATH",
        )


def _make_table(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN EXCLUSIVE")
    if _pragma(connection, "application_id") != APPLICATION_ID:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(_TABLE)
    # An older file is of this format from now on: what is written next, the older version would not understand.
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    ((value,),) = connection.execute(f"PRAGMA {name}")
    return int(value)


def _refusal(path: Path, error: sqlite3.Error) -> LogRefused:
    if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
        return LogRefused(
            f"{path} is in use by another registry server",
            hint="stop that one, or name another file with --log sqlite:PATH",
        )
    if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
        return LogRefused(f"{path} is not a SQLite file", hint="name another file with --log sqlite:PATH")
    if error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT:
        return LogRefused(f"{path} is damaged: {error}", hint=_RESTORE)
    return LogRefused(
        f"{path} cannot be opened as a registry's log: {error}",
        hint="see that its folder exists and that this user may write there",
    )
