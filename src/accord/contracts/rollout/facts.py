"""What is there while a schema is rolled out: readers and writers, and what they can read of each other."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from accord.client import DeploymentReport, RegisteredSchema, Registry, ReportsUnsupported
from accord.contracts.check import impact
from accord.contracts.deployments.readers_there import readers_there
from accord.contracts.deployments.running import running
from accord.contracts.deployments.situation import RegisteredSchemas
from accord.contracts.known import KnownReader
from accord.contracts.model import Project, SchemaFile
from accord.contracts.readers import known_readers
from accord.contracts.rollout.order import ReaderState
from accord.contracts.testing import own_fingerprint
from accord.errors import ConfigurationError
from accord.schemas import Earlier


@dataclass(frozen=True, slots=True)
class Writer:
    """A deployment that writes the subject, and whether it writes the new schema."""

    service: str
    version: str
    writes_new: bool

    def __str__(self) -> str:
        return f"{self.service} {self.version}"


@dataclass(frozen=True, slots=True)
class Facts:
    """An environment and one schema: who is there, and every deployment of before (``history``).

    ``groups`` are the consumer groups of the readers, ``before`` the versions before the schema, oldest first,
    ``registered`` its own.
    """

    environment: str
    readers: tuple[ReaderState, ...]
    writers: tuple[Writer, ...]
    history: tuple[DeploymentReport, ...]
    groups: tuple[str, ...]
    before: tuple[Earlier, ...]
    registered: RegisteredSchema | None

    def running(self, service: str) -> DeploymentReport | None:
        """What runs of a service."""
        return next((one for one in running(self.history, self.environment) if one.service == service), None)


def facts_of(
    registry: Registry,
    project: Project,
    file: SchemaFile,
    environment: str,
    *,
    fingerprint: str,
    registered_at_ms: int | None,
) -> Facts:
    """What the registry knows now. Raises RegistryError, ConfigurationError for one that keeps no deployments.

    ``fingerprint`` is that of the schema which is rolled out; the file is another one where somebody goes back from the
    commit before. A service whose own schema nobody knows, and that was deployed after the new schema was registered, was
    made with it.
    """
    history = _history(registry, environment)
    deployed = running(history, environment)
    schemas = RegisteredSchemas(registry)
    versions = schemas.versions(file.subject)
    prints: list[str] = [own_fingerprint(one.schema) for one in versions]
    index = prints.index(fingerprint) if fingerprint in prints else len(versions)
    known = [one for one in known_readers(project, registry) if one.subject == file.subject]
    observed = [one for one in known if one.origin == "observed"]
    made_with_it_ms = math.inf if registered_at_ms is None else registered_at_ms
    return Facts(
        environment,
        tuple(
            _state(file, versions[:index], there.reader, is_new=(there.deployed_at_ms or 0) > made_with_it_ms)
            for there in readers_there(file.subject, deployed, observed, schemas)
        ),
        tuple(_writers(file.subject, deployed, schemas, fingerprint)),
        history,
        tuple(dict.fromkeys(group for one in known for group in one.groups)),
        versions[:index],
        schemas.registered(file.subject).get(versions[index].version) if index < len(versions) else None,
    )


def _history(registry: Registry, environment: str) -> tuple[DeploymentReport, ...]:
    try:
        return tuple(registry.deployments(environment=environment))
    except ReportsUnsupported as error:
        raise ConfigurationError(
            f"the registry at {registry.url} keeps no deployments", hint="use an Accord registry for rollouts"
        ) from error


def _writers(
    subject: str, deployed: Iterable[DeploymentReport], schemas: RegisteredSchemas, fingerprint: str
) -> Iterator[Writer]:
    for one in deployed:
        for write in one.writes:
            if write.subject == subject:
                schema = schemas.written(write)
                is_new = schema is not None and own_fingerprint(schema) == fingerprint
                yield Writer(one.service, one.version, is_new)


def _state(
    file: SchemaFile, before: Sequence[Earlier], reader: KnownReader, *, is_new: bool = False
) -> ReaderState:
    base = () if is_new and reader.schema is None else before
    hit = impact(file.parsed, base, reader)
    reasons = [f"`{name}` is not there" for name in hit.missing] + [one.how for one in hit.as_it_is]
    upgraded = [one.how for one in impact(file.parsed, before[-1:], reader).upgraded]
    return ReaderState(
        reader.service,
        reader.version,
        reads_new=not reasons,
        reads_old=not upgraded,
        why=(reasons or upgraded or [""])[0],
    )
