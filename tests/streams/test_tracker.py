"""The promise of the books: an offset that may be committed never passes a record that is not finished."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from accord.kafka import TopicPartition
from accord.streams.tracker import Ticket, Tracker

HERE = TopicPartition("orders", 0)
THERE = TopicPartition("orders", 1)


def begun(tracker: Tracker, *offsets: int) -> list[Ticket]:
    tickets = [tracker.begin(HERE, offset) for offset in offsets]
    return [ticket for ticket in tickets if ticket is not None]


@pytest.fixture
def tracker() -> Tracker:
    tracker = Tracker()
    tracker.assign(HERE)
    return tracker


def test_nothing_is_storable_before_something_is_finished(tracker: Tracker) -> None:
    begun(tracker, 5, 6)
    assert tracker.storable() == {}
    assert tracker.next_offset(HERE) is None


def test_the_offset_stops_before_the_first_unfinished_record(tracker: Tracker) -> None:
    first, second, third = begun(tracker, 5, 6, 7)
    tracker.finish(second)
    tracker.finish(third)
    assert tracker.storable() == {}
    tracker.finish(first)
    assert tracker.storable() == {HERE: 8}


def test_gaps_in_the_log_are_stepped_over(tracker: Tracker) -> None:
    first, second = begun(tracker, 5, 90)
    tracker.finish(first)
    assert tracker.storable() == {HERE: 6}
    tracker.finish(second)
    assert tracker.storable() == {HERE: 91}


def test_an_offset_is_handed_out_once(tracker: Tracker) -> None:
    [ticket] = begun(tracker, 5)
    tracker.finish(ticket)
    assert tracker.storable() == {HERE: 6}
    assert tracker.storable() == {}
    assert tracker.next_offset(HERE) == 6


def test_partitions_do_not_hold_each_other_up(tracker: Tracker) -> None:
    tracker.assign(THERE)
    begun(tracker, 5)
    other = tracker.begin(THERE, 9)
    assert other is not None
    tracker.finish(other)
    assert tracker.storable() == {THERE: 10}


def test_what_was_begun_before_the_partition_went_does_not_count(tracker: Tracker) -> None:
    [old] = begun(tracker, 5)
    tracker.revoke(HERE)
    assert not tracker.finish(old)
    tracker.assign(HERE)
    [new] = begun(tracker, 5)
    assert not tracker.finish(old)
    assert tracker.storable() == {}
    assert tracker.stale == 2
    assert tracker.finish(new)
    assert tracker.storable() == {HERE: 6}


def test_records_of_a_foreign_partition_are_not_entered(tracker: Tracker) -> None:
    assert tracker.begin(THERE, 1) is None


def test_a_position_that_was_set_back_is_noticed(tracker: Tracker) -> None:
    begun(tracker, 5, 6)
    assert not tracker.goes_back(HERE, 7)
    assert tracker.goes_back(HERE, 6)
    assert tracker.goes_back(HERE, 1)
    assert not tracker.goes_back(THERE, 1)


class Books(RuleBasedStateMachine):
    """Two partitions that come and go while records are begun and finished in any order."""

    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.tracker = Tracker()
        self.next_offset = {HERE: 0, THERE: 0}
        self.assigned: dict[TopicPartition, list[Ticket]] = {}
        self.finished: set[int] = set()
        self.stored: dict[TopicPartition, int] = {}

    @rule(partition=st.sampled_from([HERE, THERE]))
    def assign(self, partition: TopicPartition) -> None:
        self.tracker.assign(partition)
        self.assigned[partition] = []
        # The new owner starts at what was committed; records may come again.
        self.next_offset[partition] = self.stored.get(partition, 0)

    @rule(partition=st.sampled_from([HERE, THERE]))
    def revoke(self, partition: TopicPartition) -> None:
        self.tracker.revoke(partition)
        self.assigned.pop(partition, None)

    @rule(target=tickets, partition=st.sampled_from([HERE, THERE]), gap=st.integers(0, 3))
    def begin(self, partition: TopicPartition, gap: int) -> Ticket | None:
        offset = self.next_offset[partition] + gap
        ticket = self.tracker.begin(partition, offset)
        assert (ticket is not None) == (partition in self.assigned)
        if ticket is not None:
            self.next_offset[partition] = offset + 1
            self.assigned[partition].append(ticket)
        return ticket

    @rule(ticket=consumes(tickets))
    def finish(self, ticket: Ticket | None) -> None:
        if ticket is None:
            return
        current = any(ticket is known for known in self.assigned.get(ticket.partition, []))
        assert self.tracker.finish(ticket) == current
        if current:
            self.finished.add(id(ticket))

    @rule()
    def store(self) -> None:
        for partition, offset in self.tracker.storable().items():
            assert offset > self.stored.get(partition, -1) or partition in self.assigned
            self.stored[partition] = offset

    @invariant()
    def an_offset_never_passes_an_unfinished_record(self) -> None:
        for partition, tickets in self.assigned.items():
            unfinished = [ticket.offset for ticket in tickets if id(ticket) not in self.finished]
            known = self.tracker.next_offset(partition)
            if known is not None:
                assert all(known <= offset for offset in unfinished)
            if not unfinished and tickets:
                assert known == tickets[-1].offset + 1

    @invariant()
    def the_unfinished_are_counted(self) -> None:
        waiting = sum(
            len(tickets)
            - next((i for i, t in enumerate(tickets) if id(t) not in self.finished), len(tickets))
            for tickets in self.assigned.values()
        )
        assert self.tracker.unfinished == waiting


Books.TestCase.settings = settings(max_examples=200, stateful_step_count=40)
TestBooks = Books.TestCase
