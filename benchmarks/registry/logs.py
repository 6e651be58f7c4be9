"""Logs of a registry that has schemas already, written without a server."""

import itertools
from collections.abc import Iterable
from pathlib import Path

from accord.registry.core.events import Event, SchemaRegistered
from accord.registry.log import records
from accord.registry.log.port import START
from accord.registry.log.sqlite import open_sqlite
from accord.schemas import SchemaId, Subject, Version
from benchmarks.registry.schemas import Pattern

_MILLENNIUM_MS = 946_684_800_000
_BATCH = 5000


def subject_of(number: int) -> str:
    """The subject of the schema of that number."""
    return f"orders-{number:08d}-value"


def one_version_each(pattern: Pattern, count: int) -> Iterable[Event]:
    """``count`` subjects with one version each, numbers and ids from 1."""
    for number in range(1, count + 1):
        yield SchemaRegistered(
            Subject(subject_of(number)), Version(1), SchemaId(number), pattern.numbered(number)
        )


def one_subject(subject: str, pattern: Pattern, versions: int, *, first_id: int) -> Iterable[Event]:
    """A subject with that many versions; their ids begin at ``first_id``."""
    for number in range(1, versions + 1):
        yield SchemaRegistered(
            Subject(subject), Version(number), SchemaId(first_id + number - 1), pattern.numbered(number)
        )


def write(path: Path, events: Iterable[Event]) -> None:
    """Make the log. Raises LogFailed."""
    log = open_sqlite(path).schemas
    try:
        position, remaining = START, iter(events)
        while batch := [
            records.encode(event, _MILLENNIUM_MS) for event in itertools.islice(remaining, _BATCH)
        ]:
            position = log.append(batch, after=position)
    finally:
        log.close()
