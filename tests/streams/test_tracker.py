"""The promise of the books: an offset that may be committed never passes a record that is not finished."""

import pytest

from accord.kafka import Message, RawRecord, TopicPartition, message_of
from accord.streams.tracker import AWAY, DONE, Chunk, Tracker

HERE = TopicPartition("orders", 0)
THERE = TopicPartition("orders", 1)


def messages(partition: TopicPartition, *offsets: int) -> list[Message]:
    return [message_of(RawRecord(*partition, offset, None, None)) for offset in offsets]


def begun(tracker: Tracker, *offsets: int, at: TopicPartition = HERE) -> Chunk:
    chunk = tracker.begin(at, messages(at, *offsets))
    assert chunk is not None
    return chunk


@pytest.fixture
def tracker() -> Tracker:
    tracker = Tracker()
    tracker.assign(HERE)
    tracker.assign(THERE)
    return tracker


def test_nothing_is_storable_before_something_is_finished(tracker: Tracker) -> None:
    begun(tracker, 5, 6)
    assert tracker.storable() == {}
    assert tracker.next_offset(HERE) is None


def test_the_offset_stops_before_the_first_unfinished_record(tracker: Tracker) -> None:
    chunk = begun(tracker, 5, 6, 7)
    chunk.finished[1] = chunk.finished[2] = DONE
    assert tracker.storable() == {}
    chunk.finished[0] = DONE
    assert tracker.storable() == {HERE: 8}


def test_gaps_in_the_log_are_stepped_over(tracker: Tracker) -> None:
    chunk = begun(tracker, 5, 90)
    chunk.finished[0] = DONE
    assert tracker.storable() == {HERE: 6}
    chunk.finished[1] = AWAY
    assert tracker.storable() == {HERE: 91}


def test_the_prefix_goes_on_into_the_next_fetch_only_when_the_first_is_finished(tracker: Tracker) -> None:
    first, second = begun(tracker, 1, 2), begun(tracker, 3, 4)
    second.finished[0] = second.finished[1] = first.finished[0] = DONE
    assert tracker.storable() == {HERE: 2}
    assert tracker.unfinished == 3
    first.finished[1] = DONE
    assert tracker.storable() == {HERE: 5}
    assert tracker.unfinished == 0


def test_an_offset_is_handed_out_once(tracker: Tracker) -> None:
    begun(tracker, 5).finished[0] = DONE
    assert tracker.storable() == {HERE: 6}
    assert tracker.storable() == {}
    assert tracker.next_offset(HERE) == 6


def test_an_offset_that_was_looked_at_in_between_is_still_handed_out(tracker: Tracker) -> None:
    begun(tracker, 5).finished[0] = DONE
    assert tracker.next_offset(HERE) == 6
    assert tracker.storable() == {HERE: 6}


def test_partitions_do_not_hold_each_other_up(tracker: Tracker) -> None:
    begun(tracker, 5)
    begun(tracker, 9, at=THERE).finished[0] = DONE
    assert tracker.storable() == {THERE: 10}


def test_what_is_finished_in_an_earlier_assignment_counts_for_nothing(tracker: Tracker) -> None:
    early = begun(tracker, 5)
    tracker.revoke(HERE)
    tracker.assign(HERE)
    late = begun(tracker, 5)
    early.finished[0] = DONE
    assert (tracker.is_current(early), tracker.is_current(late)) == (False, True)
    assert tracker.storable() == {}
    assert tracker.unfinished == 1


def test_a_partition_that_is_assigned_twice_begins_anew(tracker: Tracker) -> None:
    early = begun(tracker, 5)
    tracker.assign(HERE)
    early.finished[0] = DONE
    assert tracker.storable() == {}
    assert tracker.unfinished == 0


def test_records_of_a_partition_that_is_not_ours_are_not_begun(tracker: Tracker) -> None:
    tracker.revoke(HERE)
    assert tracker.begin(HERE, messages(HERE, 5)) is None
    assert tracker.next_offset(HERE) is None


def test_a_position_that_goes_back_is_noticed(tracker: Tracker) -> None:
    begun(tracker, 5, 6)
    assert tracker.goes_back(HERE, 6)
    assert not tracker.goes_back(HERE, 7)
    assert not tracker.goes_back(THERE, 0)


def test_records_that_were_handled_stay_counted_when_their_partition_goes(tracker: Tracker) -> None:
    chunk = begun(tracker, 5, 6, 7)
    chunk.finished[0] = chunk.finished[2] = DONE
    chunk.finished[1] = AWAY
    assert tracker.done() == 2
    tracker.storable()
    assert tracker.done() == tracker.done("orders") == 2
    tracker.revoke(HERE)
    assert tracker.done() == tracker.done("orders") == 2
    assert tracker.done("invoices") == 0
