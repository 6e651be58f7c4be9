"""The workers of a group: threads or tasks that take a record, run its handler, and publish what that gives.

A record is done when all that its handler gave is acknowledged. Where records are marked as handled, the mark comes after
that: a record that is marked has nothing left to publish.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from accord.errors import UnavailableError
from accord.kafka import QueueFull
from accord.streams.async_consumer import AsyncConsumer
from accord.streams.async_producer import AsyncProducer
from accord.streams.consumer import Consumer
from accord.streams.dedupe import Dedupe
from accord.streams.groups import Dispatch, Group
from accord.streams.handlers import Context, Output
from accord.streams.health import GroupHealth, told
from accord.streams.producer import Producer
from accord.streams.record import Record

logger = logging.getLogger(__name__)

ACKNOWLEDGED_WITHIN_S: Final = 120.0


class Workers(Protocol):
    """What an application runs for a group."""

    @property
    def failure(self) -> BaseException | None:
        """What has ended it, if something has."""

    async def start(self) -> None:
        """Join the group. Nothing is handled yet. Raises what ``Consumer.start`` does."""

    def work(self) -> None:
        """Handle records from now on."""

    def stop(self) -> None:
        """Take no more records."""

    async def close(self) -> None:
        """Finish the records in hand, within the budget; commit; leave the group."""

    def health(self) -> GroupHealth:
        """How it is."""


class _Workers:
    """What threads and tasks have in common."""

    def __init__(self, group: Group, consumer: Consumer[Any] | AsyncConsumer[Any]) -> None:
        self._group = group
        self._member = consumer
        self._dispatch = Dispatch(group)
        self._dedupe = group.choices.dedupe
        self._failure: BaseException | None = None
        self._is_working = False
        self._deduplicated = 0

    @property
    def failure(self) -> BaseException | None:
        """What has ended it, if something has."""
        return self._failure or self._member.failure

    def stop(self) -> None:
        """Take no more records."""
        self._member.stop()

    def health(self) -> GroupHealth:
        """How it is."""
        failure, partitions, stats = self.failure, self._member.partitions, self._member.stats()
        why = []
        if failure is not None:
            why.append(told(failure))
        if self._member.waits_for_registry:
            why.append("records wait for the schema registry")
        if stats.paused:
            why.append(f"{stats.paused} of {partitions} partitions are paused")
        return GroupHealth(
            self._group.name,
            alive=failure is None,
            ready=failure is None and self._is_working,
            why=tuple(why),
            partitions=partitions,
            deduplicated=self._deduplicated,
            stats=stats,
        )

    def _fail(self, error: BaseException) -> None:
        logger.error("group '%s' has failed: %s", self._group.name, told(error))
        self._failure = self._failure or error

    def _mark(self, context: Context) -> bytes | None:
        if self._dedupe is None:
            return None
        return self._dedupe.mark(self._group.name, context.origin, context.record)


class ThreadWorkers(_Workers):
    """Threads, for handlers that are plain functions."""

    def __init__(self, group: Group, consumer: Consumer[Any], producer: Producer | None) -> None:
        super().__init__(group, consumer)
        self._consumer = consumer
        self._producer = producer
        self._threads = [
            threading.Thread(target=self._work, name=f"accord-{group.name}-{number}", daemon=True)
            for number in range(group.workers)
        ]

    async def start(self) -> None:
        """Join the group. Nothing is handled yet. Raises what ``Consumer.start`` does."""
        await asyncio.to_thread(self._consumer.start)

    def work(self) -> None:
        """Handle records from now on."""
        self._is_working = True
        for thread in self._threads:
            thread.start()

    async def close(self) -> None:
        """Finish the records in hand, within the budget; commit; leave the group."""
        await asyncio.to_thread(self._consumer.close)
        if any(thread.is_alive() for thread in self._threads):
            # Those that handle nothing look every now and then whether it is time to stop.
            await asyncio.to_thread(_join, self._threads)

    def _work(self) -> None:
        try:
            for record in self._consumer:
                with record:
                    self._handle(record)
        except BaseException as error:  # noqa: BLE001 -- the application's main loop gets it
            self._fail(error)

    def _handle(self, record: Record[Any]) -> None:
        context = self._dispatch.context(record)
        if context is None:
            return
        mark, dedupe = self._mark(context), self._dedupe
        if dedupe is not None and mark is not None and dedupe.holds(mark):
            self._deduplicated += 1
            return
        returned = context.handler.call(context)
        deliveries = [
            self._sender.send(item.contract, item.event, key=item.key, headers=item.headers)
            for item in context.handler.outputs(context, returned)
        ]
        if dedupe is None or mark is None:
            for delivery in deliveries:
                record.after(delivery)
            return
        for delivery in deliveries:
            delivery.result(ACKNOWLEDGED_WITHIN_S)
        dedupe.add(mark)

    @property
    def _sender(self) -> Producer:
        assert self._producer is not None  # noqa: S101 -- a group that publishes has one
        return self._producer


class TaskWorkers(_Workers):
    """Tasks of one event loop, for handlers that are coroutines."""

    def __init__(self, group: Group, consumer: AsyncConsumer[Any], producer: AsyncProducer | None) -> None:
        super().__init__(group, consumer)
        self._consumer = consumer
        self._producer = producer
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Join the group. Nothing is handled yet. Raises what ``Consumer.start`` does."""
        await self._consumer.start()

    def work(self) -> None:
        """Handle records from now on."""
        self._is_working = True
        self._tasks = [
            asyncio.create_task(self._work(), name=f"accord-{self._group.name}-{number}")
            for number in range(self._group.workers)
        ]

    async def close(self) -> None:
        """Finish the records in hand, within the budget; commit; leave the group. Who is not done then is cancelled."""
        await self._consumer.close()
        for task in self._tasks:
            if not task.done():
                logger.warning("%s does not end and is cancelled:\n%s", task.get_name(), _stack_of(task))
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self) -> None:
        try:
            async for record in self._consumer:
                async with record:
                    await self._handle(record)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 -- the application's main loop gets it
            self._fail(error)

    async def _handle(self, record: Record[Any]) -> None:
        context = self._dispatch.context(record)
        if context is None:
            return
        mark, dedupe = self._mark(context), self._dedupe
        if dedupe is not None and mark is not None and await _off_loop(dedupe, lambda: dedupe.holds(mark)):
            self._deduplicated += 1
            return
        returned = await _returned(context)
        outputs = context.handler.outputs(context, returned)
        if dedupe is None or mark is None:
            for output in outputs:
                record.after(self._send(output))
            return
        await asyncio.gather(*(self._send(output).future for output in outputs))
        await _off_loop(dedupe, lambda: dedupe.add(mark))

    def _send(self, output: Output) -> "Sent":
        assert self._producer is not None  # noqa: S101 -- a group that publishes has one
        try:
            future = self._producer.send_nowait(
                output.contract, output.event, key=output.key, headers=output.headers
            )
        except QueueFull as full:
            raise UnavailableError(full.message, hint=full.hint) from full
        return Sent(future)


