"""Whether a new version gets along with the earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.findings import Finding, Severity
from accord.schemas.comparison import Earlier, compared_versions, failures
from accord.schemas.explanation import explain, warn
from accord.schemas.messages import confluent_messages
from accord.schemas.model import CompatibilityLevel, ParsedSchema

__all__ = ["CompatibilityReport", "Earlier", "check_compatibility"]


@dataclass(frozen=True, slots=True)
class CompatibilityReport:
    """The verdict over every version that the level asks for, with all findings and Confluent's ``messages``."""

    level: CompatibilityLevel
    findings: tuple[Finding, ...]
    messages: tuple[str, ...]

    @property
    def compatible(self) -> bool:
        """Whether the new version may be registered: no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def check_compatibility(
    candidate: ParsedSchema, earlier: Sequence[Earlier], *, level: CompatibilityLevel
) -> CompatibilityReport:
    """Check ``candidate`` against ``earlier`` (live versions, oldest first) at ``level``.

    Only the newest counts unless the level is transitive; every failing version is reported, newest first. What is
    questionable about ``candidate`` alone follows as warnings, which leave the verdict as it is.
    """
    compared = compared_versions(earlier, level)
    found = tuple(failures(candidate, compared, level))
    findings = (*explain(candidate, compared, level, found), *warn(candidate))
    return CompatibilityReport(level, findings, tuple(confluent_messages(found, level)))
