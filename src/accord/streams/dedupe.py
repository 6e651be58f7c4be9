"""Handling each record once, as far as a mark can promise that.

A record is marked when its handler has succeeded, and passed over when it comes again within a while. What that is worth:
a handler that dies after its work and before the mark does its work twice, so this spares repetitions, and a handler with
effects that must not repeat keeps the mark itself, with its own work, in one transaction: ``context.record_id`` is for that.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, Protocol

from accord.errors import ConfigurationError
from accord.kafka import RawRecord
from accord.streams.durations import Duration, milliseconds
from accord.streams.record import Record

MARK_BYTES: Final = 16

By = Callable[[Record[Any]], str | bytes | None]
"""What an event is known by; None leaves it to the record's place."""


class Marks(Protocol):
    """Where it is kept which records were handled. Any thread may call it; times are seconds since 1970."""

    @property
    def waits(self) -> bool:
        """Whether its calls may take longer than an event loop can wait."""

    def open(self) -> None:
        """Get ready. Raises ConfigurationError."""

    def holds(self, mark: bytes, *, now: float) -> bool:
        """Whether the mark is there and has not expired. Raises UnavailableError if nobody can tell."""

    def add(self, mark: bytes, *, now: float, until: float) -> None:
        """Keep the mark. Raises UnavailableError if it cannot be kept."""

    def close(self) -> None:
        """Let go of what is held open."""


class MemoryMarks:
    """Marks in this process, the newest ``most`` of them: enough for a record that comes again after a rebalance."""

    waits = False

    def __init__(self, *, most: int = 1_000_000) -> None:
        if most < 1:
            raise ConfigurationError(f"{most} marks are none", hint="keep at least one")
        self._most = most
        self._lock = threading.Lock()
        self._marks: dict[bytes, float] = {}

    def open(self) -> None:
        """Nothing to do."""

    def holds(self, mark: bytes, *, now: float) -> bool:
        """Whether the mark is there and has not expired."""
        return self._marks.get(mark, 0.0) > now

    def add(self, mark: bytes, *, now: float, until: float) -> None:
        """Keep the mark, and drop the oldest ones that have expired, or that are too many."""
        with self._lock:
            self._marks.pop(mark, None)
            self._marks[mark] = until
            while True:
                oldest = next(iter(self._marks))
                if len(self._marks) <= self._most and self._marks[oldest] > now:
                    return
                del self._marks[oldest]

    def close(self) -> None:
        """Nothing to do."""

    def __len__(self) -> int:
        return len(self._marks)


@dataclass(frozen=True, slots=True)
class Dedupe:
    """Handle a record once within a while, such as ``24h``.

    A record is known by its place in the log (and its timestamp: a topic that was made anew begins at offset 0 again),
    by the value of a ``header``, or by what ``by`` says of it, an event's own id for example. The latter two also catch
    an event that was sent twice, if both records have the same key: two workers that have them in hand at the same time
    both find no mark.

    ``marks`` are kept in memory unless said otherwise: a restart forgets them. A group's members that share a file on
    one machine share their marks; those on different machines do not.
    """

    within: Duration = "24h"
    by: By | None = None
    header: str | None = None
    marks: Marks = field(default_factory=MemoryMarks)

    def __post_init__(self) -> None:
        milliseconds(self.within)
        if self.by is not None and self.header is not None:
            raise ConfigurationError(
                "events are known by a header and by a function", hint="choose one of them"
            )

    def mark(self, group: str, origin: RawRecord, record: Record[Any]) -> bytes:
        """The mark of a record that was at ``origin`` at first."""
        known_by: str | bytes | None = None
        if self.by is not None:
            known_by = self.by(record)
        elif self.header is not None:
            known_by = next((value for name, value in origin.headers if name == self.header), None)
        if known_by is None:
            return digest("place", group, record_id(origin))
        return digest("event", group, origin.topic, known_by)

    def holds(self, mark: bytes) -> bool:
        """Whether the record was handled within the while. Raises UnavailableError."""
        return self.marks.holds(mark, now=time.time())

    def add(self, mark: bytes) -> None:
        """The record was handled. Raises UnavailableError."""
        now = time.time()
        self.marks.add(mark, now=now, until=now + milliseconds(self.within) / 1000)


def record_id(origin: RawRecord) -> str:
    """What a record is called, however often it is delivered: its place, and its timestamp."""
    return f"{origin.topic}/{origin.partition}/{origin.offset}/{origin.timestamp_ms}"


def digest(*parts: str | bytes) -> bytes:
    """Sixteen bytes that stand for these parts and no others."""
    hashed = blake2b(digest_size=MARK_BYTES)
    for part in parts:
        encoded = part.encode() if isinstance(part, str) else part
        hashed.update(len(encoded).to_bytes(8, "big"))
        hashed.update(encoded)
    return hashed.digest()
