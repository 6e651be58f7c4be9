"""A record with a header whose name is no UTF-8, as other clients can write it."""

import ctypes
import time
from collections.abc import Sequence
from typing import Any, Final

from accord.kafka import KafkaConsumer, Message
from accord.kafka.mock import _library
from accord.testing import MockBroker

PRODUCER, TOPIC, VALUE, HEADER, END = 0, 1, 4, 9, 0
WITHIN_S: Final = 20.0


class Listener:
    """Takes part in nothing."""

    def on_assigned(self, _: object) -> None: ...

    def on_revoked(self, _: object) -> None: ...

    def on_lost(self, _: object) -> None: ...


def write(broker: MockBroker, topic: str, *header_names: bytes) -> None:
    """Write records of which each has one header of that name."""
    library: Any = _library()
    text = ctypes.create_string_buffer(512)
    conf = ctypes.c_void_p(library.rd_kafka_conf_new())
    library.rd_kafka_conf_set(conf, b"bootstrap.servers", broker.kafka.bootstrap_servers.encode(), text, 512)
    library.rd_kafka_new.restype = ctypes.c_void_p
    producer = ctypes.c_void_p(library.rd_kafka_new(PRODUCER, conf, text, 512))
    for name in header_names:
        answer = library.rd_kafka_producev(
            producer,
            ctypes.c_int(TOPIC),
            ctypes.c_char_p(topic.encode()),
            ctypes.c_int(VALUE),
            ctypes.c_char_p(b"paid"),
            ctypes.c_size_t(4),
            ctypes.c_int(HEADER),
            ctypes.c_char_p(name),
            ctypes.c_char_p(b"x"),
            ctypes.c_ssize_t(1),
            ctypes.c_int(END),
        )
        assert answer == 0
    assert library.rd_kafka_flush(producer, 10_000) == 0
    library.rd_kafka_destroy.argtypes = [ctypes.c_void_p]
    library.rd_kafka_destroy(producer)


def consume(broker: MockBroker, topic: str, count: int) -> Sequence[Message]:
    consumer = KafkaConsumer(broker.kafka, group="billing")
    consumer.subscribe([topic], Listener())
    found: list[Message] = []
    deadline = time.monotonic() + WITHIN_S
    while len(found) < count and time.monotonic() < deadline:
        found += consumer.consume(100, 0.2)
    consumer.close()
    return found


def test_a_record_whose_headers_cannot_be_read_comes_without_them_and_the_others_with_theirs() -> None:
    with MockBroker() as broker:
        broker.create_topic("orders", partitions=1)
        names = [b"trace"] * 100 + [b"caf\xe9", b"trace"] * 100
        write(broker, "orders", *names)
        records = consume(broker, "orders", len(names))
    assert [record.value() for record in records] == [b"paid"] * len(names)
    readable = [[("trace", b"x")] if name == b"trace" else [] for name in names]
    assert [record.headers() for record in records] == readable
