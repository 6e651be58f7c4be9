"""Exactly once on three real brokers: kills at any point, fencing, rebalances, brokers that go away."""

import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import confluent_kafka
import pytest

import accord
from accord.cluster import Cluster
from accord.codecs import framing
from accord.kafka import (
    Fenced,
    KafkaConsumer,
    KafkaSettings,
    KafkaTransactions,
    OutgoingRecord,
    TopicPartition,
    TopicSpec,
    TransactionFailed,
    admin,
    read_topic,
    send_raw,
)
from accord.registry.http.server import serve
from accord.streams.transactions import ExactlyOnce

pytestmark = pytest.mark.kafka

A_BROKER = 2
HUGE = 1e9


@dataclass(frozen=True, slots=True)
class Order:
    """What is read."""

    order_id: str
    amount: float


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is written."""

    order_id: str


def until(condition: Callable[[], object], within_s: float = 30.0) -> None:
    """Look now and then until ``condition`` is true; each look asks the brokers."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def registry() -> Iterator[accord.Registry]:
    with serve() as server, accord.Registry(server.url) as client:
        yield client


@dataclass
class Shop:
    """Orders and invoices on topics of their own."""

    kafka: KafkaSettings
    registry: accord.Registry
    orders: accord.Contract[Order]
    invoices: accord.Contract[Invoice]

    @property
    def group(self) -> str:
        return f"{self.orders.topic}-billing"

    def value(self, order: Order) -> bytes:
        return framing.prefixed(
            self.registry.lookup(self.orders.subject, self.orders.schema).id, self.orders.encode(order)
        )

    def write(self, *orders: Order) -> None:
        send_raw(
            self.kafka,
            [
                OutgoingRecord(self.orders.topic, order.order_id.encode(), self.value(order))
                for order in orders
            ],
        )

    def billed(self) -> Counter[str]:
        """What a reader finds that waits for commits."""
        values = (record.value or b"" for record in read_topic(self.kafka, self.invoices.topic))
        return Counter(self.invoices.codec.decode(value[5:]).order_id for value in values)

    def written(self) -> int:
        """How many invoices are in the log, committed or not."""
        eager = KafkaSettings(
            self.kafka.bootstrap_servers, properties={"isolation.level": "read_uncommitted"}
        )
        return sum(1 for _ in read_topic(eager, self.invoices.topic))

    def letters(self) -> Counter[tuple[int, int]]:
        """The places of the records that were put aside."""
        found = Counter[tuple[int, int]]()
        for letter in read_topic(self.kafka, self.orders.dead_letter_topic):
            headers = {name: (value or b"").decode() for name, value in letter.headers}
            found[int(headers["accord-dlq-partition"]), int(headers["accord-dlq-offset"])] += 1
        return found

    def committed(self) -> dict[TopicPartition, int]:
        return admin.committed_offsets(self.kafka, self.group)

    def ends(self) -> dict[TopicPartition, int]:
        ranges = admin.list_offsets(self.kafka, self.orders.topic)
        return {place: offsets.end for place, offsets in ranges.items() if offsets.end}

    def pipeline(self, name: str, *, protocol: str = "consumer") -> ExactlyOnce[Order]:
        return ExactlyOnce(
            KafkaSettings(self.kafka.bootstrap_servers, consumer={"group.protocol": protocol}),
            self.registry,
            group=self.group,
            contracts=[self.orders],
            publishes=[self.invoices],
            transactional_id=f"{self.orders.topic}-{name}",
        )

    @contextmanager
    def victim(self, log: Path, *, milliseconds: int = 0) -> Iterator[subprocess.Popen[str]]:
        """A process that does the work; killed, at the latest, at the end."""
        arguments = [
            self.kafka.bootstrap_servers,
            self.registry.url,
            self.orders.topic,
            self.invoices.topic,
            f"{self.orders.topic}-victim",
            str(milliseconds),
        ]
        program = Path(__file__).with_name("transaction_victim.py")
        with log.open("ab") as said:
            victim = subprocess.Popen(
                [sys.executable, program, *arguments], stdout=subprocess.PIPE, stderr=said, text=True
            )
        with victim:
            try:
                yield victim
            finally:
                victim.send_signal(signal.SIGKILL)


