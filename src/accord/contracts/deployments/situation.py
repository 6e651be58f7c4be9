"""What is known of an environment: what runs there, what was verified, who was observed, and what is on its topics."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from accord.client import (
    DeploymentReport,
    NotFound,
    RegisteredSchema,
    Registry,
    ReportedSchema,
    ReportsUnsupported,
    UnusableAnswer,
    VerificationReport,
)
from accord.client.reports import DeployedRead, DeployedWrite
from accord.contracts.carried import Carried
from accord.contracts.deployments.running import running
from accord.contracts.known import KnownReader
from accord.contracts.many import ask_of_each
from accord.contracts.model import Project
from accord.contracts.readers import known_readers
from accord.errors import ConfigurationError
from accord.schemas import Earlier, InvalidSchema, ParsedSchema, Schema, Subject, Version, parse


class Schemas(Protocol):
    """The port to the schemas that deployments speak of."""

    def written(self, write: DeployedWrite) -> ParsedSchema | None:
        """What is written; None where nobody knows."""

    def reader(self, service: str, version: str, read: DeployedRead) -> KnownReader:
        """Who reads."""

    def versions(self, subject: str) -> tuple[Earlier, ...]:
        """The registered versions of a subject, oldest first."""

    def registered(self, subject: str) -> Mapping[Version, RegisteredSchema]:
        """These versions with their ids and GUIDs."""


@dataclass(frozen=True, slots=True)
class Situation:
    """An environment. ``carried`` are the schemas on topics, by subject, where somebody looked."""

    environment: str
    schemas: Schemas = field(repr=False)
    running: tuple[DeploymentReport, ...] = ()
    verifications: tuple[VerificationReport, ...] = ()
    observed: tuple[KnownReader, ...] = ()
    carried: Mapping[str, Carried] = field(default_factory=dict)


class RegisteredSchemas:
    """The schemas of a registry, each asked for once. Raises RegistryError."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._versions: dict[str, tuple[tuple[RegisteredSchema, Earlier], ...]] = {}

    def written(self, write: DeployedWrite) -> ParsedSchema | None:
        """What is written: what the deployment tells, else what its id stands for."""
        if write.schema is not None:
            return self._parsed(write.schema, write.subject)
        if write.schema_id is None:
            return None
        with suppress(NotFound, InvalidSchema):
            return self._parse(self._registry.schema_by_id(write.schema_id), write.subject)
        return None

    def reader(self, service: str, version: str, read: DeployedRead) -> KnownReader:
        """Who reads, with its own schema where it is told and can be used."""
        parsed = None if read.schema is None else self._parsed(read.schema, read.subject)
        return KnownReader(
            service,
            Subject(read.subject),
            "claim",
            fields=read.fields,
            versions=read.versions,
            schema=None if parsed is None else Schema(parsed.canonical, parsed.type, parsed.references),
            referenced={} if parsed is None else parsed.referenced,
            version=version,
        )

    def versions(self, subject: str) -> tuple[Earlier, ...]:
        """The registered versions of a subject, oldest first; one that nobody can parse is passed over."""
        return tuple(earlier for _, earlier in self._live(subject))

    def registered(self, subject: str) -> Mapping[Version, RegisteredSchema]:
        """These versions with their ids and GUIDs."""
        return {version.version: version for version, _ in self._live(subject)}

    def _live(self, subject: str) -> tuple[tuple[RegisteredSchema, Earlier], ...]:
        if subject not in self._versions:
            self._versions[subject] = tuple(self._parsed_versions(subject))
        return self._versions[subject]

    def _parsed_versions(self, subject: str) -> Iterator[tuple[RegisteredSchema, Earlier]]:
        # One request for all of them; other subjects may begin with the same letters.
        found = (one for one in self._registry.schemas(subject_prefix=subject) if one.subject == subject)
        for version in sorted(found, key=lambda one: one.version):
            with suppress(InvalidSchema, NotFound):
                yield version, Earlier(version.version, self._parse(version.schema, subject))

    def _parsed(self, told: ReportedSchema, subject: str) -> ParsedSchema | None:
        with suppress(NotFound, InvalidSchema, UnusableAnswer):
            return self._parse(told.to_schema(), subject)
        return None

    def _parse(self, schema: Schema, subject: str) -> ParsedSchema:
        referenced = self._registry.referenced_by(schema, subject=subject) if schema.references else {}
        return parse(schema, referenced=referenced, strict=False)


def situation(
    registry: Registry,
    environment: str,
    *,
    project: Project | None = None,
    carried: Mapping[str, Carried] | None = None,
    subjects: Collection[str] = (),
) -> Situation:
    """What the registry knows of an environment, as far as it is about ``subjects``.

    Raises RegistryError, and ConfigurationError for a registry that keeps no deployments.
    """
    try:
        deployed = running(registry.deployments(environment=environment), environment)
        asked = ask_of_each(lambda subject: registry.verifications(subject=subject), subjects)
        verified = tuple(one for told in asked.values() for one in told)
    except ReportsUnsupported as error:
        raise ConfigurationError(
            f"the registry at {registry.url} keeps no deployments", hint="record them in an Accord registry"
        ) from error
    readers = known_readers(project or Project(), registry)
    observed = tuple(one for one in readers if one.origin == "observed" and one.subject in subjects)
    return Situation(
        environment, RegisteredSchemas(registry), deployed, verified, observed, dict(carried or {})
    )
