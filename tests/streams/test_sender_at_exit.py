"""A program that ends without closing its producer loses nothing of what it sent."""

import atexit
import subprocess
import sys
from typing import Any

import pytest

from accord.streams.sender import Sender

PROGRAM = """
import atexit
from accord.kafka import KafkaProducer, OutgoingRecord
from accord.streams.sender import Sender
from accord.testing import MockBroker

broker = MockBroker()
broker.__enter__()
broker.create_topic("orders")
ends = []
atexit.register(lambda: print(len(ends)))
sender = Sender(KafkaProducer(broker.kafka, delivery_timeout_s=10), name="forgotten")
for _ in range(1000):
    sender.send(OutgoingRecord("orders", None, b"x"), ends.append, within_s=1)
"""


class Client:
    """Has so many records on their way until it is flushed."""

    def __init__(self) -> None:
        self.left = 3

    def poll(self, timeout_s: float) -> None:
        pass

    def flush(self, timeout_s: float) -> int:
        self.left = 0 if timeout_s else self.left
        return self.left


def test_what_was_sent_is_flushed_when_the_program_ends(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    at_exit: list[Any] = []
    monkeypatch.setattr(atexit, "register", at_exit.append)
    monkeypatch.setattr(atexit, "unregister", at_exit.remove)
    client: Any = Client()
    sender = Sender(client, name="forgotten")

    at_exit[0]()

    assert client.left == 0
    assert not sender._thread.is_alive()
    assert "was not closed" in caplog.text
    assert not at_exit


def test_a_sender_that_is_closed_is_no_matter_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    at_exit: list[Any] = []
    monkeypatch.setattr(atexit, "register", at_exit.append)
    monkeypatch.setattr(atexit, "unregister", at_exit.remove)
    client: Any = Client()
    Sender(client, name="closed").close(1)
    assert not at_exit


@pytest.mark.soak
def test_a_program_that_forgets_to_close_writes_everything() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout.split() == ["1000"], ended.stderr
