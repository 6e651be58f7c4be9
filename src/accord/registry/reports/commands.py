"""What can be asked about reports that changes something."""

from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import msgspec

from accord.registry.reports.kinds import REPORTED_AT, Kind, ReportKey


@dataclass(frozen=True, slots=True)
class MakeReport:
    """Keep a report; ``members`` are those that were sent, as a JSON object, but for the times that the registry sets.

    Without ``dated_ms`` it is as new as the moment at which it is made.
    """

    kind: Kind
    key: ReportKey
    marks: ReportKey
    dated_ms: int | None
    members: bytes

    @classmethod
    def of(cls, kind: Kind, document: dict[str, Any]) -> Self:
        """The command for a report with these members, which are known to be those of ``kind``."""
        dated_ms = None if kind.dated_by == REPORTED_AT else document[kind.dated_by]
        set_here = _set_here(kind, dated_ms)
        sent = {name: value for name, value in document.items() if name not in set_here}
        # Many reports may wait: as text they take a fraction of the room.
        return cls(kind, kind.key_of(document), kind.marks_of(document), dated_ms, msgspec.json.encode(sent))

    def text(self, at_ms: int) -> bytes:
        """The whole report as JSON, if it is made at that time."""
        times = msgspec.json.encode(dict.fromkeys(_set_here(self.kind, self.dated_ms), at_ms))
        return self.members[:-1] + b"," + times[1:]


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """Keep the report of ``key`` no longer."""

    kind: Kind
    key: ReportKey


ReportCommand: TypeAlias = MakeReport | ForgetReport


def _set_here(kind: Kind, dated_ms: int | None) -> tuple[str, ...]:
    """The times that the registry sets."""
    return (REPORTED_AT,) if dated_ms is not None else tuple(dict.fromkeys((kind.dated_by, REPORTED_AT)))
