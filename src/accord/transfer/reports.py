"""Bringing together what was reported in two places: the newer report of a key counts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from accord.registry.log.port import Record


@dataclass(frozen=True, slots=True)
class Merge:
    """What is to be written to a place that holds others; ``found`` are there already, ``newer`` are newer there."""

    missing: tuple[Record, ...] = ()
    found: int = 0
    newer: int = 0


NO_REPORTS: Final = Merge()


def merged(there: Iterable[Record], coming: Iterable[Record]) -> Merge:
    """What is missing ``there`` of all that is ``coming``, each in order. A second time, nothing is missing."""
    held = last_of_each(there)
    missing = []
    found = newer = 0
    for key, record in last_of_each(coming).items():
        known = held.get(key)
        if known is None and record.value is None:
            continue
        if known is not None and known.value == record.value:
            found += 1
        elif known is not None and known.timestamp_ms > record.timestamp_ms:
            newer += 1
        else:
            missing.append(record)
    return Merge(tuple(missing), found, newer)


def last_of_each(records: Iterable[Record]) -> dict[bytes, Record]:
    """The last record of each key, in the order in which they were written."""
    last: dict[bytes, Record] = {}
    for record in records:
        last.pop(record.key, None)
        last[record.key] = record
    return last


def words(merge: Merge) -> str:
    """What became of reports, for people; "" if there was nothing to do."""
    parts = [
        f"{counted(len(merge.missing))} put beside" if merge.missing else "",
        f"{merge.found:,} stood there already" if merge.found else "",
        f"{merge.newer:,} newer there, which stay" if merge.newer else "",
    ]
    return ", ".join(filter(None, parts))


def counted(number: int) -> str:
    """So many reports, for people."""
    return f"{number:,} report{'s' * (number != 1)}"


def live(records: Iterable[Record]) -> Sequence[Record]:
    """The reports themselves, without what is superseded or forgotten."""
    return [record for record in last_of_each(records).values() if record.value is not None]
