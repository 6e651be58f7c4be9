"""Where a group begins to read.

``earliest`` and ``latest`` are for partitions of which the group has no offset. A time, or offsets by partition, count also
where it has one, and count once: what the group commits from then on is marked with that start, and a partition that is
marked so goes on from its committed offset, whoever gets it next and however often programs start. Another time, or other
offsets, are another start.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from confluent_kafka import Consumer, KafkaException
from confluent_kafka import TopicPartition as ClientPartition

from accord.errors import AccordError, ConfigurationError
from accord.kafka.errors import kafka_error, translated
from accord.kafka.record import TopicPartition, epoch_ms

Start = Literal["earliest", "latest"] | datetime | Mapping[TopicPartition, int]

ANSWER_S: Final = 10.0
MARK_CHARACTERS: Final = 16


class Beginning:
    """The positions at which partitions begin that come; ``mark`` is kept with every offset that is committed."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self.mark = _mark(start)

    @property
    def reset(self) -> Literal["earliest", "latest"]:
        """Where a partition begins of which nothing is known."""
        return self._start if isinstance(self._start, str) else "earliest"

    def place(self, client: Consumer, partitions: Sequence[ClientPartition], *, servers: str) -> None:
        """Set the offsets of those that do not go on from their committed one. Raises AccordError."""
        try:
            committed = client.committed(list(partitions), timeout=ANSWER_S)
            marked = {(item.topic, item.partition) for item in committed if item.metadata == self.mark}
            fresh = [item for item in partitions if (item.topic, item.partition) not in marked]
            offsets = self._offsets(client, fresh)
        except KafkaException as error:
            raise _translated(error, servers) from error
        for item in fresh:
            offset = offsets.get(TopicPartition(item.topic, item.partition))
            if offset is not None:
                item.offset = offset

    def _offsets(self, client: Consumer, fresh: Sequence[ClientPartition]) -> Mapping[TopicPartition, int]:
        if isinstance(self._start, str) or not fresh:
            return {}
        if not isinstance(self._start, datetime):
            return self._start
        milliseconds = epoch_ms(self._start)
        asked = [ClientPartition(item.topic, item.partition, milliseconds) for item in fresh]
        # Where there is no record so late, the answer is the client's word for the end.
        answers = client.offsets_for_times(asked, timeout=ANSWER_S)
        return {TopicPartition(item.topic, item.partition): item.offset for item in answers}


def _mark(start: Start) -> str:
    if isinstance(start, str):
        return ""
    if isinstance(start, datetime):
        if start.utcoffset() is None:
            raise ConfigurationError(
                "a start without a time zone is no moment", hint="give the datetime one, such as UTC"
            )
        said = str(start.timestamp())
    else:
        said = ",".join(f"{topic}[{number}]={at}" for (topic, number), at in sorted(start.items()))
    return f"accord-start-{hashlib.sha256(said.encode()).hexdigest()[:MARK_CHARACTERS]}"


def _translated(error: KafkaException, servers: str) -> AccordError:
    return translated(kafka_error(error), doing="finding where to begin", bootstrap_servers=servers)
