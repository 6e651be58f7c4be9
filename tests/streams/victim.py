"""A consumer to be killed: appends the id of each order that it handles to a file, one write a line.

Arguments: bootstrap servers, registry URL, file.
"""

import os
import sys
import time
from dataclasses import dataclass

import accord
from accord.kafka import KafkaSettings


@dataclass(frozen=True, slots=True)
class Order:
    """The event of the test."""

    order_id: str
    amount: float


def main(servers: str, registry: str, file: str) -> None:
    """Consume until killed."""
    # A killed member is missed for this long; the least that brokers allow.
    kafka = KafkaSettings(servers, consumer={"session.timeout.ms": 6000, "heartbeat.interval.ms": 500})
    orders = accord.contract("at-least-once", Order)
    out = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    consumer = accord.Consumer(kafka, accord.Registry(registry), group="victims", contracts=[orders])
    with consumer:
        for record in consumer:
            with record:
                assert record.value is not None
                if record.value.amount < 0 and record.attempt < 2:
                    raise ValueError("the first try of this one fails")
                time.sleep(0.0005)
                os.write(out, f"{record.value.order_id}\n".encode())


main(*sys.argv[1:])
