"""Telling whoever watches how far a row of records is."""

from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeVar

from accord.transfer.ports import Watcher

EVERY: Final = 500

T = TypeVar("T")


class Counted(Generic[T]):
    """``items`` as they are; ``count`` is how many of them were taken."""

    def __init__(self, items: Iterable[T], watcher: Watcher) -> None:
        self._items = items
        self._watcher = watcher
        self.count = 0

    def __iter__(self) -> Iterator[T]:
        for item in self._items:
            self.count += 1
            if self.count % EVERY == 0:
                self._watcher.moved(self.count)
            yield item