@pytest.fixture
def shop(kafka_cluster: Cluster, registry: accord.Registry) -> Iterator[Shop]:
    kafka = KafkaSettings(kafka_cluster.bootstrap_servers)
    name = f"orders-{uuid.uuid4().hex[:8]}"
    orders, invoices = accord.contract(name, Order), accord.contract(f"{name}-invoices", Invoice)
    topics = [name, f"{name}-dlq", invoices.topic]
    safe = {"min.insync.replicas": "2"}
    admin.create_topics(kafka, [TopicSpec(topic, 4, 3, safe) for topic in topics])
    for contract in (orders, invoices):
        registry.register(contract.subject, contract.schema)
    yield Shop(kafka, registry, orders, invoices)
    admin.delete_topics(kafka, topics)


def in_hand(victim: "subprocess.Popen[str]") -> None:
    """Wait until the victim has a batch in hand."""
    assert victim.stdout is not None
    assert victim.stdout.readline() == "batch\n", "the victim died of something else"


@pytest.mark.timeout(300)
def test_killed_again_and_again_every_order_is_billed_exactly_once(
    kafka_cluster: Cluster, shop: Shop, tmp_path: Path
) -> None:
    dice = random.Random(7)
    good, bad, records = set[str](), 0, list[OutgoingRecord]()
    for number in range(4000):
        order = Order(f"o-{number}", HUGE if number % 700 == 9 else 1.0)
        value = shop.value(order)
        if dice.random() < 0.02:
            value, bad = dice.choice([b"", b"junk", value[:-1], shop.value(Order("x", -1.0))]), bad + 1
        else:
            good.add(order.order_id)
        records.append(OutgoingRecord(shop.orders.topic, f"k-{number % 89}".encode(), value))
    send_raw(shop.kafka, records)
    log = tmp_path / "victim.log"

    for life in range(4):
        with shop.victim(log, milliseconds=1) as victim:
            for _ in range(dice.randrange(1, 8)):
                in_hand(victim)
            time.sleep(dice.uniform(0.0, 0.15))
        if life == 1:
            kafka_cluster.kill_broker(A_BROKER)
        if life == 3:
            kafka_cluster.start_broker(A_BROKER)
    with shop.victim(log):
        until(lambda: shop.committed() == shop.ends(), within_s=120)

    billed, letters = shop.billed(), shop.letters()
    assert billed == Counter(good)
    assert len(letters) == bad
    assert set(letters.values()) == {1}


def test_killed_between_writing_and_committing_nothing_of_it_is_to_be_seen(
    shop: Shop, tmp_path: Path
) -> None:
    shop.write(*(Order(f"o-{number}", 1.0) for number in range(20)))
    shop.write(Order("x", -1.0))
    log = tmp_path / "victim.log"

    with shop.victim(log, milliseconds=1000) as victim:
        in_hand(victim)
        until(lambda: shop.written() >= 2)

    assert shop.billed() == shop.letters() == Counter()
    assert shop.committed() == {}
    with shop.victim(log):
        until(lambda: sum(shop.committed().values()) == 21, within_s=60)
    assert shop.billed() == Counter(f"o-{number}" for number in range(20))
    assert sum(shop.letters().values()) == 1


def bill(pipeline: ExactlyOnce[Order], invoices: accord.Contract[Invoice], until: int) -> None:
    """Bill until so many records are through."""
    for batch in pipeline.batches(max_records=50):
        with batch:
            for record in batch.records:
                assert record.value is not None
                batch.send(invoices, Invoice(record.value.order_id), key=record.key)
        if pipeline.stats().records >= until:
            return


def test_what_an_exception_undoes_is_in_the_log_and_read_by_nobody_who_waits_for_commits(shop: Shop) -> None:
    shop.write(*(Order(f"o-{number}", 1.0) for number in range(100)))

    with shop.pipeline("a") as pipeline:
        for batch in pipeline.batches():
            with batch:
                for record in batch.records:
                    assert record.value is not None
                    batch.send(shop.invoices, Invoice(record.value.order_id), key=record.key)
                if batch.records[0].attempt == 1:
                    time.sleep(0.2)
                    raise ValueError("the first try fails")
            if pipeline.stats().records >= 100:
                break

    assert shop.billed() == Counter(f"o-{number}" for number in range(100))
    assert shop.written() > 100
    assert pipeline.stats().aborted >= 1


def test_a_second_process_with_the_same_id_fences_the_first_off(shop: Shop) -> None:
    shop.write(*(Order(f"o-{number}", 1.0) for number in range(10)))
    with shop.pipeline("same") as first, shop.pipeline("same") as second:
        batch = next(first.batches())
        batch.__enter__()
        for record in batch.records:
            assert record.value is not None
            batch.send(shop.invoices, Invoice(f"zombie {record.value.order_id}"), key=record.key)
        second.start()
        with pytest.raises(Fenced, match="another client's"):
            batch.__exit__(None, None, None)
        first.close()

        bill(second, shop.invoices, until=10)

    assert shop.billed() == Counter(f"o-{number}" for number in range(10))


