"""An application in the harness: its handlers run as its workers would run them."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

import accord
from accord.client import Registry
from accord.kafka import TopicPartition
from accord.streams.app import App
from accord.streams.dedupe import Dedupe
from accord.streams.handlers import Context
from accord.testing import Harness


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str


ORDERS = accord.contract("orders", Order)
INVOICES = accord.contract("invoices", Invoice)


@pytest.fixture
def app() -> Iterator[App]:
    """Nothing is asked of its addresses: they are nobody's."""
    with Registry("http://127.0.0.1:9") as registry:
        yield App("127.0.0.1:9", registry)


def test_what_a_handler_returns_is_published_with_its_key(app: App) -> None:
    @app.on(ORDERS, group="billing", publishes=INVOICES)
    def bill(order: Order) -> Invoice:
        return Invoice(f"for {order.order_id}")

    harness = Harness(app)
    harness.given(ORDERS, Order("a"), Order("b"), key="k")
    harness.run()

    assert harness.published(INVOICES) == [Invoice("for a"), Invoice("for b")]
    assert {record.key for record in harness.records(INVOICES)} == {b"k"}
    assert harness.committed("billing") == {TopicPartition("orders", 0): 2}


def test_coroutines_are_awaited_and_chains_run_to_their_end(app: App) -> None:
    mailed: list[Invoice] = []

    @app.on(ORDERS, group="billing", publishes=INVOICES, workers=4)
    async def bill(order: Order, context: Context) -> None:
        await asyncio.sleep(0)
        context.send(INVOICES, Invoice(f"{order.order_id}/{context.attempt}"))

    @app.on(INVOICES, group="mail")
    async def mail(invoice: Invoice) -> None:
        mailed.append(invoice)

    with Harness(app, partitions=2) as harness:
        harness.given(ORDERS, Order("a"), key="a")
        harness.given(ORDERS, Order("b"), key="b")
        harness.run()

    assert sorted(invoice.number for invoice in mailed) == ["a/1", "b/1"]


def test_a_failing_handler_publishes_nothing_until_it_succeeds(app: App) -> None:
    @app.on(ORDERS, group="billing", publishes=INVOICES, retry=accord.Retry(2, topics=("6h",)))
    def bill(order: Order, context: Context) -> Invoice:
        if context.attempt < 4:
            raise RuntimeError("the printer is out of paper")
        return Invoice(order.order_id)

    harness = Harness(app)
    harness.given(ORDERS, Order("a"), key="a")

    harness.advance("5h")
    assert harness.published(INVOICES) == []
    harness.advance("2h")

    assert harness.published(INVOICES) == [Invoice("a")]
    assert harness.dead_letters(ORDERS) == []


def test_marks_are_kept_as_long_as_they_hold_and_not_beyond_the_harness(app: App) -> None:
    handled: list[str] = []

    @app.on(ORDERS, group="billing", dedupe=Dedupe("1h", by=lambda record: record.key))
    def bill(order: Order) -> None:
        handled.append(order.order_id)

    for _ in range(2):
        harness = Harness(app)
        harness.given(ORDERS, Order("a"), Order("a"), key="k")
        harness.run()
        harness.advance("59m")
        harness.given(ORDERS, Order("a"), key="k")
        harness.run()
        assert handled == ["a"]
        harness.advance("2m")
        harness.given(ORDERS, Order("a"), key="k")
        harness.run()
        assert handled == ["a", "a"]
        handled.clear()


def test_tombstones_come_to_those_who_take_them(app: App) -> None:
    handled: list[Order | None] = []

    @app.on(ORDERS, group="cache")
    def keep(order: Order | None) -> None:
        handled.append(order)

    @app.on(ORDERS, group="billing")
    def bill(order: Order) -> None:
        handled.append(order)

    harness = Harness(app)
    harness.given(ORDERS, None, key="k")
    harness.run()

    assert handled == [None]
    assert set(harness.committed("billing").values()) == {1}
