"""What the producer adds to the client's own calls."""

import os
import signal
import threading
import time

import pytest

from accord.kafka import Delivered, DeliveryFailed, KafkaProducer, KafkaSettings, OutgoingRecord

NOBODY = KafkaSettings("127.0.0.1:9")
RECORD = OutgoingRecord("orders", None, b"value")


def test_a_flush_ends_at_its_deadline_and_says_how_many_records_are_left() -> None:
    producer = KafkaProducer(NOBODY, delivery_timeout_s=60)
    outcomes: list[Delivered | DeliveryFailed] = []
    assert producer.flush(5) == 0
    for _ in range(3):
        producer.produce(RECORD, outcomes.append)
    began = time.monotonic()
    assert producer.flush(0.3) == 3
    # The client itself counts in milliseconds.
    assert 0.29 <= time.monotonic() - began < 5
    assert producer.flush(0) == 3
    producer.purge()
    assert producer.flush(5) == 0
    assert [type(outcome) for outcome in outcomes] == [DeliveryFailed] * 3


def test_a_flush_answers_ctrl_c() -> None:
    producer = KafkaProducer(NOBODY, delivery_timeout_s=60)
    producer.produce(RECORD, lambda _: None)
    interrupt = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    interrupt.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        producer.flush(60)
    assert time.monotonic() - began < 20
    producer.purge()
    producer.flush(5)
