"""Two versions of a schema: what changed in meaning, what each level says to it, and the text."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from accord.contracts.check.meant import fields_meant
from accord.contracts.diff.changes import Change, changes_between
from accord.findings import Finding, Severity
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityPolicy,
    CompatibilityReport,
    Deployment,
    Earlier,
    ParsedSchema,
    Version,
    check_compatibility,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of two versions: what to call it, its text as it stands in a file, and its meaning."""

    name: str
    text: str = field(repr=False)
    schema: ParsedSchema = field(repr=False)


@dataclass(frozen=True, slots=True)
class SchemaDiff:
    """What became of a schema. ``subject`` is "" where it is about files alone.

    ``changes`` are about fields, ``others`` is what was found between the two that is about no one field. ``verdicts`` has
    each level, and the reasons why it would refuse the new version; ``patch`` is the change of the text.
    """

    subject: str
    before: str
    after: str
    changes: tuple[Change, ...]
    others: tuple[Finding, ...]
    verdicts: Mapping[CompatibilityLevel, tuple[str, ...]]
    deployment: Deployment
    patch: str


def diff(
    before: Side,
    after: Side,
    *,
    subject: str = "",
    earlier: Sequence[Earlier] = (),
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT,
) -> SchemaDiff:
    """What changes from ``before`` to ``after``; ``earlier`` are all versions there were, for transitive levels.

    Raises InvalidSchema for schemas that nest too deep to be compared.
    """
    known = tuple(earlier) or (Earlier(Version(1), before.schema, before.name),)
    reports = {
        level: check_compatibility(after.schema, known, level=level, policy=policy)
        for level in CompatibilityLevel
    }
    full = reports[CompatibilityLevel.FULL]
    changes, others = _explained(before, after, full)
    return SchemaDiff(
        subject,
        before.name,
        after.name,
        changes,
        others,
        {level: _reasons(report) for level, report in reports.items()},
        full.deployment,
        _patch(before, after),
    )


def _reasons(report: CompatibilityReport) -> tuple[str, ...]:
    if report.compatible:
        return ()
    return tuple(dict.fromkeys(finding.message for finding in report.objections))


def _explained(
    before: Side, after: Side, report: CompatibilityReport
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """The changes with what was found about their fields, and the findings that are about none of them."""
    changes = list(changes_between(before.schema, after.schema)) if _is_same_type(before, after) else []
    others = []
    for finding in report.findings:
        if not finding.there.name or finding.severity is Severity.INFO:
            continue
        names = _fields(finding, before.schema, after.schema)
        index = next((at for at, one in enumerate(changes) if _is_about(one, names)), None)
        if index is None:
            others.append(finding)
        else:
            changes[index] = _with(changes[index], finding)
    return tuple(changes), tuple(others)


def _with(change: Change, finding: Finding) -> Change:
    """The change with what was found about it; what breaks is not hidden by what is only questionable."""
    is_break = finding.severity is Severity.ERROR
    if finding.candidate_reads:
        if change.breaks_new_reader and not is_break:
            return change
        return replace(change, new_reader=finding.message, breaks_new_reader=is_break)
    if change.breaks_old_reader and not is_break:
        return change
    return replace(change, old_reader=finding.message, breaks_old_reader=is_break)


def _is_same_type(before: Side, after: Side) -> bool:
    return before.schema.type is after.schema.type


def _is_about(change: Change, names: Sequence[str]) -> bool:
    """Documentation and defaults of a field are never what breaks."""
    if change.kind in {"documentation", "default"}:
        return False
    return change.field in names or (change.kind == "renamed" and change.before in names)


def _fields(finding: Finding, before: ParsedSchema, after: ParsedSchema) -> tuple[str, ...]:
    reader, writer = (after, before) if finding.candidate_reads else (before, after)
    return fields_meant(finding, reader, writer)


def _patch(before: Side, after: Side) -> str:
    lines = difflib.unified_diff(
        before.text.splitlines(), after.text.splitlines(), before.name, after.name, lineterm=""
    )
    return "\n".join(lines)
