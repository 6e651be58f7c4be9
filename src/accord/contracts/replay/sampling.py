"""Which of many records to look at: some of every writer's schema, the newest of each."""

from collections import deque
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Kind = TypeVar("Kind", bound=Hashable)


class Sample(Generic[Kind, Item]):
    """At most ``size`` items of all that were added, shared out among their kinds as evenly as their numbers allow."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[Kind, deque[Item]] = {}
        self.added = 0
        """How many there were."""

    def add(self, kind: Kind, item: Item) -> None:
        """Look at one more, the newest so far."""
        self.added += 1
        self._kept.setdefault(kind, deque(maxlen=self._size)).append(item)

    def chosen(self) -> dict[Kind, Sequence[Item]]:
        """The newest of each kind: all of a rare one, and what is left to share of the others."""
        left, shares = self._size, {}
        kinds = sorted(self._kept, key=lambda kind: len(self._kept[kind]))
        for number, kind in enumerate(kinds):
            # Rounded up, so that every kind has one where there are no more kinds than items.
            share = -(-left // (len(kinds) - number))
            taken = list(self._kept[kind])[-share:] if share else []
            left -= len(taken)
            shares[kind] = taken
        return {kind: shares[kind] for kind in self._kept if shares[kind]}
