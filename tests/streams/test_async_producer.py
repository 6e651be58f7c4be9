"""The producer of asyncio on a broker in this process: headers, a result for each record, and nothing that blocks the loop."""

import asyncio
import gc
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import psutil
import pytest
import uvloop

import accord

T = TypeVar("T")
Run = Callable[[Coroutine[Any, Any, T]], T]


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    amount: float


ORDERS = accord.contract("orders", Order)

LOOPS = pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])


@pytest.fixture
def registered(registry: Any) -> Any:
    registry.add(ORDERS.subject, ORDERS.schema)
    return registry


class Gaps:
    """How long the event loop did nothing but one thing, at most."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            self.longest_s = max(self.longest_s, time.monotonic() - before)

    def end(self) -> float:
        self._task.cancel()
        return self.longest_s


@LOOPS
def test_a_send_ends_when_the_brokers_have_the_record_with_its_headers(
    run: Run[Any], mock: Any, registered: Any
) -> None:
    async def send() -> list[accord.Delivered]:
        async with accord.AsyncProducer(mock.settings(), registered.client, contracts=[ORDERS]) as producer:
            first = await producer.send(ORDERS, Order("o-1", 2.5), key="a", headers=[("traceparent", "00-1")])
            many = [producer.send_nowait(ORDERS, Order(f"o-{n}", 1.0), key="a") for n in range(500)]
            gone = await producer.send(ORDERS, None, key="a")
            assert await producer.flush() == 0
            assert all(one.done() for one in many)
            return [first, *(one.result() for one in many), gone]

    places = run(send())
    assert [place.offset for place in places] == list(range(502))
    first, *_, last = mock.records("orders")
    assert first.headers == (("traceparent", b"00-1"),)
    assert first.key == b"a"
    assert last.value is None


def test_a_steady_trickle_is_delivered_record_by_record(mock: Any, registered: Any) -> None:
    """A client that waits for silence before it sends a batch would deliver none of these."""

    async def trickle() -> list[float]:
        waits = []
        async with accord.AsyncProducer(mock.settings(), registered.client) as producer:
            await producer.send(ORDERS, Order("first", 1.0))
            for number in range(10):
                began = time.monotonic()
                await producer.send(ORDERS, Order(f"o-{number}", 1.0))
                waits.append(time.monotonic() - began)
                await asyncio.sleep(0.02)
        return waits

    assert max(asyncio.run(trickle())) < 3.0
    assert len(mock.records("orders")) == 11


def test_who_is_cancelled_waits_no_more_and_harms_nothing(mock: Any, registered: Any) -> None:
    async def send() -> int:
        async with accord.AsyncProducer(mock.settings(), registered.client) as producer:
            await producer.send(ORDERS, Order("o-0", 1.0), key="a")
            mock.answer_after(0.2)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(producer.send(ORDERS, Order("o-1", 1.0), key="a"), 0.01)
            forgotten = producer.send_nowait(ORDERS, Order("o-2", 1.0), key="a")
            forgotten.cancel()
            return (await producer.send(ORDERS, Order("o-3", 1.0), key="a")).offset

    assert asyncio.run(send()) == 3


def test_a_full_queue_is_waited_for_without_holding_up_the_loop(mock: Any, registered: Any) -> None:
    settings = mock.settings(queue_buffering_max_messages=5)

    async def send() -> float:
        async with accord.AsyncProducer(settings, registered.client, contracts=[ORDERS]) as producer:
            await producer.send(ORDERS, Order("o-0", 1.0))
            mock.answer_after(0.01)
            gaps = Gaps()
            await asyncio.gather(*(producer.send(ORDERS, Order(f"o-{n}", 1.0)) for n in range(20)))
            return gaps.end()

    assert asyncio.run(send()) < 0.5
    assert len(mock.records("orders")) == 21


def test_a_crowd_of_deliveries_leaves_the_loop_to_others_in_between(
    mock: Any, registered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send() -> list[int]:
        async with accord.AsyncProducer(mock.settings(), registered.client, contracts=[ORDERS]) as producer:
            running = producer._running
            assert running is not None
            tell, told = running.tell_at_once, [0]

            def count(*most: float) -> None:
                before = len(running._reported)
                tell(*most)
                told.append(before - len(running._reported))

            monkeypatch.setattr(running, "tell_at_once", count)
            await asyncio.gather(
                *(producer.send_nowait(ORDERS, Order("o", 1.0), key="a") for _ in range(5000))
            )
        return told

    told = asyncio.run(send())
    assert sum(told) == 5000
    assert max(told) <= 1000


def test_a_queue_that_stays_full_is_told_at_the_deadline_and_by_send_nowait_at_once(
    mock: Any, registered: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings = mock.settings(queue_buffering_max_messages=2)

    async def send() -> int:
        producer = accord.AsyncProducer(settings, registered.client, contracts=[ORDERS], room_within_s=0.2)
        await producer.start()
        await producer.send(ORDERS, Order("o-0", 1.0))
        mock.down()
        stuck = [producer.send_nowait(ORDERS, Order("o-1", 1.0)) for _ in range(2)]
        with pytest.raises(accord.QueueFull):
            producer.send_nowait(ORDERS, Order("o-2", 1.0))
        began = time.monotonic()
        with pytest.raises(accord.QueueFull):
            await producer.send(ORDERS, Order("o-2", 1.0))
        assert 0.2 <= time.monotonic() - began < 2
        given_up = await producer.close(timeout_s=0.2)
        assert time.monotonic() - began < 5
        assert [type(one.exception()) for one in stuck] == [accord.DeliveryFailed] * 2
        with pytest.raises(accord.ProducerClosed):
            await producer.send(ORDERS, Order("o-3", 1.0))
        assert await producer.close() == 0
        return given_up

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(send()) == 2
    told = [record for record in caplog.records if record.getMessage().startswith("delivery failed")]
    assert [getattr(record, "records", 0) for record in told] == [2]


@pytest.mark.soak
def test_brokers_that_do_not_answer_are_told_in_time(mock: Any, registered: Any) -> None:
    async def send() -> accord.DeliveryFailed:
        async with accord.AsyncProducer(mock.settings(), registered.client, delivery_timeout_s=1) as producer:
            mock.down()
            with pytest.raises(accord.DeliveryFailed) as caught:
                await asyncio.wait_for(producer.send(ORDERS, Order("o-1", 1.0)), 10)
            return caught.value

    assert asyncio.run(send()).retryable


def test_an_event_that_breaks_the_contract_never_enters_the_queue(mock: Any, registered: Any) -> None:
    amount: Any = "free"

    async def send() -> None:
        async with accord.AsyncProducer(mock.settings(), registered.client) as producer:
            with pytest.raises(accord.InvalidEvent):
                await producer.send(ORDERS, Order("o-1", amount))
            assert await producer.flush() == 0

    asyncio.run(send())
    assert mock.records("orders") == []


def test_a_start_fails_before_the_first_record_where_code_and_registry_disagree(
    mock: Any, registry: Any
) -> None:
    async def start() -> None:
        with pytest.raises(accord.SchemaNotRegistered):
            async with accord.AsyncProducer(mock.settings(), registry.client, contracts=[ORDERS]):
                pytest.fail("it began")

    asyncio.run(start())


def test_a_contract_that_is_not_prepared_cannot_be_sent_without_waiting(mock: Any, registered: Any) -> None:
    async def send() -> None:
        producer = accord.AsyncProducer(mock.settings(), registered.client)
        with pytest.raises(accord.ConfigurationError, match="has not been started"):
            producer.send_nowait(ORDERS, Order("o-1", 1.0))
        async with producer:
            with pytest.raises(accord.ConfigurationError, match="not prepared"):
                producer.send_nowait(ORDERS, Order("o-1", 1.0))
            await producer.prepare(ORDERS)
            await producer.send_nowait(ORDERS, Order("o-1", 1.0))

    asyncio.run(send())


def test_another_loop_is_told_so(mock: Any, registered: Any, caplog: pytest.LogCaptureFixture) -> None:
    producer = accord.AsyncProducer(mock.settings(), registered.client, contracts=[ORDERS])

    async def send() -> None:
        await producer.send(ORDERS, Order("o-1", 1.0))

    async def start() -> None:
        await producer.start()
        with pytest.raises(accord.AnotherEventLoop, match=r"none of asyncio's"):
            await asyncio.to_thread(producer.send_nowait, ORDERS, Order("o-1", 1.0))
        mock.answer_after(0.5)
        producer.send_nowait(ORDERS, Order("o-1", 1.0))

    asyncio.run(start())
    with pytest.raises(accord.AnotherEventLoop, match="another one"):
        asyncio.run(send())
    deadline = time.monotonic() + 10
    while "an event loop was closed before its producer" not in caplog.text:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_registry_of_the_other_kind_is_told_at_once() -> None:
    registry: Any = accord.AsyncRegistry("http://registry.example")
    with pytest.raises(accord.ConfigurationError, match="in a thread") as caught:
        accord.AsyncProducer("127.0.0.1:9", registry)
    assert "a Registry" in caught.value.hint


def test_one_hop_brings_a_whole_round_of_deliveries(
    mock: Any, registered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send() -> int:
        hops = 0
        loop = asyncio.get_running_loop()
        hop = loop.call_soon_threadsafe

        def count(*arguments: Any, **choices: Any) -> asyncio.Handle:
            nonlocal hops
            hops += 1
            return hop(*arguments, **choices)

        async with accord.AsyncProducer(mock.settings(), registered.client, contracts=[ORDERS]) as producer:
            await producer.send(ORDERS, Order("o", 1.0))
            monkeypatch.setattr(loop, "call_soon_threadsafe", count)
            many = [producer.send_nowait(ORDERS, Order("o", 1.0), key="a") for _ in range(5000)]
            await asyncio.gather(*many)
        return hops

    assert asyncio.run(send()) < 500


@pytest.mark.soak
def test_memory_stays_flat_however_much_is_sent(mock: Any, registered: Any) -> None:
    process = psutil.Process()

    async def send(producer: accord.AsyncProducer, records: int) -> int:
        for _ in range(records // 1000):
            await asyncio.gather(
                *(producer.send_nowait(ORDERS, Order("o", 1.0), key="a") for _ in range(1000))
            )
        gc.collect()
        return int(process.memory_info().rss)

    async def send_twice() -> int:
        async with accord.AsyncProducer(mock.settings(), registered.client, contracts=[ORDERS]) as producer:
            # The broker keeps so much, and no more.
            before = await send(producer, 200_000)
            return await send(producer, 200_000) - before

    assert asyncio.run(send_twice()) < 16 * 2**20
