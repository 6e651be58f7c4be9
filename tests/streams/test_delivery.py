"""What becomes of a record reaches whoever waits for it, however and whenever they began to."""

import asyncio
import gc
import logging
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from accord.kafka import Delivered, DeliveryFailed
from accord.streams.delivery import Delivery, Losses


@dataclass
class Report:
    """Where the client says that a record lies."""

    value: bytes | None = b"a copy"

    def partition(self) -> int:
        return 3

    def offset(self) -> int:
        return 7

    def timestamp(self) -> tuple[int, int]:
        return 1, 1000

    def set_value(self, value: bytes | None, /) -> None:
        self.value = value


@dataclass
class Topic:
    topic: str = "orders"
    failures: list[Any] = field(default_factory=list)

    def failure(self, error: Any, /) -> DeliveryFailed:
        self.failures.append(error)
        return DeliveryFailed(f"no: {error}", code="NO", retryable=False)


PLACE = Delivered("orders", 3, 7, 1000)


@pytest.fixture
def delivery() -> Delivery:
    return Delivery(Topic())


def test_a_record_that_has_arrived_says_where_and_keeps_no_copy(delivery: Delivery) -> None:
    report = Report()
    assert not delivery.done()
    delivery(None, report)
    assert delivery.done()
    assert report.value is None
    assert delivery.result() == delivery.result(0) == PLACE
    assert asyncio.run(asyncio.wait_for(delivery, 1)) == PLACE


def test_a_record_that_failed_says_why_to_everybody(delivery: Delivery) -> None:
    delivery("error", Report())
    for _ in range(2):
        with pytest.raises(DeliveryFailed, match="no: error"):
            delivery.result()
    with pytest.raises(DeliveryFailed):
        asyncio.run(asyncio.wait_for(delivery, 1))


def test_a_failure_that_was_looked_at_is_not_kept_for_ever() -> None:
    def look() -> "weakref.ref[Topic]":
        topic = Topic()
        delivery = Delivery(topic)
        delivery("error", Report())
        with pytest.raises(DeliveryFailed):
            delivery.result()
        with suppress(DeliveryFailed):
            delivery.result()
        return weakref.ref(topic)

    known = look()
    gc.collect()
    assert known() is None


def test_who_waits_too_short_is_told_and_may_wait_again(delivery: Delivery) -> None:
    with pytest.raises(TimeoutError, match="'orders' is still on its way"):
        delivery.result(0.001)
    assert repr(delivery) == "<Delivery to orders: on its way>"
    delivery(None, Report())
    assert delivery.result(0) == PLACE
    assert repr(delivery) == "<Delivery to orders: ended>"


def test_threads_tasks_and_callbacks_may_wait_for_the_same_record(delivery: Delivery) -> None:
    places: list[Delivered] = []
    threads = [threading.Thread(target=lambda: places.append(delivery.result(10))) for _ in range(3)]
    for thread in threads:
        thread.start()
    delivery.add_done_callback(lambda ended: places.append(ended.result(0)))

    async def wait() -> None:
        async def one() -> None:
            places.append(await delivery)

        tasks = [asyncio.create_task(one()) for _ in range(3)]
        given_up = asyncio.create_task(one())
        await asyncio.sleep(0)
        given_up.cancel()
        reporter = threading.Thread(target=delivery, args=(None, Report()))
        reporter.start()
        await asyncio.gather(*tasks)
        reporter.join()

    asyncio.run(wait())
    for thread in threads:
        thread.join(10)
    delivery.add_done_callback(lambda ended: places.append(ended.result(0)))
    assert places == [PLACE] * 8


def test_nobody_waits_in_vain_who_begins_just_when_the_record_arrives() -> None:
    deliveries = [Delivery(Topic()) for _ in range(3000)]
    called: list[Delivery] = []

    def report() -> None:
        for delivery in deliveries:
            delivery(None, Report())

    thread = threading.Thread(target=report)
    thread.start()
    for delivery in deliveries:
        delivery.add_done_callback(called.append)
        assert delivery.result(10) == PLACE
    thread.join()
    assert len(called) == len(deliveries)


def test_a_loop_that_is_closed_is_no_trouble_for_whoever_reports(delivery: Delivery) -> None:
    async def wait_briefly() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(delivery, 0.001)

    asyncio.run(wait_briefly())
    delivery(None, Report())
    assert delivery.result(0) == PLACE


def test_a_callback_that_fails_is_logged_and_the_others_are_called(
    delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    called: list[Delivery] = []
    delivery.add_done_callback(lambda _: 1 / 0)
    delivery.add_done_callback(called.append)
    delivery(None, Report())
    assert called == [delivery]
    assert "ZeroDivisionError" in caplog.text


def test_losses_are_told_once_for_each_topic_and_reason(caplog: pytest.LogCaptureFixture) -> None:
    losses = Losses()
    for code in ("LATE", "LATE", "LARGE"):
        losses.note("orders", DeliveryFailed(f"too {code.lower()}", code=code, retryable=False))
    with caplog.at_level(logging.WARNING):
        losses.tell()
        losses.tell()
    told = {(getattr(record, "code", ""), getattr(record, "records", 0)) for record in caplog.records}
    assert told == {("LATE", 2), ("LARGE", 1)}
    assert len(caplog.records) == 2
