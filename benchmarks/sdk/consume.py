"""From a real broker to a typed handler and a stored offset, against the bare client that hands out bytes."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from confluent_kafka import Consumer, DeserializingConsumer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer

import accord
from accord.codecs import codec_for, framing
from accord.demo.shop.events.v1 import ORDERS, OrderCreated
from accord.kafka import KafkaSettings, OutgoingRecord, TopicSpec, admin, write_topic
from accord.registry.http.server import serve
from benchmarks.report import Section, at_least, below
from benchmarks.sdk.brokers import real_brokers

VALUE_BYTES: Final = 200
RECORDS: Final = 300_000
ROUNDS: Final = 5
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Cost:
    """What a record costs: microseconds of the whole process, librdkafka's threads included, and of the clock."""

    cpu_us: float
    wall_us: float


class Meter:
    """Measures from the first record that comes to the last one: who joins a group waits, and that is not counted."""

    def __init__(self) -> None:
        self._began: tuple[float, float] | None = None
        self._first = 0

    def begin(self, already: int) -> None:
        """The first records are here, ``already`` of them."""
        if self._began is None:
            self._began, self._first = (time.process_time(), time.perf_counter()), already

    def end(self, records: int) -> Cost:
        """The last one is here."""
        cpu, wall = time.process_time(), time.perf_counter()
        assert self._began is not None  # noqa: S101 -- there were records
        counted = records - self._first
        return Cost((cpu - self._began[0]) / counted * 1e6, (wall - self._began[1]) / counted * 1e6)


Side = Callable[[str, accord.Registry], Cost]


def consume() -> Section:
    """The processor time of the whole process for each record, best of some rounds."""
    section = Section("Consume")
    with serve() as server, accord.Registry(server.url) as registry, real_brokers(1) as address:
        schema_id = registry.register(ORDERS.subject, ORDERS.schema).id
        value = order_value(schema_id)
        fill(address, value, RECORDS)
        sides: Mapping[str, Side] = {
            f"raw consume({BATCH})": _raw,
            "accord `with record:`": _records,
            "accord batches()": _batches,
            "confluent-kafka poll() + AvroDeserializer": _peer(server.url),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in sides}
        decodes = []
        for _ in range(ROUNDS):
            decodes.append(_decode_us(value))
            for name, side in sides.items():
                costs[name].append(side(address, registry))
    _report(section, costs, min(decodes), len(value))
    return section


def order_value(schema_id: int) -> bytes:
    """An order whose value has the length that is asked for."""
    event = OrderCreated("order-000001", "", 129.95, "EUR", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    # From 64 bytes on, the length of a text takes a byte more.
    missing = VALUE_BYTES - len(framing.prefixed(schema_id, ORDERS.encode(event))) - 1
    longer = OrderCreated(event.order_id, "c" * missing, event.total_amount, event.currency, event.created_at)
    return framing.prefixed(schema_id, ORDERS.encode(longer))


def fill(address: str, value: bytes, count: int) -> None:
    """So many records with that value on one partition."""
    kafka = KafkaSettings(address)
    topics = [TopicSpec(ORDERS.topic, 1, 1), TopicSpec(ORDERS.dead_letter_topic, 1, 1)]
    admin.create_topics(kafka, topics)

    def records() -> Iterator[OutgoingRecord]:
        for number in range(count):
            yield OutgoingRecord(ORDERS.topic, b"order-%06d" % (number % 1000), value)

    write_topic(kafka, records())


def _report(section: Section, costs: Mapping[str, list[Cost]], decode_us: float, size: int) -> None:
    best = {
        name: Cost(min(cost.cpu_us for cost in some), min(cost.wall_us for cost in some))
        for name, some in costs.items()
    }
    section.say(
        f"{RECORDS:,} records of {size} bytes on one partition of one broker, best of {ROUNDS} rounds each in turns."
        f" Decoding one to its class alone takes {decode_us:.2f} us."
    )
    section.table(
        ("side", "process CPU a record, us", "records/s"),
        [(name, f"{cost.cpu_us:.2f}", f"{1e6 / cost.wall_us:,.0f}") for name, cost in best.items()],
    )
    raw, records, batches, _ = best.values()
    bound = raw.cpu_us + 2 * decode_us
    section.goals += [
        below("consume, typed, `with record:`, process CPU a record", records.cpu_us, bound, "us"),
        below("consume, typed, batches(), process CPU a record", batches.cpu_us, bound, "us"),
        at_least("consume, typed, `with record:`, one core", 1e6 / records.wall_us, 100_000, "records/s"),
    ]


def _decode_us(value: bytes) -> float:
    decode = codec_for(ORDERS.schema, model=OrderCreated, reader=ORDERS.schema).decode
    calls = 100_000
    began = time.process_time()
    for _ in range(calls):
        decode(value, framing.PREFIX_LENGTH)
    return (time.process_time() - began) / calls * 1e6


def _raw_config(address: str) -> dict[str, Any]:
    return {
        "bootstrap.servers": address,
        "group.id": str(uuid.uuid4()),
        "auto.offset.reset": "earliest",
        "group.protocol": "consumer",
        "log_level": 0,
    }


def _raw(address: str, _: accord.Registry) -> Cost:
    client, meter, seen = Consumer(_raw_config(address)), Meter(), 0
    client.subscribe([ORDERS.topic])
    while seen < RECORDS:
        for message in client.consume(BATCH, 1.0):
            message.value()
            seen += 1
        if seen:
            meter.begin(seen)
    cost = meter.end(seen)
    client.close()
    return cost


def _consumer(address: str, registry: accord.Registry) -> accord.Consumer[OrderCreated]:
    return accord.Consumer(address, registry, group=str(uuid.uuid4()), contracts=[ORDERS])


def _records(address: str, registry: accord.Registry) -> Cost:
    meter, seen = Meter(), 0
    with _consumer(address, registry) as consumer:
        for record in consumer:
            with record:
                record.value  # noqa: B018 -- the handler
            if not seen:
                meter.begin(1)
            seen += 1
            if seen == RECORDS:
                break
        return meter.end(seen)


def _batches(address: str, registry: accord.Registry) -> Cost:
    meter, seen = Meter(), 0
    with _consumer(address, registry) as consumer:
        for batch in consumer.batches():
            with batch:
                seen += len(batch.values)
            meter.begin(seen)
            if seen == RECORDS:
                break
        return meter.end(seen)


def _peer(registry_url: str) -> Side:
    def run(address: str, _: accord.Registry) -> Cost:
        with SchemaRegistryClient({"url": registry_url}) as schemas:
            config = {**_raw_config(address), "value.deserializer": AvroDeserializer(schemas)}
            client, meter, seen = DeserializingConsumer(config), Meter(), 0
            client.subscribe([ORDERS.topic])
            while seen < RECORDS // 3:
                message = client.poll(1.0)
                if message is not None:
                    message.value()
                    seen += 1
                    meter.begin(1)
            cost = meter.end(seen)
            client.close()
        return cost

    return run
