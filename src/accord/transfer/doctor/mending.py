"""Changes to a row of records, each to one of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from accord.registry.log.port import Record


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """The record is not there any more."""

    place: int


@dataclass(frozen=True, slots=True)
class LeaveOutReport:
    """The record of the second log is not there any more."""

    place: int


@dataclass(frozen=True, slots=True)
class WithKey:
    """The record has another key."""

    place: int
    key: bytes


@dataclass(frozen=True, slots=True)
class WithMembers:
    """Some members of the record's value are others; ``base`` is the value where the record has none."""

    place: int
    members: Mapping[str, object]
    base: bytes | None = None


Change: TypeAlias = LeaveOut | LeaveOutReport | WithKey | WithMembers


def changed(records: Sequence[Record], changes: Iterable[Change]) -> list[Record]:
    """The records of the log of schemas with its changes made; those that none is about stay as they are, byte for byte."""
    by_place: dict[int, list[Change]] = {}
    for change in changes:
        if isinstance(change, LeaveOutReport):
            continue
        by_place.setdefault(change.place, []).append(change)
    made = (_with(record, by_place.get(place, ())) for place, record in enumerate(records))
    return [record for record in made if record is not None]


def changed_reports(reports: Sequence[Record], changes: Iterable[Change]) -> list[Record]:
    """The records of the second log with its changes made."""
    gone = {change.place for change in changes if isinstance(change, LeaveOutReport)}
    return [record for place, record in enumerate(reports) if place not in gone]


def _with(record: Record, changes: Iterable[Change]) -> Record | None:
    for change in changes:
        match change:
            case LeaveOut():
                return None
            case WithKey():
                record = msgspec.structs.replace(record, key=change.key)
            case WithMembers():
                value = _object(record.value or change.base or b"{}")
                mended = msgspec.json.encode({**value, **change.members})
                record = msgspec.structs.replace(record, value=mended)
    return record


def _object(encoded: bytes) -> dict[str, Any]:
    return msgspec.json.decode(encoded, type=dict[str, Any])
