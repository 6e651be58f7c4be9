"""Between fetching and handling: room, pauses, and partitions that go while records are out."""

import threading
import time
from collections.abc import Callable

import pytest

from accord.kafka import Message, RawRecord, TopicPartition, message_of
from accord.streams.flow import SIT_OUT_S, Flow
from accord.streams.lanes import Run
from accord.streams.tracker import DONE

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


def records(partition: TopicPartition, *offsets: int) -> list[Message]:
    return [message_of(RawRecord(*partition, offset, None, None)) for offset in offsets]


def take(flow: Flow) -> Run:
    """A run, with its first record in hand."""
    run = flow.take()
    assert run is not None
    run.hand = run.indexes[0]
    return run


def next_one(run: Run) -> None:
    """Take the run's next record in hand."""
    run.hand = run.indexes[run.indexes.index(run.hand) + 1]


def done(run: Run) -> None:
    run.finished[run.hand] = DONE


def all_done(flow: Flow, run: Run) -> None:
    for index in run.indexes:
        run.hand = index
        done(run)
    flow.give_back(run)


def offset_of(run: Run) -> int:
    return run.messages[run.hand].offset()


def in_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_records_that_are_done_move_the_offset(flow: Flow) -> None:
    flow.put(records(HERE, 3, 4))
    run = take(flow)
    done(run)
    assert flow.storable() == {HERE: 4}
    next_one(run)
    done(run)
    assert flow.storable() == {HERE: 5}


def test_what_one_fetch_brings_is_told_apart_by_partition_and_keeps_its_order(flow: Flow) -> None:
    mixed = [*records(HERE, 3), *records(THERE, 8), *records(HERE, 4), *records(THERE, 9)]
    flow.put(mixed)
    first, second = take(flow), take(flow)
    assert [first.messages, second.messages] == [mixed[::2], mixed[1::2]]


def test_a_record_on_its_way_to_the_dead_letters_lets_others_pass_but_not_the_offset(flow: Flow) -> None:
    flow.put(records(HERE, 3, 4))
    run = take(flow)
    assert flow.pend(run, run.hand)
    next_one(run)
    done(run)
    flow.give_back(run)
    assert flow.storable() == {}
    flow.safe(run.chunk, 0, code="TRUNCATED")
    assert flow.storable() == {HERE: 5}
    assert flow.stats().dead_lettered == {"TRUNCATED": 1}
    assert flow.stats().done == 1


def test_a_record_that_cannot_be_made_safe_holds_the_offset_and_ends_everything(flow: Flow) -> None:
    flow.put([*records(HERE, 3, 4), *records(THERE, 8)])
    run, other = take(flow), take(flow)
    flow.pend(run, run.hand)
    next_one(run)
    done(run)
    flow.abandon(run.chunk, ValueError("no"))
    assert (run.halted, other.halted) == (True, True)
    assert flow.storable() == {}
    assert flow.release([HERE], within_s=0) == {}
    with pytest.raises(ValueError, match="no"):
        flow.take()


def test_who_takes_waits_for_a_record() -> None:
    flow, got = Flow(capacity=10), []
    flow.assign([HERE])
    taker = in_thread(lambda: got.append(offset_of(take(flow))))
    flow.put(records(HERE, 7))
    taker.join(10)
    assert got == [7]


def test_who_takes_is_told_when_to_stop(flow: Flow) -> None:
    flow.put(records(HERE, 7))
    flow.stop()
    assert flow.take() is None
    assert flow.take_now() is None


def test_who_takes_hears_of_the_failure_and_the_first_one_counts(flow: Flow) -> None:
    flow.put(records(HERE, 7))
    flow.fail(ValueError("first"))
    flow.fail(ValueError("second"))
    with pytest.raises(ValueError, match="first"):
        flow.take()
    assert flow.failed


def test_who_listens_hears_of_records_of_runs_that_come_back_and_of_the_end(flow: Flow) -> None:
    heard: list[str] = []
    story = ""
    flow.listen(lambda: heard.append(story))
    assert flow.take_now() is None
    story = "put"
    flow.put(records(HERE, 7))
    run = take(flow)
    story = "back"
    flow.give_back(run)
    story = "again"
    flow.again(take(flow), after_s=3)
    assert flow.take_now() is None
    assert flow.due_in_s() == 3
    story = "failed"
    flow.fail(ValueError("no"))
    story = "stopped"
    flow.stop()
    assert heard == ["put", "back", "again", "failed", "stopped"]


