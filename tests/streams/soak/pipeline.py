"""A member of the group of pipelines, until it is killed or asked to end: an invoice for each order, exactly once.

Arguments: bootstrap servers, registry URL, topic, transactional id.
"""

import signal
import sys

from tests.streams.soak.events import Invoice, Order, contracts, fail_as_told, nature_of, settings

import accord
from accord.streams.atomic_batch import AtomicBatch


def main() -> None:
    """Process until asked to end."""
    servers, registry_url, topic, name = sys.argv[1:]
    orders, invoices = contracts(topic)

    def bill(batch: AtomicBatch[Order]) -> None:
        for record in batch.records:
            try:
                fail_as_told(nature_of(record.headers), record.attempt, record.offset)
            except accord.Permanent as error:
                batch.fail(record, error)
            else:
                batch.send(invoices, Invoice(record.partition, record.offset), key=record.key)

    pipeline = accord.ExactlyOnce(
        settings(servers, name),
        accord.Registry(registry_url),
        group=f"{topic}-pipelines",
        contracts=[orders],
        publishes=[invoices],
        transactional_id=name,
        retry=accord.Retry(3, accord.Backoff(first_s=0.02)),
        transaction_timeout_s=10.0,
    )
    signal.signal(signal.SIGTERM, lambda *_: pipeline.stop())
    with pipeline:
        for batch in pipeline.batches(max_records=200):
            with batch:
                bill(batch)


if __name__ == "__main__":
    main()
