"""A topic as a target, without a Kafka: what the client says of a record is told with its key."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from accord.kafka import KafkaSettings, OutgoingRecord, RecordTooLarge, admin
from accord.kafka.admin import PartitionDescription, TopicDescription
from accord.transfer import topic
from accord.transfer.errors import PlaceRefused
from accord.transfer.ports import Row
from accord.transfer.topic import TopicSource, TopicTarget


def test_a_record_that_is_too_large_is_told_with_its_key(
    watcher: Any, record: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_topic(_: KafkaSettings, records: Iterable[OutgoingRecord]) -> int:
        list(records)
        raise RecordTooLarge("no", code="MSG_SIZE_TOO_LARGE", retryable=False)

    monkeypatch.setattr(topic, "write_topic", write_topic)
    monkeypatch.setattr(topic, "read_topic", lambda *_: iter(()))
    monkeypatch.setattr(topic, "_prepare", lambda *_: None)
    row = Row([record("a", "x"), record("large", "x" * 2000), record("b", "x")])

    with pytest.raises(
        PlaceRefused, match="the record large with 2,005 bytes is too large for 't'"
    ) as caught:
        TopicTarget(KafkaSettings("127.0.0.1:9"), "t").take(row, watcher)
    assert "max.message.bytes" in caught.value.hint


PARTITIONS = {"_schemas": 1, "_accord": 3}


@pytest.fixture
def brokers(monkeypatch: pytest.MonkeyPatch) -> list[OutgoingRecord]:
    """A cluster with a ``_schemas`` topic that holds nothing, and an ``_accord`` topic of somebody else."""
    written: list[OutgoingRecord] = []

    def describe_topics(_: KafkaSettings, names: Sequence[str]) -> list[TopicDescription]:
        return [
            TopicDescription(name, (PartitionDescription(0, 1, (1,), (1,)),) * PARTITIONS[name])
            for name in names
        ]

    def write_topic(_: KafkaSettings, records: Iterable[OutgoingRecord]) -> int:
        before = len(written)
        written.extend(records)
        return len(written) - before

    monkeypatch.setattr(admin, "describe_topics", describe_topics)
    monkeypatch.setattr(admin, "topic_config", lambda *_: {"cleanup.policy": "compact"})
    monkeypatch.setattr(topic, "read_topic", lambda *_: iter(()))
    monkeypatch.setattr(topic, "write_topic", write_topic)
    return written


def test_a_topic_beside_that_cannot_hold_reports_is_told_before_anything_is_written(
    watcher: Any, record: Any, brokers: list[OutgoingRecord]
) -> None:
    row = Row([record("a", "x")], reports=[record("b", "x")])

    with pytest.raises(PlaceRefused, match="the topic '_accord' has 3 partitions"):
        TopicTarget(KafkaSettings("127.0.0.1:9"), "_schemas").take(row, watcher)

    assert brokers == []
    assert TopicTarget(KafkaSettings("127.0.0.1:9"), "_schemas").take(Row(row.records), watcher).written == 1


def test_a_topic_beside_that_is_no_log_does_not_keep_schemas_from_being_read(
    watcher: Any, brokers: list[OutgoingRecord]
) -> None:
    row = TopicSource(KafkaSettings("127.0.0.1:9"), "_schemas").read(watcher)

    assert (list(row.records), row.reports, brokers) == ([], None, [])
    [loss] = watcher.losses
    assert "the topic '_accord' has 3 partitions" in loss