def test_a_partition_that_goes_waits_for_the_record_in_hand_and_hands_out_no_more() -> None:
    flow, offsets = Flow(capacity=10), {}
    flow.assign([HERE])
    flow.put(records(HERE, 3, 4, 5))
    run = take(flow)
    revoking = in_thread(lambda: offsets.update(flow.release([HERE], within_s=10)))
    deadline = time.monotonic() + 10
    while not run.halted and time.monotonic() < deadline:
        time.sleep(0.001)
    done(run)
    revoking.join(10)
    assert offsets == {HERE: 4}


def test_a_run_that_lies_idle_is_not_waited_for(flow: Flow) -> None:
    flow.put(records(HERE, 3, 4, 5))
    done(take(flow))
    assert flow.release([HERE], within_s=3600) == {HERE: 4}


def test_a_partition_that_goes_waits_for_what_is_on_its_way_elsewhere() -> None:
    flow, offsets = Flow(capacity=10), {}
    flow.assign([HERE])
    flow.put(records(HERE, 3, 4))
    run = take(flow)
    flow.pend(run, run.hand)
    revoking = in_thread(lambda: offsets.update(flow.release([HERE], within_s=10)))
    revoking.join(0.02)
    assert revoking.is_alive()
    flow.safe(run.chunk, 0, code="TRUNCATED")
    revoking.join(10)
    assert offsets == {HERE: 4}


@pytest.mark.parametrize("is_safe", [True, False])
def test_a_partition_that_goes_waits_not_for_what_has_ended_elsewhere(*, is_safe: bool) -> None:
    flow = Flow(capacity=10)
    flow.assign([HERE])
    flow.put(records(HERE, 1))
    run = take(flow)
    flow.pend(run, 0)
    if is_safe:
        flow.safe(run.chunk, 0, code="TRUNCATED")
    else:
        flow.abandon(run.chunk, OSError("gone"))
    began = time.monotonic()
    assert flow.release([HERE], within_s=2) == ({HERE: 2} if is_safe else {})
    assert time.monotonic() - began < 1


def test_a_partition_that_goes_waits_no_longer_than_it_may() -> None:
    flow = Flow(capacity=10)
    flow.assign([HERE])
    flow.put(records(HERE, 3, 4))
    run = take(flow)
    done(run)
    next_one(run)
    assert flow.release([HERE], within_s=0.01) == {HERE: 4}


def test_what_comes_back_after_its_partition_has_gone_changes_nothing(flow: Flow) -> None:
    flow.put(records(HERE, 3))
    late = take(flow)
    flow.forget([HERE])
    flow.assign([HERE])
    flow.put(records(HERE, 3))
    done(late)
    flow.give_back(late)
    assert flow.storable() == {}
    assert flow.stats().stale == 1
    done(take(flow))
    assert flow.storable() == {HERE: 4}


def test_a_record_whose_partition_has_gone_is_put_aside_by_whoever_has_it_now(flow: Flow) -> None:
    flow.put(records(HERE, 3))
    late = take(flow)
    flow.forget([HERE])
    assert not flow.pend(late, late.hand)


def test_a_dead_letter_that_arrives_after_its_partition_has_gone_is_stale(flow: Flow) -> None:
    flow.put(records(HERE, 3))
    run = take(flow)
    flow.pend(run, run.hand)
    flow.forget([HERE])
    flow.assign([HERE])
    flow.safe(run.chunk, 0, code="TRUNCATED")
    assert flow.stats().stale == 1
    assert flow.stats().dead_lettered == {}
    assert flow.release([HERE], within_s=0) == {}


def test_records_of_a_partition_that_has_gone_are_dropped(flow: Flow) -> None:
    flow.forget([HERE])
    flow.put([*records(HERE, 3), *records(THERE, 8)])
    assert offset_of(take(flow)) == 8
    assert flow.stats().consumed == 1


def test_a_position_that_is_set_back_starts_the_partition_anew(flow: Flow) -> None:
    flow.put(records(HERE, 7, 8))
    late = take(flow)
    flow.put(records(HERE, 3, 4))
    done(late)
    assert flow.storable() == {}
    assert late.halted
    assert offset_of(take(flow)) == 3


def test_room_shrinks_with_what_is_not_finished(flow: Flow) -> None:
    assert flow.room(wait_s=0) == 10
    flow.put(records(HERE, *range(6)))
    assert flow.room(wait_s=0) == 4
    run = take(flow)
    assert flow.room(wait_s=0) == 4
    done(run)
    assert flow.room(wait_s=0) == 5


