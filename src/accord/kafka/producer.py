"""The producer behind the port."""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, Protocol

from confluent_kafka import KafkaError, KafkaException, Producer

from accord.kafka.errors import (
    TOO_LARGE,
    DeliveryFailed,
    QueueFull,
    delivery_failure,
    kafka_error,
    translated,
)
from accord.kafka.metadata import missing_topics
from accord.kafka.ports import OnDelivery
from accord.kafka.record import Delivered, OutgoingRecord
from accord.kafka.settings import KafkaSettings, Property

# The same partition for a key as Java's clients choose; librdkafka's own default is another one.
PARTITIONER: Final = "murmur2_random"
PARTITION_OF_KEY: Final = -1

# What the client takes for "the time of sending".
NOW: Final = 0

# A call that waits for callbacks answers Ctrl-C when it ends.
SLICE_S: Final = 0.2

FIXED: Final[dict[str, Property]] = {
    "acks": "all",
    "enable.idempotence": True,
    "partitioner": PARTITIONER,
    "delivery.report.only.error": False,
}


class Report(Protocol):
    """What the client tells of a record that it was given: where it lies now, or nothing of use beside an error."""

    def partition(self) -> int:
        """The partition's number."""

    def offset(self) -> int:
        """The place in the partition."""

    def timestamp(self) -> tuple[int, int]:
        """Who set the timestamp (0 nobody, 1 the producer, 2 the broker), and milliseconds since 1970."""

    def set_value(self, value: bytes | None, /) -> None:
        """Put something in place of the value, of which a report holds a copy."""


OnReport = Callable[[Any, Report], None]
"""Called with None, or an error that ``KafkaProducer.failure`` puts into words, and the report."""


class KafkaProducer:
    """A producer whose records are acknowledged by all in-sync replicas, and written once however often they are tried.

    ``delivery_timeout_s`` bounds how long a record is tried, ``linger_s`` how long one waits for others to go with it
    (None: as long as the client thinks best). Raises ConfigurationError on settings that the client does not know.
    """

    def __init__(
        self, settings: KafkaSettings, *, delivery_timeout_s: float, linger_s: float | None = None
    ) -> None:
        self._settings = settings
        self._delivery_timeout_s = delivery_timeout_s
        self._trouble, self._trouble_at = "", 0.0
        defaults: dict[str, Property] = {"message.timeout.ms": int(delivery_timeout_s * 1000)}
        if linger_s is not None:
            defaults["linger.ms"] = linger_s * 1000
        config = settings.client_config(defaults, own=settings.producer, fixed=FIXED)
        try:
            self._client = Producer({**config, "error_cb": self._on_trouble})
        except KafkaException as error:
            raise self._translated(kafka_error(error), "making a producer") from error
        # The client's stub allows None where a report has none.
        self._produce: Callable[..., None] = self._client.produce

    def produce(self, record: OutgoingRecord, on_delivery: OnDelivery) -> None:
        """Enqueue the record; ``on_delivery`` is called exactly once if this returns."""

        def on_report(error: Any, report: Report) -> None:  # noqa: ANN401 -- an OnReport
            on_delivery(
                delivered(record.topic, report) if error is None else self.failure(record.topic, error)
            )

        self.enqueue(
            record.topic, record.value, record.key, on_report, record.timestamp_ms or NOW, record.headers
        )

    def enqueue(  # noqa: PLR0917 -- names would cost half of what the call does
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None,
        on_report: OnReport,
        timestamp_ms: int = NOW,
        headers: Sequence[tuple[str, bytes | None]] | None = None,
        /,
    ) -> None:
        """Enqueue a record, past every wrapping; ``on_report`` is called exactly once if this returns."""
        try:
            if headers:
                self._produce(
                    topic, value, key, PARTITION_OF_KEY, on_report, None, timestamp_ms, list(headers)
                )
            else:
                self._produce(topic, value, key, PARTITION_OF_KEY, on_report, None, timestamp_ms)
        except BufferError as error:
            raise QueueFull(
                "the producer's queue is full",
                hint="the brokers are slower than the program; slow down, or raise queue.buffering.max.messages",
            ) from error
        except KafkaException as error:
            inner = kafka_error(error)
            if inner.code() in TOO_LARGE:
                raise delivery_failure(inner, topic=topic) from error
            raise self._translated(inner, f"writing to '{topic}'") from error

    def failure(self, topic: str, error: KafkaError) -> DeliveryFailed:
        """What an error beside a report means."""
        recent = time.monotonic() - self._trouble_at <= self._delivery_timeout_s
        return delivery_failure(error, topic=topic, last_trouble=self._trouble if recent else "")

    def poll(self, timeout_s: float) -> None:
        """Serve callbacks, waiting at most so long for the first."""
        self._client.poll(timeout_s)

    def flush(self, timeout_s: float) -> int:
        """Wait until everything is delivered or failed, at most so long; answers how many records are left."""
        deadline = time.monotonic() + timeout_s
        while True:
            left_s = max(0.0, deadline - time.monotonic())
            try:
                left = self._client.flush(min(left_s, SLICE_S))
            except SystemError:
                # The client loses a KeyboardInterrupt that comes together with a callback.
                raise KeyboardInterrupt from None
            if not left or left_s <= SLICE_S:
                return left

    def purge(self) -> None:
        """Give up everything that is not delivered; callbacks tell each record's owner."""
        self._client.purge()

    def missing_topics(self, topics: Collection[str], timeout_s: float) -> Collection[str]:
        """Those that do not exist and that the brokers do not create on their own."""
        return missing_topics(self._client, topics, timeout_s, self._settings.bootstrap_servers)

    def _on_trouble(self, error: KafkaError) -> None:
        self._trouble, self._trouble_at = error.str(), time.monotonic()

    def _translated(self, error: KafkaError, doing: str) -> Exception:
        return translated(error, doing=doing, bootstrap_servers=self._settings.bootstrap_servers)


def delivered(topic: str, report: Report) -> Delivered:
    """Where a record lies."""
    return Delivered(topic, report.partition(), report.offset(), report.timestamp()[1])
