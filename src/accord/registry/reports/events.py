"""What happened to reports."""

from dataclasses import dataclass
from typing import TypeAlias

from accord.registry.reports.kinds import Kind, ReportKey


@dataclass(frozen=True, slots=True)
class Reported:
    """Something was reported; ``text`` is the whole report as JSON, ``dated_ms`` says how new it is.

    ``marks`` are what it is found by beside its key.
    """

    kind: Kind
    key: ReportKey
    text: bytes
    dated_ms: int
    marks: ReportKey = ()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A report is kept no longer."""

    kind: Kind
    key: ReportKey


ReportEvent: TypeAlias = Reported | Forgotten
