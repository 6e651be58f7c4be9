"""Marks of handled records in a SQLite file, which the processes of one machine may share."""

import sqlite3
import threading
import time
from pathlib import Path
from typing import Final

from accord.errors import ConfigurationError, UnavailableError

BUSY_S: Final = 10.0
BUSY_AGAIN_S: Final = 0.01
# As many expired marks are dropped at a time as have been added since, and some more.
SWEEP_AFTER: Final = 100
SWEEP_AT_MOST: Final = 400

TABLE: Final = """
CREATE TABLE IF NOT EXISTS marks (mark BLOB PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS expiry ON marks (until);
"""


class FileMarks:
    """Marks in a file: a process that dies keeps them. A power cut may take the last ones, whose records then come again."""

    waits = True

    def __init__(self, file: Path | str) -> None:
        self._file = Path(file)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._added = 0

    def open(self) -> None:
        """Open the file, which is made if it is not there. Raises ConfigurationError."""
        with self._lock:
            self._opened()

    def holds(self, mark: bytes, *, now: float) -> bool:
        """Whether the mark is there and has not expired. Raises UnavailableError."""
        with self._lock:
            try:
                found = self._opened().execute("SELECT until FROM marks WHERE mark = ?", (mark,)).fetchone()
            except sqlite3.Error as error:
                raise self._unavailable(error) from error
        return found is not None and found[0] > now

    def add(self, mark: bytes, *, now: float, until: float) -> None:
        """Keep the mark, and now and then drop some that have expired. Raises UnavailableError."""
        with self._lock:
            try:
                connection = self._opened()
                connection.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (mark, until))
                self._added += 1
                if self._added % SWEEP_AFTER == 0:
                    connection.execute(
                        "DELETE FROM marks WHERE mark IN (SELECT mark FROM marks WHERE until <= ? LIMIT ?)",
                        (now, SWEEP_AT_MOST),
                    )
            except sqlite3.Error as error:
                raise self._unavailable(error) from error

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = _open(self._file)
            except sqlite3.Error as error:
                raise ConfigurationError(
                    f"the file {self._file} cannot keep marks: {error}",
                    hint="name a SQLite file in a folder that is there and can be written to",
                ) from error
        return self._connection

    def _unavailable(self, error: sqlite3.Error) -> UnavailableError:
        return UnavailableError(
            f"the marks in {self._file} cannot be reached: {error}",
            hint="see that the disk has room, and that nobody else keeps the file locked",
        )


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=BUSY_S, check_same_thread=False, isolation_level=None)
    try:
        _use_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(TABLE)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # SQLite does not wait here when several processes open the same new file at the same time.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_AGAIN_S)
        else:
            return
