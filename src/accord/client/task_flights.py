"""Questions that many tasks of an event loop ask at the same time, asked once."""

import asyncio
import math
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from accord.client.errors import ClientClosed
from accord.client.flights import Booking
from accord.client.memory import Memory

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class _Flight(Generic[V]):
    """A question that a task of its own asks for all who wait."""

    task: asyncio.Task[V]
    waiting: int = 0


class TaskFlights(Generic[K, V]):
    """Remembers answers; tasks of one event loop that miss the same key at the same time share one question.

    Who stops waiting leaves the others their answer; when nobody waits any more, the question is dropped.
    """

    def __init__(self, memory: Memory[K, V]) -> None:
        self._memory = memory
        self._flights: dict[Booking[K], _Flight[V]] = {}
        self._tasks: set[asyncio.Task[V]] = set()

    async def get(
        self,
        key: K,
        ask: Callable[[], Coroutine[Any, Any, V]],
        *,
        keep_s: float = math.inf,
        manner: Hashable = None,
    ) -> V:
        """The answer for ``key``; ``ask`` is called if nobody knows it. A failure is not remembered.

        Only who asks in the same ``manner`` shares a question.
        """
        booking = Booking(key, manner)
        try:
            return self._memory.get(key)
        except KeyError:
            flight = self._flights.get(booking) or self._start(booking, ask, keep_s)
        flight.waiting += 1
        try:
            await asyncio.wait([flight.task])
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._land(booking, flight.task)
                flight.task.cancel()
        if flight.task.cancelled():
            raise ClientClosed
        return flight.task.result()

    def put(self, key: K, value: V, *, keep_s: float = math.inf) -> None:
        """Remember an answer that came another way."""
        self._memory.put(key, value, keep_s=keep_s)

    def forget(self, which: Callable[[K], bool]) -> None:
        """Remember nothing under these keys, not even what is being asked now."""
        self._memory.forget(which)
        for booking in [booking for booking in self._flights if which(booking.key)]:
            del self._flights[booking]

    async def aclose(self) -> None:
        """Drop every question that is being asked."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _start(
        self, booking: Booking[K], ask: Callable[[], Coroutine[Any, Any, V]], keep_s: float
    ) -> _Flight[V]:
        task = asyncio.create_task(ask())
        flight = self._flights[booking] = _Flight(task)
        self._tasks.add(task)
        task.add_done_callback(lambda _: self._arrive(booking, task, keep_s))
        return flight

    def _arrive(self, booking: Booking[K], task: asyncio.Task[V], keep_s: float) -> None:
        self._tasks.discard(task)
        landed = self._land(booking, task)
        # Asking for the exception also tells asyncio that it was seen, should nobody wait any more.
        if not task.cancelled() and task.exception() is None and landed:
            self._memory.put(booking.key, task.result(), keep_s=keep_s)

    def _land(self, booking: Booking[K], task: asyncio.Task[V]) -> bool:
        """End a flight; tells whether its answer may be remembered."""
        flight = self._flights.get(booking)
        if flight is None or flight.task is not task:
            return False
        del self._flights[booking]
        return True
