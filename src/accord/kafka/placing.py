"""Records put where they are meant to be, as they are, past every contract; all in-sync replicas have them in the end."""

from collections.abc import Sequence
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, Producer

from accord.kafka.errors import DeliveryFailed, delivery_failure, kafka_error
from accord.kafka.producer import FIXED
from accord.kafka.record import Delivered, OutgoingRecord
from accord.kafka.settings import KafkaSettings

ANY_PARTITION: Final = -1
ROOM_S: Final = 1.0


def place_records(
    kafka: KafkaSettings,
    records: Sequence[OutgoingRecord],
    *,
    partition: int | None = None,
    timeout_s: float = 60.0,
) -> list[Delivered | DeliveryFailed]:
    """Write the records, each where its key leads it or into one partition; answer what became of each, in their order."""
    config = kafka.client_config(
        {"message.timeout.ms": int(timeout_s * 1000)}, own=kafka.producer, fixed=FIXED
    )
    producer = Producer(config)
    outcomes: list[Delivered | DeliveryFailed | None] = [None] * len(records)
    place = ANY_PARTITION if partition is None else partition
    for number, record in enumerate(records):
        outcomes[number] = _produce(producer, record, place, outcomes, number)
    producer.flush(timeout_s + ROOM_S)
    return [outcome or _untold(record) for outcome, record in zip(outcomes, records, strict=True)]


def _produce(
    producer: Producer,
    record: OutgoingRecord,
    partition: int,
    outcomes: list[Delivered | DeliveryFailed | None],
    number: int,
) -> DeliveryFailed | None:
    # The client's stub allows None where a report has none.
    def report(error: KafkaError | None, message: Any) -> None:  # noqa: ANN401
        if error is not None:
            outcomes[number] = delivery_failure(error, topic=record.topic)
        else:
            _, timestamp_ms = message.timestamp()
            outcomes[number] = Delivered(record.topic, message.partition(), message.offset(), timestamp_ms)

    while True:
        try:
            producer.produce(
                record.topic,
                record.value,
                record.key,
                partition=partition,
                headers=list(record.headers) or None,
                on_delivery=report,
            )
        except BufferError:
            producer.poll(ROOM_S)
        except KafkaException as error:
            return delivery_failure(kafka_error(error), topic=record.topic)
        else:
            return None


def _untold(record: OutgoingRecord) -> DeliveryFailed:
    return DeliveryFailed(
        f"nobody said in time whether the record was written to '{record.topic}'",
        code="_MSG_TIMED_OUT",
        retryable=True,
        hint="look whether it is there before you write it again",
    )
