"""Records of retry topics are handed out when they are due, whatever their headers say."""

from dataclasses import dataclass

import pytest

import accord
from accord.kafka import Message, RawRecord, message_of
from accord.streams import schedule as module
from accord.streams.reading import Reading
from accord.streams.retry_topics import retry_topics
from accord.streams.schedule import NotDue, Schedule


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


WAY = retry_topics(accord.contract("orders", Order), "billing", accord.Retry(topics=("5s",)))


def due(at: str | None, offset: int = 0) -> Message:
    headers = () if at is None else (("accord-retry-due-at", at.encode()),)
    return message_of(RawRecord("orders.billing.retry.5s", 0, offset, None, None, headers))


@dataclass
class Clock:
    s: float = 1000.0

    def __call__(self) -> float:
        return self.s


def test_a_record_is_read_when_it_is_due_and_not_before() -> None:
    clock = Clock()
    read = Schedule().when_due(lambda _: Reading("key", None, None), WAY, clock)
    with pytest.raises(NotDue) as early:
        read(due("1003500"))
    assert early.value.after_s == pytest.approx(3.5)
    clock.s = 1003.499
    with pytest.raises(NotDue):
        read(due("1003500"))
    clock.s = 1003.5
    assert read(due("1003500")).key == "key"


@pytest.mark.parametrize("told", ["99999999999999999", "soon", None])
def test_a_record_whose_header_says_nonsense_is_read_once_its_delay_has_passed(told: str | None) -> None:
    clock = Clock()
    read = Schedule().when_due(lambda _: Reading("key", None, None), WAY, clock)
    for _ in range(5):
        with pytest.raises(NotDue):
            read(due(told))
        clock.s += 1
    assert read(due(told)).key == "key"


def test_what_is_remembered_of_records_that_never_came_back_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_SEEN", 3)
    schedule = Schedule()
    read = schedule.when_due(lambda _: Reading("key", None, None), WAY, Clock())
    for offset in range(10):
        with pytest.raises(NotDue):
            read(due(None, offset))
    assert len(schedule._seen_ms) <= 3
