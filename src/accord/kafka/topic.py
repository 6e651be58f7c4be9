"""A topic as a whole, without groups or contracts: read all of it, or put one record on it."""

import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, cast

from confluent_kafka import Consumer, KafkaError
from confluent_kafka import Message as ClientMessage
from confluent_kafka import TopicPartition as ClientPartition

from accord.kafka import admin
from accord.kafka.errors import BrokersUnavailable, DeliveryFailed, translated
from accord.kafka.producer import KafkaProducer
from accord.kafka.record import Delivered, Message, OutgoingRecord, RawRecord, record_of
from accord.kafka.settings import KafkaSettings

BATCH: Final = 1000
# `consume` returns when it has a full batch or this has passed: it is what the last, partial batch waits.
WAIT_S: Final = 0.1
SILENCE_S: Final = 30.0


def read_topic(kafka: KafkaSettings | str, topic: str) -> Iterator[RawRecord]:
    """Every record from the first one to what is the last one when this is called; in order within a partition.

    Raises TopicNotFound, BrokersUnavailable.
    """
    settings = KafkaSettings.of(kafka)
    ranges = admin.list_offsets(settings, topic)
    ends = {place.partition: offsets.end for place, offsets in ranges.items() if offsets.start < offsets.end}
    client = Consumer(
        settings.client_config(
            fixed={
                "group.id": f"accord-read-{uuid.uuid4()}",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
            }
        )
    )
    try:
        client.assign(
            [ClientPartition(topic, place.partition, offsets.start) for place, offsets in ranges.items()]
        )
        heard = time.monotonic()
        while ends:
            messages = client.consume(BATCH, WAIT_S)
            if messages:
                heard = time.monotonic()
            elif time.monotonic() - heard > SILENCE_S:
                raise BrokersUnavailable(
                    f"'{topic}' fell silent for {SILENCE_S:g} s before its end was reached"
                )
            yield from _within(messages, settings, topic, ends)
    finally:
        client.close()


def send_raw(kafka: KafkaSettings | str, records: Sequence[OutgoingRecord]) -> list[Delivered]:
    """Write records as they are, past every contract, and wait for the brokers. Raises DeliveryFailed."""
    return _deliver(KafkaProducer(KafkaSettings.of(kafka), delivery_timeout_s=SILENCE_S), records)


def write_topic(kafka: KafkaSettings | str, records: Iterable[OutgoingRecord]) -> int:
    """Write many records in order, as they are, and answer how many; raises DeliveryFailed at the first that fails."""
    producer = KafkaProducer(KafkaSettings.of(kafka), delivery_timeout_s=SILENCE_S)
    rest, written = iter(records), 0
    while batch := list(islice(rest, BATCH)):
        written += len(_deliver(producer, batch))
    return written


def _deliver(producer: KafkaProducer, records: Sequence[OutgoingRecord]) -> list[Delivered]:
    outcomes: list[Delivered | DeliveryFailed] = []
    for record in records:
        producer.produce(record, outcomes.append)
    producer.flush(SILENCE_S * 2)
    for outcome in outcomes:
        if isinstance(outcome, DeliveryFailed):
            raise outcome
    return [outcome for outcome in outcomes if isinstance(outcome, Delivered)]


def _within(
    messages: list[ClientMessage], kafka: KafkaSettings, topic: str, ends: dict[int, int]
) -> Iterator[RawRecord]:
    """Those records that lie before the ends; a partition leaves ``ends`` when it has been read to there."""
    for message in messages:
        error = message.error()
        if error is not None and error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 -- its public name
            # Compaction and transactions leave gaps: the last offset may hold no record.
            ends.pop(message.partition() or 0, None)
        elif error is not None:
            raise translated(error, doing=f"reading '{topic}'", bootstrap_servers=kafka.bootstrap_servers)
        else:
            record = record_of(cast("Message", message))
            if record.offset < ends.get(record.partition, 0):
                yield record
            if record.offset + 1 >= ends.get(record.partition, 0):
                ends.pop(record.partition, None)
