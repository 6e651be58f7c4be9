"""Producer and consumer on three real brokers: kills, rebalances, and other people's serializers."""

import logging
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import confluent_kafka
import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

import accord
from accord.cluster import Cluster
from accord.codecs import framing
from accord.kafka import (
    KafkaSettings,
    OutgoingRecord,
    TopicPartition,
    TopicSpec,
    admin,
    read_topic,
    send_raw,
)
from accord.registry.http.server import serve

logger = logging.getLogger(__name__)

pytestmark = pytest.mark.kafka

Until = Callable[..., None]

A_BROKER = 3


@dataclass(frozen=True, slots=True)
class Order:
    """The event of the test."""

    order_id: str
    amount: float


@pytest.fixture
def kafka(kafka_cluster: Cluster) -> KafkaSettings:
    return KafkaSettings(kafka_cluster.bootstrap_servers)


@pytest.fixture
def registry_url() -> Iterator[str]:
    with serve() as server:
        yield server.url


@pytest.fixture
def registry(registry_url: str) -> Iterator[accord.Registry]:
    with accord.Registry(registry_url) as client:
        yield client


@pytest.fixture
def make_topic(kafka: KafkaSettings) -> Iterator[Callable[[str], str]]:
    """Make a topic with its dead-letter topic; both go with the test."""
    made: list[str] = []

    def make(name: str) -> str:
        admin.create_topics(
            kafka,
            [
                TopicSpec(name, partitions=6, replication=3, config={"min.insync.replicas": "2"}),
                TopicSpec(f"{name}-dlq", partitions=2, replication=3, config={"min.insync.replicas": "2"}),
            ],
        )
        made.extend([name, f"{name}-dlq"])
        return name

    yield make
    if made:
        admin.delete_topics(kafka, made)


def poison_from(dice: random.Random, good: bytes) -> bytes:
    """Bytes that no contract allows."""
    kinds = [
        b"",
        dice.randbytes(20).replace(b"\x00", b"\x01"),
        good[:-1],
        good + b"\x00",
        framing.prefixed(999_999, b"x"),
    ]
    return dice.choice(kinds)


@pytest.mark.timeout(300)
def test_killed_again_and_again_no_record_is_lost(
    kafka_cluster: Cluster,
    registry: accord.Registry,
    make_topic: Callable[[str], str],
    patiently: Until,
    tmp_path: Path,
) -> None:
    """Every good record is handled, every bad one is put aside, however often and whenever the consumer dies."""
    kafka = KafkaSettings(kafka_cluster.bootstrap_servers)
    dice = random.Random(20)
    orders = accord.contract(make_topic("at-least-once"), Order)
    schema_id = registry.register(orders.subject, orders.schema).id
    file = tmp_path / "handled.txt"
    file.touch()
    good, bad = set(), 0
    records = []
    for number in range(6000):
        order = Order(f"o-{number}", -1.0 if number % 500 == 7 else 1.0)
        value = framing.prefixed(schema_id, orders.encode(order))
        if dice.random() < 0.05:
            value, bad = poison_from(dice, value), bad + 1
        else:
            good.add(order.order_id)
        records.append(OutgoingRecord(orders.topic, f"key-{number % 97}".encode(), value))
    send_raw(kafka, records[:4000])

    def handled() -> list[str]:
        return file.read_text().split()

    def start() -> subprocess.Popen[bytes]:
        program = Path(__file__).with_name("victim.py")
        log = (tmp_path / "victim.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, program, kafka.bootstrap_servers, registry.url, file], stdout=log, stderr=log
            )

    for life in range(5):
        before, victim = len(handled()), start()
        patiently(lambda before=before: len(handled()) > before, within_s=60)
        time.sleep(dice.uniform(0.0, 1.0))
        victim.send_signal(signal.SIGKILL)
        victim.wait(10)
        if life == 2:
            send_raw(kafka, records[4000:])
            kafka_cluster.kill_broker(A_BROKER)
    kafka_cluster.start_broker(A_BROKER)
    victim = start()

    def letters() -> dict[str, bytes]:
        found = {}
        for letter in read_topic(kafka, orders.dead_letter_topic):
            headers = dict(letter.headers)
            place = f"{(headers['accord-dlq-partition'] or b'').decode()}/{(headers['accord-dlq-offset'] or b'').decode()}"
            found[place] = letter.value or b""
        return found

    patiently(lambda: good <= set(handled()), within_s=120)
    patiently(lambda: len(letters()) >= bad, within_s=60)
    written = {
        f"{record.partition}/{record.offset}": record.value for record in read_topic(kafka, orders.topic)
    }
    ends = {place: offsets.end for place, offsets in admin.list_offsets(kafka, orders.topic).items()}
    patiently(lambda: admin.committed_offsets(kafka, "victims") == ends, within_s=30)
    victim.send_signal(signal.SIGKILL)
    victim.wait(10)

    repeated = len(handled()) - len(good), len(list(read_topic(kafka, orders.dead_letter_topic))) - bad
    logger.info("more than once: %d handled, %d put aside", *repeated)
    assert set(handled()) == good
    assert len(letters()) == bad
    assert all(written[place] == value for place, value in letters().items())
    assert len(written) == len(good) + bad == 6000


