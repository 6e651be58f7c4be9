"""Pairing the members of two combinations so that as many as possible get along."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

Numbers: TypeAlias = int
"""A set of numbers of members, as bits: sets of hundreds are combined in one go."""


def all_pair_up(
    left: int, right: int, gets_along: Callable[[int, int], bool], *, first: Callable[[int], int]
) -> bool:
    """Whether all members of the smaller side can have a partner of their own, by their numbers.

    ``gets_along`` is asked about a pair at most once, and about that with the partner that is ``first`` for a member
    before others; nothing is tried any more once too many members were left alone.
    """
    pairing = _Pairing(left, right, gets_along, first)
    may_stay_alone = max(0, left - right)
    for start in range(left):
        if not pairing.finds_partner(start):
            may_stay_alone -= 1
        if may_stay_alone < 0:
            return False
    return True


class _Pairing:
    """Who has which partner, and who is known to get along with whom."""

    def __init__(
        self,
        left: int,
        right: int,
        gets_along: Callable[[int, int], bool],
        first: Callable[[int], int],
    ) -> None:
        self._gets_along = gets_along
        self._first = first
        self._everybody: Numbers = (1 << right) - 1
        self._fitting: list[Numbers] = [0] * left
        self._untried: list[Numbers] = [self._everybody] * left
        self._partners: dict[int, int] = {}

    def finds_partner(self, start: int) -> bool:
        """Give ``start`` a partner, moving others on to theirs where that is what it takes."""
        came_from: dict[int, int] = {}
        unseen = self._everybody
        waiting = [start]
        while waiting:
            one = waiting.pop()
            for other in self._fits(one, unseen):
                unseen &= ~(1 << other)
                came_from[other] = one
                if other not in self._partners:
                    self._pass_on(other, start, came_from)
                    return True
                waiting.append(self._partners[other])
        return False

    def _fits(self, one: int, among: Numbers) -> Iterator[int]:
        """Whoever ``one`` gets along with."""
        first = self._first(one)
        if self._is_fit(one, first, among):
            yield first
        yield from _each(self._fitting[one] & among & ~(1 << first))
        for other in _each(self._untried[one] & among):
            if self._is_fit(one, other, among):
                yield other

    def _is_fit(self, one: int, other: int, among: Numbers) -> bool:
        bit = 1 << other
        if self._untried[one] & among & bit:
            self._untried[one] ^= bit
            if self._gets_along(one, other):
                self._fitting[one] |= bit
        return bool(self._fitting[one] & among & bit)

    def _pass_on(self, other: int, start: int, came_from: dict[int, int]) -> None:
        before = {one: taken for taken, one in self._partners.items()}
        while True:
            one = came_from[other]
            self._partners[other] = one
            if one == start:
                return
            other = before[one]


def _each(numbers: Numbers) -> Iterator[int]:
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest
