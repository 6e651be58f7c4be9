"""Where records wait: in order within a lane, and one run of a lane at a time."""

from collections.abc import Sequence

import pytest

from accord.kafka import RawRecord, TopicPartition, message_of
from accord.streams.lanes import Lanes, Run
from accord.streams.tracker import AWAY, DONE, Chunk, Progress

HERE = TopicPartition("orders", 0)
THERE = TopicPartition("orders", 1)


def chunk(partition: TopicPartition, *offsets: int, keys: Sequence[bytes | None] = ()) -> Chunk:
    keyed = keys or [None] * len(offsets)
    records = [RawRecord(*partition, offset, key, None) for offset, key in zip(offsets, keyed, strict=True)]
    return Chunk(Progress(partition), [message_of(record) for record in records])


def opened(*partitions: TopicPartition, each: int = 1) -> Lanes:
    lanes = Lanes(each)
    for partition in partitions:
        lanes.open(partition)
    return lanes


def take(lanes: Lanes, now: float = 0.0) -> Run:
    run = lanes.take(now)
    assert run is not None
    return run


def offsets(run: Run) -> list[int]:
    return [run.messages[index].offset() for index in run.indexes]


def finish(run: Run) -> None:
    for index in run.indexes:
        run.hand = index
        run.finished[index] = DONE


def test_a_lane_gives_its_records_in_order_and_one_run_at_a_time() -> None:
    lanes = opened(HERE)
    lanes.add(chunk(HERE, 1, 2))
    lanes.add(chunk(HERE, 3))
    first = take(lanes)
    assert lanes.take(0) is None
    finish(first)
    lanes.put_back(first)
    assert [offsets(first), offsets(take(lanes))] == [[], [3]]


def test_lanes_of_different_partitions_are_out_together_and_take_turns() -> None:
    lanes = opened(HERE, THERE)
    for partition, offset in [(HERE, 1), (HERE, 2), (THERE, 8), (THERE, 9)]:
        lanes.add(chunk(partition, offset))
    here, there = take(lanes), take(lanes)
    assert (here.partition, there.partition) == (HERE, THERE)
    assert list(lanes.out()) == [here, there]
    for run in (here, there):
        finish(run)
        lanes.put_back(run)
    assert [offsets(take(lanes)), offsets(take(lanes))] == [[2], [9]]


@pytest.mark.parametrize(
    ("settled", "rest"), [(None, [2, 3, 4]), (DONE, [3, 4]), (AWAY, [3, 4]), ("aside", [3, 4])]
)
def test_a_run_that_comes_back_goes_on_with_the_record_in_hand_unless_that_is_settled(
    settled: int | str | None, rest: list[int]
) -> None:
    lanes = opened(HERE)
    lanes.add(chunk(HERE, 1, 2, 3, 4))
    run = take(lanes)
    run.finished[0] = DONE
    run.hand = 1
    if settled == "aside":
        run.aside = 1
    elif isinstance(settled, int):
        run.finished[1] = settled
    assert run.in_hand == (settled is None)
    lanes.put_back(run)
    assert offsets(take(lanes)) == rest


def test_failures_stay_with_the_record_that_failed() -> None:
    lanes = opened(HERE)
    lanes.add(chunk(HERE, 1, 2))
    run = take(lanes)
    run.hand = 0
    run.failed(now=10, counts=True)
    run.failed(now=11, counts=False)
    lanes.put_back(run)
    run = take(lanes)
    assert (run.attempts, run.waits, run.first_failed_at) == (1, 1, 10)
    run.hand = 0
    run.finished[0] = DONE
    lanes.put_back(run)
    run = take(lanes)
    assert (run.attempts, run.waits, run.first_failed_at) == (0, 0, None)


def test_a_blocked_lane_waits_for_its_time_and_the_others_do_not() -> None:
    lanes = opened(HERE, THERE)
    lanes.add(chunk(HERE, 1))
    run = take(lanes)
    run.hand = 0
    lanes.put_back(run, until=10.0)
    lanes.add(chunk(HERE, 2))
    lanes.add(chunk(THERE, 8))
    assert lanes.blocked(beyond=9.9) == {HERE}
    assert lanes.blocked(beyond=10.0) == set()
    assert lanes.next_change() == 10.0
    assert offsets(take(lanes, 9.9)) == [8]
    assert lanes.take(9.9) is None
    assert offsets(take(lanes, 10.0)) == [1]
    assert lanes.next_change() is None


def test_a_lane_that_closes_drops_what_waits_and_halts_what_is_out() -> None:
    lanes = opened(HERE)
    lanes.add(chunk(HERE, 1, 2))
    lanes.add(chunk(HERE, 3))
    run = take(lanes)
    assert lanes.close(HERE) == [run]
    assert run.halted
    assert lanes.close(HERE) == []
    lanes.put_back(run)
    assert lanes.take(0) is None
    assert list(lanes.partitions) == []


def test_a_run_of_an_earlier_assignment_does_not_disturb_the_new_lane() -> None:
    lanes = opened(HERE)
    lanes.add(chunk(HERE, 1))
    old = take(lanes)
    lanes.open(HERE)
    lanes.add(chunk(HERE, 1))
    lanes.add(chunk(HERE, 2))
    new = take(lanes)
    lanes.put_back(old, until=99)
    assert lanes.take(0) is None
    assert lanes.next_change() is None
    finish(new)
    lanes.put_back(new)
    assert offsets(take(lanes)) == [2]


def test_records_with_the_same_key_share_a_lane_and_the_lanes_share_the_work() -> None:
    lanes = opened(HERE, each=4)
    keys = [b"key-%d" % (number % 100) for number in range(200)]
    lanes.add(chunk(HERE, *range(200), keys=keys))
    runs = []
    while (run := lanes.take(0)) is not None:
        runs.append(run)
    assert len(runs) == 4
    lane_of: dict[bytes, Run] = {}
    for run in runs:
        assert offsets(run) == sorted(offsets(run))
        for offset in offsets(run):
            assert lane_of.setdefault(keys[offset], run) is run
    assert sorted(offset for run in runs for offset in offsets(run)) == list(range(200))


def test_records_without_a_key_are_spread_evenly() -> None:
    lanes = opened(HERE, each=4)
    lanes.add(chunk(HERE, *range(100)))
    assert [len(take(lanes).indexes) for _ in range(4)] == [25] * 4


def test_a_blocked_lane_holds_up_no_other_lane_of_its_partition() -> None:
    lanes = opened(HERE, each=2)
    lanes.add(chunk(HERE, 0, 1, 2, 3))
    run = take(lanes)
    run.hand = run.indexes[0]
    lanes.put_back(run, until=10)
    other = take(lanes)
    finish(other)
    lanes.put_back(other)
    assert lanes.take(9) is None
    assert offsets(take(lanes, 10)) == offsets(run)
