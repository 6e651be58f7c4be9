"""A member of the group of handlers, until it is killed or asked to end; notes each order that it has handled.

Arguments: bootstrap servers, registry URL, topic, file of the journal, name.
"""

import signal
import sys
import time
from pathlib import Path

from tests.streams.soak.events import contracts, fail_as_told, nature_of, settings, takes_s
from tests.streams.soak.history import Handled, Journal, Place

import accord


def main() -> None:
    """Handle until asked to end."""
    servers, registry_url, topic, file, name = sys.argv[1:]
    journal = Journal(Path(file))
    orders, _ = contracts(topic)
    consumer = accord.Consumer(
        settings(servers, name),
        accord.Registry(registry_url),
        group=f"{topic}-handlers",
        contracts=[orders],
        retry=accord.Retry(3, accord.Backoff(first_s=0.02)),
        budget_s=5.0,
    )
    signal.signal(signal.SIGTERM, lambda *_: consumer.stop())
    with consumer:
        for record in consumer:
            with record:
                time.sleep(takes_s(nature_of(record.headers)))
                fail_as_told(nature_of(record.headers), record.attempt, record.offset)
                journal.note(Handled(Place(record.partition, record.offset), time.time_ns(), name))


if __name__ == "__main__":
    main()
