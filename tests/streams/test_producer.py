"""The producer on a broker in this process: nothing wrong enters the queue, and every delivery is told."""

import asyncio
import gc
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

import accord
from accord.client import Patience
from accord.codecs import framing

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
    # The second question was whether it is there normalized, the third what is there instead.
    assert registry.asked == 4


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


@pytest.mark.soak
def test_brokers_that_do_not_answer_are_told_by_the_delivery(registry: Any, mock: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    with accord.Producer(mock.settings(), registry.client, delivery_timeout_s=1) as producer:
        mock.set_down(down=True)
        delivery = producer.send(ORDERS, Order("o-1", 1.0))
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


def murmur2(key: bytes) -> int:
    """The hash that Java's clients take of a key: 32-bit MurmurHash2 with their seed, as a signed number."""
    multiplier, mask = 0x5BD1E995, 0xFFFFFFFF
    value = 0x9747B28C ^ len(key)
    whole = len(key) // 4 * 4
    for at in range(0, whole, 4):
        four = int.from_bytes(key[at : at + 4], "little") * multiplier & mask
        four = (four ^ four >> 24) * multiplier & mask
        value = value * multiplier & mask ^ four
    if whole < len(key):
        value = (value ^ int.from_bytes(key[whole:], "little")) * multiplier & mask
    value = (value ^ value >> 13) * multiplier & mask
    value ^= value >> 15
    return value - (1 << 32) if value >> 31 else value


@pytest.mark.parametrize(
    ("key", "javas"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_the_hash_of_this_test_is_the_one_of_javas_clients(key: bytes, javas: int) -> None:
    assert murmur2(key) == javas


def test_a_key_goes_to_the_partition_that_java_would_choose(registry: Any, mock: Any) -> None:
    mock.create_topic("wide", partitions=12)
    wide = accord.contract("wide", Order, key="bytes")
    registry.add(wide.subject, wide.schema)
    dice = random.Random(7)
    keys = [dice.randbytes(length) for length in range(1, 41) for _ in range(5)]
    with accord.Producer(mock.settings(), registry.client) as producer:
        sent = [(key, producer.send(wide, Order("o", 1.0), key=key)) for key in keys]
        chosen = [(key, delivery.result(10).partition) for key, delivery in sent]
    assert chosen == [(key, (murmur2(key) & 0x7FFFFFFF) % 12) for key in keys]


def test_settings_that_would_break_the_promises_are_refused(registry: Any, mock: Any) -> None:
    for settings in ({"acks": "1"}, {"enable_idempotence": False}, {"partitioner": "random"}):
        with pytest.raises(accord.ConfigurationError, match="would break what Accord promises"):
            accord.Producer(mock.settings(**settings), registry.client)
    with pytest.raises(accord.ConfigurationError, match="no_such"):
        accord.Producer(
            accord.KafkaSettings(mock.bootstrap_servers, properties={"no_such": 1}), registry.client
        )


def test_no_header_switches_a_check_off(producer: accord.Producer, mock: Any) -> None:
    """Confluent's serializer passes over the rule that a header names, so that whoever sets headers sets the rules."""
    amount: Any = "free"
    for name in ("__rule.name", "__rule.mode", "accord-rule"):
        with pytest.raises(accord.InvalidEvent, match="amount"):
            producer.send(ORDERS, Order("o-1", amount), headers=[(name, b"positive"), (name, b"WRITE")])
    assert producer.flush() == 0
    assert mock.records("orders") == []


def test_a_start_fails_before_the_first_record_where_code_and_registry_disagree(
    mock: Any, registry: Any
) -> None:
    producer = accord.Producer(mock.settings(), registry.client, contracts=[ORDERS])
    with pytest.raises(accord.SchemaNotRegistered), producer:
        pytest.fail("it began")
    with pytest.raises(accord.ProducerClosed):
        producer.send(ORDERS, Order("o-1", 1.0))


def test_a_start_without_a_registry_fails_and_not_the_first_record(mock: Any, registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    registry.down = True
    with (
        pytest.raises(accord.RegistryUnavailable),
        accord.Producer(mock.settings(), registry.client, contracts=[ORDERS]),
    ):
        pytest.fail("the block has begun")


def test_a_restart_while_the_registry_is_away_still_produces(
    mock: Any, registry: Any, tmp_path: Path
) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)

    def send() -> None:
        client = accord.Registry(
            "http://registry.example",
            transport=httpx2.MockTransport(registry._answer),
            patience=Patience(tries=1),
            keep_in=tmp_path,
        )
        with accord.Producer(mock.settings(), client, contracts=[ORDERS]) as producer:
            producer.send(ORDERS, Order("o-1", 1.0), key="a").result(10)

    send()
    registry.down = True
    send()
    first, second = mock.records("orders")
    assert first.value == second.value


def test_a_record_that_is_enqueued_while_the_producer_is_closed_is_told_as_well(
    registry: Any, mock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    producer = accord.Producer(mock.settings(), registry.client)
    producer.send(ORDERS, Order("o-1", 1.0)).result(10)
    enqueue = producer._enqueue

    def close_before(*record: Any) -> None:
        producer.close()
        enqueue(*record)

    monkeypatch.setattr(producer, "_enqueue", close_before)
    assert producer.send(ORDERS, Order("o-2", 1.0)).done()


def test_a_failure_that_nobody_looks_at_is_logged_once_for_all_records_of_a_round(
    registry: Any, mock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    producer = accord.Producer(mock.settings(), registry.client)
    mock.down()
    for number in range(50):
        producer.send(ORDERS, Order(f"o-{number}", 1.0))
    with caplog.at_level(logging.WARNING, "accord.streams"):
        assert producer.close(timeout_s=0.1) == 50
    told = [record for record in caplog.records if record.getMessage().startswith("delivery failed")]
    assert sum(getattr(record, "records", 0) for record in told) == 50
    assert len(told) < 5


@pytest.mark.soak
def test_memory_stays_flat_however_much_is_sent(producer: accord.Producer) -> None:
    process = psutil.Process()

    def send(records: int) -> int:
        for _ in range(records):
            producer.send(ORDERS, Order("o-1", 1.0), key="a")
        assert producer.flush() == 0
        gc.collect()
        return int(process.memory_info().rss)

    # The broker keeps so much, and no more.
    before = send(200_000)
    assert send(300_000) - before < 16 * 2**20


def test_threads_share_a_producer(producer: accord.Producer) -> None:
    places: list[accord.Delivered] = []

    def send() -> None:
        deliveries = [producer.send(ORDERS, Order("o", 1.0), key="a") for _ in range(500)]
        places.extend(delivery.result(10) for delivery in deliveries)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(place.offset for place in places) == list(range(2000))
