"""Answers that stay true, remembered: the ones used last, up to a number."""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from accord.errors import ConfigurationError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Caching:
    """How much a client remembers: up to ``capacity`` answers, those that were not used for longest go first.

    What an id or a GUID stands for stays true, and is remembered as long as there is room. Which version of a subject a
    schema is, and which schema a version is, stays true until that version is deleted. A client that deletes forgets it;
    the others do not hear of it, and remember it for ``lookup_ttl_s`` seconds: by default as long as there is room. What
    is the latest version of a subject is remembered for ``latest_ttl_s`` seconds: by default not at all.
    """

    capacity: int = 1000
    latest_ttl_s: float = 0.0
    lookup_ttl_s: float = math.inf

    def __post_init__(self) -> None:
        for name in ("capacity", "latest_ttl_s", "lookup_ttl_s"):
            value = getattr(self, name)
            if not value >= 0:
                raise ConfigurationError(
                    f"a client cannot remember with a {name} of {value}",
                    hint="0 means: nothing is remembered",
                )


class Memory(Generic[K, V]):
    """Some answers; ``clock`` gives seconds. Not safe to share between threads by itself."""

    def __init__(self, capacity: int, clock: Callable[[], float]) -> None:
        self._capacity = capacity
        self._clock = clock
        self._answers: OrderedDict[K, tuple[V, float]] = OrderedDict()

    def get(self, key: K) -> V:
        """The answer. Raises KeyError if it is not known (any more)."""
        value, until = self._answers[key]
        if self._clock() >= until:
            del self._answers[key]
            raise KeyError(key)
        self._answers.move_to_end(key)
        return value

    def put(self, key: K, value: V, *, keep_s: float = math.inf) -> None:
        """Remember an answer for some time."""
        self._answers[key] = (value, self._clock() + keep_s)
        self._answers.move_to_end(key)
        while len(self._answers) > self._capacity:
            self._answers.popitem(last=False)

    def forget(self, which: Callable[[K], bool]) -> None:
        """Remember nothing under these keys."""
        for key in [key for key in self._answers if which(key)]:
            del self._answers[key]
