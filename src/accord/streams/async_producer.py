"""Producing events in asyncio: a send that is awaited ends when the brokers have the record.

Records are enqueued on the loop's own thread, which takes a microsecond and waits for nothing. One other thread learns
what became of them, and brings everything it learned in a round to the loop in one hop.
"""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Final, Self, TypeVar, TypeVarTuple, Unpack

import msgspec

from accord.client import AsyncRegistry, Registry
from accord.errors import ConfigurationError
from accord.kafka import Delivered, KafkaProducer, KafkaSettings, QueueFull, Report, delivered
from accord.streams.contract import Contract
from accord.streams.delivery import Losses
from accord.streams.errors import AnotherEventLoop, ProducerClosed
from accord.streams.producer import prepare
from accord.streams.routes import Framing, Parts, Route, Routes
from accord.streams.sender import LOOK_AGAIN_S, Sender
from accord.streams.typevars import E

logger = logging.getLogger(__name__)

LINGER_S: Final = 0.001
# Not the loop's own: whoever keeps those busy, perhaps with waiting for this producer, must not hold up its end.
THREADS: Final = 4

# What takes the loop about two milliseconds.
AT_ONCE: Final = 1000

A = TypeVarTuple("A")
R = TypeVar("R")

Acknowledgement = asyncio.Future[Delivered]


