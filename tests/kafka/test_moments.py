from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from accord.kafka import epoch_ms


@given(st.integers(-(10**13), 10**13))
def test_every_millisecond_is_kept(milliseconds: int) -> None:
    assert epoch_ms(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)) == milliseconds


def test_a_part_of_a_millisecond_counts_for_the_one_that_it_is_in() -> None:
    assert epoch_ms(datetime(1970, 1, 1, 0, 0, 0, 1999, tzinfo=UTC)) == 1


def test_a_moment_is_the_same_in_every_time_zone() -> None:
    assert epoch_ms(datetime(1970, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))) == 0
