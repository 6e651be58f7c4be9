"""Looking at records that are moved as they are: whether any server reads them."""

from collections.abc import Iterable, Iterator

from accord.registry.log.port import Record
from accord.transfer.doctor.entries import Unreadable, read
from accord.transfer.ports import Watcher
from accord.transfer.words import shown


def inspected(records: Iterable[Record], watcher: Watcher) -> Iterator[Record]:
    """The records as they are; at their end ``watcher`` is warned of those that no server reads."""
    first: Unreadable | None = None
    count = 0
    for place, record in enumerate(records):
        found = read(place, record)
        if isinstance(found, Unreadable):
            first = first or found
            count += 1
        yield record
    if first is not None:
        watcher.warn(
            f"records that no server reads: {count:,}, moved as they are; the first is record {first.place}, "
            f"{shown(first.record.key)}: {first.reason} (`accord registry doctor` tells more)"
        )
