"""The thread that serves callbacks, and who waits for room in the queue."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

import accord
from accord.kafka import OutgoingRecord
from accord.streams.sender import Sender

RECORD = OutgoingRecord("orders", None, b"x")


class SlowQueue:
    """A producer client whose queue is full for a while, and whose callbacks come when it is polled."""

    def __init__(self, full_times: int = 0) -> None:
        self.full_times = full_times
        self.taken: list[OutgoingRecord] = []
        self.faults: list[Exception] = []
        self.polls = 0

    def produce(self, record: OutgoingRecord, on_delivery: Any) -> None:
        del on_delivery
        if self.full_times:
            self.full_times -= 1
            raise accord.QueueFull("full")
        self.taken.append(record)

    def poll(self, timeout_s: float) -> None:
        time.sleep(min(timeout_s, 0.001))
        self.polls += 1
        if self.faults:
            raise self.faults.pop()

    def flush(self, timeout_s: float) -> int:
        return 0 if timeout_s else 1

    def purge(self) -> None:
        raise AssertionError("nothing is left")

    def missing_topics(self, topics: Any, timeout_s: float) -> list[str]:
        return [] if timeout_s else list(topics)


@pytest.fixture
def queue() -> SlowQueue:
    return SlowQueue()


@pytest.fixture
def sender(queue: SlowQueue) -> Iterator[Sender]:
    sender = Sender(queue, name="test")
    yield sender
    sender.close(1)


def test_room_that_comes_in_time_is_used(queue: SlowQueue, sender: Sender) -> None:
    queue.full_times = 5
    sender.send(RECORD, lambda _: None, within_s=5)
    assert queue.taken == [RECORD]


def test_many_can_wait_for_room_at_once(queue: SlowQueue, sender: Sender) -> None:
    queue.full_times = 40
    threads = [
        threading.Thread(target=sender.send, args=(RECORD, lambda _: None), kwargs={"within_s": 10})
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(queue.taken) == 8


@pytest.mark.parametrize("within_s", [0, 0.1])
def test_room_that_does_not_come_is_told_at_the_deadline(
    queue: SlowQueue, sender: Sender, within_s: float
) -> None:
    queue.full_times = 10**9
    began = time.monotonic()
    with pytest.raises(accord.QueueFull):
        sender.send(RECORD, lambda _: None, within_s=within_s)
    assert within_s <= time.monotonic() - began < within_s + 2
    assert queue.taken == []


def test_the_thread_that_makes_room_does_not_wait_for_it(queue: SlowQueue) -> None:
    queue.full_times = 10**9
    senders: list[Sender] = []
    refused = threading.Event()

    def send_once() -> None:
        if senders and not refused.is_set():
            with pytest.raises(accord.QueueFull):
                senders[0].send(RECORD, lambda _: None, within_s=60)
            refused.set()

    senders.append(Sender(queue, name="test", after_round=send_once))
    assert refused.wait(5)
    senders[0].close(1)


def test_a_callback_that_fails_does_not_end_the_thread(
    queue: SlowQueue, sender: Sender, patiently: Any, caplog: pytest.LogCaptureFixture
) -> None:
    queue.faults.append(ZeroDivisionError("a callback's own"))
    patiently(lambda: "a callback's own" in caplog.text)
    polls = queue.polls
    patiently(lambda: queue.polls > polls)
    sender.send(RECORD, lambda _: None, within_s=1)
