"""Retry topics on a broker in this process: what goes where, when it comes back, and what becomes of it at last."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import accord
from accord.codecs import framing
from accord.kafka import OutgoingRecord

Until = Callable[[Callable[[], object]], None]


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


ORDERS = accord.contract("orders", Order)
FIRST, SECOND = "orders.billing.retry.200ms", "orders.billing.retry.300ms"
RETRY = accord.Retry(1, accord.Backoff(first_s=0.01), topics=("200ms", "300ms"))


@pytest.fixture
def write(mock: Any, registry: Any) -> Callable[..., None]:
    """Put orders on ``orders``, or on another topic with other headers; the key is the order's id."""
    mock.create_topic(FIRST)
    mock.create_topic(SECOND)
    registry.add(ORDERS.subject, ORDERS.schema)

    def write(
        *ids: str, topic: str = "orders", headers: Any = (("traceparent", b"00-1"),), key: bytes = b"k"
    ) -> None:
        mock.write(
            *(
                OutgoingRecord(topic, key, framing.prefixed(1, ORDERS.encode(Order(item))), headers)
                for item in ids
            )
        )

    return write


@dataclass
class Handler:
    """Fails on some orders, and notes when it saw which."""

    bad: frozenset[str]
    mended_after: int = 1000

    def __post_init__(self) -> None:
        self.seen: list[tuple[str, str, int, float]] = []

    def __call__(self, record: accord.Record) -> None:
        order_id = record.value.order_id if record.value else ""
        self.seen.append((order_id, record.topic, record.attempt, time.time()))
        if order_id in self.bad and sum(item[0] == order_id for item in self.seen) <= self.mended_after:
            raise ValueError(f"{order_id} is not for sale")

    def runs(self, order_id: str) -> list[tuple[str, int]]:
        return [(topic, attempt) for seen, topic, attempt, _ in self.seen if seen == order_id]

    def times(self, order_id: str) -> list[float]:
        return [at for seen, _, _, at in self.seen if seen == order_id]


@pytest.mark.soak
def test_a_failing_record_goes_from_topic_to_topic_and_others_pass_it(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("good-1", "bad", "good-2")
    handler = Handler(frozenset({"bad"}))
    member = join(ORDERS, handle=handler, retry=RETRY)
    patiently(lambda: member.stats.dead_lettered == {"HANDLER_FAILED": 1})
    member.close()
    assert handler.runs("bad") == [("orders", 1), (FIRST, 2), (SECOND, 3)]
    assert [item[0] for item in handler.seen][:3] == ["good-1", "bad", "good-2"]
    first, second, third = handler.times("bad")
    assert second - first >= 0.2
    assert third - second >= 0.3
    assert (member.stats.moved, member.stats.done, member.stats.retried) == (2, 2, 0)
    assert sum(mock.committed("billing", "orders").values()) == 3
    assert (
        sum(mock.committed("billing", FIRST).values()) == sum(mock.committed("billing", SECOND).values()) == 1
    )
    (letter,) = mock.records("orders-dlq")
    headers = {name: (value or b"").decode() for name, value in letter.headers}
    (source,) = (record for record in mock.records("orders") if b"bad" in record.value)
    assert (letter.key, letter.value) == (source.key, source.value)
    assert (headers["accord-dlq-topic"], headers["accord-dlq-offset"]) == ("orders", str(source.offset))
    assert (headers["accord-dlq-partition"], headers["accord-dlq-attempts"]) == (str(source.partition), "3")
    assert headers["traceparent"] == "00-1"
    assert not [name for name in headers if name.startswith("accord-retry-")]


def test_a_record_that_works_the_second_time_is_done(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("bad")
    handler = Handler(frozenset({"bad"}), mended_after=1)
    member = join(ORDERS, handle=handler, retry=RETRY)
    patiently(lambda: member.stats.done == 1)
    member.close()
    assert handler.runs("bad") == [("orders", 1), (FIRST, 2)]
    assert mock.records(SECOND) == mock.records("orders-dlq") == []


def test_a_retry_topic_that_takes_nothing_stops_the_consumer_and_the_offset_stays(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("bad", "good")
    mock.fail(mock.PRODUCE, mock.TOPIC_AUTHORIZATION_FAILED, times=1000)
    member = join(ORDERS, handle=Handler(frozenset({"bad"})), retry=RETRY)
    patiently(lambda: member.ended_with)
    (error,) = member.ended_with
    assert isinstance(error, accord.DeadLetterFailed)
    assert "a record for a retry topic could not be written" in error.message
    member.close()
    assert sum(mock.committed("billing", "orders").values()) == 0


@pytest.mark.parametrize("told", [b"999999", b"-1"])
def test_a_forged_number_of_attempts_neither_loops_nor_spares_the_dead_letter(
    mock: Any, write: Any, join: Any, patiently: Until, told: bytes
) -> None:
    headers = (("accord-retry-attempt", told), ("accord-retry-due-at", b"0"))
    write("bad", topic=SECOND, headers=headers)
    handler = Handler(frozenset({"bad"}))
    member = join(ORDERS, handle=handler, retry=RETRY)
    patiently(lambda: member.stats.dead_lettered == {"HANDLER_FAILED": 1})
    member.close()
    assert len(handler.seen) == 1
    (letter,) = mock.records("orders-dlq")
    assert (b"accord-dlq-topic", SECOND.encode()) in [
        (name.encode(), value) for name, value in letter.headers
    ]


def test_a_record_that_will_never_work_is_spared_the_retry_topics(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("bad")
    retry = accord.Retry(1, topics=("200ms", "300ms"), permanent=(ValueError,))
    member = join(ORDERS, handle=Handler(frozenset({"bad"})), retry=retry)
    patiently(lambda: member.stats.dead_lettered == {"HANDLER_SAID_PERMANENT": 1})
    member.close()
    assert mock.records(FIRST) == []


def test_a_missing_retry_topic_is_told_before_the_first_record(mock: Any, registry: Any) -> None:
    mock.create_topic(FIRST)
    mock.forget_topic(SECOND)
    consumer = accord.Consumer(
        mock.settings(), registry.client, group="billing", contracts=[ORDERS], retry=RETRY
    )
    with pytest.raises(accord.TopicNotFound, match=f"there is no retry topic '{SECOND}'"):
        consumer.start()


def test_when_everything_fails_the_consumer_stops_before_the_topic_has_moved_away(
    write: Any, join: Any, patiently: Until
) -> None:
    write(*(f"o-{number}" for number in range(30)))
    member = join(
        ORDERS,
        handle=Handler(frozenset(f"o-{number}" for number in range(30))),
        retry=RETRY,
        breaker=accord.Breaker(in_a_row=10),
    )
    patiently(lambda: member.ended_with)
    assert isinstance(member.ended_with[0], accord.TooManyDeadLetters)
    assert member.stats.moved <= 10
