"""How long one awaited send takes on three brokers that all acknowledge, beside confluent-kafka's AIOProducer as it comes."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from confluent_kafka.aio import AIOProducer

import accord
from accord.codecs import framing
from accord.demo.shop.events.v1 import ORDERS
from accord.kafka import KafkaSettings, TopicSpec, admin
from accord.registry.http.server import serve
from benchmarks.report import Section, below
from benchmarks.sdk.brokers import real_brokers
from benchmarks.sdk.produce import EVENT, KEY

SENDS: Final = 500
PEERS_SENDS: Final = 5
WARM_UP: Final = 20
TRICKLE_EVERY_S: Final = 0.1
TRICKLE_FOR_S: Final = 6.0
AT_A_TIME: Final = 1000

Send = Callable[[], Awaitable[object]]


def awaited() -> Section:
    """One send after the other, a trickle, and a thousand at a time."""
    section = Section("Awaited sends, three brokers, acks=all")
    with serve() as server, accord.Registry(server.url) as registry, real_brokers() as address:
        registry.register(ORDERS.subject, ORDERS.schema)
        config = {"min.insync.replicas": "2"}
        admin.create_topics(
            KafkaSettings(address), [TopicSpec(ORDERS.topic, partitions=6, replication=3, config=config)]
        )
        ours = {
            linger_ms: asyncio.run(_ours(address, registry, linger_s=linger_ms / 1000))
            for linger_ms in (0, 1)
        }
        peer, peers_trickle = asyncio.run(_peer(address))
    rows = [(f"accord AsyncProducer, linger {ms} ms", *_row(one[0])) for ms, one in ours.items()]
    rows.append(("confluent_kafka.aio AIOProducer, defaults", *_row(peer)))
    section.table(("one send after the other", "sends", "p50, ms", "p99, ms", "longest, ms"), rows)
    section.table(
        (
            f"a send every {TRICKLE_EVERY_S * 1000:.0f} ms for {TRICKLE_FOR_S:g} s",
            "sent",
            "acknowledged by then",
        ),
        [
            ("accord AsyncProducer, linger 0 ms", *ours[0][1]),
            ("confluent_kafka.aio AIOProducer, defaults", *peers_trickle),
        ],
    )
    section.say(
        f"{AT_A_TIME:,} sends at a time, each awaited: {ours[0][2]:,.0f} a second at linger 0 ms, {ours[1][2]:,.0f} at 1 ms."
    )
    section.goals.append(below("awaited send at linger 0, p50", _p50(ours[0][0]) * 1000, 5, "ms"))
    return section


async def _ours(
    address: str, registry: accord.Registry, *, linger_s: float
) -> tuple[Sequence[float], tuple[str, str], float]:
    headers = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    async with accord.AsyncProducer(address, registry, contracts=[ORDERS], linger_s=linger_s) as producer:

        async def send() -> None:
            await producer.send(ORDERS, EVENT, key=KEY, headers=headers)

        await _one_by_one(send, WARM_UP)
        waits = await _one_by_one(send, SENDS)
        trickle = await _trickle(send) if not linger_s else ("", "")
        return waits, trickle, await _at_a_time(send)


async def _peer(address: str) -> tuple[Sequence[float], tuple[str, str]]:
    value, key = framing.prefixed(1, ORDERS.encode(EVENT)), KEY.encode()
    producer = AIOProducer({"bootstrap.servers": address, "acks": "all"})

    async def send() -> None:
        await (await producer.produce(ORDERS.topic, value=value, key=key))

    await _one_by_one(send, 1)
    waits = await _one_by_one(send, PEERS_SENDS)
    trickle = await _trickle(send)
    await producer.close()
    return waits, trickle


async def _one_by_one(send: Send, sends: int) -> Sequence[float]:
    waits = []
    for _ in range(sends):
        began = time.perf_counter()
        await send()
        waits.append(time.perf_counter() - began)
    return waits


async def _trickle(send: Send) -> tuple[str, str]:
    """How many sends were begun, and how many of them had ended, when the last was begun."""

    async def one() -> None:
        await send()

    tasks = []
    for _ in range(int(TRICKLE_FOR_S / TRICKLE_EVERY_S)):
        tasks.append(asyncio.create_task(one()))
        await asyncio.sleep(TRICKLE_EVERY_S)
    ended = sum(task.done() for task in tasks)
    await asyncio.gather(*tasks)
    return str(len(tasks)), str(ended)


async def _at_a_time(send: Send) -> float:
    """Sends a second, best of some rounds."""
    best = 0.0
    for _ in range(10):
        began = time.perf_counter()
        await asyncio.gather(*(send() for _ in range(AT_A_TIME)))
        best = max(best, AT_A_TIME / (time.perf_counter() - began))
    return best


def _row(waits: Sequence[float]) -> tuple[str, ...]:
    ordered = sorted(waits)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return (str(len(waits)), *(f"{wait * 1000:.2f}" for wait in (_p50(waits), p99, ordered[-1])))


def _p50(waits: Sequence[float]) -> float:
    return statistics.median(waits)
