"""What came of holding a new schema against earlier versions."""

from dataclasses import dataclass
from typing import Final

from accord.findings import Finding
from accord.schemas import CompatibilityReport, Deployment

MOST_FINDINGS: Final = 1000
"""Nobody reads on to the end of more, and they are written down while others wait."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a schema may be the next version; the reasons are there if they were asked for.

    ``objections`` are the findings that turn it, of which there may be more than the ``findings`` that are told;
    ``left_out`` says how many are not.
    """

    compatible: bool
    messages: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    left_out: int = 0
    objections: tuple[Finding, ...] = ()
    deployment: Deployment | None = None

    @classmethod
    def explained(cls, report: CompatibilityReport) -> "Verdict":
        """The verdict of ``report`` with its reasons."""
        return cls(
            report.compatible,
            report.messages,
            report.findings[:MOST_FINDINGS],
            max(0, len(report.findings) - MOST_FINDINGS),
            report.objections[:MOST_FINDINGS],
            report.deployment,
        )
