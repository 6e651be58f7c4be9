"""Producing events: validated and encoded before they enter the queue, delivered or told why not."""

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from accord.client import Registry
from accord.kafka import KafkaProducer, KafkaSettings, QueueFull, TopicNotFound
from accord.streams.contract import Contract
from accord.streams.delivery import Delivery, Losses
from accord.streams.errors import ProducerClosed
from accord.streams.routes import Framing, Route, Routes
from accord.streams.sender import Sender
from accord.streams.typevars import E

CONNECT_S: Final = 10.0


class Producer:
    """Writes events of contracts. Safe to share between threads; close it, or use it as a context manager.

    ``contracts`` are prepared at the beginning of the ``with`` block: see ``prepare``. ``framing`` is where records say
    which schema they were written with: in five bytes before the data, or in a header. ``delivery_timeout_s`` bounds how
    long a record is tried, ``room_within_s`` how long ``send`` waits for room in the queue.
    """

    def __init__(
        self,
        kafka: KafkaSettings | str,
        registry: Registry,
        *,
        contracts: Sequence[Contract[Any]] = (),
        framing: Framing = "prefix",
        delivery_timeout_s: float = 60.0,
        room_within_s: float = 10.0,
    ) -> None:
        self._client = KafkaProducer(KafkaSettings.of(kafka), delivery_timeout_s=delivery_timeout_s)
        self._enqueue = self._client.enqueue
        self._contracts = contracts
        self._room_within_s = room_within_s
        self._closed = False
        self._closing = threading.Lock()
        losses = Losses()
        self._routes = Routes(registry, self._client, losses, framing=framing)
        self._sender = Sender(self._client, name="accord-producer", after_round=losses.tell)

    def prepare(self, *contracts: Contract[Any]) -> None:
        """Find out now what the first ``send`` would: that brokers, topics and registered schemas are there.

        Raises BrokersUnavailable, TopicNotFound, SchemaNotRegistered, RegistryError.
        """
        prepare(self._client, self._routes, contracts)

    def send(
        self,
        contract: Contract[E],
        event: E | None,
        *,
        key: str | bytes | None = None,
        headers: Iterable[tuple[str, bytes | str | None]] | None = None,
        timestamp: datetime | None = None,
    ) -> Delivery:
        """Validate, encode and enqueue an event; None is a tombstone, and needs a key.

        Raises InvalidEvent before anything is enqueued; SchemaNotRegistered; RegistryError; QueueFull if there is no
        room in time; RecordTooLarge; ProducerClosed.
        """
        route = self._routes.known(contract)
        if route is None or self._closed:
            route = self._route(contract)
        value, encoded_key, timestamp_ms, told = route.parts(event, key, headers, timestamp)
        delivery = Delivery(route)
        try:
            self._enqueue(route.topic, value, encoded_key, delivery, timestamp_ms, told)
        except QueueFull as full:
            again = partial(self._enqueue, route.topic, value, encoded_key, delivery, timestamp_ms, told)
            self._sender.retry(again, full, within_s=self._room_within_s)
        if self._closed:
            # Closed meanwhile, perhaps after its last look: nobody else would tell what becomes of this record.
            self._sender.give_up()
        return delivery

    def flush(self, timeout_s: float = 30.0) -> int:
        """Wait until everything is delivered or failed, at most so long; answers how many records are left."""
        return self._sender.flush(timeout_s)

    def close(self, timeout_s: float = 30.0) -> int:
        """Flush, and give up what cannot be delivered in time: its deliveries fail. Answers how many those are."""
        with self._closing:
            if self._closed:
                return 0
            self._closed = True
        return self._sender.close(timeout_s)

    def __enter__(self) -> Self:
        if self._contracts:
            try:
                self.prepare(*self._contracts)
            except BaseException:
                self.close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _route(self, contract: Contract[Any]) -> Route:
        if self._closed:
            raise ProducerClosed("the producer is closed", hint="send before close, or make a new one")
        return self._routes.find(contract)


def prepare(client: KafkaProducer, routes: Routes, contracts: Sequence[Contract[Any]]) -> None:
    """See that brokers, topics and registered schemas are there. Raises what ``Producer.prepare`` does."""
    for topic in client.missing_topics({contract.topic for contract in contracts}, CONNECT_S):
        raise TopicNotFound(
            f"there is no topic '{topic}'",
            code="UNKNOWN_TOPIC_OR_PART",
            hint="create it, or correct its name",
        )
    routes.prepare(contracts)
