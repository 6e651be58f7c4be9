"""Topics in memory: records in order, by partition."""

import zlib
from collections.abc import Iterator
from typing import Final

from accord.kafka import (
    Delivered,
    DeliveryFailed,
    OnDelivery,
    OutgoingRecord,
    RawRecord,
    TimestampType,
    TopicPartition,
)
from accord.testing.clock import VirtualClock

LEADERLESS: Final = 0


class Topics:
    """Every topic is there, with ``partitions`` of them. Writes arrive at once, or fail if that was ordered."""

    def __init__(self, clock: VirtualClock, *, partitions: int) -> None:
        self._clock = clock
        self._partitions = partitions
        self._logs: dict[str, list[list[RawRecord]]] = {}
        self._failures: dict[str, list[DeliveryFailed]] = {}

    def write(self, record: OutgoingRecord) -> Delivered:
        """Put a record where its key leads it."""
        number = zlib.crc32(record.key) % self._partitions if record.key else LEADERLESS
        log = self._partitions_of(record.topic)[number]
        timestamp_ms = record.timestamp_ms or self._clock.now_ms()
        log.append(
            RawRecord(
                record.topic,
                number,
                len(log),
                record.key,
                record.value,
                record.headers,
                timestamp_ms,
                TimestampType.CREATE_TIME,
            )
        )
        return Delivered(record.topic, number, len(log) - 1, timestamp_ms)

    def try_to_write(self, record: OutgoingRecord) -> Delivered | DeliveryFailed:
        """Put a record where its key leads it, unless a failure was ordered."""
        ordered = self._failures.get(record.topic)
        return ordered.pop(0) if ordered else self.write(record)

    def send(self, record: OutgoingRecord, on_delivery: OnDelivery, *, within_s: float) -> None:  # noqa: ARG002 -- the port's
        """What dead letters and records for retry topics are written with."""
        on_delivery(self.try_to_write(record))

    def fail(self, topic: str, failure: DeliveryFailed, *, times: int) -> None:
        """Let the next writes to a topic fail; those of ``write`` do not."""
        self._failures.setdefault(topic, []).extend([failure] * times)

    def read(self, place: TopicPartition, *, start: int) -> list[RawRecord]:
        """The records of one partition from an offset on."""
        return self._partitions_of(place.topic)[place.partition][start:]

    def all(self, topic: str) -> Iterator[RawRecord]:
        """The records of a topic, in order within a partition."""
        for log in self._partitions_of(topic):
            yield from log

    def places(self, topic: str) -> list[TopicPartition]:
        """The partitions of a topic."""
        return [TopicPartition(topic, number) for number in range(self._partitions)]

    def _partitions_of(self, topic: str) -> list[list[RawRecord]]:
        return self._logs.setdefault(topic, [[] for _ in range(self._partitions)])