def test_who_fetches_is_woken_when_there_is_room_for_a_good_batch() -> None:
    flow, rooms = Flow(capacity=8), []
    flow.assign([HERE])
    flow.put(records(HERE, *range(4)))
    flow.put(records(HERE, *range(4, 8)))
    fetcher = in_thread(lambda: rooms.append(flow.room(wait_s=10)))
    all_done(flow, take(flow))
    take(flow)
    fetcher.join(5)
    assert rooms == [4]


def test_who_fetches_is_woken_when_all_that_was_there_is_finished() -> None:
    flow, rooms = Flow(capacity=8), []
    flow.assign([HERE])
    flow.put(records(HERE, *range(8)))
    run = take(flow)
    fetcher = in_thread(lambda: rooms.append(flow.room(wait_s=10)))
    all_done(flow, run)
    fetcher.join(5)
    assert rooms == [8]


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


def test_with_other_lanes_a_blocked_one_pauses_the_partition_only_when_it_holds_up_much(clock: Clock) -> None:
    flow = Flow(capacity=10, lanes=2, clock=clock)
    flow.assign([HERE])
    flow.put(records(HERE, 0, 1, 2))
    flow.again(take(flow), after_s=30)
    assert flow.pauses() == (set(), set())
    flow.put(records(HERE, 3, 4))
    assert flow.pauses() == ({HERE}, set())


def test_a_dead_letter_that_does_not_arrive_holds_up_its_partition_and_no_other(flow: Flow) -> None:
    flow.put(records(HERE, *range(10)))
    run = take(flow)
    flow.pend(run, run.hand)
    for _ in range(9):
        next_one(run)
        done(run)
    flow.give_back(run)
    assert flow.pauses() == ({HERE}, set())
    assert flow.room(wait_s=0) == 10
    flow.safe(run.chunk, 0, code="TRUNCATED")
    assert flow.pauses() == (set(), {HERE})


def test_without_room_for_a_while_everything_is_paused_until_half_is_free(flow: Flow, clock: Clock) -> None:
    flow.put([*records(HERE, *range(9)), *records(THERE, 0)])
    run = take(flow)
    assert flow.pauses() == (set(), set())
    clock.now += SIT_OUT_S
    assert flow.pauses() == ({HERE, THERE}, set())
    for _ in range(4):
        done(run)
        next_one(run)
        assert flow.pauses() == (set(), set())
    done(run)
    assert flow.pauses() == (set(), {HERE, THERE})


def test_a_record_in_hand_for_long_holds_up_its_partition_and_no_other(flow: Flow, clock: Clock) -> None:
    flow.put(records(HERE, *range(10)))
    slow = take(flow)
    flow.pauses()
    clock.now += SIT_OUT_S
    assert flow.pauses() == ({HERE, THERE}, set())
    assert flow.pauses() == (set(), {THERE})
    assert flow.room(wait_s=0) == 10
    flow.put(records(THERE, *range(10)))
    all_done(flow, take(flow))
    assert flow.pauses() == (set(), set())
    all_done(flow, slow)
    assert flow.pauses() == (set(), {HERE})


def test_with_one_to_handle_them_no_more_is_fetched_than_for_a_second_time(flow: Flow, clock: Clock) -> None:
    flow.put(records(HERE, *range(10)))
    take(flow)
    flow.pauses()
    clock.now += SIT_OUT_S
    flow.pauses()
    flow.pauses()
    flow.put(records(THERE, *range(10)))
    flow.pauses()
    clock.now += SIT_OUT_S
    assert flow.pauses() == ({THERE}, set())
    assert flow.pauses() == (set(), set())
    assert flow.room(wait_s=0) == 0


def test_a_slow_handler_that_moves_pauses_nothing(flow: Flow, clock: Clock) -> None:
    for offset in range(10):
        flow.put(records(HERE, offset))
    for offset in range(10, 30):
        flow.pauses()
        clock.now += SIT_OUT_S * 0.9
        all_done(flow, take(flow))
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
    run = take(flow)
    done(run)
    next_one(run)
    flow.again(run, after_s=0)
    flow.again(take(flow), after_s=0, for_registry=True)
    run = take(flow)
    flow.pend(run, run.hand)
    flow.safe(run.chunk, run.hand, code="ZERO_BYTES")
    next_one(run)
    flow.skip(run, run.hand)
    stats = flow.stats()
    assert (stats.consumed, stats.done, stats.retried, stats.registry_waits) == (4, 1, 1, 1)
    assert stats.dead_lettered == {"ZERO_BYTES": 1}
    assert (stats.skipped, stats.in_flight) == (1, 1)
