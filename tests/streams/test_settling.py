"""One record at a time: what follows from how its block was left, and from what it waits for."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

import accord
from accord.errors import AccordError
from accord.kafka import (
    Delivered,
    DeliveryFailed,
    Message,
    OutgoingRecord,
    RawRecord,
    RecordTooLarge,
    TopicPartition,
    message_of,
)
from accord.streams.dead_letters import Author
from accord.streams.faults import BadRecord, Fault, Stage
from accord.streams.flow import Flow
from accord.streams.reading import SkippedRecord
from accord.streams.record import Record
from accord.streams.retry_topics import Hop, RetryTopics
from accord.streams.settling import Settling
from accord.streams.writers import RegistryWait

HERE = TopicPartition("orders", 0)
ORDERS: Any = type(
    "Orders", (), {"topic": "orders", "subject": "orders-value", "dead_letter_topic": "orders-dlq"}
)


class World:
    """Values are their own events; a reader refuses ``bad``, skips ``other`` and waits for the registry on ``wait``."""

    def __init__(self) -> None:
        self.now = 100.0
        self.registry_is_down = True
        self.on_the_way: list[tuple[OutgoingRecord, Callable[[Any], None]]] = []
        self.flow = Flow(capacity=1000, clock=lambda: self.now)
        self.flow.assign([HERE])
        self.settling = Settling(
            self.flow,
            self,  # type: ignore[arg-type]  # it reads as a Reader does
            contracts={"orders": ORDERS},
            retry=accord.Retry(tries=3, backoff=accord.Backoff(first_s=1, longest_s=1)),
            letters=self,
            author=Author("cluster", "billing", "accord"),
            breaker=accord.Breaker(in_a_row=5),
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
        if value == "other":
            raise SkippedRecord
        if value == "wait" and self.registry_is_down:
            raise RegistryWait(5.0)
        return Record(message, run, index, leave, None, value, None, attempt)

    def send(self, record: OutgoingRecord, on_delivery: Callable[[Any], None], *, within_s: float) -> None:
        del within_s
        self.on_the_way.append((record, on_delivery))

    def deliver(self) -> None:
        for record, on_delivery in self.on_the_way:
            on_delivery(Delivered(record.topic, 0, 0, 0))
        self.on_the_way.clear()

    def put(self, *values: str) -> None:
        self.flow.put(
            [
                message_of(RawRecord("orders", 0, offset, None, value.encode()))
                for offset, value in enumerate(values)
            ]
        )

    def records(self) -> Iterator[Record[Any]]:
        """Those that can be had now."""
        while (run := self.flow.take_now()) is not None:
            yield from self.settling.records(run)

    def handle_all(self) -> list[str]:
        handled: list[str] = []
        for record in self.records():
            with record:
                handled.append(str(record.value))
        return handled

    def handed_out(self) -> list[Record[Any]]:
        found = []
        for record in self.records():
            with record:
                found.append(record)
        return found


@pytest.fixture
def world() -> World:
    return World()


def test_a_letter_is_safe_when_it_has_arrived_and_not_before(world: World) -> None:
    world.put("a", "bad", "c")
    assert world.handle_all() == ["a", "c"]
    assert world.flow.storable() == {HERE: 1}
    world.deliver()
    assert world.flow.storable() == {HERE: 3}
    assert world.flow.stats().dead_lettered == {"TRUNCATED": 1}


def test_a_record_is_done_when_what_it_waits_for_has_arrived_and_the_next_ones_go_on(world: World) -> None:
    world.put(*"abc")
    deliveries: dict[str, list[Future[None]]] = {}
    for record in world.records():
        with record:
            deliveries[str(record.value)] = [Future(), Future()]
            for delivery in deliveries[str(record.value)]:
                record.after(delivery)
    assert list(deliveries) == ["a", "b", "c"]
    assert (world.flow.storable(), world.flow.stats().done) == ({}, 0)
    for delivery in (*deliveries["b"], deliveries["a"][0]):
        delivery.set_result(None)
    assert world.flow.storable() == {}
    deliveries["a"][1].set_result(None)
    assert world.flow.storable() == {HERE: 2}
    assert world.flow.stats().done == 2


def test_what_does_not_arrive_ends_the_consumer_before_its_record(world: World) -> None:
    world.put(*"abc")
    delivery: Future[None] = Future()
    handled = []
    for record in world.records():
        with record:
            handled.append(record.value)
            if record.value == "b":
                record.after(delivery)
    delivery.set_exception(DeliveryFailed("no", code="_MSG_TIMED_OUT", retryable=True))
    assert handled == ["a", "b", "c"]
    assert world.flow.storable() == {HERE: 1}
    with pytest.raises(accord.DeliveryFailed):
        world.flow.take()


def test_a_record_that_fails_waits_for_nothing_that_it_has_sent(world: World) -> None:
    world.put("a")
    for record in world.records():
        with record:
            record.after(Future())
            raise ValueError("no")
    world.now += 2
    assert world.handle_all() == ["a"]
    assert world.flow.storable() == {HERE: 1}


def test_a_failure_is_forgotten_with_its_record(world: World) -> None:
    world.put("a", "permanent", "c")
    attempts = []
    for _ in range(3):
        for record in world.records():
            with record:
                attempts.append((record.value, record.attempt))
                if record.value == "permanent":
                    raise accord.Permanent("no")
                if record.attempt < 3:
                    raise ValueError("no")
        world.now += 2
    tries = [(value, attempt) for value in "ac" for attempt in (1, 2, 3)]
    assert [item for item in attempts if item[0] != "permanent"] == tries[: len(attempts) - 1]
    assert ("permanent", 1) in attempts
    [(letter, _)] = world.on_the_way
    assert dict(letter.headers)["accord-dlq-attempts"] == b"1"


def test_an_event_that_is_passed_over_is_counted_and_does_not_hold_up_the_offset(world: World) -> None:
    world.put("a", "other", "c")
    assert world.handle_all() == ["a", "c"]
    assert world.flow.storable() == {HERE: 3}
    assert world.flow.stats().skipped == 1


def test_while_the_registry_is_away_the_record_is_the_next_of_its_lane(world: World) -> None:
    world.put("a", "wait", "c")
    assert world.handle_all() == ["a"]
    world.now += 4
    assert world.handle_all() == []
    world.now += 2
    world.registry_is_down = False
    assert world.handle_all() == ["wait", "c"]
    assert world.on_the_way == []


def test_a_run_ends_after_the_record_in_hand_when_it_is_time_to_stop(world: World) -> None:
    world.put(*"abc")
    handled = []
    for record in world.records():
        with record:
            handled.append(record.value)
            world.flow.stop()
    assert handled == ["a"]
    assert world.flow.release([HERE], within_s=3600) == {HERE: 1}


def test_a_run_ends_after_the_record_in_hand_when_its_partition_goes(world: World) -> None:
    world.put(*"abc")
    handled, offsets = [], None
    for record in world.records():
        with record:
            handled.append(record.value)
            offsets = world.flow.release([HERE], within_s=0)
            world.flow.forget([HERE])
            world.flow.assign([HERE])
    assert (handled, offsets) == (["a"], {})
    assert world.flow.storable() == {}
    assert world.flow.stats().stale == 1


def test_too_many_bad_records_end_the_consumer_and_the_last_is_not_put_aside(world: World) -> None:
    world.put(*["bad"] * 10)
    with pytest.raises(accord.TooManyDeadLetters, match="6 records in a row"):
        world.handle_all()
    assert len(world.on_the_way) == 5


def test_what_a_record_says_is_read_from_what_was_fetched() -> None:
    world = World()
    world.flow.put([message_of(RawRecord("orders", 0, 7, b"k", b"v", (("a", b"1"),), 1_700_000_000_000))])
    [record] = world.handed_out()
    assert (record.topic, record.partition, record.offset, record.settled) == ("orders", 0, 7, True)
    assert record.headers == (("a", b"1"),)
    assert record.timestamp is not None
    assert record.timestamp.timestamp() == 1_700_000_000


def test_a_record_is_tried_as_often_as_was_said_wherever_in_its_run_it_is(world: World) -> None:
    world.put("a", "b", "wrong", "d")
    attempts = []
    for _ in range(6):
        for record in world.records():
            with record:
                if record.value == "wrong":
                    attempts.append(record.attempt)
                    raise ValueError("no")
        world.now += 2
    assert attempts == [1, 2, 3]


def test_a_loop_that_comes_late_goes_not_on_with_what_another_one_has_by_now(world: World) -> None:
    world.put("a", "b", "c")
    late, other = world.records(), world.records()
    with next(late):
        raise ValueError("no")
    world.now += 2
    with next(other) as record:
        assert record.value == "a"
    assert next(late, None) is None
    assert [record.value for record in map(left, other)] == ["b", "c"]
    assert world.flow.storable() == {HERE: 3}


def test_a_block_that_fails_after_its_loop_has_ended_takes_the_record_from_nobody(world: World) -> None:
    world.put("a", "b")
    first = world.records()
    kept = next(first)
    del first
    second = world.records()
    record = next(second)
    with pytest.raises(ValueError, match="late"), kept:
        raise ValueError("late")
    assert (record.value, world.flow.stats().retried) == ("a", 0)
    with record:
        pass
    assert [record.value for record in map(left, second)] == ["b"]


def left(record: Record[Any]) -> Record[Any]:
    with record:
        pass
    return record


def test_a_future_that_was_cancelled_has_not_arrived(world: World) -> None:
    class Cancelled:
        def add_done_callback(self, call: Callable[[Any], object]) -> None:
            call(self)

        def result(self) -> None:
            raise asyncio.CancelledError

    world.put("a", "b")
    records = world.records()
    with next(records) as record:
        record.after(Cancelled())
    assert world.flow.release([HERE], within_s=0) == {}
    assert isinstance(world.flow.failure, AccordError)


def test_an_error_that_cannot_be_put_into_words_stops_nothing(world: World) -> None:
    class Speechless(accord.Permanent):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    world.put("a", "b")
    for record in world.records():
        with record:
            if record.value == "a":
                raise Speechless("x")
    [(letter, _)] = world.on_the_way
    assert b"Speechless that cannot" in (dict(letter.headers)["accord-dlq-error-message"] or b"")
    world.deliver()
    assert world.flow.storable() == {HERE: 2}


def test_a_record_too_large_for_its_retry_topic_becomes_a_dead_letter(world: World) -> None:
    hop = Hop("orders.billing.retry.5s", 1, 5000)
    world.settling.later = {"orders": RetryTopics("orders", (hop,), 1)}
    world.settling.retry = accord.Retry(tries=1)
    world.put("large", "b")
    for record in world.records():
        with record:
            if record.value == "large":
                raise ValueError("no")
    tried = []
    while world.on_the_way and world.on_the_way[0][0].topic == hop.topic:
        record_for_later, on_delivery = world.on_the_way.pop(0)
        tried.append(record_for_later.topic)
        on_delivery(RecordTooLarge("too large", code="MSG_SIZE_TOO_LARGE", retryable=False))
    assert tried == [hop.topic] * 2
    assert [letter.topic for letter, _ in world.on_the_way] == ["orders-dlq"]
    assert world.flow.storable() == {}
    world.deliver()
    assert world.flow.storable() == {HERE: 2}
    stats = world.flow.stats()
    assert (stats.moved, stats.dead_lettered) == (0, {"HANDLER_FAILED": 1})


def test_a_bad_record_whose_partition_went_is_left_to_whoever_has_it_now(world: World) -> None:
    world.put("a", "bad", "c")
    records = world.records()
    with next(records):
        pass
    run = world.flow.out()[0]
    world.flow.forget([HERE])
    assert not world.settling.put_aside(run, 1, Fault(Stage.VALUE, "TRUNCATED", ValueError("cut")))
    assert world.on_the_way == []


def test_what_ends_its_way_through_retry_topics_is_not_counted_as_bad_once_more(world: World) -> None:
    hop = Hop("orders.billing.retry.5s", 1, 5000)
    later = TopicPartition(hop.topic, 0)
    world.settling.later = dict.fromkeys(("orders", hop.topic), RetryTopics("orders", (hop,), 1))
    world.settling.retry = accord.Retry(tries=1)
    world.settling.breaker = accord.Breaker(in_a_row=0)
    world.flow.assign([later])
    world.flow.put([message_of(RawRecord(hop.topic, 0, 0, None, b"a"))])
    run = world.flow.take_now()
    assert run is not None
    run.hand = 0
    assert world.settling.put_aside(run, 0, Fault(Stage.HANDLER, "HANDLER_FAILED", ValueError("no")))
    assert not world.flow.failed
    [(letter, _)] = world.on_the_way
    assert letter.topic == "orders-dlq"
