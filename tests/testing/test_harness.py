"""Handlers in the harness meet what they would meet in a consumer, hours of waiting included."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

import accord
from accord import ConfigurationError, DeadLetterFailed, Permanent, Record, Retry, TooManyDeadLetters
from accord.kafka import DeliveryFailed, TopicPartition
from accord.streams.breaker import Breaker
from accord.testing import Harness


@dataclass(frozen=True, slots=True)
class OrderCreated:
    order_id: str
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class OrderOfOld:
    order_id: str


@dataclass(frozen=True, slots=True)
class Invoice:
    order_id: str


ORDERS = accord.contract("orders", OrderCreated, namespace="com.example")
ORDERS_OF_OLD = accord.contract(
    "orders",
    OrderOfOld,
    schema='{"type": "record", "name": "OrderCreated", "namespace": "com.example",'
    ' "fields": [{"name": "order_id", "type": "string"}]}',
)
INVOICES = accord.contract("invoices", Invoice)
START = TopicPartition("orders", 0)


@pytest.fixture
def harness() -> Iterator[Harness]:
    with Harness() as made:
        yield made


def values(records: list[Record[OrderCreated]]) -> list[str]:
    return [record.value.order_id for record in records if record.value is not None]


def given(harness: Harness, *ids: str) -> None:
    for order_id in ids:
        harness.given(ORDERS, OrderCreated(order_id), key=order_id)


def test_events_are_handled_in_order_and_committed(harness: Harness) -> None:
    handled: list[Record[OrderCreated]] = []
    harness.consume([ORDERS], handled.append, group="billing")
    given(harness, "a", "b")
    harness.given(ORDERS, None, key="a")

    harness.run()

    assert values(handled) == ["a", "b"]
    assert [record.key for record in handled] == ["a", "b", "a"]
    assert handled[0].timestamp == datetime(2026, 1, 1, tzinfo=UTC)
    assert harness.committed() == {START: 3}
    assert harness.stats("billing").done == 3


def test_a_handler_that_awaits_is_awaited(harness: Harness) -> None:
    handled: list[Record[OrderCreated]] = []

    async def handle(record: Record[OrderCreated]) -> None:
        await asyncio.sleep(0)
        handled.append(record)

    harness.consume([ORDERS], handle, group="billing")
    given(harness, "a", "b")
    harness.run()

    assert values(handled) == ["a", "b"]


def test_what_a_handler_sends_is_published_and_handled_further_on(harness: Harness) -> None:
    billed: list[Record[Invoice]] = []

    def bill(record: Record[OrderCreated]) -> None:
        assert record.value is not None
        record.after(harness.producer.send(INVOICES, Invoice(record.value.order_id), key=record.key))

    harness.consume([ORDERS], bill, group="billing")
    harness.consume([INVOICES], billed.append, group="mail")
    given(harness, "a", "b")
    harness.run()

    assert harness.published(INVOICES) == [Invoice("a"), Invoice("b")]
    assert len(billed) == 2
    assert harness.committed("mail") == {TopicPartition("invoices", 0): 2}
    assert harness.committed() == {START: 2, TopicPartition("invoices", 0): 2}


def test_hours_between_tries_pass_in_milliseconds(harness: Harness) -> None:
    tries: list[int] = []

    def fail(record: Record[OrderCreated]) -> None:
        tries.append(record.attempt)
        raise RuntimeError("out of order")

    harness.consume([ORDERS], fail, group="billing", retry=Retry(2, topics=("1h", "24h")))
    given(harness, "a")
    began = time.perf_counter()

    harness.run()
    assert tries == [1]
    harness.advance("1m")
    assert tries == [1, 2]
    assert len(harness.records("orders.billing.retry.1h")) == 1
    assert harness.committed()[START] == 1
    harness.advance("59m")
    assert tries == [1, 2]
    harness.advance("1m")
    assert tries == [1, 2, 3, 4]
    harness.advance("23h")
    assert tries == [1, 2, 3, 4]
    assert harness.dead_letters(ORDERS) == []
    harness.advance("2h")

    assert tries == [1, 2, 3, 4, 5, 6]
    [letter] = harness.dead_letters(ORDERS)
    assert (letter.code, letter.message, letter.attempts) == ("HANDLER_FAILED", "out of order", 6)
    assert letter.key == b"a"
    assert time.perf_counter() - began < 5


def test_a_record_that_is_tried_again_keeps_its_place(harness: Harness) -> None:
    handled: list[str] = []

    def handle(record: Record[OrderCreated]) -> None:
        assert record.value is not None
        if record.value.order_id == "a" and record.attempt < 3:
            raise RuntimeError("not yet")
        handled.append(record.value.order_id)

    harness.consume([ORDERS], handle, group="billing")
    given(harness, "a", "b")
    harness.run()
    assert handled == []
    assert harness.committed() == {}

    harness.advance("1m")

    assert handled == ["a", "b"]
    assert harness.committed() == {START: 2}


def test_a_bad_record_is_put_aside_with_its_bytes(harness: Harness) -> None:
    handled: list[Record[OrderCreated]] = []
    harness.consume([ORDERS], handled.append, group="billing")
    harness.given_raw(ORDERS, b"not one of ours", key=b"x", headers=(("trace", b"1"),))
    harness.given_raw("orders", b"\0\0\0\0\x01")
    given(harness, "b")

    harness.run()

    assert values(handled) == ["b"]
    first, second = harness.dead_letters(ORDERS)
    assert (first.code, first.key, first.value) == ("WRONG_MAGIC_BYTE", b"x", b"not one of ours")
    assert first.raw.headers[0] == ("trace", b"1")
    assert second.code == "TRUNCATED"
    assert harness.committed() == {START: 3}


def test_an_event_of_an_older_schema_is_read_as_the_contract_says(harness: Harness) -> None:
    handled: list[Record[OrderCreated]] = []
    newer = accord.contract(
        "orders",
        OrderCreated,
        schema='{"type": "record", "name": "OrderCreated", "namespace": "com.example", "fields": ['
        '{"name": "order_id", "type": "string"}, {"name": "amount", "type": "double", "default": 7.5}]}',
    )
    harness.consume([newer], handled.append, group="billing")

    harness.given(ORDERS_OF_OLD, OrderOfOld("old"), key="k")
    harness.run()

    assert [record.value for record in handled] == [OrderCreated("old", 7.5)]


def test_an_outage_of_the_registry_lets_records_wait_and_loses_none(harness: Harness) -> None:
    handled: list[Record[OrderCreated]] = []
    harness.consume([ORDERS], handled.append, group="billing")
    harness.registry_down()
    given(harness, "a", "b")

    harness.run()
    harness.advance("1h")
    assert handled == []
    assert harness.dead_letters(ORDERS) == []

    harness.registry_up()
    harness.advance("1m")

    assert values(handled) == ["a", "b"]
    harness.registry_down()
    given(harness, "c")
    harness.run()
    assert values(handled) == ["a", "b", "c"]


def test_what_is_permanent_is_put_aside_at_once(harness: Harness) -> None:
    def refuse(_: Record[OrderCreated]) -> None:
        raise Permanent("never")

    harness.consume([ORDERS], refuse, group="billing")
    given(harness, "a")
    harness.run()

    assert [letter.code for letter in harness.dead_letters(ORDERS)] == ["HANDLER_SAID_PERMANENT"]


def test_what_would_stop_the_consumer_is_raised(harness: Harness) -> None:
    def misconfigured(_: Record[OrderCreated]) -> None:
        raise ConfigurationError("no password is set")

    harness.consume([ORDERS], misconfigured, group="billing")
    given(harness, "a")

    with pytest.raises(ConfigurationError, match="no password"):
        harness.run()

    assert harness.committed() == {}


def test_the_breaker_stops_a_bad_deployment(harness: Harness) -> None:
    harness.consume([ORDERS], lambda _: None, group="billing", breaker=Breaker(in_a_row=2))
    for _ in range(5):
        harness.given_raw(ORDERS, b"bad")

    with pytest.raises(TooManyDeadLetters):
        harness.run()

    assert len(harness.dead_letters(ORDERS)) == 2


def test_a_dead_letter_that_cannot_be_written_stops_the_consumer_before_the_record(harness: Harness) -> None:
    failure = DeliveryFailed("not allowed", code="TOPIC_AUTHORIZATION_FAILED", retryable=False)
    harness.consume([ORDERS], lambda _: None, group="billing")
    harness.fail_writes("orders-dlq", failure)
    given(harness, "a")
    harness.given_raw(ORDERS, b"bad")

    with pytest.raises(DeadLetterFailed, match="not allowed"):
        harness.run()

    assert harness.committed() == {START: 1}


def test_several_runs_of_the_same_story_are_the_same() -> None:
    def story() -> list[tuple[str | bytes | None, int, datetime | None]]:
        seen: list[tuple[str | bytes | None, int, datetime | None]] = []

        def handle(record: Record[OrderCreated]) -> None:
            seen.append((record.key, record.attempt, record.timestamp))
            if record.attempt < 3:
                raise RuntimeError

        harness = Harness(partitions=3, start=datetime(2030, 1, 1, tzinfo=UTC))
        harness.consume([ORDERS], handle, group="billing", retry=Retry(topics=("5s",)))
        for number in range(20):
            given(harness, f"o-{number}")
            harness.advance(timedelta(seconds=1).total_seconds())
        return seen

    assert story() == story()
