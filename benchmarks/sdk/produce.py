"""Sending typed events whose deliveries are all told, against the bare client that is given bytes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from confluent_kafka import Producer

import accord
from accord.codecs import framing
from accord.demo.shop.events.v1 import ORDERS, OrderCreated
from accord.kafka import KafkaSettings, TopicSpec, admin
from accord.registry.http.server import serve
from benchmarks.report import Section, below
from benchmarks.sdk.brokers import mock_broker, real_brokers

EVENT: Final = OrderCreated(
    "order-000001", "customer-042", 129.95, "EUR", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
)
KEY: Final = "order-000001"
RECORDS: Final = 50_000
ROUNDS: Final = 7

Run = Callable[[str, accord.Registry], None]


def produce() -> Section:
    """The processor time of the whole process, librdkafka's threads included, for each record."""
    section = Section("Produce")
    with serve() as server, accord.Registry(server.url) as registry:
        registry.register(ORDERS.subject, ORDERS.schema)
        for where, brokers in (("librdkafka's mock broker", mock_broker), ("three brokers", real_brokers)):
            with brokers() as address:
                if brokers is real_brokers:
                    config = {"min.insync.replicas": "2"}
                    admin.create_topics(
                        KafkaSettings(address),
                        [TopicSpec(ORDERS.topic, partitions=6, replication=3, config=config)],
                    )
                _measure(section, where, address, registry)
    return section


def _measure(section: Section, where: str, address: str, registry: accord.Registry) -> None:
    sides: dict[str, Run] = {
        "raw produce(), callback, poll(0) each time": _raw_polling,
        "raw produce(), callback, a thread that polls": _raw_with_thread,
        "encode alone": _encode,
        "accord Producer.send": _send,
    }
    best = dict.fromkeys(sides, float("inf"))
    for _ in range(ROUNDS):
        for name, run in sides.items():
            best[name] = min(best[name], _cpu_us(run, address, registry))
    section.table((where, "process CPU a record, us"), [(name, f"{cost:.2f}") for name, cost in best.items()])
    polling, threaded, encode, ours = best.values()
    bound = polling + 2 * encode
    section.say(
        f"{where}: typed send {ours:.2f} us; raw produce() {polling:.2f} us (with a thread {threaded:.2f}) + 2 x encode "
        f"{encode:.2f} us = {bound:.2f} us (with a thread {threaded + 2 * encode:.2f})."
    )
    section.goals.append(below(f"typed send on {where}", ours, bound, "us"))


def _cpu_us(run: Run, address: str, registry: accord.Registry) -> float:
    started = time.process_time()
    run(address, registry)
    return (time.process_time() - started) / RECORDS * 1e6


class _Tally:
    """What the bare client's callback counts: the least that handling a delivery can be."""

    def __init__(self) -> None:
        self.delivered = 0
        self.failed = 0

    def report(self, error: object, _: object) -> None:
        if error is None:
            self.delivered += 1
        else:
            self.failed += 1

    def check(self) -> None:
        if (self.delivered, self.failed) != (RECORDS, 0):
            raise RuntimeError(f"{self.delivered} records were delivered, and {self.failed} failed")


def _raw(address: str) -> Producer:
    return Producer(
        {
            "bootstrap.servers": address,
            "acks": "all",
            "enable.idempotence": True,
            "partitioner": "murmur2_random",
        }
    )


def _value() -> bytes:
    return framing.prefixed(1, ORDERS.codec.encode(EVENT))


def _raw_polling(address: str, _: accord.Registry) -> None:
    client, tally, value, key = _raw(address), _Tally(), _value(), KEY.encode()
    for _number in range(RECORDS):
        client.produce(ORDERS.topic, value=value, key=key, on_delivery=tally.report)
        client.poll(0)
    client.flush()
    tally.check()


def _raw_with_thread(address: str, _: accord.Registry) -> None:
    client, tally, value, key = _raw(address), _Tally(), _value(), KEY.encode()
    with _polled(client):
        for _number in range(RECORDS):
            client.produce(ORDERS.topic, value=value, key=key, on_delivery=tally.report)
        client.flush()
    tally.check()


@contextmanager
def _polled(client: Producer) -> Iterator[None]:
    ended = threading.Event()

    def serve_callbacks() -> None:
        while not ended.is_set():
            client.poll(0.1)

    thread = threading.Thread(target=serve_callbacks)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _encode(_: str, __: accord.Registry) -> None:
    prefix, encode = framing.prefixed(1, b""), ORDERS.codec.encode
    for _number in range(RECORDS):
        prefix + encode(EVENT)


def _send(address: str, registry: accord.Registry) -> None:
    with accord.Producer(address, registry) as producer:
        last = None
        for _number in range(RECORDS):
            last = producer.send(ORDERS, EVENT, key=KEY)
        if producer.flush() or last is None or last.result(0).offset < 0:
            raise RuntimeError("not everything was delivered")
