"""What a check found out, subject by subject."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from accord.contracts.check.impact import Impact
from accord.contracts.model import SchemaFile
from accord.findings import Finding, Severity
from accord.schemas import CompatibilityLevel, CompatibilityReport, Deployment, Earlier

State: TypeAlias = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """One subject of the project: what became of it since the baseline, and what that means.

    ``level`` is what was asked, ``earlier`` what there was, oldest first. ``report`` is None where there was nothing to
    compare. ``impacts`` has every known reader of a changed subject.
    """

    file: SchemaFile
    state: State
    level: CompatibilityLevel
    earlier: tuple[Earlier, ...] = ()
    report: CompatibilityReport | None = None
    impacts: tuple[Impact, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def deployment(self) -> Deployment | None:
        """Who is upgraded first; None for a subject that has not changed."""
        return self.report.deployment if self.report is not None and self.state != "unchanged" else None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The whole project against a baseline. ``findings`` are all of them: the subjects', the contracts', the files'.

    Allowances are not looked at yet: see ``accord.contracts.exemptions``. ``notes`` are sentences about the whole.
    """

    baseline: str
    subjects: tuple[SubjectResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def compatible(self) -> bool:
        """Whether no finding is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    @property
    def checked(self) -> str:
        """What was looked at, in words."""
        count = len(self.subjects)
        changed = sum(one.state != "unchanged" for one in self.subjects)
        return (
            f"{count} schema{'s' * (count != 1)} against {self.baseline}, {changed or 'none'} new or changed"
        )
