"""Claims on their way to the registry: whether they hold there, and publishing them.

findings = outdated(project.claims, registry)
published = publish(project.claims, registry)
left_over(project.claims, registry)                  # what was claimed before, and is claimed no longer
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accord.client import NotFound, ReaderReport, Registry
from accord.contracts.loading.fields import Fields, fields_of, is_field
from accord.contracts.loading.validation import near
from accord.contracts.model import Claim
from accord.contracts.readers.merging import joined
from accord.contracts.readers.rules import CLAIM_FIELD_NOT_REGISTERED, CLAIM_SUBJECT_NOT_REGISTERED
from accord.findings import Finding, Location
from accord.schemas import Subject, parse


def outdated(claims: Sequence[Claim], registry: Registry) -> tuple[Finding, ...]:
    """Where claims and the newest registered versions do not agree. Raises RegistryError if it cannot be asked."""
    entries: dict[tuple[str, str, Location | None], list[Claim]] = {}
    for claim in claims:
        # An entry about a topic with several events became one claim for each of them.
        entries.setdefault((claim.source.path, claim.contract, claim.reader.at), []).append(claim)
    newest = _Newest(registry)
    return tuple(finding for entry in entries.values() for finding in _of_entry(entry, newest))


def publish(claims: Sequence[Claim], registry: Registry, *, version: str = "") -> tuple[ReaderReport, ...]:
    """Tell the registry what is claimed; gives it as it is kept. ``version`` is the service's own.

    Raises ReportsUnsupported, RegistryRefused, or another RegistryError; what was told before stays told.
    """
    by_reader: dict[tuple[str, Subject], list[Claim]] = {}
    for claim in claims:
        by_reader.setdefault((claim.reader.service, claim.subject), []).append(claim)
    return tuple(registry.report_reader(_report(of_one, version)) for of_one in by_reader.values())


def left_over(claims: Sequence[Claim], registry: Registry) -> tuple[ReaderReport, ...]:
    """What the same services claimed before, and claim no longer. Raises RegistryError."""
    claimed = {(claim.reader.service, claim.subject) for claim in claims}
    services = sorted({claim.reader.service for claim in claims})
    return tuple(
        report
        for service in services
        for report in registry.readers(service=service, origin="claim")
        if (report.service, report.subject) not in claimed
    )


class _Newest:
    """The newest versions of subjects, each asked for once."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._found: dict[Subject, _Version | None] = {}

    def of(self, subject: Subject) -> "_Version | None":
        """None if there is none."""
        if subject not in self._found:
            self._found[subject] = self._ask(subject)
        return self._found[subject]

    def _ask(self, subject: Subject) -> "_Version | None":
        try:
            registered = self._registry.latest(subject)
        except NotFound:
            return None
        referenced = self._registry.referenced_by(registered.schema, subject=subject)
        # The registry has it, whatever a stricter parser would say.
        parsed = parse(registered.schema, referenced=referenced, strict=False)
        return _Version(f"version {registered.version} of '{subject}'", fields_of(parsed, referenced))


@dataclass(frozen=True, slots=True)
class _Version:
    name: str
    fields: Fields

    def beside(self, field: str) -> list[str]:
        """The fields that stand where this one is said to stand."""
        around = field.split(".")[:-1]
        return [".".join((*around, name)) for name in self.fields.names(around)]


def _of_entry(entry: Sequence[Claim], newest: _Newest) -> Iterator[Finding]:
    versions = [newest.of(claim.subject) for claim in entry]
    for claim, version in zip(entry, versions, strict=True):
        if version is None:
            facts = {"service": claim.reader.service, "subject": claim.subject}
            yield CLAIM_SUBJECT_NOT_REGISTERED.finding(
                claim.reader.at, facts, subject=claim.subject, contract=claim.contract
            )
    known = [version for version in versions if version is not None]
    if len(known) < len(entry):
        # What is not there may be in a version that is yet to come.
        return
    claim = entry[0]
    for field in claim.reader.fields or ():
        if not any(is_field(version.fields, field) for version in known):
            beside = [name for version in known for name in version.beside(field)]
            facts = {
                "service": claim.reader.service,
                "field": field,
                "newest": " or ".join(version.name for version in known),
                "near": near(field, beside),
            }
            yield CLAIM_FIELD_NOT_REGISTERED.finding(
                _place(claim, field), facts, path=field, subject=claim.subject, contract=claim.contract
            )


def _place(claim: Claim, field: str) -> Location | None:
    """Where the claim names the field, or where it stands itself."""
    if claim.reader.at is None:
        return None
    word = re.compile(rf"(?<![\w.]){re.escape(field)}(?![\w.])")
    first = claim.reader.at.line
    for number, line in enumerate(claim.source.text.splitlines()[first - 1 :], first):
        if found := word.search(line):
            return claim.source.at(number, found.start() + 1, len(field))
    return claim.reader.at


def _report(claims: Sequence[Claim], version: str) -> ReaderReport:
    """What one service claims of one subject, in one place or in several."""
    reader = joined([claim.reader for claim in claims])
    return ReaderReport(
        service=reader.service,
        subject=claims[0].subject,
        origin="claim",
        groups=reader.groups,
        fields=reader.fields,
        versions=reader.versions,
        contract=claims[0].contract or None,
        version=version,
        examples=tuple(dict(example) for example in reader.examples),
    )
