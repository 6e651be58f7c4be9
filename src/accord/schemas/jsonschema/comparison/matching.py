"""Pairing the members of two combinations so that as many as possible get along."""

from collections.abc import Callable


def all_pair_up(left: int, right: int, gets_along: Callable[[int, int], bool]) -> bool:
    """Whether all members of the smaller side can have a partner of their own, by their numbers.

    ``gets_along`` is asked about a pair at most once; members at the same place are tried first, and nothing is tried
    any more once too many members were left alone.
    """
    known: dict[tuple[int, int], bool] = {}

    def fits(one: int, other: int) -> bool:
        if (one, other) not in known:
            known[one, other] = gets_along(one, other)
        return known[one, other]

    partners: dict[int, int] = {}
    may_stay_alone = max(0, left - right)
    for start in range(left):
        if not _finds_partner(start, right, fits, partners):
            may_stay_alone -= 1
        if may_stay_alone < 0:
            return False
    return True


def _finds_partner(
    start: int, right: int, fits: Callable[[int, int], bool], partners: dict[int, int]
) -> bool:
    """Give ``start`` a partner, moving others on to theirs where that is what it takes."""
    came_from: dict[int, int] = {}
    waiting = [start]
    while waiting:
        one = waiting.pop()
        for other in _from(one, right):
            if other in came_from or not fits(one, other):
                continue
            came_from[other] = one
            if other not in partners:
                _pass_on(other, start, came_from, partners)
                return True
            waiting.append(partners[other])
    return False


def _pass_on(other: int, start: int, came_from: dict[int, int], partners: dict[int, int]) -> None:
    before = {one: taken for taken, one in partners.items()}
    while True:
        one = came_from[other]
        partners[other] = one
        if one == start:
            return
        other = before[one]


def _from(first: int, count: int) -> "list[int]":
    if first >= count:
        return [*range(count)]
    return [first, *range(first), *range(first + 1, count)]
