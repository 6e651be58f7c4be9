"""The port: an ordered, durable row of records that several may read and one at a time may extend.

A registry has two: ``_schemas``, which keeps every record, and ``_accord``, which is compacted: of the records of one key
it keeps the last one, where that was written, and a null for a while.

AccordError
├── PositionTaken          a record lies where ours was to go: read on, and decide again
├── LogFailed              nothing was written, or nothing could be read          exit code 3
├── LogInDoubt             nobody knows whether it was written: read on to see     exit code 3
└── LogRefused             this is no log that we can use; ``ConfigurationError``  exit code 2
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NewType, Protocol

import msgspec

from accord.errors import AccordError, ConfigurationError, UnavailableError

Position = NewType("Position", int)
"""Where a record lies. Later records have greater positions; there may be gaps."""

START: Final = Position(-1)
"""Before the first record."""


class Record(msgspec.Struct, frozen=True):
    """A key, a value (None: the key is no more) and when it was written, in milliseconds since 1970."""

    key: bytes
    value: bytes | None
    timestamp_ms: int


class LoggedRecord(msgspec.Struct, frozen=True):
    """A record and where it lies."""

    position: Position
    record: Record


class PositionTaken(AccordError):
    """Somebody else has written after the position that the writer knew."""


class LogFailed(UnavailableError):
    """The log could not be read, or nothing was written to it."""


class LogInDoubt(UnavailableError):
    """The write may or may not have reached the log."""


class LogRefused(ConfigurationError):
    """The log cannot be used: wrong place, wrong format, or in use by another server."""


class EventLog(Protocol):
    """An event log. Calls block and come one at a time, from any thread."""

    @property
    def name(self) -> str:
        """What to call it, as in ``--log``."""

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        """The next records after ``after``, in order, at most ``limit``, or fewer; none at the end. Raises LogFailed."""

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        """Write ``records`` durably, all or none, and return the position of the last one.

        ``after`` is the position up to which the writer knows the log: raises PositionTaken if a record lies beyond.
        Raises LogFailed if nothing was written, LogInDoubt if that is not known.
        """

    def close(self) -> None:
        """Let go of it; others may use it then."""


@dataclass(frozen=True, slots=True)
class Logs:
    """The two logs of one registry: its schemas, and what is reported to it."""

    schemas: EventLog
    accord: EventLog

    def close(self) -> None:
        """Let go of both."""
        self.accord.close()
        self.schemas.close()
