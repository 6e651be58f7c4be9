from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from accord.schemas.protobuf.evolution.ranges import Ranges
from accord.schemas.protobuf.model import Range

numbers = st.integers(-5, 25)
ranges = st.lists(st.builds(Range, numbers, numbers), max_size=6)


def numbers_in(all_of: list[Range]) -> set[int]:
    return {number for one in all_of for number in range(one.first, one.last + 1)}


@given(ranges)
def test_they_lie_apart_and_hold_what_was_given(given_ranges: list[Range]) -> None:
    merged = [*Ranges(given_ranges)]
    assert numbers_in(merged) == numbers_in(given_ranges)
    assert all(one.last + 1 < two.first for one, two in pairwise(merged))
    assert all(
        (number in Ranges(given_ranges)) == (number in numbers_in(given_ranges)) for number in range(30)
    )


@given(ranges, ranges)
def test_what_is_left_without_others_and_what_is_common(mine: list[Range], theirs: list[Range]) -> None:
    one, other = Ranges(mine), Ranges(theirs)
    assert numbers_in([*one.without(other)]) == numbers_in(mine) - numbers_in(theirs)
    assert numbers_in([*one.common(other)]) == numbers_in(mine) & numbers_in(theirs)
