"""One record of a partition at a time and in order; a partition that waits holds nobody up."""

from hypothesis import given
from hypothesis import strategies as st

from accord.kafka import RawRecord, TopicPartition
from accord.streams.lanes import Lanes, Work
from accord.streams.tracker import Ticket

EPOCH = 1


def place(number: int) -> TopicPartition:
    return TopicPartition("orders", number)


def work(partition: int, offset: int, epoch: int = EPOCH) -> Work:
    raw = RawRecord("orders", partition, offset, None, None)
    return Work(raw, Ticket(place(partition), epoch, offset))


def lanes_with(*works: Work) -> Lanes:
    lanes = Lanes()
    for partition in {item.ticket.partition for item in works}:
        lanes.open(partition, EPOCH)
    for item in works:
        lanes.add(item)
    return lanes


def taken(lanes: Lanes, now: float = 0.0) -> tuple[int, int] | None:
    item = lanes.take(now)
    return (item.raw.partition, item.raw.offset) if item else None


def test_a_partition_gives_one_record_at_a_time() -> None:
    lanes = lanes_with(work(0, 1), work(0, 2))
    first = lanes.take(0)
    assert first is not None
    assert lanes.take(0) is None
    lanes.settle(first)
    assert taken(lanes) == (0, 2)


def test_partitions_take_turns() -> None:
    works = [work(partition, offset) for partition in (0, 1) for offset in (1, 2)]
    lanes, order = lanes_with(*works), []
    while (item := lanes.take(0)) is not None:
        order.append((item.raw.partition, item.raw.offset))
        lanes.settle(item)
    assert sorted(order[:2]) == [(0, 1), (1, 1)]
    assert sorted(order[2:]) == [(0, 2), (1, 2)]


def test_a_record_that_is_put_back_comes_before_its_successors_and_not_too_early() -> None:
    lanes = lanes_with(work(0, 1), work(0, 2), work(1, 1))
    first = lanes.take(0)
    assert first is not None
    lanes.put_back(first, until=10)
    assert {taken(lanes, 9)} == {(1, 1)}
    assert lanes.take(9.9) is None
    assert lanes.next_change() == 10
    assert taken(lanes, 10) == (first.raw.partition, first.raw.offset)
    assert lanes.next_change() is None


def test_blocked_partitions_are_known_by_how_long_they_wait() -> None:
    lanes = lanes_with(work(0, 1), work(0, 2))
    item = lanes.take(0)
    assert item is not None
    lanes.put_back(item, until=10)
    assert lanes.blocked(beyond=9) == {place(0)}
    assert lanes.blocked(beyond=10) == set()
    assert lanes.waiting() == 2
    assert lanes.waiting(without=[place(0)]) == 0


def test_a_closed_lane_drops_what_waits_and_ignores_what_comes_back() -> None:
    lanes = lanes_with(work(0, 1), work(0, 2))
    item = lanes.take(0)
    assert item is not None
    lanes.close(place(0))
    lanes.put_back(item)
    lanes.settle(item)
    assert lanes.take(0) is None
    assert lanes.waiting() == 0


def test_a_record_of_an_earlier_assignment_does_not_disturb_the_new_lane() -> None:
    lanes = lanes_with(work(0, 1))
    old = lanes.take(0)
    assert old is not None
    lanes.open(place(0), EPOCH + 1)
    lanes.add(work(0, 1, EPOCH + 1))
    lanes.add(work(0, 2, EPOCH + 1))
    assert taken(lanes) == (0, 1)
    lanes.settle(old)
    lanes.put_back(old)
    assert lanes.take(0) is None
    assert lanes.waiting() == 1


@given(
    works=st.lists(st.integers(0, 2), max_size=30),
    choices=st.lists(st.sampled_from(["settle", "put back", "block"]), max_size=60),
)
def test_every_record_is_handed_out_until_settled_and_each_partition_in_order(
    works: list[int], choices: list[str]
) -> None:
    items = [work(partition, offset) for offset, partition in enumerate(works)]
    lanes, settled, now = lanes_with(*items), [], 0.0
    decisions = iter(choices)
    while (item := lanes.take(now)) is not None or lanes.next_change() is not None:
        now += 1
        if item is None:
            continue
        match next(decisions, "settle"):
            case "settle":
                settled.append(item)
                lanes.settle(item)
            case "put back":
                lanes.put_back(item)
            case _:
                lanes.put_back(item, until=now + 3)
        assert lanes.waiting() == len(items) - len(settled)
    assert {id(item) for item in settled} == {id(item) for item in items}
    for partition in range(3):
        offsets = [item.raw.offset for item in settled if item.raw.partition == partition]
        assert offsets == sorted(offsets)
