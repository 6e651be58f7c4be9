"""The asynchronous consumer on a broker in this process."""

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest

import accord
from accord.codecs import framing
from accord.kafka import OutgoingRecord
from accord.streams.async_consumer import AsyncConsumer

WITHIN_S = 20.0

Handle = Callable[[accord.Record[Any]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


ORDERS = accord.contract("orders", Order)


@pytest.fixture
def write(mock: Any, registry: Any) -> Callable[..., None]:
    """Put orders on ``orders``, each with its key; bytes as they are."""
    registry.add(ORDERS.subject, ORDERS.schema)

    def write(*values: str | bytes, key: str | None = None) -> None:
        mock.write(
            *(
                OutgoingRecord(
                    "orders",
                    (key or (item if isinstance(item, str) else "bad")).encode(),
                    framing.prefixed(1, ORDERS.encode(Order(item))) if isinstance(item, str) else item,
                )
                for item in values
            )
        )

    return write


@pytest.fixture
def consumer(mock: Any, registry: Any) -> Callable[..., AsyncConsumer[Order]]:
    """Make a member of the group ``billing``."""

    def make(**choices: Any) -> AsyncConsumer[Order]:
        choices = {"retry": accord.Retry(3, accord.Backoff(first_s=0.05)), "budget_s": 5.0, **choices}
        return AsyncConsumer(
            mock.settings(), registry.new_client(), group="billing", contracts=[ORDERS], **choices
        )

    return make


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.01)


async def work(consumer: AsyncConsumer[Order], handle: Handle) -> None:
    async for record in consumer:
        async with record:
            await handle(record)


async def running(
    consumer: AsyncConsumer[Order], handle: Handle, condition: Callable[[], object], *, tasks: int = 1
) -> None:
    """Let some tasks consume until something is true."""
    async with consumer:
        workers = [asyncio.create_task(work(consumer, handle)) for _ in range(tasks)]
        try:
            await until(lambda: condition() or any(worker.done() for worker in workers))
        finally:
            consumer.stop()
            await asyncio.gather(*workers)


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(main)


def order_id(record: accord.Record[Any]) -> str:
    assert isinstance(record.value, Order)
    return record.value.order_id


def test_events_are_handled_in_order_and_committed(mock: Any, write: Any, consumer: Any) -> None:
    write(*(f"o-{number}" for number in range(100)), key="k")
    billing, seen = consumer(), []

    async def handle(record: accord.Record[Any]) -> None:
        await asyncio.sleep(0)
        seen.append(order_id(record))

    run(running(billing, handle, lambda: len(seen) == 100))
    assert seen == [f"o-{number}" for number in range(100)]
    assert sum(mock.committed("billing", "orders").values()) == 100


def test_a_failing_handler_is_tried_again_and_bad_records_are_put_aside(
    mock: Any, write: Any, consumer: Any
) -> None:
    write("o-1", b"junk", "o-2")
    billing, seen = consumer(), []

    async def handle(record: accord.Record[Any]) -> None:
        seen.append((order_id(record), record.attempt))
        if order_id(record) == "o-1":
            raise ValueError("no")

    run(
        running(
            billing, handle, lambda: billing.stats().done == 1 and len(billing.stats().dead_lettered) == 2
        )
    )
    assert [item for item in seen if item[0] == "o-1"] == [("o-1", 1), ("o-1", 2), ("o-1", 3)]
    assert billing.stats().dead_lettered == {"WRONG_MAGIC_BYTE": 1, "HANDLER_FAILED": 1}
    assert sum(mock.committed("billing", "orders").values()) == 3


def test_several_tasks_keep_the_order_of_each_key(write: Any, consumer: Any) -> None:
    for letter in "abcdefgh":
        write(*(f"{letter}-{number}" for number in range(20)), key=letter)
    billing = consumer(lanes=4)
    seen: dict[str, list[int]] = defaultdict(list)
    in_hand, most = set[str](), 0

    async def handle(record: accord.Record[Any]) -> None:
        nonlocal most
        key, number = order_id(record).split("-")
        assert key not in in_hand
        in_hand.add(key)
        most = max(most, len(in_hand))
        await asyncio.sleep(0.001)
        in_hand.discard(key)
        seen[key].append(int(number))

    run(running(billing, handle, lambda: billing.stats().done == 160, tasks=4))
    assert seen == {letter: list(range(20)) for letter in "abcdefgh"}
    assert most > 1


def test_a_task_that_is_cancelled_leaves_its_record_as_it_was(mock: Any, write: Any, consumer: Any) -> None:
    write("o-1", "o-2", key="k")
    billing, seen = consumer(), []
    in_hand = asyncio.Event()

    async def slow(_: accord.Record[Any]) -> None:
        in_hand.set()
        await asyncio.sleep(60)

    async def quick(record: accord.Record[Any]) -> None:
        seen.append((order_id(record), record.attempt))

    async def main() -> None:
        async with billing:
            task = asyncio.create_task(work(billing, slow))
            await asyncio.wait_for(in_hand.wait(), WITHIN_S)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert billing.stats().done == 0
            second = asyncio.create_task(work(billing, quick))
            await until(lambda: len(seen) == 2)
            billing.stop()
            await second

    run(main())
    assert seen == [("o-1", 1), ("o-2", 1)]
    assert sum(mock.committed("billing", "orders").values()) == 2


def test_the_loop_goes_on_while_the_registry_is_asked(
    write: Any, registry: Any, consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("o-1")
    billing, seen = consumer(), []
    answer, threads = registry._answer, set[str]()

    def slow(request: Any) -> Any:
        if request.url.path.startswith("/schemas/ids/"):
            threads.add(threading.current_thread().name)
            time.sleep(0.3)
        return answer(request)

    monkeypatch.setattr(registry, "_answer", slow)
    billing = consumer()
    longest = 0.0

    async def handle(record: accord.Record[Any]) -> None:
        seen.append(order_id(record))

    async def tick() -> None:
        nonlocal longest
        while not seen:
            before = time.monotonic()
            await asyncio.sleep(0.001)
            longest = max(longest, time.monotonic() - before)

    async def main() -> None:
        async with billing:
            worker = asyncio.create_task(work(billing, handle))
            await asyncio.wait_for(tick(), WITHIN_S)
            billing.stop()
            await worker

    run(main())
    assert threads == {"accord-schemas"}
    assert longest < 0.25


def test_an_outage_of_the_registry_makes_records_wait(
    write: Any, registry: Any, mock: Any, consumer: Any
) -> None:
    write("o-1")
    registry.down = True
    billing, seen = consumer(), []

    async def handle(record: accord.Record[Any]) -> None:
        seen.append(order_id(record))

    def back_again() -> bool:
        if billing.stats().registry_waits > 2:
            registry.down = False
        return bool(seen)

    run(running(billing, handle, back_again))
    assert (seen, mock.records("orders-dlq")) == (["o-1"], [])


def test_records_of_an_id_that_nobody_knows_are_put_aside(write: Any, consumer: Any) -> None:
    write(framing.prefixed(99, b"x"), "o-1")
    billing, seen = consumer(), []

    async def handle(record: accord.Record[Any]) -> None:
        seen.append(order_id(record))

    run(running(billing, handle, lambda: seen and billing.stats().dead_lettered))
    assert billing.stats().dead_lettered == {"UNKNOWN_SCHEMA_ID": 1}


def test_a_record_that_nobody_settles_is_told(write: Any, consumer: Any) -> None:
    write("o-1", "o-2", key="k")
    billing = consumer()

    async def main() -> None:
        async with billing:
            async for _ in billing:
                pass

    with pytest.raises(accord.RecordNotSettled):
        run(main())


def test_a_handler_that_does_not_come_back_is_the_end(write: Any, consumer: Any) -> None:
    write("stuck", key="k")
    billing = consumer(max_handler_s=0.3, budget_s=1.0)

    async def handle(_: accord.Record[Any]) -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        async with billing:
            stuck = asyncio.create_task(work(billing, handle))
            await until(lambda: billing.failure is not None)
            other = asyncio.create_task(work(billing, handle))
            with pytest.raises(accord.HandlerStuck):
                await asyncio.wait_for(other, WITHIN_S)
            stuck.cancel()

    run(main())


def test_a_missing_topic_is_told_at_the_start(mock: Any, consumer: Any) -> None:
    mock.forget_topic("orders")

    async def main() -> None:
        async with consumer():
            pass

    with pytest.raises(accord.TopicNotFound):
        run(main())


def test_a_handler_that_never_waits_does_not_keep_the_loop(write: Any, consumer: Any) -> None:
    write(*(f"o-{number}" for number in range(200)), key="k")
    billing, done, longest = consumer(), 0, 0.0

    async def handle(_: accord.Record[Any]) -> None:
        nonlocal done
        done += 1
        time.sleep(0.002)  # noqa: ASYNC251 -- it stands for a handler that computes

    async def tick() -> None:
        nonlocal longest
        while done < 200:
            before = time.monotonic()
            await asyncio.sleep(0)
            longest = max(longest, time.monotonic() - before) if done else 0.0

    async def main() -> None:
        ticking = asyncio.create_task(tick())
        await running(billing, handle, lambda: done == 200)
        await ticking

    run(main())
    assert longest < 0.2


def test_batches_are_handled_together_and_one_bad_record_costs_no_other(
    mock: Any, write: Any, consumer: Any
) -> None:
    write(*(f"o-{number}" for number in range(25)), key="k")
    write(b"junk", key="k")
    write(*(f"o-{number}" for number in range(25, 50)), key="k")
    billing = consumer(retry=accord.Retry(1))
    sizes, seen = [], []

    async def main() -> None:
        async with billing:
            async for batch in billing.batches(max_records=20, wait_s=0.05):
                async with batch:
                    await asyncio.sleep(0)
                    ids = [order_id(record) for record in batch.records]
                    if "o-7" in ids:
                        raise ValueError("o-7 is not for sale")
                    sizes.append(len(ids))
                    seen.extend(ids)
                if len(seen) == 49:
                    billing.stop()

    run(asyncio.wait_for(main(), WITHIN_S))
    assert seen == [f"o-{number}" for number in range(50) if number != 7]
    assert max(sizes) == 20
    assert billing.stats().dead_lettered == {"WRONG_MAGIC_BYTE": 1, "HANDLER_FAILED": 1}
    assert sum(mock.committed("billing", "orders").values()) == 51


def test_a_batch_in_the_hands_of_a_task_that_is_cancelled_comes_again(write: Any, consumer: Any) -> None:
    write(*(f"o-{number}" for number in range(10)), key="k")
    billing, in_hand, seen = consumer(), asyncio.Event(), []

    async def slow() -> None:
        async for batch in billing.batches(max_records=5):
            async with batch:
                in_hand.set()
                await asyncio.sleep(60)

    async def main() -> None:
        async with billing:
            task = asyncio.create_task(slow())
            await asyncio.wait_for(in_hand.wait(), WITHIN_S)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            async for record in billing:
                async with record:
                    seen.append(order_id(record))
                if len(seen) == 10:
                    billing.stop()

    run(main())
    assert seen == [f"o-{number}" for number in range(10)]
