"""What an operator does to topics and groups. Every call connects, waits for the answer, and raises AccordError."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException
from confluent_kafka import TopicPartition as ClientPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.admin._resource import ResourceType
from confluent_kafka.cimpl import NewTopic

from accord.kafka.errors import BrokersUnavailable, TopicNotFound, kafka_error, translated
from accord.kafka.metadata import broker_ids
from accord.kafka.metadata import cluster_id as ask_cluster_id
from accord.kafka.record import TopicPartition
from accord.kafka.settings import KafkaSettings

TIMEOUT_S: Final = 30.0
LOOK_EVERY_S: Final = 0.05
UNCOMMITTED: Final = 0


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic to be made; ``config`` holds the topic's own settings, such as ``min.insync.replicas``."""

    name: str
    partitions: int = 1
    replication: int = 1
    config: Mapping[str, str] = field(default_factory=dict)


class PartitionDescription(NamedTuple):
    """Who has a partition: broker ids; ``leader`` is -1 while there is none."""

    partition: int
    leader: int
    replicas: tuple[int, ...]
    in_sync: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TopicDescription:
    """A topic as the brokers see it."""

    name: str
    partitions: tuple[PartitionDescription, ...]


class OffsetRange(NamedTuple):
    """The first offset that is still there, and the offset that the next record will get."""

    start: int
    end: int


def cluster_id(kafka: KafkaSettings, *, timeout_s: float = TIMEOUT_S) -> str:
    """The cluster's own id."""
    with _client(kafka, "connecting") as client:
        return ask_cluster_id(client, timeout_s, kafka.bootstrap_servers)


def create_topics(kafka: KafkaSettings, topics: Sequence[TopicSpec], *, timeout_s: float = TIMEOUT_S) -> None:
    """Make the topics, and return when every partition has a leader."""
    names = ", ".join(topic.name for topic in topics)
    with _client(kafka, f"creating {names}") as client:
        new = [
            NewTopic(topic.name, topic.partitions, topic.replication, config=dict(topic.config))
            for topic in topics
        ]
        _wait(client.create_topics(new, operation_timeout=timeout_s, request_timeout=timeout_s))
        deadline = time.monotonic() + timeout_s
        while not all(_has_leaders(client, topic, timeout_s) for topic in topics):
            if time.monotonic() > deadline:
                raise BrokersUnavailable(f"{names}: created, but without leaders after {timeout_s:g} s")
            time.sleep(LOOK_EVERY_S)


def delete_topics(kafka: KafkaSettings, topics: Sequence[str], *, timeout_s: float = TIMEOUT_S) -> None:
    """Remove the topics and everything in them."""
    with _client(kafka, f"deleting {', '.join(topics)}") as client:
        _wait(client.delete_topics(list(topics), operation_timeout=timeout_s, request_timeout=timeout_s))


def describe_topics(
    kafka: KafkaSettings, topics: Collection[str] = (), *, timeout_s: float = TIMEOUT_S
) -> list[TopicDescription]:
    """The named topics, or all; one that does not exist raises TopicNotFound."""
    with _client(kafka, "describing topics") as client:
        known = client.list_topics(timeout=timeout_s).topics
    for topic in topics:
        if topic not in known:
            raise TopicNotFound(
                f"there is no topic '{topic}'",
                code="UNKNOWN_TOPIC_OR_PART",
                hint="create it, or correct its name",
            )
    return [_description(known[name]) for name in sorted(topics or known)]


def create_compacted_topic(kafka: KafkaSettings, name: str, *, timeout_s: float = TIMEOUT_S) -> None:
    """Make a topic with one partition that keeps the last record of each key, safe against the loss of a broker.

    It is kept three times, or as often as there are brokers.
    """
    with _client(kafka, f"creating {name}") as client:
        replication = min(3, len(broker_ids(client, timeout_s, kafka.bootstrap_servers)))
    config = {"cleanup.policy": "compact", "min.insync.replicas": str(max(1, replication - 1))}
    create_topics(kafka, [TopicSpec(name, 1, replication, config)], timeout_s=timeout_s)


