"""Many tasks at an AsyncProducer: who waits for room leaves nothing behind, and who starts it finds it started."""

import asyncio
import threading
from dataclasses import dataclass
from typing import Any

import accord


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


ORDERS = accord.contract("orders", Order)


def test_a_queue_that_stays_full_gathers_nothing_of_those_who_waited(mock: Any, registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)

    async def wait_in_vain() -> int:
        settings = mock.settings(queue_buffering_max_messages=1)
        async with accord.AsyncProducer(settings, registry.client, contracts=[ORDERS]) as producer:
            mock.down()
            producer.send_nowait(ORDERS, Order("o-1"))
            waiting = [asyncio.create_task(producer.send(ORDERS, Order("o-2"))) for _ in range(20)]
            await asyncio.sleep(0.2)
            running = producer._running
            assert running is not None
            most = len(running._waiting_for_room)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            assert not running._waiting_for_room
            await producer.close(0.1)
            return most

    assert asyncio.run(wait_in_vain()) <= 20


def test_tasks_that_start_it_at_the_same_time_start_one(mock: Any, registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)

    async def start() -> int:
        producer = accord.AsyncProducer(mock.settings(), registry.client, contracts=[ORDERS])
        before = _threads()
        await asyncio.gather(producer.start(), producer.start())
        started = _threads() - before
        await producer.close()
        return started

    assert asyncio.run(start()) == 1


def _threads() -> int:
    return sum(thread.name == "accord-async-producer" for thread in threading.enumerate())
