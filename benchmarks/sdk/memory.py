"""Whether memory stays flat: ten million records through the engine, and a million from a real broker."""

import os
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from confluent_kafka import Message as ClientMessage

import accord
from accord.demo.shop.events.v1 import ORDERS
from accord.kafka import Message, OnDelivery, OutgoingRecord, RebalanceListener, TopicPartition
from accord.registry.http.server import serve
from accord.streams.dead_letters import Author
from accord.streams.flow import Flow
from accord.streams.polling import Polling
from accord.streams.reading import Reader
from accord.streams.record import Record
from accord.streams.settling import Settling
from accord.streams.writers import WriterSchemas
from benchmarks.report import Section, below
from benchmarks.sdk.brokers import real_brokers
from benchmarks.sdk.consume import fill, order_value

ENGINE_RECORDS: Final = 10_000_000
BROKER_RECORDS: Final = 1_000_000
LOOKS: Final = 10
BUFFER: Final = 600
GROWTH_MIB: Final = 5.0

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def memory() -> Section:
    """The resident memory of the process at intervals; between the first and the last it should not grow."""
    section = Section("Memory")
    with serve() as server, accord.Registry(server.url) as registry:
        value = order_value(registry.register(ORDERS.subject, ORDERS.schema).id)
        _tell(section, "the engine, fed without a broker", ENGINE_RECORDS, _engine(registry, value))
        with real_brokers(1) as address:
            fill(address, value, BROKER_RECORDS)
            _tell(section, "a consumer of a real broker", BROKER_RECORDS, _broker(registry, address))
    return section


def _tell(section: Section, what: str, count: int, records: Iterator[Record[Any]]) -> None:
    every = count // LOOKS
    seen, looks = 0, []
    for record in records:
        with record:
            seen += 1
        if seen % every == 0:
            looks.append(_resident_mib())
            if seen == count:
                break
    section.say(f"{count:,} records through {what}: resident MiB after each {every:,} of them")
    section.table(
        [f"{number * every:,}" for number in range(1, LOOKS + 1)], [[f"{one:.1f}" for one in looks]]
    )
    # What the first tenth makes is there to stay: buffers, caches, the interpreter's own arenas.
    section.goals.append(
        below(f"{what}: growth after the first tenth", looks[-1] - looks[0], GROWTH_MIB, "MiB")
    )


def _resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 2**20


def _broker(registry: accord.Registry, address: str) -> Iterator[Record[Any]]:
    with accord.Consumer(address, registry, group=str(uuid.uuid4()), contracts=[ORDERS]) as consumer:
        yield from consumer


def _engine(registry: accord.Registry, value: bytes) -> Iterator[Record[Any]]:
    flow = Flow(capacity=BUFFER)
    settling = Settling(
        flow,
        Reader([ORDERS], WriterSchemas(registry)),
        contracts={ORDERS.topic: ORDERS},
        retry=accord.Retry(),
        letters=NoLetters(),
        author=Author("cluster", "group", "accord"),
    )
    polling = Polling(Endless(value), flow, topics=[ORDERS.topic], budget_s=1, before_leaving=lambda: None)
    polling.start()
    try:
        while (run := flow.take()) is not None:
            yield from settling.records(run)
    finally:
        flow.stop()
        polling.join(10)


class Endless:
    """A consumer of a partition that has no end."""

    def __init__(self, value: bytes) -> None:
        self._value = value
        self._next = 0

    def subscribe(self, topics: Sequence[str], listener: RebalanceListener) -> None:
        """One partition comes at once."""
        listener.on_assigned([TopicPartition(topic, 0) for topic in topics])

    def consume(self, max_records: int, timeout_s: float) -> Sequence[Message]:
        """As many as are asked for."""
        del timeout_s
        first, self._next = self._next, self._next + max_records
        messages = [
            ClientMessage(topic=ORDERS.topic, partition=0, offset=offset, key=b"key", value=self._value)
            for offset in range(first, self._next)
        ]
        # The client's stub allows None where a record has none.
        return cast("list[Message]", messages)

    def store(self, offsets: Mapping[TopicPartition, int]) -> None:
        """It is taken note of by nobody."""

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """It is taken note of by nobody."""

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """There is always more."""

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        """There is always more."""

    def missing_topics(self, topics: Collection[str], timeout_s: float) -> Collection[str]:
        """None is."""
        del topics, timeout_s
        return ()

    def cluster_id(self, timeout_s: float) -> str:
        """It has no cluster."""
        del timeout_s
        return ""

    def close(self) -> None:
        """There is nothing to close."""


class NoLetters:
    """There is nothing bad."""

    def send(self, record: OutgoingRecord, on_delivery: OnDelivery, *, within_s: float) -> None:
        """It is not called."""
        del record, on_delivery, within_s
        raise AssertionError("a good record was put aside")
