"""What a command found out, as one value that every format renders."""

from collections import Counter
from dataclasses import dataclass

from accord.findings.model import Finding, Severity


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one command, such as ``check``.

    ``checked`` says in words what was looked at ("14 schemas against git:main"). ``findings`` are those that count, the
    worst first within a file, and those with an exemption after them. ``notes`` are sentences about the whole, such as
    that no known reader touches what breaks. ``seconds`` is how long it took.
    """

    command: str
    checked: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float | None = None

    @property
    def counting(self) -> tuple[Finding, ...]:
        """The findings without an exemption."""
        return tuple(finding for finding in self.findings if finding.exemption is None)

    @property
    def exempted(self) -> tuple[Finding, ...]:
        """The findings that somebody said do not count."""
        return tuple(finding for finding in self.findings if finding.exemption is not None)

    @property
    def counts(self) -> Counter[Severity]:
        """How many findings count, by severity."""
        return Counter(finding.severity for finding in self.counting)
