"""Between fetching and handling: room, pauses, and partitions that go while records are out."""

import threading
import time
from collections.abc import Callable

import pytest

from accord.kafka import RawRecord, TopicPartition
from accord.streams.flow import SIT_OUT_S, Flow
from accord.streams.lanes import Work

HERE = TopicPartition("orders", 0)
THERE = TopicPartition("orders", 1)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def flow(clock: Clock) -> Flow:
    flow = Flow(capacity=10, clock=clock)
    flow.assign([HERE, THERE])
    return flow


def records(partition: TopicPartition, *offsets: int) -> list[RawRecord]:
    return [RawRecord(partition.topic, partition.partition, offset, None, None) for offset in offsets]


def take(flow: Flow) -> Work:
    work = flow.take(stopping=lambda: False)
    assert work is not None
    return work


def in_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_records_that_are_done_move_the_offset(flow: Flow) -> None:
    flow.put(records(HERE, 3, 4))
    flow.done(take(flow))
    assert flow.storable() == {HERE: 4}
    flow.done(take(flow))
    assert flow.storable() == {HERE: 5}


def test_a_record_on_its_way_to_the_dead_letters_lets_others_pass_but_not_the_offset(flow: Flow) -> None:
    flow.put(records(HERE, 3, 4))
    bad = take(flow)
    flow.put_aside(bad)
    flow.done(take(flow))
    assert flow.storable() == {}
    flow.buried(bad, "TRUNCATED")
    assert flow.storable() == {HERE: 5}
    assert flow.stats().dead_lettered == {"TRUNCATED": 1}


def test_a_record_that_was_given_up_holds_the_offset_for_ever(flow: Flow) -> None:
    flow.put(records(HERE, 3, 4))
    bad = take(flow)
    flow.put_aside(bad)
    flow.abandon(bad)
    flow.done(take(flow))
    assert flow.storable() == {}
    assert flow.release([HERE], within_s=0) == {}


def test_bad_records_in_a_row_are_counted_until_a_good_one(flow: Flow) -> None:
    flow.put(records(HERE, 1, 2, 3, 4))
    assert flow.put_aside(take(flow)) == 1
    assert flow.put_aside(take(flow)) == 2
    flow.done(take(flow))
    assert flow.put_aside(take(flow)) == 1


def test_who_takes_waits_for_a_record() -> None:
    flow, got = Flow(capacity=10), []
    flow.assign([HERE])
    taker = in_thread(lambda: got.append(take(flow).raw.offset))
    flow.put(records(HERE, 7))
    taker.join(10)
    assert got == [7]


def test_who_takes_is_told_when_to_stop(flow: Flow) -> None:
    flow.put(records(HERE, 7))
    assert flow.take(stopping=lambda: True) is None


def test_who_takes_hears_of_the_failure_and_the_first_one_counts(flow: Flow) -> None:
    flow.put(records(HERE, 7))
    flow.fail(ValueError("first"))
    flow.fail(ValueError("second"))
    with pytest.raises(ValueError, match="first"):
        flow.take(stopping=lambda: False)
    assert flow.failed


def test_a_partition_that_goes_waits_for_the_record_in_hand_and_hands_out_no_more() -> None:
    flow, offsets = Flow(capacity=10), {}
    flow.assign([HERE])
    flow.put(records(HERE, 3, 4, 5))
    in_hand = take(flow)
    revoking = in_thread(lambda: offsets.update(flow.release([HERE], within_s=10)))
    deadline = time.monotonic() + 10
    while flow.partitions and time.monotonic() < deadline:
        time.sleep(0.001)
    flow.done(in_hand)
    revoking.join(10)
    assert offsets == {HERE: 4}


def test_a_partition_that_goes_waits_no_longer_than_it_may() -> None:
    flow = Flow(capacity=10)
    flow.assign([HERE])
    flow.put(records(HERE, 3, 4))
    flow.done(take(flow))
    take(flow)
    assert flow.release([HERE], within_s=0.01) == {HERE: 4}


def test_what_comes_back_after_its_partition_has_gone_changes_nothing(flow: Flow) -> None:
    flow.put(records(HERE, 3))
    late = take(flow)
    flow.forget([HERE])
    flow.assign([HERE])
    flow.put(records(HERE, 3))
    flow.done(late)
    assert flow.storable() == {}
    assert flow.stats().stale == 1
    flow.done(take(flow))
    assert flow.storable() == {HERE: 4}


