"""How long one awaited send takes on three brokers that all acknowledge, beside confluent-kafka's AIOProducer as it comes."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from confluent_kafka import Producer
from confluent_kafka.aio import AIOProducer

import accord
from accord.codecs import framing
from accord.demo.shop.events.v1 import ORDERS
from accord.kafka import KafkaSettings, TopicSpec, admin
from accord.registry.http.server import serve
from benchmarks.report import Section, below
from benchmarks.sdk.brokers import real_brokers
from benchmarks.sdk.produce import EVENT, KEY

ROUNDS: Final = 10
SENDS: Final = 100
PEERS_SENDS: Final = 5
WARM_UP: Final = 200
TRICKLE_EVERY_S: Final = 0.1
TRICKLE_FOR_S: Final = 6.0
AT_A_TIME: Final = 1000

Send = Callable[[], Awaitable[object]]
Rounds = list[Sequence[float]]


def awaited() -> Section:
    """One send after the other, a trickle, and a thousand at a time."""
    section = Section("Awaited sends, three brokers, acks=all")
    with serve() as server, accord.Registry(server.url) as registry, real_brokers() as address:
        registry.register(ORDERS.subject, ORDERS.schema)
        config = {"min.insync.replicas": "2"}
        admin.create_topics(
            KafkaSettings(address), [TopicSpec(ORDERS.topic, partitions=6, replication=3, config=config)]
        )
        ours, trickle, at_a_time = asyncio.run(_ours(address, registry))
        bare = _bare(address)
        peer, peers_trickle = asyncio.run(_peer(address))
    sides = {
        **{f"accord AsyncProducer, linger {ms} ms": waits for ms, waits in ours.items()},
        "raw produce() and flush(), linger 0 ms": bare,
        "confluent_kafka.aio AIOProducer, defaults": peer,
    }
    section.table(
        ("one send after the other", "sends", "p50, ms", "p50 of the best round, ms", "p99, ms"),
        [(name, *_row(rounds)) for name, rounds in sides.items()],
    )
    section.table(
        (
            f"a send every {TRICKLE_EVERY_S * 1000:.0f} ms for {TRICKLE_FOR_S:g} s",
            "sent",
            "acknowledged by then",
        ),
        [
            ("accord AsyncProducer, linger 0 ms", *trickle),
            ("confluent_kafka.aio AIOProducer, defaults", *peers_trickle),
        ],
    )
    section.say(
        f"{AT_A_TIME:,} sends at a time, each awaited: {at_a_time[0]:,.0f} a second at linger 0 ms, {at_a_time[1]:,.0f} at 1 ms."
    )
    section.goals.append(
        below("awaited send at linger 0, p50 of the best round", _best(ours[0]) * 1000, 5, "ms")
    )
    return section


async def _ours(
    address: str, registry: accord.Registry
) -> tuple[dict[int, Rounds], tuple[str, str], dict[int, float]]:
    headers = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]

    def sending(producer: accord.AsyncProducer) -> Send:
        return lambda: producer.send(ORDERS, EVENT, key=KEY, headers=headers)

    contracts = [ORDERS]
    async with (
        accord.AsyncProducer(address, registry, contracts=contracts, linger_s=0) as at_once,
        accord.AsyncProducer(address, registry, contracts=contracts, linger_s=0.001) as soon,
    ):
        sends = {0: sending(at_once), 1: sending(soon)}
        waits: dict[int, Rounds] = {0: [], 1: []}
        for send in sends.values():
            await _one_by_one(send, WARM_UP)
        for _ in range(ROUNDS):
            for linger_ms, send in sends.items():
                waits[linger_ms].append(await _one_by_one(send, SENDS))
        trickle = await _trickle(sends[0])
        return waits, trickle, {linger_ms: await _at_a_time(send) for linger_ms, send in sends.items()}


def _bare(address: str) -> Rounds:
    """What the client and the brokers take by themselves."""
    client = Producer(
        {"bootstrap.servers": address, "acks": "all", "enable.idempotence": True, "linger.ms": 0}
    )
    value, key = framing.prefixed(1, ORDERS.encode(EVENT)), KEY.encode()
    rounds: Rounds = []
    for _ in range(ROUNDS + 1):
        waits = []
        for _send in range(SENDS):
            began = time.perf_counter()
            client.produce(ORDERS.topic, value=value, key=key)
            client.flush()
            waits.append(time.perf_counter() - began)
        rounds.append(waits)
    return rounds[1:]


async def _peer(address: str) -> tuple[Rounds, tuple[str, str]]:
    value, key = framing.prefixed(1, ORDERS.encode(EVENT)), KEY.encode()
    producer = AIOProducer({"bootstrap.servers": address, "acks": "all"})

    async def send() -> None:
        await (await producer.produce(ORDERS.topic, value=value, key=key))

    await _one_by_one(send, 1)
    waits = await _one_by_one(send, PEERS_SENDS)
    trickle = await _trickle(send)
    await producer.close()
    return [waits], trickle


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


def _row(rounds: Rounds) -> tuple[str, ...]:
    ordered = sorted(wait for waits in rounds for wait in waits)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    figures = (statistics.median(ordered), _best(rounds), p99)
    return (str(len(ordered)), *(f"{figure * 1000:.2f}" for figure in figures))


def _best(rounds: Rounds) -> float:
    return min(statistics.median(waits) for waits in rounds)
