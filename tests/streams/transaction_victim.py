"""A pipeline to be killed: turns orders into invoices, and says on its standard output when a batch is in hand.

Arguments: bootstrap servers, registry URL, topic of the orders, topic of the invoices, transactional id, and how many
milliseconds a record takes. An order of a negative amount is put aside, one of a huge amount fails once.
"""

import sys
import time
from dataclasses import dataclass

import accord
from accord.kafka import KafkaSettings
from accord.streams.transactions import ExactlyOnce


@dataclass(frozen=True, slots=True)
class Order:
    """What is read."""

    order_id: str
    amount: float


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is written."""

    order_id: str


HUGE = 1e9


def main() -> None:
    """Process until killed."""
    servers, registry, orders, invoices, name, milliseconds = sys.argv[1:]
    # A killed member is missed for this long; the least that brokers allow.
    kafka = KafkaSettings(
        servers, client_id=name, consumer={"session.timeout.ms": 6000, "heartbeat.interval.ms": 500}
    )
    source, target = accord.contract(orders, Order), accord.contract(invoices, Invoice)
    pipeline = ExactlyOnce(
        kafka,
        accord.Registry(registry),
        group=f"{orders}-billing",
        contracts=[source],
        publishes=[target],
        transactional_id=name,
        retry=accord.Retry(3, accord.Backoff(first_s=0.01)),
        transaction_timeout_s=20.0,
    )
    with pipeline:
        for batch in pipeline.batches(max_records=60):
            with batch:
                sys.stdout.write("batch\n")
                sys.stdout.flush()
                for record in batch.records:
                    order = record.value
                    assert order is not None
                    if order.amount < 0:
                        batch.fail(record, ValueError("nobody owes less than nothing"))
                        continue
                    batch.send(target, Invoice(order.order_id), key=record.key)
                    time.sleep(int(milliseconds) / 1000)
                    if order.amount == HUGE and record.attempt == 1:
                        raise ValueError("the first try of this one fails")


main()