class AsyncProducer:
    """Writes events of contracts, from one event loop: asyncio's or uvloop's.

        async with AsyncProducer(kafka, registry, contracts=[ORDERS]) as producer:
            delivered = await producer.send(ORDERS, event, key=event.order_id)

    ``contracts`` are prepared at the beginning of the block: see ``prepare``. ``framing`` is where records say which schema
    they were written with: in five bytes before the data, or in a header. ``linger_s`` is how long a record waits for
    others to go with it, ``delivery_timeout_s`` bounds how long it is tried, ``room_within_s`` how long ``send`` waits for
    room in the queue. The registry is asked in a thread, once for each contract.
    """

    def __init__(
        self,
        kafka: KafkaSettings | str,
        registry: Registry,
        *,
        contracts: Sequence[Contract[Any]] = (),
        framing: Framing = "prefix",
        linger_s: float = LINGER_S,
        delivery_timeout_s: float = 60.0,
        room_within_s: float = 10.0,
    ) -> None:
        given: object = registry
        if isinstance(given, AsyncRegistry):
            raise ConfigurationError(
                "an AsyncProducer asks the registry in a thread, and an AsyncRegistry cannot be asked there",
                hint="give it a Registry; one can serve the whole program",
            )
        self._settings = KafkaSettings.of(kafka)
        self._registry = registry
        self._contracts = contracts
        self._framing: Framing = framing
        self._linger_s = linger_s
        self._delivery_timeout_s = delivery_timeout_s
        self._room_within_s = room_within_s
        self._running: _Running | None = None
        self._starting = asyncio.Lock()
        self._closed = False

    async def start(self) -> None:
        """Connect, and prepare the contracts; ``async with`` does it. Raises what ``prepare`` does."""
        # Tasks may each begin with it.
        async with self._starting:
            if self._closed:
                raise _closed()
            if self._running is None:
                await self._start()

    async def _start(self) -> None:
        # To make a client takes a second where it must get a token first.
        make = partial(
            KafkaProducer,
            self._settings,
            delivery_timeout_s=self._delivery_timeout_s,
            linger_s=self._linger_s,
        )
        loop = asyncio.get_running_loop()
        threads = ThreadPoolExecutor(THREADS, "accord-async-producer-waits")
        client = await loop.run_in_executor(threads, make)
        losses = Losses()
        routes = Routes(self._registry, client, losses, framing=self._framing)
        self._running = _Running(loop, threads, client, routes, losses)
        if self._contracts:
            try:
                await self.prepare(*self._contracts)
            except BaseException:
                await self.close()
                raise

    async def prepare(self, *contracts: Contract[Any]) -> None:
        """Find out now what the first ``send`` would: that brokers, topics and registered schemas are there.

        Raises BrokersUnavailable, TopicNotFound, SchemaNotRegistered, RegistryError.
        """
        running = self._here()
        await running.apart(prepare, running.client, running.routes, contracts)

    async def send(
        self,
        contract: Contract[E],
        event: E | None,
        *,
        key: str | bytes | None = None,
        headers: Iterable[tuple[str, bytes | str | None]] | None = None,
        timestamp: datetime | None = None,
    ) -> Delivered:
        """Validate, encode and enqueue an event (None is a tombstone), and wait until the brokers have it.

        Who is cancelled here waits no more; the record is written all the same, once it is enqueued. Raises InvalidEvent
        before anything is enqueued; SchemaNotRegistered; RegistryError; QueueFull if there is no room in time;
        DeliveryFailed; RecordTooLarge; ProducerClosed; AnotherEventLoop.
        """
        running = self._here()
        route = running.routes.known(contract)
        if route is None:
            route = await running.apart(running.routes.find, contract)
            self._here()
        parts = route.parts(event, key, headers, timestamp)
        try:
            acknowledgement = running.enqueue(route, parts)
        except QueueFull as full:
            acknowledgement = await self._retry(running, route, parts, full)
        return await acknowledgement

    def send_nowait(
        self,
        contract: Contract[E],
        event: E | None,
        *,
        key: str | bytes | None = None,
        headers: Iterable[tuple[str, bytes | str | None]] | None = None,
        timestamp: datetime | None = None,
    ) -> Acknowledgement:
        """Like ``send`` for many events: the future ends with what the brokers say, and need not be looked at.

        The contract must have been prepared. Raises QueueFull at once if there is no room: await some of the futures, or
        ``flush``. Raises ConfigurationError for a contract that is not prepared, and what ``send`` does.
        """
        running = self._here()
        route = running.routes.known(contract)
        if route is None:
            raise ConfigurationError(
                f"the contract of '{contract.topic}' is not prepared, and here nobody can wait for the registry",
                hint="name it in `contracts`, or await `prepare` before",
            )
        return running.enqueue(route, route.parts(event, key, headers, timestamp))

    async def flush(self, timeout_s: float = 30.0) -> int:
        """Wait until everything is delivered or failed, at most so long; answers how many records are left."""
        running = self._here()
        left = await running.apart(running.sender.flush, timeout_s)
        running.tell_at_once()
        return left

    async def close(self, timeout_s: float = 30.0) -> int:
        """Flush, and give up what cannot be delivered in time: its sends fail. Answers how many those are."""
        if self._closed or self._running is None:
            self._closed = True
            return 0
        running = self._here()
        self._closed = True
        left = await running.apart(running.sender.close, timeout_s)
        running.threads.shutdown(wait=False)
        running.tell_at_once()
        return left

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _here(self) -> "_Running":
        if self._closed:
            raise _closed()
        running = self._running
        if running is None:
            raise ConfigurationError("the producer has not been started", hint="use it as `async with`")
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if loop is not running.loop:
            raise AnotherEventLoop(
                "the producer belongs to the event loop that it was started in, and this is "
                + ("another one" if loop else "none of asyncio's"),
                hint="make one for each loop; threads can share a Producer",
            )
        return running

    async def _retry(
        self, running: "_Running", route: Route, parts: Parts, full: QueueFull
    ) -> Acknowledgement:
        deadline = running.loop.time() + self._room_within_s
        while (left_s := deadline - running.loop.time()) > 0:
            await running.room(min(left_s, LOOK_AGAIN_S))
            self._here()
            try:
                return running.enqueue(route, parts)
            except QueueFull as still_full:
                full = still_full
        raise full


