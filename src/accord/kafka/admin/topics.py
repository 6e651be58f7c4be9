"""The topics of a cluster: making, describing, growing and deleting them."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions, NewTopic

from accord.errors import AccordError
from accord.kafka.admin.connection import TIMEOUT_S, answers, connected
from accord.kafka.errors import BrokersUnavailable, TopicNotFound
from accord.kafka.metadata import broker_ids
from accord.kafka.metadata import cluster_id as ask_cluster_id
from accord.kafka.settings import KafkaSettings

LOOK_EVERY_S: Final = 0.05
BROKERS_CHOICE: Final = -1
"""As many partitions or replicas as the brokers are set to give a topic."""


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic to be made; ``config`` holds the topic's own settings, such as ``min.insync.replicas``.

    ``partitions`` and ``replication`` may be BROKERS_CHOICE.
    """

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


def cluster_id(kafka: KafkaSettings, *, timeout_s: float = TIMEOUT_S) -> str:
    """The cluster's own id."""
    with connected(kafka, "connecting") as client:
        return ask_cluster_id(client, timeout_s, kafka.bootstrap_servers)


def create_topics(kafka: KafkaSettings, topics: Sequence[TopicSpec], *, timeout_s: float = TIMEOUT_S) -> None:
    """Make the topics, and return when every partition has a leader."""
    names = ", ".join(topic.name for topic in topics)
    with connected(kafka, f"creating {names}") as client:
        new = [_new(topic) for topic in topics]
        answers(client.create_topics(new, operation_timeout=timeout_s, request_timeout=timeout_s))
        _await(
            lambda: all(_has_leaders(client, topic.name, topic.partitions, timeout_s) for topic in topics),
            f"{names}: created, but without leaders",
            timeout_s,
        )


def add_partitions(kafka: KafkaSettings, topic: str, total: int, *, timeout_s: float = TIMEOUT_S) -> None:
    """Give the topic as many partitions as ``total``, and return when every one has a leader.

    Raises KafkaRefused for fewer than there are, and TopicNotFound.
    """
    with connected(kafka, f"adding partitions to '{topic}'") as client:
        grown = [NewPartitions(topic, total)]
        answers(client.create_partitions(grown, operation_timeout=timeout_s, request_timeout=timeout_s))
        _await(
            lambda: _has_leaders(client, topic, total, timeout_s),
            f"{topic}: has its partitions, but without leaders",
            timeout_s,
        )


def reason_against(kafka: KafkaSettings, topic: TopicSpec, *, timeout_s: float = TIMEOUT_S) -> str:
    """Why the brokers would not make the topic, in their words; "" if they would. Raises BrokersUnavailable."""
    try:
        with connected(kafka, f"creating '{topic.name}'") as client:
            answers(client.create_topics([_new(topic)], validate_only=True, request_timeout=timeout_s))
    except BrokersUnavailable:
        raise
    except AccordError as error:
        return error.message
    return ""


def brokers(kafka: KafkaSettings, *, timeout_s: float = TIMEOUT_S) -> list[int]:
    """The ids of the brokers that run, at least one. Raises BrokersUnavailable."""
    with connected(kafka, "connecting") as client:
        return broker_ids(client, timeout_s, kafka.bootstrap_servers)


def delete_topics(kafka: KafkaSettings, topics: Sequence[str], *, timeout_s: float = TIMEOUT_S) -> None:
    """Remove the topics and everything in them, and return when the brokers that are asked tell of them no more."""
    names = ", ".join(topics)
    with connected(kafka, f"deleting {names}") as client:
        answers(client.delete_topics(list(topics), operation_timeout=timeout_s, request_timeout=timeout_s))
        _await(
            lambda: not set(topics) & client.list_topics(timeout=timeout_s).topics.keys(),
            f"{names}: deleted, but still told of",
            timeout_s,
        )


def describe_topics(
    kafka: KafkaSettings, topics: Collection[str] = (), *, timeout_s: float = TIMEOUT_S
) -> list[TopicDescription]:
    """The named topics, or all; one that does not exist raises TopicNotFound."""
    with connected(kafka, "describing topics") as client:
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
    with connected(kafka, f"creating {name}") as client:
        replication = min(3, len(broker_ids(client, timeout_s, kafka.bootstrap_servers)))
    config = {"cleanup.policy": "compact", "min.insync.replicas": str(max(1, replication - 1))}
    create_topics(kafka, [TopicSpec(name, 1, replication, config)], timeout_s=timeout_s)


def _new(topic: TopicSpec) -> NewTopic:
    return NewTopic(topic.name, topic.partitions, topic.replication, config=dict(topic.config))


def _await(done: Callable[[], bool], trouble: str, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > deadline:
            raise BrokersUnavailable(
                f"{trouble} after {timeout_s:g} s", hint="see that enough brokers run and are in sync"
            )
        time.sleep(LOOK_EVERY_S)


def _has_leaders(client: AdminClient, topic: str, partitions: int, timeout_s: float) -> bool:
    known = client.list_topics(timeout=timeout_s).topics.get(topic)
    if known is None or partitions not in (len(known.partitions), BROKERS_CHOICE):
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
