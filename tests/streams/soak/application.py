"""A member of the group of handlers that is an application with four workers: threads, or tasks if its name says so.

Arguments: bootstrap servers, registry URL, topic, file of the journal, name.
"""

import asyncio
import sys
import time
from pathlib import Path

from tests.streams.soak.events import Order, contracts, fail_as_told, nature_of, settings, takes_s
from tests.streams.soak.history import Handled, Journal, Place

import accord

WORKERS = 4


def main() -> None:
    """Handle until asked to end."""
    servers, registry_url, topic, file, name = sys.argv[1:]
    journal = Journal(Path(file))
    orders, _ = contracts(topic)
    app = accord.App(settings(servers, name), accord.Registry(registry_url), budget_s=5.0)
    on = app.on(
        orders,
        group=f"{topic}-handlers",
        retry=accord.Retry(3, accord.Backoff(first_s=0.02)),
        workers=WORKERS,
    )

    def note(context: accord.Context) -> None:
        record = context.record
        fail_as_told(nature_of(record.headers), record.attempt, record.offset)
        journal.note(Handled(Place(record.partition, record.offset), time.time_ns(), name))

    if "tasks" in name:

        @on
        async def handle_in_a_task(_: Order | None, context: accord.Context) -> None:
            await asyncio.sleep(takes_s(nature_of(context.record.headers)))
            note(context)
    else:

        @on
        def handle_in_a_thread(_: Order | None, context: accord.Context) -> None:
            time.sleep(takes_s(nature_of(context.record.headers)))
            note(context)

    app.run()


if __name__ == "__main__":
    main()