def topic_config(kafka: KafkaSettings, topic: str, *, timeout_s: float = TIMEOUT_S) -> dict[str, str]:
    """What counts for the topic, such as ``cleanup.policy``. Raises TopicNotFound."""
    with _client(kafka, f"reading the configuration of '{topic}'") as client:
        request = [ConfigResource(ResourceType.TOPIC, topic)]
        [entries] = _wait(client.describe_configs(request, request_timeout=timeout_s))
    return {name: entry.value for name, entry in entries.items()}


def list_offsets(
    kafka: KafkaSettings, topic: str, *, timeout_s: float = TIMEOUT_S
) -> dict[TopicPartition, OffsetRange]:
    """The first and the next offset of each partition."""
    [description] = describe_topics(kafka, [topic], timeout_s=timeout_s)
    ranges = {}
    with _translating(kafka, f"listing the offsets of '{topic}'"), closing(_reader(kafka)) as reader:
        for item in description.partitions:
            start, end = reader.get_watermark_offsets(ClientPartition(topic, item.partition), timeout_s)
            ranges[TopicPartition(topic, item.partition)] = OffsetRange(start, end)
    return ranges


def committed_offsets(
    kafka: KafkaSettings, group: str, *, timeout_s: float = TIMEOUT_S
) -> dict[TopicPartition, int]:
    """The next offset of each partition that the group has committed."""
    with _client(kafka, f"listing the offsets of group '{group}'") as client:
        request = [ConsumerGroupTopicPartitions(group)]
        [answer] = _wait(client.list_consumer_group_offsets(request, request_timeout=timeout_s))
    return {
        TopicPartition(item.topic, item.partition): item.offset
        for item in answer.topic_partitions or ()
        if item.offset >= UNCOMMITTED
    }


def reset_group_to_start(
    kafka: KafkaSettings, group: str, topic: str, *, timeout_s: float = TIMEOUT_S
) -> dict[TopicPartition, int]:
    """Let the group, which must have no members, begin again at the first record; answers its new offsets.

    Raises GroupInUse while it has members.
    """
    starts = {
        place: offsets.start for place, offsets in list_offsets(kafka, topic, timeout_s=timeout_s).items()
    }
    new = [ClientPartition(place.topic, place.partition, offset) for place, offset in starts.items()]
    with _client(kafka, f"resetting group '{group}'") as client:
        request = [ConsumerGroupTopicPartitions(group, new)]
        [answer] = _wait(client.alter_consumer_group_offsets(request, request_timeout=timeout_s))
        for item in answer.topic_partitions or ():
            if item.error is not None:
                raise KafkaException(item.error)
    return starts


@contextmanager
def _client(kafka: KafkaSettings, doing: str) -> Iterator[AdminClient]:
    with _translating(kafka, doing):
        yield AdminClient(kafka.client_config())


@contextmanager
def _translating(kafka: KafkaSettings, doing: str) -> Iterator[None]:
    try:
        yield
    except KafkaException as error:
        raise translated(
            kafka_error(error), doing=doing, bootstrap_servers=kafka.bootstrap_servers
        ) from error


def _reader(kafka: KafkaSettings) -> Consumer:
    """A consumer that joins no group; asking for offsets needs a consumer all the same."""
    return Consumer(kafka.client_config(fixed={"group.id": "accord-admin", "enable.auto.commit": False}))


def _wait(futures: Mapping[Any, "Future[Any]"]) -> list[Any]:
    """All answers; the first failure is raised."""
    return [future.result() for future in futures.values()]


def _has_leaders(client: AdminClient, topic: TopicSpec, timeout_s: float) -> bool:
    known = client.list_topics(timeout=timeout_s).topics.get(topic.name)
    if known is None or len(known.partitions) != topic.partitions:
        return False
    return all(partition.leader >= 0 for partition in known.partitions.values())


def _description(topic: Any) -> TopicDescription:  # noqa: ANN401 -- the client's stubs leave it open
    return TopicDescription(
        topic.topic,
        tuple(
            PartitionDescription(item.id, item.leader, tuple(item.replicas), tuple(item.isrs))
            for item in sorted(topic.partitions.values(), key=lambda item: item.id)
        ),
    )
