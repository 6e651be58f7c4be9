"""Billing's own database. An invoice follows from its order alone, so it can be made again and comes out the same."""

import sqlite3
import threading
import time
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import accord

BUSY_S = 30.0
BUSY_AGAIN_S = 0.01

INVOICE_NUMBERS = uuid.UUID("6f2c3a54-5d0e-4d0c-9f43-2f0a54d5c1aa")

TABLE = """
CREATE TABLE IF NOT EXISTS invoices (
    order_id TEXT PRIMARY KEY,
    invoice_number TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL,
    amount REAL NOT NULL,
    currency TEXT NOT NULL,
    ordered_at TEXT NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a customer owes for one order; ``ordered_at`` is an ISO 8601 time in UTC."""

    order_id: str
    invoice_number: str
    customer_id: str
    amount: float
    currency: str
    ordered_at: str


def invoice_for(
    order_id: str, *, customer_id: str, amount: float, currency: str, ordered_at: datetime
) -> Invoice:
    """The one invoice of an order."""
    number = str(uuid.uuid5(INVOICE_NUMBERS, order_id))
    return Invoice(
        order_id, number, customer_id, amount, currency, ordered_at.isoformat(timespec="milliseconds")
    )


class Invoices:
    """The table of invoices in a SQLite file, which several members may share."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = _opened(file)
        except sqlite3.Error as error:
            raise accord.ConfigurationError(
                f"the database {file} cannot be used: {error}",
                hint="SHOP_DATABASE names a SQLite file in a folder that is there",
            ) from error

    def add(self, invoice: Invoice) -> bool:
        """Keep the invoice; False if its order has one already (nothing changes then)."""
        with self._lock:
            row = self._connection.execute(
                "INSERT INTO invoices VALUES (:order_id, :invoice_number, :customer_id, :amount, :currency, :ordered_at)"
                " ON CONFLICT (order_id) DO NOTHING",
                asdict(invoice),
            )
        return row.rowcount == 1

    def of_order(self, order_id: str) -> Invoice | None:
        """The invoice of one order."""
        found = self._read("WHERE order_id = ?", order_id)
        return found[0] if found else None

    def after(self, order_id: str, *, limit: int) -> list[Invoice]:
        """Up to ``limit`` invoices in the order of their order ids, from the first one after ``order_id``."""
        return self._read("WHERE order_id > ? ORDER BY order_id LIMIT ?", order_id, limit)

    def count(self) -> int:
        """How many invoices there are."""
        with self._lock:
            row = self._connection.execute("SELECT count(*) FROM invoices").fetchone()
        return int(row[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _read(self, where: str, *values: str | int) -> list[Invoice]:
        with self._lock:
            rows = self._connection.execute(f"SELECT * FROM invoices {where}", values).fetchall()  # noqa: S608 -- constants
        return [Invoice(*row) for row in rows]


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=BUSY_S, check_same_thread=False, isolation_level=None)
    try:
        _use_write_ahead_log(connection)
        # The invoice is on disk before Kafka hears that its order is done: a power cut takes neither.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(TABLE)
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
            # SQLite does not wait here when several members open the same new file at the same time.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_AGAIN_S)
        else:
            return
