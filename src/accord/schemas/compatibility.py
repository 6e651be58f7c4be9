"""Whether a new version gets along with the earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from accord.findings import Finding, Severity
from accord.schemas.comparison import Earlier, Failure, Terms, compared_versions, doubts, failures
from accord.schemas.deployment import Deployment, deployment_of
from accord.schemas.explanation import explain, warn, warn_alone
from accord.schemas.formats import format_of
from accord.schemas.messages import confluent_messages, message_of
from accord.schemas.metadata import Metadata
from accord.schemas.model import CompatibilityLevel, CompatibilityPolicy, ParsedSchema
from accord.schemas.reserved import Breach, breaches
from accord.schemas.rules import Difference

__all__ = ["CompatibilityReport", "Earlier", "check_compatibility"]


@dataclass(frozen=True)
class CompatibilityReport:
    """The verdict over every version that the level asks for, with all findings and Confluent's ``messages``.

    With ``strict`` a warning turns the verdict like an error; what is told for information never does. What explains
    the verdict takes many times as long as the verdict, and is worked out when somebody asks for it.
    """

    level: CompatibilityLevel
    candidate: ParsedSchema = field(repr=False, compare=False)
    earlier: Sequence[Earlier] = field(repr=False, compare=False)
    _failures: tuple[Failure, ...] = field(repr=False)
    strict: bool = False
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT
    validate_fields: bool = False
    metadata: Metadata | None = None

    @cached_property
    def compatible(self) -> bool:
        """Whether the new version may be registered."""
        if self._failures or self._breaches:
            return False
        return not (self.strict and any(map(_turns_if_strict, self._questionable)))

    @property
    def objections(self) -> tuple[Finding, ...]:
        """The findings that turn the verdict: errors, and warnings if strict."""
        turning = {Severity.ERROR, Severity.WARNING} if self.strict else {Severity.ERROR}
        return tuple(finding for finding in self.findings if finding.severity in turning)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found: what turns the verdict first, the newest version first; warnings after it."""
        return (*self.findings_between, *warn_alone(self.candidate, self._alone))

    @cached_property
    def findings_between(self) -> tuple[Finding, ...]:
        """The same without what is about the candidate alone."""
        return (
            *(breach.finding for breach in self._breaches),
            *explain(
                self.candidate,
                self._compared,
                self._terms,
                self._failures,
                strict=self.strict,
                others=lambda schema: (breach.difference for breach in self._breaches_of(schema)),
            ),
            *warn(self.candidate, self._doubts),
        )

    @cached_property
    def messages(self) -> tuple[str, ...]:
        """Why it is refused, in the shape that Confluent's registry answers."""
        ahead = [message_of(breach.difference) for breach in self._breaches]
        if self.strict:
            ahead += (
                message_of(doubt.difference, candidate_reads=doubt.candidate_reads)
                for doubt in self._doubts
                if _turns_if_strict(doubt.difference)
            )
            ahead += (message_of(one) for one in self._alone if _turns_if_strict(one))
        return tuple(
            confluent_messages(self._failures, self.level, ahead=ahead, validate_fields=self.validate_fields)
        )

    @cached_property
    def deployment(self) -> Deployment:
        """Who may be upgraded first. This takes up to two more comparisons."""
        return deployment_of(self.candidate, self._newest, self.policy)

    @property
    def _newest(self) -> Earlier | None:
        return self.earlier[-1] if self.earlier else None

    @property
    def _terms(self) -> Terms:
        return Terms(self.level, self.policy)

    @cached_property
    def _compared(self) -> Sequence[Earlier]:
        return compared_versions(self.earlier, self.level)

    @cached_property
    def _breaches(self) -> tuple[Breach, ...]:
        return self._breaches_of(self.candidate)

    def _breaches_of(self, schema: ParsedSchema) -> tuple[Breach, ...]:
        return tuple(breaches(schema, self.metadata, self._newest)) if self.validate_fields else ()

    @cached_property
    def _doubts(self) -> tuple[Failure, ...]:
        return tuple(doubts(self.candidate, self._compared, self._terms))

    @cached_property
    def _alone(self) -> Sequence[Difference]:
        return format_of(self.candidate.type).warnings(self.candidate)

    @property
    def _questionable(self) -> tuple[Difference, ...]:
        return (*self._alone, *(doubt.difference for doubt in self._doubts))


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
    reserve must stay reserved and free. Raises InvalidSchema for schemas that nest too deep to be compared.
    """
    found = tuple(failures(candidate, compared_versions(earlier, level), Terms(level, policy)))
    return CompatibilityReport(level, candidate, earlier, found, strict, policy, validate_fields, metadata)


def _turns_if_strict(difference: Difference) -> bool:
    return difference.rule.severity is Severity.WARNING
