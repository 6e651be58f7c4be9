"""Producing events: validated and encoded before they enter the queue, delivered or told why not."""

import logging
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Final, Self

from accord.client import NotFound, Registry
from accord.codecs import InvalidEvent, framing
from accord.kafka import (
    Delivered,
    DeliveryFailed,
    Headers,
    KafkaProducer,
    KafkaSettings,
    OutgoingRecord,
    TopicNotFound,
)
from accord.schemas import SchemaId
from accord.streams.contract import Contract
from accord.streams.errors import ProducerClosed, SchemaNotRegistered
from accord.streams.sender import Sender
from accord.streams.typevars import E

logger = logging.getLogger(__name__)

CONNECT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A record on its way. ``future`` ends with Delivered or DeliveryFailed; it cannot be cancelled.

    In asyncio: ``await delivery``, or ``await asyncio.wrap_future(delivery.future)``.
    """

    future: "Future[Delivered]"

    def result(self, timeout: float | None = None) -> Delivered:
        """Wait until the brokers have the record. Raises DeliveryFailed, or TimeoutError after ``timeout`` seconds."""
        return self.future.result(timeout)

    def __await__(self) -> Generator[object, None, Delivered]:
        import asyncio  # noqa: PLC0415 -- only those who await pay for it

        return asyncio.wrap_future(self.future).__await__()


class Producer:
    """Writes events of contracts. Safe to share between threads; close it, or use it as a context manager.

    ``delivery_timeout_s`` bounds how long a record is tried, ``room_within_s`` how long ``send`` waits for room in the
    queue.
    """

    def __init__(
        self,
        kafka: KafkaSettings | str,
        registry: Registry,
        *,
        delivery_timeout_s: float = 60.0,
        room_within_s: float = 10.0,
    ) -> None:
        client = KafkaProducer(KafkaSettings.of(kafka), delivery_timeout_s=delivery_timeout_s)
        self._registry = registry
        self._room_within_s = room_within_s
        self._ids: dict[Contract, SchemaId] = {}
        self._closed = False
        self._closing = threading.Lock()
        self._sender = Sender(client, name="accord-producer")

    def prepare(self, *contracts: Contract) -> None:
        """Find out now what the first ``send`` would: that brokers, topics and registered schemas are there.

        Raises BrokersUnavailable, TopicNotFound, SchemaNotRegistered, RegistryError.
        """
        topics = {contract.topic for contract in contracts}
        for topic in self._sender.client.missing_topics(topics, CONNECT_S):
            raise TopicNotFound(
                f"there is no topic '{topic}'",
                code="UNKNOWN_TOPIC_OR_PART",
                hint="create it, or correct its name",
            )
        for contract in contracts:
            self._schema_id(contract)

    def send(
        self,
        contract: Contract[E],
        event: E | None,
        *,
        key: str | bytes | None = None,
        headers: Iterable[tuple[str, bytes | str | None]] = (),
        timestamp: datetime | None = None,
    ) -> Delivery:
        """Validate, encode and enqueue an event; None is a tombstone, and needs a key.

        Raises InvalidEvent before anything is enqueued; SchemaNotRegistered; RegistryError; QueueFull if there is no
        room in time; RecordTooLarge; ProducerClosed.
        """
        if self._closed:
            raise ProducerClosed("the producer is closed", hint="send before close, or make a new one")
        record = OutgoingRecord(
            contract.topic,
            contract.encode_key(key),
            self._value(contract, event, key=key),
            _headers(headers),
            _timestamp_ms(timestamp),
        )
        future: Future[Delivered] = Future()
        # It runs from here on: a caller that stops waiting must not cancel what the brokers may have already.
        future.set_running_or_notify_cancel()

        def report(outcome: Delivered | DeliveryFailed) -> None:
            if isinstance(outcome, DeliveryFailed):
                # Said here as well: not everybody looks at the delivery.
                logger.warning("delivery failed: %s", outcome.message, extra={"topic": contract.topic})
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

        self._sender.send(record, report, within_s=self._room_within_s)
        return Delivery(future)

    def flush(self, timeout_s: float = 30.0) -> int:
        """Wait until everything is delivered or failed, at most so long; answers how many records are left."""
        return self._sender.flush(timeout_s)

    def close(self, timeout_s: float = 30.0) -> None:
        """Flush, and give up what cannot be delivered in time: its deliveries fail."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._sender.close(timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _value(self, contract: Contract[E], event: E | None, *, key: str | bytes | None) -> bytes | None:
        if event is not None:
            body = contract.encode(event)
            return framing.prefixed(self._schema_id(contract), body)
        if key is None:
            raise InvalidEvent("a tombstone needs the key of what it deletes", path="key")
        return None

    def _schema_id(self, contract: Contract) -> SchemaId:
        known = self._ids.get(contract)
        if known is not None:
            return known
        try:
            found = self._registry.lookup(contract.subject, contract.schema)
        except NotFound as error:
            raise SchemaNotRegistered(
                f"the schema of {contract.model.__name__} is not registered under '{contract.subject}'",
                hint="register it when the contract is released: registry.register(contract.subject, contract.schema)",
            ) from error
        self._ids[contract] = found.id
        return found.id


def _headers(headers: Iterable[tuple[str, bytes | str | None]]) -> Headers:
    return tuple((name, value.encode() if isinstance(value, str) else value) for name, value in headers)


def _timestamp_ms(timestamp: datetime | None) -> int | None:
    if timestamp is None:
        return None
    if timestamp.utcoffset() is None:
        raise InvalidEvent(
            "a datetime without a time zone is no moment; give it one, such as UTC", path="timestamp"
        )
    return int(timestamp.timestamp() * 1000)
