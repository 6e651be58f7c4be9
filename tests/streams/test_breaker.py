import pytest

from accord.errors import ConfigurationError
from accord.streams.breaker import BadRecords, Breaker


def test_dead_letters_in_a_row_are_too_many_after_the_limit() -> None:
    bad = BadRecords(Breaker(in_a_row=3, share=None))
    assert [bad.add(done=0) is None for _ in range(4)] == [True, True, True, False]


def test_a_record_that_was_handled_in_between_begins_a_new_row() -> None:
    bad = BadRecords(Breaker(in_a_row=3, share=None))
    assert all(bad.add(done=number // 3) is None for number in range(30))


def test_too_many_of_the_last_records_are_too_many_although_others_are_handled() -> None:
    bad = BadRecords(Breaker(in_a_row=None, share=0.5, window=100))
    tripped = [number for number in range(200) if bad.add(done=number // 2) is not None]
    # Two of three are bad; nothing is said before there were as many records as the window has.
    assert tripped[0] == 66


def test_what_lies_behind_the_window_is_forgotten() -> None:
    bad = BadRecords(Breaker(in_a_row=None, share=0.5, window=100))
    assert all(bad.add(done=0) is None for _ in range(99))
    assert bad.add(done=1000) is None
    assert all(bad.add(done=1000 + 2 * number) is None for number in range(1, 500))


def test_few_bad_ones_among_many_never_trip() -> None:
    bad = BadRecords(Breaker())
    assert all(bad.add(done=2 * number) is None for number in range(5000))
    assert len(bad._places) <= 1000


@pytest.mark.parametrize("choices", [{"in_a_row": -1}, {"window": 0}, {"share": 0.0}, {"share": 1.0}])
def test_a_breaker_that_makes_no_sense_is_refused(choices: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        Breaker(**choices)  # type: ignore[arg-type]  # a table of choices
