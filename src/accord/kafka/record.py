"""Records and places in the log, as plain values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

Headers = tuple[tuple[str, bytes | None], ...]
"""Record headers in order; a name may occur more than once."""


class TopicPartition(NamedTuple):
    """One log."""

    topic: str
    partition: int

    def __str__(self) -> str:
        return f"{self.topic}[{self.partition}]"


class TimestampType(StrEnum):
    """Who set a record's timestamp."""

    NONE = "none"
    CREATE_TIME = "create-time"
    LOG_APPEND_TIME = "log-append-time"


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as the broker handed it over; ``timestamp_ms`` is -1 where there is none."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp_ms: int = -1
    timestamp_type: TimestampType = TimestampType.NONE

    @property
    def topic_partition(self) -> TopicPartition:
        """The log it lies in."""
        return TopicPartition(self.topic, self.partition)


@dataclass(frozen=True, slots=True)
class OutgoingRecord:
    """A record to be written; without ``timestamp_ms`` the client sets the time of sending."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp_ms: int | None = None


class Delivered(NamedTuple):
    """Where a record lies once the brokers have it; ``timestamp_ms`` is -1 where there is none."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