def test_records_of_a_partition_that_has_gone_are_dropped(flow: Flow) -> None:
    flow.forget([HERE])
    flow.put([*records(HERE, 3), *records(THERE, 8)])
    assert take(flow).raw.offset == 8
    assert flow.stats().consumed == 1


def test_a_position_that_is_set_back_starts_the_partition_anew(flow: Flow) -> None:
    flow.put(records(HERE, 7, 8))
    late = take(flow)
    flow.put(records(HERE, 3, 4))
    flow.done(late)
    assert flow.storable() == {}
    assert [take(flow).raw.offset] == [3]


def test_room_shrinks_with_what_waits_and_what_is_out(flow: Flow) -> None:
    assert flow.room(wait_s=0) == 10
    flow.put(records(HERE, *range(6)))
    assert flow.room(wait_s=0) == 4
    work = take(flow)
    assert flow.room(wait_s=0) == 4
    flow.done(work)
    assert flow.room(wait_s=0) == 5


def test_who_fetches_is_woken_when_there_is_room_for_a_good_batch() -> None:
    flow, rooms = Flow(capacity=8), []
    flow.assign([HERE])
    flow.put(records(HERE, *range(8)))
    fetcher = in_thread(lambda: rooms.append(flow.room(wait_s=10)))
    flow.done(take(flow))
    flow.done(take(flow))
    fetcher.join(5)
    assert rooms == [2]


def test_a_short_wait_is_sat_out_and_a_long_one_pauses_the_partition(flow: Flow, clock: Clock) -> None:
    flow.put([*records(HERE, 3), *records(THERE, 8)])
    flow.again(take(flow), after_s=SIT_OUT_S / 2)
    assert flow.pauses() == (set(), set())
    flow.again(take(flow), after_s=SIT_OUT_S * 5)
    [paused] = flow.pauses()[0]
    assert flow.pauses() == (set(), set())
    assert flow.stats().paused == 1
    clock.now += SIT_OUT_S * 4.5
    assert flow.pauses() == (set(), set())
    clock.now += SIT_OUT_S
    assert flow.pauses() == (set(), {paused})


def test_what_waits_in_a_paused_partition_takes_nobodys_room(flow: Flow) -> None:
    flow.put(records(HERE, *range(10)))
    assert flow.room(wait_s=0) == 0
    flow.again(take(flow), after_s=30)
    flow.pauses()
    assert flow.room(wait_s=0) == 10


def test_without_room_for_a_while_everything_is_paused_until_half_is_free(flow: Flow, clock: Clock) -> None:
    flow.put(records(HERE, *range(10)))
    assert flow.pauses() == (set(), set())
    clock.now += SIT_OUT_S
    assert flow.pauses() == ({HERE, THERE}, set())
    for _ in range(4):
        flow.done(take(flow))
        assert flow.pauses() == (set(), set())
    flow.done(take(flow))
    assert flow.pauses() == (set(), {HERE, THERE})


def test_a_slow_handler_that_moves_pauses_nothing(flow: Flow, clock: Clock) -> None:
    flow.put(records(HERE, *range(10)))
    for offset in range(10, 30):
        flow.pauses()
        clock.now += SIT_OUT_S * 0.9
        flow.done(take(flow))
        assert flow.pauses() == (set(), set())
        flow.put(records(HERE, offset))


def test_a_paused_partition_that_goes_is_forgotten_with_its_pause(flow: Flow) -> None:
    flow.put(records(HERE, 3))
    flow.again(take(flow), after_s=30)
    flow.pauses()
    flow.forget([HERE])
    assert flow.stats().paused == 0
    assert flow.pauses() == (set(), set())


def test_the_counts_tell_the_story(flow: Flow) -> None:
    flow.put(records(HERE, 1, 2, 3, 4))
    flow.done(take(flow))
    flow.again(take(flow), after_s=0)
    flow.again(take(flow), after_s=0, for_registry=True)
    bad = take(flow)
    flow.put_aside(bad)
    flow.buried(bad, "ZERO_BYTES")
    stats = flow.stats()
    assert (stats.consumed, stats.done, stats.retried, stats.registry_waits) == (4, 1, 1, 1)
    assert stats.dead_lettered == {"ZERO_BYTES": 1}
    assert stats.in_flight == 2
