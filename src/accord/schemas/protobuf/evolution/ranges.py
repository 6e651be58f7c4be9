"""Sets of numbers, of which there may be half a billion, as ranges."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import Final

from accord.schemas.protobuf.model import Range

# Beyond every number that there can be.
_BEFORE: Final = Range(-(2**40), -(2**40))
_AFTER: Final = Range(2**40, 2**40)


class Ranges:
    """A set of numbers."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._ranges = [*_merged(ranges)]
        self._firsts = [one.first for one in self._ranges]
        self._lasts = [one.last for one in self._ranges]

    def __iter__(self) -> Iterator[Range]:
        return iter(self._ranges)

    def __contains__(self, number: int) -> bool:
        index = bisect_right(self._firsts, number) - 1
        return index >= 0 and number <= self._lasts[index]

    def common_numbers(self, numbers: Iterable[int]) -> Collection[int]:
        """Those of ``numbers`` that are in the set."""
        if not self._ranges:
            return ()
        # Most are new, and beyond all that is in the set.
        last = self._lasts[-1]
        return {number for number in numbers if number <= last and number in self}

    def without(self, other: "Ranges") -> Iterator[Range]:
        """The numbers that are not in ``other``, lowest first."""
        gaps = [Range(one.last + 1, two.first - 1) for one, two in pairwise([_BEFORE, *other, _AFTER])]
        yield from Ranges(gaps).common(self)

    def common(self, other: "Ranges") -> Iterator[Range]:
        """The numbers that are in both, lowest first."""
        mine, theirs = iter(self), iter(other)
        one, two = next(mine, None), next(theirs, None)
        while one is not None and two is not None:
            first, last = max(one.first, two.first), min(one.last, two.last)
            if first <= last:
                yield Range(first, last)
            if one.last == last:
                one = next(mine, None)
            else:
                two = next(theirs, None)


def _merged(ranges: Iterable[Range]) -> Iterator[Range]:
    """The same numbers in ranges that lie apart, lowest first; a range that ends before it begins has none."""
    waiting: Range | None = None
    for one in sorted((one for one in ranges if one.first <= one.last), key=lambda one: one.first):
        if waiting is None or one.first > waiting.last + 1:
            if waiting is not None:
                yield waiting
            waiting = one
        else:
            waiting = Range(waiting.first, max(waiting.last, one.last))
    if waiting is not None:
        yield waiting
