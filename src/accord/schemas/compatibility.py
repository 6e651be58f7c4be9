"""Whether a new version gets along with the earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from accord.findings import Finding, Severity
from accord.schemas.comparison import Earlier, Terms, compared_versions, doubts, failures
from accord.schemas.deployment import Deployment, deployment_of
from accord.schemas.explanation import explain, warn, warn_alone
from accord.schemas.formats import format_of
from accord.schemas.messages import confluent_messages, message_of
from accord.schemas.metadata import Metadata
from accord.schemas.model import CompatibilityLevel, CompatibilityPolicy, ParsedSchema
from accord.schemas.reserved import Breach, breaches

__all__ = ["CompatibilityReport", "Earlier", "check_compatibility"]


@dataclass(frozen=True)
class CompatibilityReport:
    """The verdict over every version that the level asks for, with all findings and Confluent's ``messages``.

    With ``strict`` a warning turns the verdict like an error; what is told for information never does.
    """

    level: CompatibilityLevel
    findings: tuple[Finding, ...]
    messages: tuple[str, ...]
    candidate: ParsedSchema = field(repr=False, compare=False)
    newest: Earlier | None = field(repr=False, compare=False)
    strict: bool = False
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT

    @property
    def compatible(self) -> bool:
        """Whether the new version may be registered."""
        return not self.objections

    @property
    def objections(self) -> tuple[Finding, ...]:
        """The findings that turn the verdict: errors, and warnings if strict."""
        turning = {Severity.ERROR, Severity.WARNING} if self.strict else {Severity.ERROR}
        return tuple(finding for finding in self.findings if finding.severity in turning)

    @cached_property
    def deployment(self) -> Deployment:
        """Who may be upgraded first. Worked out when it is asked for: this takes up to two more comparisons."""
        return deployment_of(self.candidate, self.newest, self.policy)


def check_compatibility(
    candidate: ParsedSchema,
    earlier: Sequence[Earlier],
    *,
    level: CompatibilityLevel,
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT,
    strict: bool = False,
    validate_fields: bool = False,
    metadata: Metadata | None = None,
) -> CompatibilityReport:
    """Check ``candidate`` against ``earlier`` (live versions, oldest first) at ``level``, judged by ``policy``.

    Only the newest counts unless the level is transitive; every failing version is reported, newest first. What is
    compatible and questionable all the same follows as warnings, which leave the verdict as it is unless ``strict``.
    With ``validate_fields``, at any level, the names that the newest version and ``metadata``, the candidate's,
    reserve must stay reserved and free.
    """
    newest = earlier[-1] if earlier else None

    def breaches_of(schema: ParsedSchema) -> tuple[Breach, ...]:
        return tuple(breaches(schema, metadata, newest)) if validate_fields else ()

    broken = breaches_of(candidate)
    compared, terms = compared_versions(earlier, level), Terms(level, policy)
    found = tuple(failures(candidate, compared, terms))
    doubtful = tuple(doubts(candidate, compared, terms))
    alone = format_of(candidate.type).warnings(candidate)
    findings = (
        *(breach.finding for breach in broken),
        *explain(
            candidate,
            compared,
            terms,
            found,
            strict=strict,
            others=lambda schema: (breach.difference for breach in breaches_of(schema)),
        ),
        *warn(candidate, doubtful),
        *warn_alone(candidate, alone),
    )
    ahead = [message_of(breach.difference) for breach in broken]
    if strict:
        ahead += (
            message_of(one.difference, candidate_reads=one.candidate_reads)
            for one in doubtful
            if one.difference.rule.severity is Severity.WARNING
        )
        ahead += (message_of(one) for one in alone if one.rule.severity is Severity.WARNING)
    messages = tuple(confluent_messages(found, level, ahead=ahead, validate_fields=validate_fields))
    return CompatibilityReport(level, findings, messages, candidate, newest, strict, policy)