class _Running:
    """What there is between start and close. Everything but ``round_ends`` and the callbacks is the loop's own."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        threads: ThreadPoolExecutor,
        client: KafkaProducer,
        routes: Routes,
        losses: Losses,
    ) -> None:
        self.loop = loop
        self.threads = threads
        self.client = client
        self.routes = routes
        self._losses = losses
        self._reported: deque[_Sent] = deque()
        self._hop_is_due = False
        # In the order in which they came; who waits no more is out of it at once.
        self._waiting_for_room: dict[asyncio.Future[None], None] = {}
        self.sender = Sender(client, name="accord-async-producer", after_round=self.round_ends)

    def enqueue(self, route: Route, parts: Parts) -> Acknowledgement:
        """Enqueue a record; the future ends with what becomes of it. Raises QueueFull, RecordTooLarge, ClientFailed."""
        value, key, timestamp_ms, headers = parts
        acknowledgement: Acknowledgement = self.loop.create_future()
        sent = _Sent(acknowledgement, route, self._reported)
        self.client.enqueue(route.topic, value, key, sent, timestamp_ms, headers)
        return acknowledgement

    async def apart(self, call: Callable[[Unpack[A]], R], *arguments: *A) -> R:
        """Wait for what waits, in a thread."""
        return await self.loop.run_in_executor(self.threads, call, *arguments)

    async def room(self, within_s: float) -> None:
        """Wait until there may be room, at most so long."""
        woken = self.loop.create_future()
        self._waiting_for_room[woken] = None
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(woken, within_s)
        finally:
            self._waiting_for_room.pop(woken, None)

    def round_ends(self) -> None:
        """Bring everything that was reported to the loop, in one hop. Any thread."""
        if not self._reported:
            return
        # A loop may take a hop, and be closed before it gets there.
        if self.loop.is_closed():
            self._tell_nobody()
        elif not self._hop_is_due:
            self._hop_is_due = True
            # It may have been closed just now; the next round sees that.
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.tell)

    def tell(self) -> None:
        """End the futures of records that were reported, with room for others on the loop in between."""
        # Set back before the first look: what is reported after the last one makes a hop of its own.
        self._hop_is_due = False
        self.tell_at_once(AT_ONCE)
        if self._reported:
            self._hop_is_due = True
            self.loop.call_soon(self.tell)

    def tell_at_once(self, most: float = math.inf) -> None:
        """End the futures of so many records that were reported."""
        told = 0
        while self._reported and told < most:
            sent = self._reported.popleft()
            told += 1
            acknowledgement = sent.acknowledgement
            failure = sent.route.failure(sent.error) if sent.report is None else None
            if acknowledgement.done():
                continue
            if sent.report is not None:
                acknowledgement.set_result(delivered(sent.route.topic, sent.report))
            elif failure is not None:
                acknowledgement.set_exception(failure)
                # It is logged with the others; asyncio need not complain that nobody looked.
                acknowledgement.exception()
        self._losses.tell()
        while told and self._waiting_for_room:
            woken = next(iter(self._waiting_for_room))
            del self._waiting_for_room[woken]
            if not woken.done():
                woken.set_result(None)
                told -= 1

    def _tell_nobody(self) -> None:
        logger.error(
            "an event loop was closed before its producer: nobody learns of the last deliveries",
            extra={"records": len(self._reported)},
        )
        while self._reported:
            sent = self._reported.popleft()
            if sent.report is None:
                sent.route.failure(sent.error)
        self._losses.tell()


class _Sent(msgspec.Struct, gc=False, eq=False):
    """A record on its way: what the client calls when it has arrived or failed. See Delivery for its kind."""

    acknowledgement: Acknowledgement
    route: Route
    reported: deque[Any]
    report: Report | None = None
    error: Any = None

    def __call__(self, error: Any, report: Report) -> None:  # noqa: ANN401 -- the client's own
        if error is None:
            self.report = report
        else:
            self.error = error
        self.reported.append(self)


def _closed() -> ProducerClosed:
    return ProducerClosed("the producer is closed", hint="send before close, or make a new one")
