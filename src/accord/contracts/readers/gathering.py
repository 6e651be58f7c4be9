"""Where readers are known from: the project's files, and the registry."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from accord.client import NotFound, ReaderReport, Registry, ReportsUnsupported, UnusableAnswer
from accord.contracts.known import KnownReader
from accord.contracts.model import DeclaredReader, Project
from accord.contracts.readers.merging import joined, merged
from accord.schemas import Schema, Subject


def known_readers(
    project: Project, registry: Registry | None, *, counts: Callable[[KnownReader], bool] | None = None
) -> tuple[KnownReader, ...]:
    """Every reader that the project's contracts and claims and the registry speak of; ``merged`` says how they meet.

    A claim in the project's files counts before the one that was published. A registry that takes no reports knows of
    nobody. What does not ``counts`` is left out before readers meet. Raises RegistryError if it cannot be asked.
    """
    sayings = [*_claimed(project), *_reported(registry), *_declared(project)]
    return merged(sayings if counts is None else filter(counts, sayings))


def _claimed(project: Project) -> Iterator[KnownReader]:
    yield from _known(((claim.subject, claim.reader) for claim in project.claims), "claim")


def _declared(project: Project) -> Iterator[KnownReader]:
    told = (
        (event.schema.subject, reader)
        for contract in project.contracts
        for event in contract.events
        for reader in contract.readers
    )
    yield from _known(told, "contract")


def _known(
    told: Iterable[tuple[Subject, DeclaredReader]], origin: Literal["claim", "contract"]
) -> Iterator[KnownReader]:
    by_reader: dict[tuple[Subject, str], list[DeclaredReader]] = {}
    for subject, reader in told:
        by_reader.setdefault((subject, reader.service), []).append(reader)
    for (subject, service), declared in by_reader.items():
        reader = joined(declared)
        yield KnownReader(
            service,
            subject,
            origin,
            reader.groups,
            reader.fields,
            reader.versions,
            examples=reader.examples,
        )


def _reported(registry: Registry | None) -> Iterator[KnownReader]:
    if registry is None:
        return
    try:
        reports = registry.readers()
    except ReportsUnsupported:
        return
    for report in reports:
        schema, referenced = _schema_of(report, registry)
        yield KnownReader(
            report.service,
            Subject(report.subject),
            report.origin,
            report.groups,
            report.fields,
            report.versions,
            schema,
            referenced,
            report.version,
            report.reported_at_ms,
            report.examples,
        )


def _schema_of(report: ReaderReport, registry: Registry) -> tuple[Schema | None, Mapping[str, Schema]]:
    """The schema that it reads with and what that refers to; one that nobody can use any more is not known."""
    if report.schema is None:
        return None, {}
    try:
        schema = report.schema.to_schema()
        referenced = registry.referenced_by(schema, subject=report.subject) if schema.references else {}
    except (NotFound, UnusableAnswer):
        return None, {}
    return schema, referenced
