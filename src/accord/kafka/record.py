"""Records and places in the log, as plain values, and as the client hands them over."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

_UNSENDABLE: Final = re.compile(r"[\x00\ud800-\udfff]")

Headers = tuple[tuple[str, bytes | None], ...]
"""Record headers in order; a name may occur more than once."""


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_ms(moment: datetime) -> int:
    """A moment, which has a time zone, as Kafka counts time: the milliseconds since 1970."""
    # Whole numbers all the way: a float loses a millisecond now and then.
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def is_header_name(name: str) -> bool:
    """Whether a header can be called so: the client ends names at a zero byte, and crashes over what is no UTF-8."""
    return not _UNSENDABLE.search(name)


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


class Message(Protocol):
    """A record as the client hands it over, read by its own methods: whoever handles many converts nothing."""

    def topic(self) -> str:
        """The topic."""

    def partition(self) -> int:
        """The partition's number."""

    def offset(self) -> int:
        """The place in the partition."""

    def key(self) -> bytes | None:
        """The key's bytes."""

    def value(self) -> bytes | None:
        """The value's bytes; None is a tombstone."""

    def headers(self) -> list[tuple[str, bytes | None]] | None:
        """The headers in order; None if there are none."""

    def timestamp(self) -> tuple[int, int]:
        """Who set the timestamp (0 nobody, 1 the producer, 2 the broker), and milliseconds since 1970."""


_TIMESTAMP_TYPES: Final = {1: TimestampType.CREATE_TIME, 2: TimestampType.LOG_APPEND_TIME}
_TIMESTAMP_NUMBERS: Final = {kind: number for number, kind in _TIMESTAMP_TYPES.items()}


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


def record_of(message: Message) -> RawRecord:
    """The message as a value."""
    kind, timestamp_ms = message.timestamp()
    return RawRecord(
        message.topic(),
        message.partition(),
        message.offset(),
        message.key(),
        message.value(),
        tuple(message.headers() or ()),
        timestamp_ms,
        _TIMESTAMP_TYPES.get(kind, TimestampType.NONE),
    )


def message_of(record: RawRecord) -> Message:
    """The record as the client would hand it over."""
    return _Handed(record)


@dataclass(frozen=True, slots=True)
class _Handed:
    record: RawRecord

    def topic(self) -> str:
        return self.record.topic

    def partition(self) -> int:
        return self.record.partition

    def offset(self) -> int:
        return self.record.offset

    def key(self) -> bytes | None:
        return self.record.key

    def value(self) -> bytes | None:
        return self.record.value

    def headers(self) -> list[tuple[str, bytes | None]] | None:
        return list(self.record.headers) or None

    def timestamp(self) -> tuple[int, int]:
        return _TIMESTAMP_NUMBERS.get(self.record.timestamp_type, 0), self.record.timestamp_ms
