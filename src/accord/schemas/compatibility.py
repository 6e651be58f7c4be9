"""Whether a new version gets along with the earlier ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accord.findings import Finding, Severity, Side
from accord.schemas.avro.compatibility import differences as avro_differences
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.model import CompatibilityLevel, ParsedSchema, Version
from accord.schemas.rules import Difference


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that is already there."""

    version: Version
    schema: ParsedSchema


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

    Only the newest counts unless the level is transitive; every failing version is reported, newest first.
    """
    findings: list[Finding] = []
    messages: list[str] = []
    compared = earlier if level.transitive else earlier[-1:]
    for version in reversed(compared if level is not CompatibilityLevel.NONE else ()):
        found = list(_differences(candidate, version, level))
        if not found:
            continue
        findings.extend(
            _finding(difference, new_reads, candidate, version) for difference, new_reads in found
        )
        messages.extend(_message(difference, new_reads) for difference, new_reads in found)
        messages.append(f"{{oldSchemaVersion: {version.version}}}")
        messages.append(f"{{oldSchema: '{version.schema.canonical[:10240]}'}}")
        messages.append(f"{{validateFields: 'false', compatibility: '{level}'}}")
    return CompatibilityReport(level, tuple(findings), tuple(messages))


def _differences(
    candidate: ParsedSchema, version: Earlier, level: CompatibilityLevel
) -> Iterator[tuple[Difference, bool]]:
    new, old = candidate, version.schema
    if not isinstance(new, AvroSchema) or not isinstance(old, AvroSchema):
        return
    if level.old_reads_new:
        for difference in avro_differences(old, new):
            yield difference, False
    if level.new_reads_old:
        for difference in avro_differences(new, old):
            yield difference, True


def _finding(difference: Difference, new_reads: bool, candidate: ParsedSchema, version: Earlier) -> Finding:
    new, old = "the new schema", f"version {version.version}"
    reader, writer = (new, old) if new_reads else (old, new)
    words = {**difference.facts, "reader": reader, "writer": writer}
    return Finding(
        rule=difference.rule.id,
        severity=difference.rule.severity,
        message=difference.rule.message.format(**words),
        why=difference.rule.why.format(**words),
        path=difference.path,
        reader=Side(reader, difference.reader_place or ""),
        writer=Side(writer, difference.writer_place or ""),
        error_type=difference.error_type or difference.rule.error_type,
        version=version.version,
    )


def _message(difference: Difference, new_reads: bool) -> str:
    reader, writer = ("new", "old") if new_reads else ("old", "new")
    words = {**difference.facts, "reader_word": reader, "writer_word": writer, "path": difference.path}
    description = difference.rule.description.format(**words)
    error_type = difference.error_type or difference.rule.error_type
    if not error_type:
        return description
    return f"{{errorType:'{error_type}', description:'{description}', additionalInfo:'{difference.additional_info}'}}"
