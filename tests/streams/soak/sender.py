"""Writes orders, and now and then something that is none, until it is asked to end; notes what brokers acknowledged.

Arguments: bootstrap servers, registry URL, topic, seed, records a second, file of the journal, name.
"""

import random
import signal
import sys
import threading
from pathlib import Path

import confluent_kafka
from tests.streams.soak.events import NATURE, Order, contracts
from tests.streams.soak.history import Journal, Place

import accord
from accord.codecs import framing
from accord.kafka import KafkaSettings

KEYS = 200
BURST = 50
WITHIN_S = 120.0


def nature(dice: random.Random) -> str:
    """One in a hundred is poison, five are trouble for their handler, one of these for ever; a few take long."""
    number = dice.random()
    for name, share in (("poison", 0.01), ("permanent", 0.02), ("transient", 0.06), ("slow", 0.064)):
        if number < share:
            return name
    return "good"


def poison(dice: random.Random, good: bytes) -> tuple[bytes, bytes]:
    """A key and a value, at least one of which no contract allows."""
    kinds = [
        (b"k", b""),
        (b"k", b"\x00"),
        (b"k", b"\x07" + dice.randbytes(20)),
        (b"k", b'{"order_id": "o-1", "amount": 1.0}'),
        (b"k", good[:-1]),
        (b"k", good + b"\x00"),
        (b"k", good[:5] + b"\xff" * 12),
        (b"k", framing.prefixed(999_999, b"x")),
        (b"\xff\xfe", good),
    ]
    return dice.choice(kinds)


def main() -> None:
    """Send until asked to end."""
    servers, registry_url, topic, seed, rate, file, name = sys.argv[1:]
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    dice, journal = random.Random(int(seed)), Journal(Path(file))
    registry = accord.Registry(registry_url)
    orders, _ = contracts(topic)
    schema_id = registry.lookup(orders.subject, orders.schema).id
    raw = confluent_kafka.Producer({"bootstrap.servers": servers, "enable.idempotence": True, "acks": "all"})

    def note(error: confluent_kafka.KafkaError | None, message: confluent_kafka.Message) -> None:
        if error is None:
            journal.note(Place(message.partition() or 0, message.offset() or 0))

    number = 0
    with accord.Producer(
        KafkaSettings(servers, client_id=name), registry, delivery_timeout_s=WITHIN_S
    ) as producer:
        while not ended.wait(BURST / float(rate)):
            sent = []
            for _ in range(BURST):
                number += 1
                kind, order = nature(dice), Order(f"o-{number}", 1.0)
                told: list[tuple[str, bytes | str | None]] = [(NATURE, kind.encode())]
                if kind == "poison":
                    key, value = poison(dice, framing.prefixed(schema_id, orders.encode(order)))
                    raw.produce(topic, value, key, headers=dict(told), on_delivery=note)
                else:
                    event = None if kind == "good" and number % 100 == 0 else order
                    sent.append(producer.send(orders, event, key=f"k-{dice.randrange(KEYS)}", headers=told))
            for delivery in sent:
                delivered = delivery.result(WITHIN_S)
                journal.note(Place(delivered.partition, delivered.offset))
            raw.poll(0)
        raw.flush(WITHIN_S)


if __name__ == "__main__":
    main()
