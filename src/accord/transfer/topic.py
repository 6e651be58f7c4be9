"""A ``_schemas`` topic, as a source and as a target."""

from collections.abc import Iterable, Iterator, Sequence

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
from accord.transfer.address import REPORTS_TOPIC
from accord.transfer.continuation import Continuation
from accord.transfer.counting import Counted
from accord.transfer.errors import PlaceRefused
from accord.transfer.inspection import inspected
from accord.transfer.ports import Row, Taken, Watcher
from accord.transfer.reports import NO_REPORTS, Merge, merged
from accord.transfer.words import shown


class TopicSource:
    """The records of a topic with one partition, up to what is its end when reading begins; of ``reports_topic``, too."""

    def __init__(self, kafka: KafkaSettings, topic: str, *, reports_topic: str = REPORTS_TOPIC) -> None:
        self._kafka = kafka
        self._topic = topic
        self._reports_topic = reports_topic
        self.name = f"kafka://{kafka.bootstrap_servers}/{topic}"

    def read(self, watcher: Watcher) -> Row:
        """Every record. Raises PlaceRefused, TopicNotFound, BrokersUnavailable."""
        watcher.doing(f"reading {self.name}")
        _require_one_partition(self._kafka, self._topic)
        reports = _reports(self._kafka, self._reports_topic, watcher)
        return Row(_records(self._kafka, self._topic, watcher), reports=reports)


class TopicTarget:
    """A topic that is new or empty, or that an import was interrupted in; reports go to ``reports_topic`` beside it."""

    def __init__(self, kafka: KafkaSettings, topic: str, *, reports_topic: str = REPORTS_TOPIC) -> None:
        self._kafka = kafka
        self._topic = topic
        self._reports_topic = reports_topic
        self.name = f"kafka://{kafka.bootstrap_servers}/{topic}"

    def take(self, row: Row, watcher: Watcher) -> Taken:
        """Put the records there; topics are made if they do not exist.

        Raises TargetDiffers, PlaceRefused, DeliveryFailed, BrokersUnavailable.
        """
        watcher.doing(f"writing {self.name}")
        _prepare(self._kafka, self._topic)
        if row.reports:
            # Told before anything is written.
            _prepare(self._kafka, self._reports_topic)
        continuation = Continuation(
            self.name, _records(self._kafka, self._topic, watcher), same=_key_and_value
        )
        rest = Counted(continuation.rest(inspected(row.records, watcher)), watcher)
        written = _write(self._kafka, self._topic, rest)
        return Taken(written, continuation.found, reports=self._bring_together(row.reports, watcher))

    def _bring_together(self, coming: Sequence[Record] | None, watcher: Watcher) -> Merge:
        if not coming:
            return NO_REPORTS
        watcher.doing(f"writing {self._reports_topic}")
        merge = merged(_records(self._kafka, self._reports_topic, watcher), coming)
        _write(self._kafka, self._reports_topic, merge.missing)
        return merge


def _write(kafka: KafkaSettings, topic: str, records: Iterable[Record]) -> int:
    """Put the records there; answers how many. Raises PlaceRefused, DeliveryFailed, BrokersUnavailable."""
    largest = _Largest(records)
    try:
        return write_topic(kafka, (_outgoing(topic, record) for record in largest))
    except RecordTooLarge as error:
        # Smaller ones were taken, so it is the largest until now.
        raise PlaceRefused(
            f"the record {shown(largest.key)} with {largest.size:,} bytes is too large for '{topic}': {error.message}",
            hint="raise max.message.bytes of the topic, and message.max.bytes in the file for --kafka-config; then run this "
            "again, it goes on where it was",
        ) from error


def _prepare(kafka: KafkaSettings, topic: str) -> None:
    try:
        _require_one_partition(kafka, topic)
    except TopicNotFound:
        admin.create_compacted_topic(kafka, topic)
        return
    policy = admin.topic_config(kafka, topic)["cleanup.policy"]
    if policy != "compact":
        raise PlaceRefused(
            f"the topic '{topic}' has cleanup.policy={policy}: it would forget what it holds",
            hint="set cleanup.policy=compact, or see that there is no topic of this name; it is then made",
        )


def _reports(kafka: KafkaSettings, topic: str, watcher: Watcher) -> list[Record] | None:
    """The records of the second log, None if there is no such topic, or none that is a log."""
    try:
        _require_one_partition(kafka, topic)
    except TopicNotFound:
        return None
    except PlaceRefused as error:
        watcher.left_out(f"reports of readers, deployments and the like, if there are any: {error.message}")
        return None
    return list(_records(kafka, topic, watcher))


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
            hint="name the registry's own topic, kafka://HOST:PORT/TOPIC; beside _schemas stands _accord, beside TOPIC "
            "TOPIC_accord",
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
