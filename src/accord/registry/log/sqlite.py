"""Both logs in one SQLite file, for a registry that runs alone. What ``append`` returned for survives a crash of the machine."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from accord.registry.log.port import (
    START,
    LogFailed,
    LoggedRecord,
    LogInDoubt,
    LogRefused,
    Logs,
    Position,
    PositionTaken,
    Record,
)

APPLICATION_ID: Final = 0x61636364
"""Marks the file as ours: "accd"."""
FORMAT: Final = 3
"""The version of what is in the file; a file of a later one is left alone.

1 knew neither metadata, rule sets, modes and contexts nor most of what can be configured; 2 had no second log.
"""
MOST_NULLS: Final = 10_000
"""So many keys that are no more are remembered: somebody may still have to hear of them."""

# Fewer records than were asked for are read at once if they are long: each reader holds them in memory.
_AT_ONCE_BYTES: Final = 4 << 20

_COLUMNS: Final = "key BLOB NOT NULL{unique}, value BLOB, timestamp_ms INTEGER NOT NULL"
_TABLES: Final = (
    f"CREATE TABLE IF NOT EXISTS record (position INTEGER PRIMARY KEY, {_COLUMNS.format(unique='')})",
    # Positions are never given again, although the last record may be one that goes.
    f"CREATE TABLE IF NOT EXISTS report (position INTEGER PRIMARY KEY AUTOINCREMENT, {_COLUMNS.format(unique=' UNIQUE')})",
    "CREATE INDEX IF NOT EXISTS report_null ON report (position) WHERE value IS NULL",
)


def open_sqlite(path: Path) -> Logs:
    """Open the file, or make it; it is locked until the logs are closed, which they are together. Raises LogRefused."""
    file = _File(path)
    return Logs(SqliteLog(file), CompactedSqliteLog(file))


class SqliteLog:
    """An EventLog that keeps every record."""

    def __init__(self, file: "_File") -> None:
        self.name = file.name
        self._file = file

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        """The next records after ``after``."""
        return self._file.read("record", after, limit)

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        """Write ``records`` in one transaction and wait until the disk has it."""
        with self._file.transaction(self.name) as connection:
            ((end,),) = connection.execute("SELECT coalesce(max(position), ?) FROM record", (START,))
            if after < end:
                raise PositionTaken(f"{self.name} ends at {end}, not at {after}")
            return _insert(connection, "record", records, end)

    def close(self) -> None:
        """Let go of the file: neither log can be used any more."""
        self._file.close()


class CompactedSqliteLog:
    """An EventLog that keeps the last record of each key."""

    def __init__(self, file: "_File") -> None:
        self.name = f"{file.name} (_accord)"
        self._file = file

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        """The next records after ``after``."""
        return self._file.read("report", after, limit)

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        """Write ``records`` in place of those that have their keys, and wait until the disk has it."""
        last = {record.key: place for place, record in enumerate(records)}
        with self._file.transaction(self.name) as connection:
            ((end,),) = connection.execute("SELECT coalesce(max(position), ?) FROM report", (START,))
            if after < end:
                raise PositionTaken(f"{self.name} ends at {end}, not at {after}")
            ((given,),) = connection.execute(_HIGHEST_GIVEN, (START,))
            connection.executemany("DELETE FROM report WHERE key = ?", [(key,) for key in last])
            lasting = [record for place, record in enumerate(records) if last[record.key] == place]
            end = _insert(connection, "report", lasting, given)
            connection.execute(_FORGET_NULLS, {"known": after, "most": MOST_NULLS})
            return end

    def close(self) -> None:
        """Let go of the file: neither log can be used any more."""
        self._file.close()


_HIGHEST_GIVEN: Final = "SELECT coalesce(max(seq), ?) FROM sqlite_sequence WHERE name = 'report'"
_FORGET_NULLS: Final = """\
DELETE FROM report WHERE value IS NULL AND position <= :known AND position <= (
    SELECT position FROM report WHERE value IS NULL ORDER BY position DESC LIMIT 1 OFFSET :most
)"""


def _insert(connection: sqlite3.Connection, table: str, records: Iterable[Record], end: int) -> Position:
    """Put ``records`` behind ``end``; says where the last one lies."""
    rows = [
        (position, record.key, record.value, record.timestamp_ms)
        for position, record in enumerate(records, end + 1)
    ]
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", rows)  # noqa: S608 -- one of our two
    return Position(end + len(rows))


class _File:
    """The connection that both logs have in common: one of them at a time works with it."""

    def __init__(self, path: Path) -> None:
        self.name = f"sqlite:{path}"
        self._lock = threading.Lock()
        try:
            self._connection = _opened(path)
        except sqlite3.Error as error:
            raise _refusal(path, error) from error

    def read(self, table: str, after: Position, limit: int) -> Sequence[LoggedRecord]:
        """The next records of ``table``. Raises LogFailed."""
        wanted = f"SELECT position, key, value, timestamp_ms FROM {table} WHERE position > ? ORDER BY position LIMIT ?"  # noqa: S608
        logged, size = [], 0
        try:
            with self._lock:
                for position, *record in self._connection.execute(wanted, (after, limit)):
                    logged.append(LoggedRecord(Position(position), Record(*record)))
                    size += len(record[1] or b"")
                    if size >= _AT_ONCE_BYTES:
                        break
        except sqlite3.Error as error:
            raise LogFailed(f"{self.name} cannot be read: {error}", hint=_RESTORE) from error
        return logged

    @contextmanager
    def transaction(self, log: str) -> Iterator[sqlite3.Connection]:
        """All that is done in it, or nothing. Raises LogFailed, LogInDoubt."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
            except sqlite3.Error as error:
                self._roll_back()
                raise LogFailed(f"{log} was not written: {error}", hint=_ADVICE) from error
            except BaseException:
                self._roll_back()
                raise
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                raise LogInDoubt(f"{log} may not have been written: {error}", hint=_ADVICE) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

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
        _make_tables(connection)
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


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN EXCLUSIVE")
    if _pragma(connection, "application_id") != APPLICATION_ID:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in _TABLES:
        connection.execute(statement)
    # Nobody reads on from where an earlier server was.
    connection.execute("DELETE FROM report WHERE value IS NULL")
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
