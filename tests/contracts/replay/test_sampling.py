"""Which of many records are looked at."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from accord.contracts.replay.sampling import Sample


def sampled(kinds: list[str], size: int) -> dict[str, list[int]]:
    sample = Sample[str, int](size)
    for number, kind in enumerate(kinds):
        sample.add(kind, number)
    assert sample.added == len(kinds)
    return {kind: list(items) for kind, items in sample.chosen().items()}


def test_a_rare_kind_is_there_whole_and_the_others_share_what_is_left() -> None:
    chosen = sampled(["b"] + ["a"] * 100 + ["b"] + ["c"] * 100, 10)
    assert {kind: len(items) for kind, items in chosen.items()} == {"b": 2, "a": 4, "c": 4}
    assert chosen["b"] == [0, 101]
    assert chosen["c"] == [198, 199, 200, 201]


@given(st.lists(st.sampled_from("abcde")), st.integers(1, 20))
def test_shares_are_as_even_as_the_numbers_allow(kinds: list[str], size: int) -> None:
    counts, chosen = Counter(kinds), sampled(kinds, size)
    taken = {kind: len(items) for kind, items in chosen.items()}
    assert sum(taken.values()) == min(size, len(kinds))
    if size >= len(counts):
        assert set(taken) == set(counts)
    least = min((number for kind, number in taken.items() if number < counts[kind]), default=None)
    if least is not None:
        assert all(number <= least + 1 for number in taken.values())
    for kind, items in chosen.items():
        assert items == [number for number, one in enumerate(kinds) if one == kind][-len(items) :]
