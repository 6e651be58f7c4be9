"""What can be asked about reports that changes something."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from accord.registry.reports.kinds import Kind, ReportKey


@dataclass(frozen=True, slots=True)
class MakeReport:
    """Keep ``document``, whose members are known to be those of ``kind``."""

    kind: Kind
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """Keep the report of ``key`` no longer."""

    kind: Kind
    key: ReportKey


ReportCommand: TypeAlias = MakeReport | ForgetReport
