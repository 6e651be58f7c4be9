"""Where partitions begin and end, and where groups are."""

from contextlib import closing
from typing import NamedTuple

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException
from confluent_kafka import TopicPartition as ClientPartition

from accord.kafka.admin.connection import TIMEOUT_S, answers, connected, translating
from accord.kafka.admin.topics import describe_topics
from accord.kafka.record import TopicPartition
from accord.kafka.settings import KafkaSettings

UNCOMMITTED = 0


class OffsetRange(NamedTuple):
    """The first offset that is still there, and the offset that the next record will get."""

    start: int
    end: int


def list_offsets(
    kafka: KafkaSettings, topic: str, *, timeout_s: float = TIMEOUT_S
) -> dict[TopicPartition, OffsetRange]:
    """The first and the next offset of each partition."""
    [description] = describe_topics(kafka, [topic], timeout_s=timeout_s)
    ranges = {}
    with translating(kafka, f"listing the offsets of '{topic}'"), closing(_reader(kafka)) as reader:
        for item in description.partitions:
            start, end = reader.get_watermark_offsets(ClientPartition(topic, item.partition), timeout_s)
            ranges[TopicPartition(topic, item.partition)] = OffsetRange(start, end)
    return ranges


def committed_offsets(
    kafka: KafkaSettings, group: str, *, timeout_s: float = TIMEOUT_S
) -> dict[TopicPartition, int]:
    """The next offset of each partition that the group has committed."""
    with connected(kafka, f"listing the offsets of group '{group}'") as client:
        request = [ConsumerGroupTopicPartitions(group)]
        [answer] = answers(client.list_consumer_group_offsets(request, request_timeout=timeout_s))
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
    with connected(kafka, f"resetting group '{group}'") as client:
        request = [ConsumerGroupTopicPartitions(group, new)]
        [answer] = answers(client.alter_consumer_group_offsets(request, request_timeout=timeout_s))
        for item in answer.topic_partitions or ():
            if item.error is not None:
                raise KafkaException(item.error)
    return starts


def _reader(kafka: KafkaSettings) -> Consumer:
    """A consumer that joins no group; asking for offsets needs a consumer all the same."""
    return Consumer(kafka.client_config(fixed={"group.id": "accord-admin", "enable.auto.commit": False}))
