"""Many records at once: what becomes of all of them, of one that fails, and of those that wait."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

import accord
from accord.kafka import Delivered, Message, OutgoingRecord, RawRecord, TopicPartition, message_of
from accord.streams.batches import Batch, Batches
from accord.streams.breaker import Breaker
from accord.streams.dead_letters import Author
from accord.streams.faults import BadRecord, Fault, Stage
from accord.streams.flow import Flow
from accord.streams.record import Record
from accord.streams.retry import Backoff, Retry
from accord.streams.settling import Settling
from accord.streams.writers import RegistryWait

HERE = TopicPartition("orders", 0)
THERE = TopicPartition("orders", 1)
ORDERS: Any = type(
    "Orders", (), {"topic": "orders", "subject": "orders-value", "dead_letter_topic": "orders-dlq"}
)


class World:
    """Values are their own events; a reader refuses ``bad`` and waits for the registry on ``wait``. Letters arrive at once."""

    def __init__(self) -> None:
        self.now = 100.0
        self.registry_is_down = True
        self.letters: list[OutgoingRecord] = []
        self.flow = Flow(capacity=1000, clock=lambda: self.now)
        self.flow.assign([HERE, THERE])
        self.settling = Settling(
            self.flow,
            self,  # type: ignore[arg-type]  # it reads as a Reader does
            contracts={"orders": ORDERS},
            retry=Retry(tries=3, backoff=Backoff(first_s=1, longest_s=1)),
            letters=self,
            author=Author("cluster", "billing", "accord"),
            breaker=Breaker(),
            dice=lambda: 0.0,
            now=lambda: self.now,
        )

    def of(self, _topic: str) -> "World":
        return self

    def subject_of(self, _fault: Fault) -> str:
        return "orders-value"

    def record(self, message: Message, run: Any, index: int, leave: Any, attempt: int) -> Record[Any]:
        value = (message.value() or b"").decode()
        if value == "bad":
            raise BadRecord(Fault(Stage.VALUE, "TRUNCATED", ValueError("cut")))
        if value == "wait" and self.registry_is_down:
            raise RegistryWait(5.0)
        return Record(message, run, index, leave, None, value, None, attempt)

    def send(self, record: OutgoingRecord, on_delivery: Callable[[Any], None], *, within_s: float) -> None:
        del within_s
        self.letters.append(record)
        on_delivery(Delivered(record.topic, 0, 0, 0))

    def put(self, *values: str, at: TopicPartition = HERE, first: int = 0) -> None:
        self.flow.put(
            [
                message_of(RawRecord(at.topic, at.partition, offset, None, value.encode()))
                for offset, value in enumerate(values, first)
            ]
        )

    def batches(self, *, max_records: int = 100) -> Iterator[Batch[Any]]:
        return iter(Batches(self.settling, max_records=max_records, wait_s=0, clock=lambda: self.now))

    def letter_values(self) -> list[bytes | None]:
        return [letter.value for letter in self.letters]


@pytest.fixture
def world() -> World:
    return World()


def test_a_batch_has_the_records_of_several_partitions_and_all_are_done_together(world: World) -> None:
    world.put("a", "b")
    world.put("x", at=THERE, first=7)
    batches = world.batches()
    batch = next(batches)
    assert batch.values == ["a", "b", "x"]
    assert world.flow.storable() == {}
    with batch:
        pass
    assert world.flow.stats().done == 3
    assert world.flow.release([HERE, THERE], within_s=0) == {HERE: 2, THERE: 8}


def test_a_batch_is_no_larger_than_asked_for_and_the_rest_comes_next_in_order(world: World) -> None:
    world.put(*"abcde")
    seen = []
    for batch in world.batches(max_records=2):
        with batch:
            seen.append(batch.values)
        if len(seen) == 3:
            break
    assert seen == [["a", "b"], ["c", "d"], ["e"]]
    assert world.flow.storable() == {HERE: 5}


def test_a_bad_record_is_put_aside_and_the_batch_does_without_it(world: World) -> None:
    world.put("a", "bad", "c", "bad")
    batches = world.batches()
    with next(batches) as batch:
        values = batch.values
    assert values == ["a", "c"]
    assert world.letter_values() == [b"bad", b"bad"]
    assert world.flow.storable() == {HERE: 4}


def test_a_bad_record_takes_no_place_in_a_batch(world: World) -> None:
    world.put("a", "bad", "c", "d")
    batches = world.batches(max_records=3)
    with next(batches) as batch:
        pass
    assert batch.values == ["a", "c", "d"]
    assert world.flow.take_now() is None


def test_a_record_that_failed_is_tried_alone_and_then_put_aside_while_the_others_are_done(
    world: World,
) -> None:
    world.put(*"abc")
    batches = world.batches()
    with next(batches) as batch:
        batch.fail(batch.records[1], ValueError("no"))
    assert world.flow.stats().done == 2
    assert world.flow.storable() == {HERE: 1}
    for attempt in (2, 3):
        world.now += 2
        batch = next(batches)
        assert batch.values == ["b"]
        assert batch.records[0].attempt == attempt
        with batch:
            raise ValueError("still not")
    assert world.letter_values() == [b"b"]
    assert dict(world.letters[0].headers)["accord-dlq-attempts"] == b"3"
    assert world.flow.storable() == {HERE: 3}


def test_a_batch_that_fails_is_tried_whole_and_then_one_by_one_so_that_one_record_is_to_blame(
    world: World,
) -> None:
    world.put("a", "poison", "c")
    handed, stored = [], []
    for batch in world.batches():
        with batch:
            handed.append(batch.values)
            if "poison" in batch.values:
                raise ValueError("poison")
            stored += batch.values
        world.now += 2
        if "c" in stored:
            break
    whole, poison = ["a", "poison", "c"], ["poison"]
    assert handed == [whole] * 3 + [["a"]] + [poison] * 3 + [["c"]]
    assert stored == ["a", "c"]
    assert world.letter_values() == [b"poison"]
    assert world.flow.storable() == {HERE: 3}


def test_permanent_makes_the_records_go_one_by_one_at_once(world: World) -> None:
    world.put(*"ab")
    handed = []
    for batch in world.batches():
        with batch:
            handed.append(batch.values)
            if "a" in batch.values:
                raise accord.Permanent("no such customer")
        if len(handed) == 3:
            break
    assert handed == [["a", "b"], ["a"], ["b"]]
    assert world.letter_values() == [b"a"]


def test_what_waits_for_the_registry_ends_the_batch_and_comes_when_it_is_back(world: World) -> None:
    world.put("a", "wait", "c")
    batches = world.batches()
    with next(batches) as batch:
        pass
    assert batch.values == ["a"]
    assert world.flow.take_now() is None
    assert world.flow.storable() == {HERE: 1}
    world.registry_is_down = False
    world.now += 6
    with next(batches) as batch:
        pass
    assert batch.values == ["wait", "c"]
    assert world.flow.stats().registry_waits == 1
    assert world.letters == []


def test_a_batch_that_nobody_settles_is_an_error_and_its_records_come_again(world: World) -> None:
    world.put(*"ab")
    batches = world.batches()
    next(batches)
    with pytest.raises(accord.RecordNotSettled, match="2 records"):
        next(batches)
    assert world.flow.storable() == {}
    assert next(world.batches()).values == ["a", "b"]


def test_an_interrupt_leaves_the_batch_as_it_was(world: World) -> None:
    world.put(*"ab")
    batches = world.batches()
    with pytest.raises(KeyboardInterrupt), next(batches):
        raise KeyboardInterrupt
    del batches
    batches = world.batches()
    with next(batches) as batch:
        pass
    assert batch.values == ["a", "b"]
    assert world.flow.storable() == {HERE: 2}


def test_a_batch_whose_partition_goes_is_waited_for_and_the_rest_of_the_run_is_not_handed_out(
    world: World,
) -> None:
    world.put(*"abc")
    batches = world.batches(max_records=2)
    with next(batches):
        offsets = world.flow.release([HERE], within_s=0)
    assert offsets == {}
    world.flow.forget([HERE])
    world.flow.stop()
    assert list(batches) == []


def test_a_batch_has_what_several_fetches_brought_for_one_partition(world: World) -> None:
    for first in range(0, 6, 2):
        world.put("x", "y", first=first)
    handed = []
    for batch in world.batches(max_records=5):
        with batch:
            handed.append([record.offset for record in batch.records])
            if len(handed) == 1:
                raise ValueError("together again")
        world.now += 2
        if world.flow.stats().done == 6:
            break
    assert handed == [[0, 1, 2, 3, 4]] * 2 + [[5]]
    assert world.flow.storable() == {HERE: 6}


def test_a_loop_that_is_let_go_gives_its_batch_back(world: World) -> None:
    world.put(*"ab")
    with next(world.batches()) as lost:
        pass
    assert lost.values == ["a", "b"]
    batches = world.batches()
    with next(batches) as batch:
        pass
    assert batch.values == ["a", "b"]
    assert world.flow.stats().done == 2


def test_failing_a_record_of_another_batch_is_refused(world: World) -> None:
    world.put(*"ab")
    batches = world.batches(max_records=1)
    with next(batches) as first:
        pass
    second = next(batches)
    with pytest.raises(accord.ConfigurationError, match="not in this batch"):
        second.fail(first.records[0], ValueError("no"))


def test_a_batch_of_no_records_is_refused(world: World) -> None:
    with pytest.raises(accord.ConfigurationError):
        Batches(world.settling, max_records=0, wait_s=0)


def test_a_batch_lets_each_record_wait_for_what_was_sent_for_it(world: World) -> None:
    world.put("a", "b", "c")
    sent: Future[None] = Future()
    batches = world.batches()
    with next(batches) as batch:
        batch.records[1].after(sent)
    assert world.flow.storable() == {HERE: 1}
    sent.set_result(None)
    assert world.flow.storable() == {HERE: 3}
    assert world.flow.stats().done == 3


def test_what_does_not_arrive_for_a_record_of_a_batch_ends_the_consumer_before_it(world: World) -> None:
    world.put("a", "b", "c")
    sent: Future[None] = Future()
    batches = world.batches()
    with next(batches) as batch:
        batch.records[1].after(sent)
    sent.set_exception(OSError("gone"))
    with pytest.raises(OSError, match="gone"):
        next(batches)
    assert world.flow.release([HERE], within_s=0) == {HERE: 1}
