"""The compatibility verdict inside a plan: each schema against what the registry has, and who is hit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accord.client import Registry
from accord.contracts.check import CheckResult, SubjectResult, check
from accord.contracts.check.registry_baseline import RegistryBaseline
from accord.contracts.model import Project
from accord.contracts.readers import known_readers
from accord.findings import Finding, Severity
from accord.schemas import Subject


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with the files and their schemas, what should be known about them, and the verdict on each that changes, in words."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    verdicts: Mapping[Subject, str] = field(default_factory=dict)


def judge(project: Project, registry: Registry) -> Judgement:
    """Check every schema of the project against the registry. Raises RegistryError."""
    baseline = RegistryBaseline(registry, "the registry", project.schemas)
    result = check(project, baseline, readers=known_readers(project, registry))
    return Judgement(result.findings, result.notes, dict(_verdicts(result)))


def _verdicts(result: CheckResult) -> Iterator[tuple[Subject, str]]:
    for one in result.subjects:
        if one.state == "changed":
            yield one.file.subject, _verdict(one)


def _verdict(one: SubjectResult) -> str:
    count = len(one.earlier)
    versions = f"{count} earlier version{'s' * (count != 1)}"
    if any(finding.severity is Severity.ERROR for finding in one.findings):
        return f"breaks {one.level} with {versions}: see below"
    return f"{one.level} holds with {versions}"
