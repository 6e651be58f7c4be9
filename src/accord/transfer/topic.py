"""A ``_schemas`` topic, as a source and as a target."""

from collections.abc import Iterable, Iterator

from accord.kafka import (
    KafkaSettings,
    OutgoingRecord,
    RawRecord,
    RecordTooLarge,
    TopicNotFound,
    admin,
    read_topic,
    write_topic,
)
from accord.registry.log.port import Record
from accord.transfer.continuation import Continuation
from accord.transfer.counting import Counted
from accord.transfer.errors import PlaceRefused
from accord.transfer.inspection import inspected
from accord.transfer.ports import Row, Taken, Watcher
from accord.transfer.words import shown


class TopicSource:
    """The records of a topic with one partition, up to what is its end when reading begins."""

    def __init__(self, kafka: KafkaSettings, topic: str) -> None:
        self._kafka = kafka
        self._topic = topic
        self.name = f"kafka://{kafka.bootstrap_servers}/{topic}"

    def read(self, watcher: Watcher) -> Row:
        """Every record. Raises PlaceRefused, TopicNotFound, BrokersUnavailable."""
        watcher.doing(f"reading {self.name}")
        _require_one_partition(self._kafka, self._topic)
        return Row(_records(self._kafka, self._topic, watcher))


class TopicTarget:
    """A topic that is new or empty, or that an import was interrupted in."""

    def __init__(self, kafka: KafkaSettings, topic: str) -> None:
        self._kafka = kafka
        self._topic = topic
        self.name = f"kafka://{kafka.bootstrap_servers}/{topic}"

    def take(self, row: Row, watcher: Watcher) -> Taken:
        """Put the records there; the topic is made if it does not exist.

        Raises TargetDiffers, PlaceRefused, DeliveryFailed, BrokersUnavailable.
        """
        watcher.doing(f"writing {self.name}")
        self._prepare()
        continuation = Continuation(
            self.name, _records(self._kafka, self._topic, watcher), same=_key_and_value
        )
        largest = _Largest(Counted(continuation.rest(inspected(row.records, watcher)), watcher))
        try:
            written = write_topic(self._kafka, (_outgoing(self._topic, record) for record in largest))
        except RecordTooLarge as error:
            # Smaller ones were taken, so it is the largest until now.
            raise PlaceRefused(
                f"the record {shown(largest.key)} with {largest.size:,} bytes is too large for '{self._topic}': {error.message}",
                hint="raise max.message.bytes of the topic, and message.max.bytes in the file for --kafka-config; then run this "
                "again, it goes on where it was",
            ) from error
        return Taken(written, continuation.found)

    def _prepare(self) -> None:
        try:
            _require_one_partition(self._kafka, self._topic)
        except TopicNotFound:
            admin.create_compacted_topic(self._kafka, self._topic)
            return
        policy = admin.topic_config(self._kafka, self._topic)["cleanup.policy"]
        if policy != "compact":
            raise PlaceRefused(
                f"the topic '{self._topic}' has cleanup.policy={policy}: it would forget schemas",
                hint="set cleanup.policy=compact, or name a topic that does not exist; it is then made",
            )


class _Largest:
    """``records`` as they are; ``key`` and ``size`` (bytes) are those of the largest until now."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records
        self.key = b""
        self.size = 0

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            size = len(record.key) + len(record.value or b"")
            if size > self.size:
                self.key, self.size = record.key, size
            yield record


def _require_one_partition(kafka: KafkaSettings, topic: str) -> None:
    [description] = admin.describe_topics(kafka, [topic])
    if len(description.partitions) != 1:
        raise PlaceRefused(
            f"the topic '{topic}' has {len(description.partitions)} partitions, and a registry's has one: "
            "its records have an order",
            hint="name the registry's own topic, kafka://HOST:PORT/TOPIC",
        )


def _records(kafka: KafkaSettings, topic: str, watcher: Watcher) -> Iterator[Record]:
    for raw in read_topic(kafka, topic):
        if raw.key is None:
            watcher.left_out(
                f"the record at offset {raw.offset} of '{topic}' has no key, and no registry reads it"
            )
            continue
        yield _record(raw, raw.key)


def _record(raw: RawRecord, key: bytes) -> Record:
    return Record(key, raw.value, max(0, raw.timestamp_ms))


def _outgoing(topic: str, record: Record) -> OutgoingRecord:
    return OutgoingRecord(topic, record.key, record.value, timestamp_ms=record.timestamp_ms)


def _key_and_value(record: Record) -> tuple[bytes, bytes | None]:
    # The topic may be set to note the time of writing instead of the time it was given.
    return record.key, record.value
