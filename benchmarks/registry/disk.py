"""How often this disk confirms that it has something: what durable writes are to be judged by."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

_RECORD = b"x" * 1024


def described(folder: Path, seconds: float) -> str:
    """A sentence with both rates as they are right now."""
    return (
        f"The disk at this moment, one writer: {_syncs(folder, seconds):,.0f}/s appends of 1 KiB with fdatasync,"
        f" {_commits(folder, seconds):,.0f}/s SQLite commits of one row of 1 KiB (WAL, FULL)."
    )


def _syncs(folder: Path, seconds: float) -> float:
    with (folder / "disk.bytes").open("wb", buffering=0) as file:

        def append() -> None:
            file.write(_RECORD)
            os.fdatasync(file.fileno())

        return _rate(append, seconds)


def _commits(folder: Path, seconds: float) -> float:
    with closing(sqlite3.connect(folder / "disk.db", isolation_level=None)) as connection:
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS row (value BLOB)")
        return _rate(lambda: connection.execute("INSERT INTO row VALUES (?)", (_RECORD,)), seconds)


def _rate(act: Callable[[], object], seconds: float) -> float:
    done, began = 0, time.perf_counter()
    while (now := time.perf_counter()) < began + seconds:
        act()
        done += 1
    return done / (now - began)
