"""Both producers on three real brokers, one of which dies on the way."""

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import accord
from accord.cluster import Cluster
from accord.kafka import KafkaSettings, TopicSpec, admin, read_topic
from accord.testing import registry as loopback_registry

pytestmark = pytest.mark.kafka

A_BROKER = 2
RECORDS = 3000
KEYS = 7


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    number: int


@pytest.fixture
def kafka(kafka_cluster: Cluster) -> KafkaSettings:
    return KafkaSettings(kafka_cluster.bootstrap_servers)


@pytest.fixture
def registry() -> Iterator[Any]:
    with loopback_registry() as registry:
        yield registry


@pytest.fixture
def orders(kafka: KafkaSettings, registry: Any, request: pytest.FixtureRequest) -> Iterator[accord.Contract]:
    """A contract whose topic goes with the test."""
    topic = f"producers-{abs(hash(request.node.name))}"
    config = {"min.insync.replicas": "2"}
    admin.create_topics(kafka, [TopicSpec(topic, partitions=6, replication=3, config=config)])
    contract = accord.contract(topic, Order)
    registry.register(contract)
    yield contract
    admin.delete_topics(kafka, [topic])


def send_all(
    kafka: KafkaSettings, registry: Any, orders: accord.Contract, broker_dies: Callable[[], None]
) -> int:
    with accord.Producer(kafka, registry.client(), contracts=[orders]) as producer:
        deliveries = []
        for number in range(RECORDS):
            deliveries.append(producer.send(orders, Order("o", number), key=f"k-{number % KEYS}"))
            if number == RECORDS // 3:
                deliveries[-1].result(30)
                broker_dies()
        return len({delivery.result(60)[:3] for delivery in deliveries})


def send_all_async(
    kafka: KafkaSettings, registry: Any, orders: accord.Contract, broker_dies: Callable[[], None]
) -> int:
    async def send() -> int:
        async with accord.AsyncProducer(kafka, registry.client(), contracts=[orders], linger_s=0) as producer:
            sends = []
            for number in range(RECORDS):
                sends.append(producer.send_nowait(orders, Order("o", number), key=f"k-{number % KEYS}"))
                if number == RECORDS // 3:
                    await sends[-1]
                    await asyncio.to_thread(broker_dies)
            return len({place[:3] for place in await asyncio.gather(*sends)})

    return asyncio.run(send())


@pytest.mark.parametrize("send", [send_all, send_all_async])
def test_a_broker_that_dies_costs_no_record_no_order_and_makes_none_twice(
    kafka_cluster: Cluster,
    kafka: KafkaSettings,
    registry: Any,
    orders: accord.Contract,
    send: Callable[..., int],
) -> None:
    try:
        assert send(kafka, registry, orders, lambda: kafka_cluster.kill_broker(A_BROKER)) == RECORDS
    finally:
        kafka_cluster.start_broker(A_BROKER)
    numbers: dict[bytes | None, list[int]] = defaultdict(list)
    for record in read_topic(kafka, orders.topic):
        numbers[record.key].append(orders.codec.decode(record.value or b"", 5).number)
    assert sorted(number for each in numbers.values() for number in each) == list(range(RECORDS))
    assert all(each == sorted(each) for each in numbers.values())
    assert len(numbers) == KEYS


def test_a_steady_trickle_is_acknowledged_record_by_record_with_its_headers(
    kafka: KafkaSettings, registry: Any, orders: accord.Contract
) -> None:
    """What waits for a thousand records, or for a second of silence, acknowledges none of these in time."""

    async def trickle() -> list[float]:
        waits = []
        async with accord.AsyncProducer(kafka, registry.client(), contracts=[orders], linger_s=0) as producer:
            await producer.send(orders, Order("first", 0), headers=[("number", "0")])
            for number in range(1, 31):
                began = time.monotonic()
                await producer.send(orders, Order("o", number), headers=[("number", str(number))])
                waits.append(time.monotonic() - began)
                await asyncio.sleep(0.1)
        return waits

    assert max(asyncio.run(trickle())) < 3.0
    told = sorted(int(dict(record.headers)["number"] or b"") for record in read_topic(kafka, orders.topic))
    assert told == list(range(31))


def test_a_header_names_the_schema_for_every_reader(
    kafka: KafkaSettings, registry: Any, orders: accord.Contract
) -> None:
    with accord.Producer(kafka, registry.client(), contracts=[orders], framing="header") as producer:
        for number in range(20):
            producer.send(orders, Order("o", number), key=f"k-{number}")
    assert all(orders.codec.decode(record.value or b"") for record in read_topic(kafka, orders.topic))
    admin.create_topics(kafka, [TopicSpec(f"{orders.topic}-dlq", partitions=1, replication=3)])
    seen: list[int] = []
    with accord.Consumer(kafka, registry.client(), group=orders.topic, contracts=[orders]) as consumer:
        for record in consumer:
            with record:
                assert record.value is not None
                seen.append(record.value.number)
            if len(seen) == 20:
                break
    admin.delete_topics(kafka, [f"{orders.topic}-dlq"])
    assert sorted(seen) == list(range(20))


def test_keys_lie_where_javas_own_client_puts_them(
    kafka_cluster: Cluster, kafka: KafkaSettings, registry: Any, tmp_path: Path
) -> None:
    names = {"java": f"java-{os.getpid()}", "accord": f"accord-{os.getpid()}"}
    admin.create_topics(kafka, [TopicSpec(name, partitions=12, replication=1) for name in names.values()])
    keys = [f"{'k' * (number % 9)}é-{number}" for number in range(300)]
    lines = tmp_path / "records.txt"
    lines.write_text("".join(f"{key}\tvalue\n" for key in keys), encoding="utf-8")
    own_input = os.dup(0)
    try:
        with lines.open("rb") as records:
            os.dup2(records.fileno(), 0)
        arguments = ["--topic", names["java"], "--property", "parse.key=true"]
        assert kafka_cluster.run_tool("kafka-console-producer", arguments) == 0
    finally:
        os.dup2(own_input, 0)
        os.close(own_input)
    ours = accord.contract(names["accord"], Order)
    registry.register(ours)
    with accord.Producer(kafka, registry.client(), contracts=[ours]) as producer:
        for key in keys:
            producer.send(ours, None, key=key)
    places = [
        {record.key: record.partition for record in read_topic(kafka, names[who])}
        for who in ("java", "accord")
    ]
    admin.delete_topics(kafka, list(names.values()))
    assert places[0] == places[1]
    assert len(places[0]) == len(keys)
    assert len(set(places[0].values())) == 12
