"""What a command found out, as one value that every format renders."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from accord.findings.model import Finding, Severity

_WEIGHT: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one command, such as ``check``.

    ``checked`` says in words what was looked at ("14 schemas against git:main"). ``findings`` may come in any order; see
    ``counting`` and ``exempted``. ``notes`` are sentences about the whole, such as that no known reader touches what
    breaks. ``seconds`` is how long it took. A finding as heavy as ``fail_on`` turns the verdict; None: none does.
    ``sources`` are the texts of files that have findings, by name: a fix can be told as a change of a file only where
    the whole of it is known. ``details`` are what a command has to tell machines beside findings, in JSON alone.
    """

    command: str
    checked: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float | None = None
    fail_on: Severity | None = Severity.ERROR
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    details: Mapping[str, object] = field(default_factory=dict, repr=False)

    @property
    def counting(self) -> tuple[Finding, ...]:
        """The findings without an exemption, by file, the worst of a file first."""
        return by_place(finding for finding in self.findings if finding.exemption is None)

    @property
    def exempted(self) -> tuple[Finding, ...]:
        """The findings that somebody said do not count, in the same order."""
        return by_place(finding for finding in self.findings if finding.exemption is not None)

    @property
    def counts(self) -> Counter[Severity]:
        """How many findings count, by severity."""
        return Counter(finding.severity for finding in self.findings if finding.exemption is None)

    @property
    def ok(self) -> bool:
        """Whether nothing turns the verdict."""
        return not any(self.turns(finding) for finding in self.findings)

    def turns(self, finding: Finding) -> bool:
        """Whether this finding turns the verdict."""
        if self.fail_on is None or finding.exemption is not None:
            return False
        return _WEIGHT[finding.severity] <= _WEIGHT[self.fail_on]

    @property
    def summary(self) -> str:
        """The whole in one line: "1 error · 0 warnings · checked 14 schemas against git:main in 0.21 s"."""
        counts = self.counts
        parts = [counted(counts[Severity.ERROR], "error"), counted(counts[Severity.WARNING], "warning")]
        if counts[Severity.INFO]:
            parts.append(counted(counts[Severity.INFO], "remark"))
        if exempted := len(self.exempted):
            parts.append(f"{exempted} accepted for now")
        took = "" if self.seconds is None else f" in {self.seconds:.2f} s"
        return f"{' · '.join(parts)} · checked {self.checked}{took}"


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 error", "2 errors"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def by_place(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By file, the worst of a file first, then as they stand in it; those without a file last."""
    return tuple(sorted(findings, key=_place))


def by_weight(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first, whatever file they are in."""
    return tuple(sorted(findings, key=lambda finding: (_WEIGHT[finding.severity], *_place(finding))))


def _place(finding: Finding) -> tuple[object, ...]:
    at = finding.at
    where = (at.file, _WEIGHT[finding.severity], at.line, at.column) if at else ("", 0, 0, 0)
    about = finding.contract, finding.subject, _WEIGHT[finding.severity], finding.rule, finding.path
    return (at is None, *where, *about, finding.version or 0, finding.message)
