"""The producer on a broker in this process: nothing wrong enters the queue, and every delivery is told."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

import accord
from accord.codecs import framing
from accord.kafka import OutgoingRecord
from accord.streams.sender import Sender

Until = Callable[[Callable[[], object]], None]


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    amount: float


ORDERS = accord.contract("orders", Order)


@pytest.fixture
def producer(mock: Any, registry: Any) -> Any:
    registry.add(ORDERS.subject, ORDERS.schema)
    with accord.Producer(mock.settings(), registry.client) as producer:
        yield producer


def test_an_event_is_written_with_the_prefix_of_its_schema(producer: accord.Producer, mock: Any) -> None:
    delivered = producer.send(ORDERS, Order("o-1", 2.5), key="o-1").result(10)
    [record] = mock.records("orders")
    assert (record.topic, record.partition, record.offset) == delivered[:3]
    assert record.key == b"o-1"
    assert record.value == framing.prefixed(1, ORDERS.encode(Order("o-1", 2.5)))
    assert abs(record.timestamp_ms / 1000 - time.time()) < 60


def test_headers_and_time_are_the_callers(producer: accord.Producer, mock: Any) -> None:
    moment = datetime(2024, 2, 29, 12, 0, 0, 123000, tzinfo=UTC)
    headers: list[tuple[str, str | bytes | None]] = [
        ("traceparent", "00-1"),
        ("raw", b"\xff"),
        ("none", None),
        ("raw", b"2"),
    ]
    producer.send(ORDERS, Order("o-1", 1.0), headers=headers, timestamp=moment).result(10)
    [record] = mock.records("orders")
    assert record.headers == (("traceparent", b"00-1"), ("raw", b"\xff"), ("none", None), ("raw", b"2"))
    assert record.timestamp_ms == int(moment.timestamp() * 1000)
    assert record.key is None


def test_none_is_a_tombstone_and_needs_a_key(producer: accord.Producer, mock: Any) -> None:
    producer.send(ORDERS, None, key="o-1").result(10)
    with pytest.raises(accord.InvalidEvent, match="key: a tombstone needs the key"):
        producer.send(ORDERS, None)
    [record] = mock.records("orders")
    assert (record.key, record.value) == (b"o-1", None)


def test_an_event_that_breaks_the_contract_never_enters_the_queue(
    producer: accord.Producer, mock: Any
) -> None:
    amount: Any = "free"
    with pytest.raises(accord.InvalidEvent) as caught:
        producer.send(ORDERS, Order("o-1", amount), key="o-1")
    assert caught.value.path == "amount"
    for choices in ({"key": b"bytes"}, {"timestamp": datetime(2024, 1, 1)}):  # noqa: DTZ001
        wrong: Any = choices
        with pytest.raises(accord.InvalidEvent):
            producer.send(ORDERS, Order("o-1", 1.0), **wrong)
    assert producer.flush() == 0
    assert mock.records("orders") == []


def test_a_schema_that_is_not_registered_is_told_with_what_to_do(mock: Any, registry: Any) -> None:
    with accord.Producer(mock.settings(), registry.client) as producer:
        with pytest.raises(
            accord.SchemaNotRegistered, match="Order is not registered under 'orders-value'"
        ) as caught:
            producer.send(ORDERS, Order("o-1", 1.0))
        assert "registry.register(" in caught.value.hint
        registry.add(ORDERS.subject, ORDERS.schema)
        producer.send(ORDERS, Order("o-1", 1.0)).result(10)
    # The second question was what is there instead.
    assert registry.asked == 3


def test_the_registry_is_asked_once_for_a_contract(producer: accord.Producer, registry: Any) -> None:
    for number in range(20):
        producer.send(ORDERS, Order(f"o-{number}", 1.0))
    assert registry.asked == 1


def test_what_the_first_send_would_find_out_can_be_known_before(mock: Any, registry: Any) -> None:
    with accord.Producer(mock.settings(), registry.client) as producer:
        with pytest.raises(accord.SchemaNotRegistered):
            producer.prepare(ORDERS)
        registry.add(ORDERS.subject, ORDERS.schema)
        producer.prepare(ORDERS)
        mock.forget_topic("orders")
        with pytest.raises(accord.TopicNotFound, match="'orders'"):
            producer.prepare(ORDERS)


def test_a_delivery_can_be_awaited(producer: accord.Producer) -> None:
    async def send() -> list[int]:
        one = producer.send(ORDERS, Order("o-1", 1.0), key="a")
        two = producer.send(ORDERS, Order("o-2", 1.0), key="a")
        return [(await one).offset, (await two).offset]

    assert asyncio.run(send()) == [0, 1]


def test_who_stops_waiting_does_not_harm_the_delivery(producer: accord.Producer, mock: Any) -> None:
    async def send() -> accord.Delivery:
        delivery = producer.send(ORDERS, Order("o-1", 1.0))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(delivery, 0.0001)
        return delivery

    mock.fail(mock.PRODUCE, mock.NOT_ENOUGH_REPLICAS, times=2)
    delivery = asyncio.run(send())
    assert delivery.result(10).offset == 0
    assert producer.send(ORDERS, Order("o-2", 1.0)).result(10)


def test_brokers_that_do_not_answer_are_told_by_the_delivery(registry: Any, mock: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    with accord.Producer(mock.settings(), registry.client, delivery_timeout_s=3) as producer:
        producer.send(ORDERS, Order("o-1", 1.0)).result(10)
        mock.set_down(down=True)
        delivery = producer.send(ORDERS, Order("o-2", 1.0))
        with pytest.raises(accord.DeliveryFailed) as caught:
            delivery.result(10)
        mock.set_down(down=False)
    assert caught.value.retryable
    assert caught.value.code == "_MSG_TIMED_OUT"


def test_a_record_that_is_too_large_is_told_at_once(registry: Any, mock: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    with (
        accord.Producer(mock.settings(message_max_bytes=2000), registry.client) as producer,
        pytest.raises(accord.RecordTooLarge) as caught,
    ):
        producer.send(ORDERS, Order("x" * 3000, 1.0))
    assert not caught.value.retryable
    assert "max.message.bytes" in caught.value.hint


def test_a_full_queue_is_waited_for_and_then_told(registry: Any, mock: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    settings = mock.settings(queue_buffering_max_messages=2)
    with accord.Producer(settings, registry.client, room_within_s=0.2, delivery_timeout_s=30) as producer:
        producer.send(ORDERS, Order("o-0", 1.0)).result(10)
        mock.fail(mock.PRODUCE, mock.NOT_ENOUGH_REPLICAS, times=10_000)
        waiting = [producer.send(ORDERS, Order(f"o-{number}", 1.0)) for number in (1, 2)]
        started = time.monotonic()
        with pytest.raises(accord.QueueFull):
            producer.send(ORDERS, Order("o-3", 1.0))
        assert 0.2 <= time.monotonic() - started < 2
        mock.stop_failing(mock.PRODUCE)
        assert [delivery.result(10).topic for delivery in waiting] == ["orders", "orders"]
        producer.send(ORDERS, Order("o-3", 1.0)).result(10)


def test_close_flushes_and_what_it_gives_up_is_told(registry: Any, mock: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    producer = accord.Producer(mock.settings(), registry.client)
    delivered = producer.send(ORDERS, Order("o-1", 1.0))
    assert producer.flush() == 0
    mock.fail(mock.PRODUCE, mock.NOT_ENOUGH_REPLICAS, times=10_000)
    given_up = producer.send(ORDERS, Order("o-2", 1.0))
    producer.close(timeout_s=0.2)
    assert delivered.result(0).offset == 0
    with pytest.raises(accord.DeliveryFailed, match="PURGE"):
        given_up.result(0)
    producer.close()
    with pytest.raises(accord.ProducerClosed):
        producer.send(ORDERS, Order("o-3", 1.0))


JAVAS_PARTITIONS = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "abc": 479470107,
}
"""Known results of Java's murmur2."""


