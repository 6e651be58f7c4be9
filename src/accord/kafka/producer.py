"""The producer behind the port."""

from collections.abc import Callable, Collection
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer

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

# What the client takes for "the time of sending".
NOW: Final = 0

FIXED: Final[dict[str, Property]] = {
    "acks": "all",
    "enable.idempotence": True,
    "partitioner": PARTITIONER,
    "delivery.report.only.error": False,
}


class KafkaProducer:
    """A producer whose records are acknowledged by all in-sync replicas, and written once however often they are tried.

    ``delivery_timeout_s`` bounds how long a record is tried. Raises ConfigurationError on settings that the client does
    not know.
    """

    def __init__(self, settings: KafkaSettings, *, delivery_timeout_s: float) -> None:
        self._settings = settings
        self._last_trouble = ""
        defaults = {"message.timeout.ms": int(delivery_timeout_s * 1000)}
        config = settings.client_config(defaults, own=settings.producer, fixed=FIXED)
        try:
            self._client = Producer({**config, "error_cb": self._on_trouble})
        except KafkaException as error:
            raise self._translated(kafka_error(error), "making a producer") from error

    def produce(self, record: OutgoingRecord, on_delivery: OnDelivery) -> None:
        """Enqueue the record; ``on_delivery`` is called exactly once if this returns."""
        try:
            self._client.produce(
                record.topic,
                value=record.value,
                key=record.key,
                headers=list(record.headers) or None,
                on_delivery=self._reporter(record.topic, on_delivery),
                timestamp=record.timestamp_ms or NOW,
            )
        except BufferError as error:
            raise QueueFull(
                "the producer's queue is full",
                hint="the brokers are slower than the program; slow down, or raise queue.buffering.max.messages",
            ) from error
        except KafkaException as error:
            inner = kafka_error(error)
            if inner.code() in TOO_LARGE:
                raise delivery_failure(inner, topic=record.topic) from error
            raise self._translated(inner, f"writing to '{record.topic}'") from error

    def poll(self, timeout_s: float) -> None:
        """Serve callbacks, waiting at most so long for the first."""
        self._client.poll(timeout_s)

    def flush(self, timeout_s: float) -> int:
        """Wait until everything is delivered or failed, at most so long; answers how many records are left."""
        return self._client.flush(timeout_s)

    def purge(self) -> None:
        """Give up everything that is not delivered; callbacks tell each record's owner."""
        self._client.purge()

    def missing_topics(self, topics: Collection[str], timeout_s: float) -> Collection[str]:
        """Those that do not exist and that the brokers do not create on their own."""
        return missing_topics(self._client, topics, timeout_s, self._settings.bootstrap_servers)

    def _reporter(self, topic: str, on_delivery: OnDelivery) -> Callable[[KafkaError | None, Message], None]:
        def report(error: KafkaError | None, message: Message) -> None:
            on_delivery(self._outcome(topic, error, message))

        return report

    def _outcome(self, topic: str, error: KafkaError | None, message: Any) -> Delivered | DeliveryFailed:  # noqa: ANN401
        if error is not None:
            return delivery_failure(error, topic=topic, last_trouble=self._last_trouble)
        self._last_trouble = ""
        return Delivered(topic, message.partition(), message.offset(), message.timestamp()[1])

    def _on_trouble(self, error: KafkaError) -> None:
        self._last_trouble = error.str()

    def _translated(self, error: KafkaError, doing: str) -> Exception:
        return translated(error, doing=doing, bootstrap_servers=self._settings.bootstrap_servers)