def test_a_transaction_can_be_aborted_at_any_moment_after_a_commit(shop: Shop) -> None:
    transactions = KafkaTransactions(shop.kafka, transactional_id=f"{shop.group}-abort", timeout_s=20.0)
    transactions.start()
    consumer = KafkaConsumer(shop.kafka, group=shop.group, in_transactions=True)
    consumer.subscribe([shop.orders.topic], Listener())
    while (member := consumer.membership()) is None:
        consumer.consume(1, 0.1)
    for number in range(20):
        for event in (b"committed", b"aborted"):
            transactions.begin()
            record = OutgoingRecord(shop.invoices.topic, b"k", event)
            transactions.produce(record, lambda _: None, within_s=5)
            if event == b"committed":
                transactions.commit({TopicPartition(shop.orders.topic, 0): number}, member)
            else:
                time.sleep(number / 1000)
                transactions.abort()
    consumer.close()
    assert [record.value for record in read_topic(shop.kafka, shop.invoices.topic)] == [b"committed"] * 20


class Listener:
    """Hears of partitions and does nothing about them."""

    def __init__(self) -> None:
        self.on_assigned = self.on_revoked = self.on_lost = lambda _: None


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_a_member_that_was_put_out_of_the_group_cannot_commit_for_it(shop: Shop, protocol: str) -> None:
    shop.write(Order("o-1", 1.0))
    transactions = KafkaTransactions(shop.kafka, transactional_id=f"{shop.group}-zombie", timeout_s=20.0)
    transactions.start()
    settings = KafkaSettings(shop.kafka.bootstrap_servers, consumer={"group.protocol": protocol})
    consumer = KafkaConsumer(settings, group=shop.group, in_transactions=True)
    consumer.subscribe([shop.orders.topic], Listener())
    while not (found := consumer.consume(1, 0.2)):
        pass
    member = consumer.membership()
    assert member is not None
    consumer.close()

    transactions.begin()
    transactions.produce(OutgoingRecord(shop.invoices.topic, b"k", b"v"), lambda _: None, within_s=5)
    place = TopicPartition(shop.orders.topic, found[0].partition())
    with pytest.raises(TransactionFailed):
        transactions.commit({place: found[0].offset() + 1}, member)
    transactions.abort()

    assert shop.billed() == Counter()
    assert shop.committed() == {}


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_members_come_and_go_and_every_order_is_billed_exactly_once(shop: Shop, protocol: str) -> None:
    total, ended = 3000, list[BaseException]()
    shop.write(*(Order(f"o-{number}", 1.0) for number in range(total)))

    def work(pipeline: ExactlyOnce[Order]) -> None:
        try:
            with pipeline:
                for batch in pipeline.batches(max_records=30, wait_s=0.1):
                    with batch:
                        for record in batch.records:
                            assert record.value is not None
                            batch.send(shop.invoices, Invoice(record.value.order_id), key=record.key)
        except BaseException as error:  # noqa: BLE001 -- the test looks at it
            ended.append(error)

    def join(name: str) -> tuple[ExactlyOnce[Order], threading.Thread]:
        pipeline = shop.pipeline(name, protocol=protocol)
        thread = threading.Thread(target=work, args=[pipeline], daemon=True)
        thread.start()
        until(lambda: pipeline.stats().committed >= 3 or ended, within_s=40)
        return pipeline, thread

    first, one = join("a")
    second, two = join("b")
    first.stop()
    one.join(30)
    third, three = join("c")
    until(lambda: shop.committed() == shop.ends() or ended, within_s=60)
    for pipeline, thread in ((second, two), (third, three)):
        pipeline.stop()
        thread.join(30)

    assert not ended
    assert shop.billed() == Counter(f"o-{number}" for number in range(total))


def test_a_confluent_reader_that_waits_for_commits_sees_no_more_than_ours(shop: Shop) -> None:
    shop.write(*(Order(f"o-{number}", 1.0) for number in range(50)))
    with shop.pipeline("a") as pipeline:
        bill(pipeline, shop.invoices, until=50)
    reader = confluent_kafka.Consumer(
        {
            "bootstrap.servers": shop.kafka.bootstrap_servers,
            "group.id": uuid.uuid4().hex,
            "auto.offset.reset": "earliest",
        }
    )
    reader.subscribe([shop.invoices.topic])
    values = list[bytes]()
    while len(values) < 50:
        values += [message.value() or b"" for message in reader.consume(100, 1.0) if message.error() is None]
    reader.close()
    assert len(values) == 50