@dataclass
class Loop:
    """A member of a group on a thread of its own."""

    consumer: accord.Consumer[Order]
    seen: list[str]
    pause_s: float = 0.001

    def __post_init__(self) -> None:
        self.errors: list[BaseException] = []
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            with self.consumer:
                for record in self.consumer:
                    with record:
                        if record.value is not None:
                            self.seen.append(record.value.order_id)
                        time.sleep(self.pause_s)
        except BaseException as error:  # noqa: BLE001 -- the test looks at it
            self.errors.append(error)

    def close(self) -> None:
        self.consumer.stop()
        self.thread.join(60)
        assert not self.thread.is_alive()


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_members_come_and_go_without_loss_or_repetition(
    kafka: KafkaSettings,
    registry: accord.Registry,
    make_topic: Callable[[str], str],
    patiently: Until,
    protocol: str,
) -> None:
    orders = accord.contract(make_topic(f"rebalance-{protocol}"), Order)
    registry.register(orders.subject, orders.schema)
    settings = KafkaSettings(kafka.bootstrap_servers, consumer={"group.protocol": protocol})
    seen: list[str] = []
    sent: list[str] = []
    stop = threading.Event()

    def send() -> None:
        with accord.Producer(kafka, registry) as producer:
            while not stop.wait(0.002):
                sent.append(f"o-{len(sent)}")
                producer.send(orders, Order(sent[-1], 1.0), key=sent[-1])

    def join() -> Loop:
        return Loop(accord.Consumer(settings, registry, group=f"g-{protocol}", contracts=[orders]), seen)

    sender = threading.Thread(target=send)
    sender.start()
    first = join()
    patiently(lambda: first.consumer.stats().done > 50, within_s=30)
    second = join()
    patiently(lambda: second.consumer.stats().done > 50, within_s=30)
    third = join()
    patiently(lambda: third.consumer.stats().done > 50, within_s=30)
    first.close()
    after = second.consumer.stats().done
    patiently(lambda: second.consumer.stats().done > after + 50, within_s=30)
    stop.set()
    sender.join()
    patiently(lambda: len(set(seen)) == len(sent), within_s=60)
    second.close()
    third.close()
    assert Counter(seen) == Counter(sent)
    assert not first.errors + second.errors + third.errors
    committed = admin.committed_offsets(kafka, f"g-{protocol}")
    assert sum(committed.values()) == len(sent)


@pytest.mark.parametrize("missing", ["", "-dlq"])
def test_a_topic_that_is_missing_is_told_before_the_first_record(
    kafka: KafkaSettings, registry: accord.Registry, make_topic: Callable[[str], str], missing: str
) -> None:
    orders = accord.contract(make_topic(f"incomplete-{uuid.uuid4()}"), Order)
    topic = orders.topic + missing
    admin.delete_topics(kafka, [topic])
    with pytest.raises(accord.TopicNotFound, match=topic):
        accord.Consumer(kafka, registry, group="g", contracts=[orders]).start()
    admin.create_topics(kafka, [TopicSpec(topic)])


def test_what_confluents_serializer_writes_our_consumer_reads(
    kafka: KafkaSettings,
    registry: accord.Registry,
    registry_url: str,
    make_topic: Callable[[str], str],
    patiently: Until,
) -> None:
    orders = accord.contract(make_topic("theirs-to-ours"), Order)
    producer = confluent_kafka.Producer({"bootstrap.servers": kafka.bootstrap_servers})
    context = SerializationContext(orders.topic, MessageField.VALUE)
    with SchemaRegistryClient({"url": registry_url}) as theirs:
        serialize = AvroSerializer(theirs, orders.schema.text)
        for number in range(100):
            value = serialize({"order_id": f"o-{number}", "amount": number / 2}, context)
            producer.produce(orders.topic, value=value, key=f"o-{number}".encode())
        assert producer.flush(10) == 0
    seen: list[str] = []
    loop = Loop(accord.Consumer(kafka, registry, group="ours", contracts=[orders]), seen)
    patiently(lambda: len(seen) >= 100, within_s=30)
    loop.close()
    assert sorted(seen) == sorted(f"o-{number}" for number in range(100))
    assert loop.consumer.stats().dead_lettered == {}
    assert registry.versions(orders.subject) == [1]


def test_what_our_producer_writes_confluents_deserializer_reads(
    kafka: KafkaSettings, registry: accord.Registry, registry_url: str, make_topic: Callable[[str], str]
) -> None:
    orders = accord.contract(make_topic("ours-to-theirs"), Order)
    registry.register(orders.subject, orders.schema)
    with accord.Producer(kafka, registry) as producer:
        for number in range(100):
            producer.send(orders, Order(f"o-{number}", number / 2), key=f"o-{number}")
        producer.send(orders, None, key="o-1")
    context = SerializationContext(orders.topic, MessageField.VALUE)
    with SchemaRegistryClient({"url": registry_url}) as theirs:
        deserialize = AvroDeserializer(theirs)
        read: list[Any] = [deserialize(record.value, context) for record in read_topic(kafka, orders.topic)]
    assert sorted((item for item in read if item), key=lambda item: item["amount"]) == [
        {"order_id": f"o-{number}", "amount": number / 2} for number in range(100)
    ]
    assert read.count(None) == 1


