"""Questions that many threads ask at the same time, asked once."""

import contextlib
import math
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, NamedTuple, TypeVar

from accord.client.memory import Memory

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Booking(NamedTuple, Generic[K]):
    """What is asked for, and in which manner."""

    key: K
    manner: Hashable


class _AskerGone(Exception):
    """The thread that asked for all who wait has ended."""


class SingleFlight(Generic[K, V]):
    """Remembers answers; threads that miss the same key at the same time share one question, and its failure.

    What ends the thread that asks (KeyboardInterrupt, SystemExit) is no answer: those who wait ask themselves.
    """

    def __init__(self, memory: Memory[K, V]) -> None:
        self._memory = memory
        self._flights: dict[Booking[K], Future[V]] = {}
        self._lock = threading.Lock()

    def get(self, key: K, ask: Callable[[], V], *, keep_s: float = math.inf, manner: Hashable = None) -> V:
        """The answer for ``key``; ``ask`` is called if nobody knows it. A failure is not remembered.

        Only who asks in the same ``manner`` shares a question.
        """
        booking = Booking(key, manner)
        while True:
            with self._lock:
                try:
                    return self._memory.get(key)
                except KeyError:
                    flight = self._flights.get(booking)
                if flight is None:
                    mine = self._flights[booking] = Future()
                    break
            with contextlib.suppress(_AskerGone):
                return flight.result()
        return self._fly(booking, ask, mine, keep_s)

    def put(self, key: K, value: V, *, keep_s: float = math.inf) -> None:
        """Remember an answer that came another way."""
        with self._lock:
            self._memory.put(key, value, keep_s=keep_s)

    def forget(self, which: Callable[[K], bool]) -> None:
        """Remember nothing under these keys, not even what is being asked now."""
        with self._lock:
            self._memory.forget(which)
            for booking in [booking for booking in self._flights if which(booking.key)]:
                del self._flights[booking]

    def _fly(self, booking: Booking[K], ask: Callable[[], V], flight: Future[V], keep_s: float) -> V:
        try:
            value = ask()
        except BaseException as error:
            with self._lock:
                self._land(booking, flight)
            flight.set_exception(error if isinstance(error, Exception) else _AskerGone())
            raise
        with self._lock:
            if self._land(booking, flight):
                self._memory.put(booking.key, value, keep_s=keep_s)
        flight.set_result(value)
        return value

    def _land(self, booking: Booking[K], flight: Future[V]) -> bool:
        """End a flight; tells whether its answer may be remembered."""
        if self._flights.get(booking) is not flight:
            return False
        del self._flights[booking]
        return True
