"""A topic as a whole, without groups or contracts: read all of it, or put one record on it."""

import uuid
from collections.abc import Iterator
from typing import Final

from confluent_kafka import Consumer, KafkaError
from confluent_kafka import TopicPartition as ClientPartition

from accord.kafka import admin
from accord.kafka.consumer import record_of
from accord.kafka.errors import BrokersUnavailable, DeliveryFailed, translated
from accord.kafka.producer import KafkaProducer
from accord.kafka.record import Delivered, Headers, OutgoingRecord, RawRecord
from accord.kafka.settings import KafkaSettings

BATCH: Final = 1000
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
        while ends:
            yield from _some(client, settings, topic, ends)
    finally:
        client.close()


def send_raw(
    kafka: KafkaSettings | str, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers = ()
) -> Delivered:
    """Write one record as it is, past every contract, and wait for the brokers. Raises DeliveryFailed."""
    producer = KafkaProducer(KafkaSettings.of(kafka), delivery_timeout_s=SILENCE_S, idempotent=False)
    outcomes: list[Delivered | DeliveryFailed] = []
    producer.produce(OutgoingRecord(topic, key, value, headers), outcomes.append)
    producer.flush(SILENCE_S * 2)
    [outcome] = outcomes
    if isinstance(outcome, DeliveryFailed):
        raise outcome
    return outcome


def _some(client: Consumer, kafka: KafkaSettings, topic: str, ends: dict[int, int]) -> Iterator[RawRecord]:
    """The next records; a partition leaves ``ends`` when it has been read to there."""
    messages = client.consume(BATCH, SILENCE_S)
    if not messages:
        raise BrokersUnavailable(f"'{topic}' fell silent for {SILENCE_S:g} s before its end was reached")
    for message in messages:
        error = message.error()
        if error is not None and error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 -- its public name
            # Compaction and transactions leave gaps: the last offset may hold no record.
            ends.pop(message.partition() or 0, None)
        elif error is not None:
            raise translated(error, doing=f"reading '{topic}'", bootstrap_servers=kafka.bootstrap_servers)
        else:
            record = record_of(message)
            if record.offset < ends.get(record.partition, 0):
                yield record
            if record.offset + 1 >= ends.get(record.partition, 0):
                ends.pop(record.partition, None)
