"""Answers that never change, asked for once however many threads want them."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """A cache; threads that miss the same key at the same time share one question, and its failure."""

    def __init__(self) -> None:
        self._known: dict[K, V] = {}
        self._flights: dict[K, Future[V]] = {}
        self._lock = threading.Lock()

    def get(self, key: K, ask: Callable[[], V]) -> V:
        """The answer for ``key``; ``ask`` is called if nobody knows it. A failure is not remembered."""
        try:
            return self._known[key]
        except KeyError:
            pass
        with self._lock:
            if key in self._known:
                return self._known[key]
            flight = self._flights.get(key)
            mine = flight is None
            if flight is None:
                flight = self._flights[key] = Future()
        if mine:
            self._fly(key, ask, flight)
        return flight.result()

    def put(self, key: K, value: V) -> None:
        """Remember an answer that came another way."""
        self._known[key] = value

    def _fly(self, key: K, ask: Callable[[], V], flight: Future[V]) -> None:
        try:
            value = ask()
        except BaseException as error:  # noqa: BLE001 -- whoever waits gets it, the asker too
            with self._lock:
                del self._flights[key]
            flight.set_exception(error)
            return
        with self._lock:
            self._known[key] = value
            del self._flights[key]
        flight.set_result(value)