class Sent:
    """A record on its way, as ``Record.after`` takes it."""

    def __init__(self, future: "asyncio.Future[Any]") -> None:
        self.future = future

    def add_done_callback(self, call: Callable[[Any], object]) -> None:
        """Call it when the record has arrived or failed."""
        self.future.add_done_callback(lambda _: call(self))

    def result(self, timeout: float | None = None) -> object:
        """What became of it; only once that is known."""
        del timeout
        return self.future.result()


async def _returned(context: Context) -> object:
    """What the handler gives. Raises what it fails with."""
    try:
        returned: object = await context.handler.call(context)
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        # Something that the handler waited for was cancelled, and not the worker: that is a failure like others.
        raise RuntimeError(f"what {context.handler.name} waited for was cancelled") from error
    return returned


async def _off_loop(dedupe: Dedupe, call: Callable[[], bool | None]) -> bool:
    if dedupe.marks.waits:
        return bool(await asyncio.to_thread(call))
    return bool(call())


def _stack_of(task: "asyncio.Task[None]") -> str:
    """Where the task is: what its coroutine waits for, inside of what that waits for."""
    lines: list[str] = []
    waits_for: Any = task.get_coro()
    while waits_for is not None:
        frame = getattr(waits_for, "cr_frame", None) or getattr(waits_for, "gi_frame", None)
        if frame is not None:
            lines.append(f"  {frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}")
        waits_for = getattr(waits_for, "cr_await", None)
    return "\n".join(lines)


def _join(threads: Sequence[threading.Thread], within_s: float = 1.0) -> None:
    deadline = time.monotonic() + within_s
    for thread in threads:
        if thread.is_alive():
            thread.join(max(0.0, deadline - time.monotonic()))
