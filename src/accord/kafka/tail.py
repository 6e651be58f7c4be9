"""A topic read from anywhere, for people who look: no group is joined, and nothing is committed."""

import time
import uuid
from collections.abc import Collection, Generator, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal

from confluent_kafka import Consumer, KafkaError, KafkaException
from confluent_kafka import TopicPartition as ClientPartition

from accord.errors import ConfigurationError
from accord.kafka import admin
from accord.kafka.admin import OffsetRange
from accord.kafka.errors import BrokersUnavailable, kafka_error, translated
from accord.kafka.headers import with_readable_headers
from accord.kafka.record import RawRecord, epoch_ms, record_of
from accord.kafka.settings import KafkaSettings, Property

From = Literal["earliest", "latest"] | int | datetime
"""Where to begin in each partition: an offset (a negative one counts from the end), or a moment."""

BATCH: Final = 500
# `consume` returns when it has a full batch or this has passed: it is what a single new record waits.
WAIT_S: Final = 0.1
SILENCE_S: Final = 30.0
ANSWER_S: Final = 10.0


def tail_topic(
    kafka: KafkaSettings,
    topic: str,
    *,
    begin: From,
    partitions: Collection[int] = (),
    until_end: bool = False,
) -> Generator[RawRecord | None, None, None]:
    """The records from ``begin`` on, in order within a partition; None where there is nothing new for a moment.

    All partitions, or some. With ``until_end`` it ends at what is the last record when this is called, otherwise never.
    Raises TopicNotFound, BrokersUnavailable, KafkaRefused, or ConfigurationError for a partition that there is not.
    """
    ranges = _ranges(kafka, topic, partitions)
    fixed: dict[str, Property] = {
        "group.id": f"accord-tail-{uuid.uuid4()}",
        "enable.auto.commit": False,
        "enable.partition.eof": until_end,
        "auto.offset.reset": "earliest",
    }
    client = Consumer(kafka.client_config(fixed=fixed))
    try:
        starts = _starts(client, kafka, topic, ranges, begin)
        client.assign([ClientPartition(topic, number, offset) for number, offset in starts.items()])
        if until_end:
            ends = {
                number: ranges[number].end for number, start in starts.items() if start < ranges[number].end
            }
            yield from _until(client, kafka, topic, ends)
        else:
            while True:
                records = _consume(client, kafka, topic, {})
                yield from records
                if not records:
                    yield None
    finally:
        client.close()


def _ranges(kafka: KafkaSettings, topic: str, partitions: Collection[int]) -> dict[int, OffsetRange]:
    ranges = {place.partition: offsets for place, offsets in admin.list_offsets(kafka, topic).items()}
    for number in partitions:
        if number not in ranges:
            raise ConfigurationError(
                f"'{topic}' has no partition {number}", hint=f"it has {len(ranges)}, counted from 0"
            )
    return {number: offsets for number, offsets in ranges.items() if not partitions or number in partitions}


def _starts(
    client: Consumer, kafka: KafkaSettings, topic: str, ranges: Mapping[int, OffsetRange], begin: From
) -> dict[int, int]:
    if begin == "earliest":
        return {number: offsets.start for number, offsets in ranges.items()}
    if begin == "latest":
        return {number: offsets.end for number, offsets in ranges.items()}
    if isinstance(begin, int):
        return {
            number: min(max(begin if begin >= 0 else offsets.end + begin, offsets.start), offsets.end)
            for number, offsets in ranges.items()
        }
    milliseconds = epoch_ms(begin)
    asked = [ClientPartition(topic, number, milliseconds) for number in ranges]
    try:
        answers = client.offsets_for_times(asked, ANSWER_S)
    except KafkaException as error:
        raise translated(
            kafka_error(error),
            doing=f"finding the place of a time in '{topic}'",
            bootstrap_servers=kafka.bootstrap_servers,
        ) from error
    return {
        answer.partition: answer.offset if answer.offset >= 0 else ranges[answer.partition].end
        for answer in answers
    }


def _until(
    client: Consumer, kafka: KafkaSettings, topic: str, ends: dict[int, int]
) -> Iterator[RawRecord | None]:
    """The records before ``ends``, from which a partition leaves when it has been read to there."""
    heard = time.monotonic()
    while ends:
        wanted = dict(ends)
        records = _consume(client, kafka, topic, ends)
        for record in records:
            if record.offset < wanted.get(record.partition, 0):
                yield record
            if record.offset + 1 >= wanted.get(record.partition, 0):
                ends.pop(record.partition, None)
        if records:
            heard = time.monotonic()
        elif time.monotonic() - heard > SILENCE_S:
            raise BrokersUnavailable(f"'{topic}' fell silent for {SILENCE_S:g} s before its end was reached")
        else:
            yield None


def _consume(client: Consumer, kafka: KafkaSettings, topic: str, ends: dict[int, int]) -> list[RawRecord]:
    records = []
    # The client's stub allows None where a record has none.
    messages: list[Any] = client.consume(BATCH, WAIT_S)
    for message in with_readable_headers(messages):
        error = message.error()
        if error is None:
            records.append(record_of(message))
        elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 -- its public name
            # Compaction and transactions leave gaps: the last offset may hold no record.
            ends.pop(message.partition() or 0, None)
        elif error.code() != KafkaError.GROUP_AUTHORIZATION_FAILED:
            # The client looks for a group's coordinator, and may not; no group is needed to read.
            raise translated(error, doing=f"reading '{topic}'", bootstrap_servers=kafka.bootstrap_servers)
    return records
