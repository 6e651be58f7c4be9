"""Consuming events in asyncio: the same promises as ``Consumer``, and nothing that blocks the loop.

A thread of its own fetches and wakes the loop once for each fetch; decoding and handling happen in the tasks that run the
loop. A schema that is not known yet is asked for on another thread, and its records wait meanwhile.
"""

import asyncio
import math
import threading
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from accord.client import Registry
from accord.streams.batches import Batch, Batches
from accord.streams.flow import Flow
from accord.streams.lanes import Run
from accord.streams.member import Member
from accord.streams.record import Record
from accord.streams.typevars import E
from accord.streams.writers import RegistryWait, WriterSchema, WriterSchemas, Written

ASK_AGAIN_S: Final = 0.02
LOOK_EVERY_S: Final = 1.0
# Handlers that never wait for anything must not keep the loop to themselves.
LOOP_HELD_S: Final = 0.01


class AsyncConsumer(Member[E]):
    """A member of ``group`` that reads the topics of ``contracts``, in asyncio; Consumer says what the choices mean.

        async with AsyncConsumer(kafka, registry, group="billing", contracts=[ORDERS]) as consumer:
            async for record in consumer:
                async with record:
                    await handle(record.value)

    Several tasks of one event loop may iterate at the same time: the records of a partition, or with several ``lanes`` those
    with the same key, are handled one after the other. A task that is cancelled leaves its record as it was.
    """

    _arrivals: "Arrivals | None" = None

    async def start(self) -> None:
        """Connect and join the group; the loop does it by itself. Raises what ``Consumer.start`` does."""
        try:
            await asyncio.to_thread(self._start)
        except asyncio.CancelledError:
            # The thread goes on, and nobody would close what it has made.
            self.stop()
            raise

    async def __aiter__(self) -> AsyncIterator[Record[E]]:
        """The records, until ``stop``. Raises what made the consumer fail, and RecordNotSettled."""
        await self.start()
        if self._running is None:
            return
        settling, arrivals = self._running.settling, self._listening()
        held_since = time.monotonic()
        while (run := await arrivals.take()) is not None:
            for record in settling.records(run):
                yield record
                if time.monotonic() - held_since > LOOP_HELD_S:
                    await asyncio.sleep(0)
                    held_since = time.monotonic()

    async def batches(self, *, max_records: int = 500, wait_s: float = 0.2) -> AsyncIterator[Batch[E]]:
        """The records in batches of up to so many, until ``stop``; one that has a record waits so long for more.

        async for batch in consumer.batches():
            async with batch:
                await store(batch.values)
        """
        await self.start()
        if self._running is None:
            return
        batches: Batches[E] = Batches(self._running.settling, max_records=max_records, wait_s=wait_s)
        arrivals = self._listening()
        async with aclosing(
            batches.each(lambda wanted: arrivals.take(wanted.within_s, wanted.after))
        ) as each:
            async for batch in each:
                yield batch
                # A block that never waits for anything must not keep the loop to itself.
                await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop; wait, within the budget, for records in hand and for dead letters; commit; leave the group."""
        self.stop()
        await asyncio.to_thread(self._close)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _listening(self) -> "Arrivals":
        if self._arrivals is None:
            self._arrivals = Arrivals(self._flow)
        return self._arrivals

    def _writers(self, registry: Registry) -> WriterSchemas:
        return WriterSchemasElsewhere(registry)


class Arrivals:
    """Tells the tasks of the running event loop that there may be records to take."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._is_told = False
        flow.listen(self._tell)

    async def take(self, within_s: float | None = None, after: Sequence[Run] = ()) -> Run | None:
        """The next run; waits for one, as ``Flow.take`` does. Raises what made the consumer fail."""
        flow = self._flow
        deadline = math.inf if within_s is None else time.monotonic() + within_s
        while True:
            self._arrived.clear()
            run = flow.take_now(after=after)
            left_s = deadline - time.monotonic()
            if run is not None or flow.stopping or left_s <= 0:
                return run
            due_in_s = flow.due_in_s()
            wait_s = min(LOOK_EVERY_S, left_s, LOOK_EVERY_S if due_in_s is None else due_in_s)
            try:
                async with asyncio.timeout(wait_s):
                    await self._arrived.wait()
            except TimeoutError:
                pass

    def _tell(self) -> None:
        """Any thread calls it, and often: the loop hears of it once until it has looked."""
        if self._is_told:
            return
        self._is_told = True
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:
            # The loop is closed, and nobody waits.
            return

    def _wake(self) -> None:
        self._is_told = False
        self._arrived.set()


@dataclass(slots=True)
class WriterSchemasElsewhere(WriterSchemas):
    """Asks the registry on other threads; who wants to know is told to come again."""

    _asked: "dict[Written, Future[WriterSchema]]" = field(default_factory=dict)

    def get(self, written_as: Written) -> WriterSchema:
        """The schema of an id or a GUID. Raises BadRecord if there is none, RegistryWait while nobody can tell."""
        answer = self._asked.get(written_as)
        if answer is None:
            with self._lock:
                self._check(written_as)
            answer = self._asked[written_as] = Future()
            threading.Thread(
                target=self._ask, args=(written_as, answer), name="accord-schemas", daemon=True
            ).start()
        if not answer.done():
            raise RegistryWait(ASK_AGAIN_S)
        del self._asked[written_as]
        return answer.result()

    def _ask(self, written_as: Written, answer: "Future[WriterSchema]") -> None:
        try:
            answer.set_result(WriterSchemas.get(self, written_as))
        except BaseException as error:  # noqa: BLE001 -- whoever comes again gets it
            answer.set_exception(error)