def test_a_key_goes_to_the_partition_that_java_would_choose(registry: Any, mock: Any) -> None:
    mock.create_topic("wide", partitions=12)
    wide = accord.contract("wide", Order)
    registry.add(wide.subject, wide.schema)
    with accord.Producer(mock.settings(), registry.client) as producer:
        chosen = {
            key: producer.send(wide, Order(key, 1.0), key=key).result(10).partition
            for key in JAVAS_PARTITIONS
        }
    assert chosen == {key: (murmur2 & 0x7FFFFFFF) % 12 for key, murmur2 in JAVAS_PARTITIONS.items()}


def test_settings_that_would_break_the_promises_are_refused(registry: Any, mock: Any) -> None:
    for settings in ({"acks": "1"}, {"enable_idempotence": False}, {"partitioner": "random"}):
        with pytest.raises(accord.ConfigurationError, match="would break what Accord promises"):
            accord.Producer(mock.settings(**settings), registry.client)
    with pytest.raises(accord.ConfigurationError, match="no_such"):
        accord.Producer(
            accord.KafkaSettings(mock.bootstrap_servers, properties={"no_such": 1}), registry.client
        )


class SlowQueue:
    """A producer client whose queue is full for a while, and whose callbacks come when it is polled."""

    def __init__(self, full_times: int) -> None:
        self.full_times = full_times
        self.taken: list[OutgoingRecord] = []

    def produce(self, record: OutgoingRecord, on_delivery: Any) -> None:
        del on_delivery
        if self.full_times:
            self.full_times -= 1
            raise accord.QueueFull("full")
        self.taken.append(record)

    def poll(self, timeout_s: float) -> None:
        time.sleep(min(timeout_s, 0.001))

    def flush(self, timeout_s: float) -> int:
        return 0 if timeout_s else 1

    def purge(self) -> None:
        raise AssertionError("nothing is left")

    def missing_topics(self, topics: Any, timeout_s: float) -> list[str]:
        return [] if timeout_s else list(topics)


def test_room_that_comes_in_time_is_used() -> None:
    queue = SlowQueue(full_times=5)
    sender = Sender(queue, name="test")
    record = OutgoingRecord("orders", None, b"x")
    sender.send(record, lambda _: None, within_s=5)
    assert queue.taken == [record]
    sender.close(1)