def test_both_clients_put_a_key_on_the_same_partition(
    kafka: KafkaSettings, registry: accord.Registry, make_topic: Callable[[str], str]
) -> None:
    orders = accord.contract(make_topic("partitions"), Order)
    registry.register(orders.subject, orders.schema)
    java = confluent_kafka.Producer(
        {"bootstrap.servers": kafka.bootstrap_servers, "partitioner": "murmur2_random"}
    )
    for number in range(50):
        java.produce(orders.topic, key=f"k-{number}".encode(), value=None)
    assert java.flush(10) == 0
    with accord.Producer(kafka, registry) as producer:
        for number in range(50):
            producer.send(orders, Order("o", 1.0), key=f"k-{number}")
    places = {(record.key, record.partition) for record in read_topic(kafka, orders.topic)}
    assert len(places) == 50
    assert len({partition for _, partition in places}) == 6


def test_a_group_without_offsets_may_begin_at_the_end(
    kafka: KafkaSettings, registry: accord.Registry, make_topic: Callable[[str], str]
) -> None:
    orders = accord.contract(make_topic("late"), Order)
    registry.register(orders.subject, orders.schema)
    with accord.Producer(kafka, registry) as producer:
        producer.send(orders, Order("early", 1.0), key="k").result(10)
        seen: list[str] = []
        loop = Loop(accord.Consumer(kafka, registry, group="late", contracts=[orders], start="latest"), seen)
        number = 0
        while not seen and not loop.errors:
            producer.send(orders, Order(f"late-{number}", 1.0), key="k").result(10)
            number += 1
            time.sleep(0.1)
        loop.close()
    assert "early" not in seen


def filled(
    kafka: KafkaSettings, registry: accord.Registry, name: str, numbers: range
) -> accord.Contract[Order]:
    """One partition's worth of orders, a second of event time apart."""
    orders = accord.contract(name, Order)
    registry.register(orders.subject, orders.schema)
    with accord.Producer(kafka, registry) as producer:
        for number in numbers:
            moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
            producer.send(orders, Order(f"o-{number}", 1.0), key="k", timestamp=moment)
    return orders


def read_until_idle(consumer: accord.Consumer[Order], patiently: Until, last: str) -> list[str]:
    seen: list[str] = []
    loop = Loop(consumer, seen, pause_s=0)
    patiently(lambda: last in seen or loop.errors, within_s=30)
    loop.close()
    assert not loop.errors
    return seen


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_a_group_may_begin_at_a_time_once_whatever_it_has_committed(
    kafka: KafkaSettings,
    registry: accord.Registry,
    make_topic: Callable[[str], str],
    patiently: Until,
    protocol: str,
) -> None:
    orders = filled(kafka, registry, make_topic(f"from-{protocol}"), range(20))
    settings = KafkaSettings(kafka.bootstrap_servers, consumer={"group.protocol": protocol})

    def consumer(start: Any) -> accord.Consumer[Order]:
        return accord.Consumer(settings, registry, group=f"from-{protocol}", contracts=[orders], start=start)

    moment = datetime(2026, 1, 1, 0, 0, 15, tzinfo=UTC)
    everything = [f"o-{number}" for number in range(20)]
    assert read_until_idle(consumer("earliest"), patiently, "o-19") == everything
    assert read_until_idle(consumer(moment), patiently, "o-19") == everything[15:]
    filled(kafka, registry, orders.topic, range(20, 22))
    assert read_until_idle(consumer(moment), patiently, "o-21") == ["o-20", "o-21"]


def test_a_group_may_begin_at_offsets_once(
    kafka: KafkaSettings, registry: accord.Registry, make_topic: Callable[[str], str], patiently: Until
) -> None:
    orders = filled(kafka, registry, make_topic("from-offsets"), range(10))
    [place] = {TopicPartition(record.topic, record.partition) for record in read_topic(kafka, orders.topic)}

    def consumer(offset: int) -> accord.Consumer[Order]:
        return accord.Consumer(kafka, registry, group="from", contracts=[orders], start={place: offset})

    assert read_until_idle(consumer(7), patiently, "o-9") == ["o-7", "o-8", "o-9"]
    assert read_until_idle(consumer(3), patiently, "o-9") == [f"o-{number}" for number in range(3, 10)]
    filled(kafka, registry, orders.topic, range(10, 11))
    assert read_until_idle(consumer(3), patiently, "o-10") == ["o-10"]


def test_a_start_without_a_time_zone_is_refused(kafka: KafkaSettings, registry: accord.Registry) -> None:
    orders = accord.contract("orders", Order)
    moment = datetime(2026, 1, 1)  # noqa: DTZ001 -- the point of the test
    with pytest.raises(accord.ConfigurationError, match="time zone"):
        accord.Consumer(kafka, registry, group="g", contracts=[orders], start=moment).start()
