"""A topic as a target, without a Kafka: what the client says of a record is told with its key."""

from collections.abc import Iterable
from typing import Any

import pytest

from accord.kafka import KafkaSettings, OutgoingRecord, RecordTooLarge
from accord.transfer import topic
from accord.transfer.errors import PlaceRefused
from accord.transfer.ports import Row
from accord.transfer.topic import TopicTarget


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
