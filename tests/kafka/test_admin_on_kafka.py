"""Topics, groups and offsets of a real cluster."""

import uuid
from collections.abc import Iterator

import pytest

from accord.cluster import Cluster
from accord.kafka import (
    BrokersUnavailable,
    GroupInUse,
    KafkaConsumer,
    KafkaRefused,
    KafkaSettings,
    OutgoingRecord,
    TopicNotFound,
    TopicPartition,
    TopicSpec,
    admin,
    read_topic,
    send_raw,
)

pytestmark = pytest.mark.kafka


@pytest.fixture
def kafka(kafka_cluster: Cluster) -> KafkaSettings:
    return KafkaSettings(kafka_cluster.bootstrap_servers)


@pytest.fixture
def topic(kafka: KafkaSettings) -> Iterator[str]:
    """A topic with three partitions, and seven records on two of them."""
    name = f"admin-{uuid.uuid4()}"
    admin.create_topics(
        kafka, [TopicSpec(name, partitions=3, replication=3, config={"min.insync.replicas": "2"})]
    )
    send_raw(
        kafka,
        [OutgoingRecord(name, f"key-{number % 3}".encode(), str(number).encode()) for number in range(7)],
    )
    yield name
    admin.delete_topics(kafka, [name])


class Bystander:
    def on_assigned(self, partitions: object) -> None: ...
    def on_revoked(self, partitions: object) -> None: ...
    def on_lost(self, partitions: object) -> None: ...


def test_a_topic_is_made_as_asked_and_described(kafka: KafkaSettings, topic: str) -> None:
    [description] = admin.describe_topics(kafka, [topic])
    assert description.name == topic
    assert [item.partition for item in description.partitions] == [0, 1, 2]
    assert all(len(item.replicas) == 3 and item.leader in item.replicas for item in description.partitions)
    assert topic in {item.name for item in admin.describe_topics(kafka)}


def test_a_topic_that_is_there_is_not_made_again(kafka: KafkaSettings, topic: str) -> None:
    with pytest.raises(KafkaRefused, match=topic) as caught:
        admin.create_topics(kafka, [TopicSpec(topic)])
    assert caught.value.code == "TOPIC_ALREADY_EXISTS"


def test_a_topic_that_is_not_there_is_told(kafka: KafkaSettings) -> None:
    with pytest.raises(TopicNotFound, match="nowhere"):
        admin.describe_topics(kafka, ["nowhere"])
    with pytest.raises(TopicNotFound, match="nowhere"):
        list(read_topic(kafka, "nowhere"))
    with pytest.raises(TopicNotFound, match="nowhere"):
        admin.delete_topics(kafka, ["nowhere"])


def test_all_records_of_a_topic_are_read_in_order(kafka: KafkaSettings, topic: str) -> None:
    records = list(read_topic(kafka, topic))
    assert sorted(record.value or b"" for record in records) == [str(number).encode() for number in range(7)]
    for partition in range(3):
        offsets = [record.offset for record in records if record.partition == partition]
        assert offsets == list(range(len(offsets)))


def test_offsets_are_listed_committed_and_reset(kafka: KafkaSettings, topic: str) -> None:
    ranges = admin.list_offsets(kafka, topic)
    assert sum(offsets.end - offsets.start for offsets in ranges.values()) == 7
    group = f"group-{uuid.uuid4()}"
    assert admin.committed_offsets(kafka, group) == {}
    consumer = KafkaConsumer(kafka, group=group)
    consumer.subscribe([topic], Bystander())
    seen = 0
    while seen < 7:
        seen += len(consumer.consume(10, 0.2))
    consumer.commit({place: offsets.end for place, offsets in ranges.items()})
    with pytest.raises(GroupInUse, match=group) as caught:
        admin.reset_group_to_start(kafka, group, topic)
    assert "stop the members" in caught.value.hint
    consumer.close()
    assert admin.committed_offsets(kafka, group) == {place: offsets.end for place, offsets in ranges.items()}
    assert admin.reset_group_to_start(kafka, group, topic) == dict.fromkeys(ranges, 0)
    assert admin.committed_offsets(kafka, group) == {TopicPartition(topic, number): 0 for number in range(3)}


def test_the_cluster_has_an_id(kafka: KafkaSettings) -> None:
    assert len(admin.cluster_id(kafka)) == 22


def test_nobody_at_an_address_is_told_in_bounded_time() -> None:
    with pytest.raises(BrokersUnavailable, match=r"127\.0\.0\.1:9"):
        admin.cluster_id(KafkaSettings("127.0.0.1:9"), timeout_s=1)
