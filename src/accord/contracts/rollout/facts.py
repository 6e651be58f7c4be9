"""What is there while a schema is rolled out: readers and writers, and what they can read of each other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accord.client import DeploymentReport, Registry, ReportsUnsupported
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
from accord.schemas import Earlier, Version


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

    ``groups`` are the consumer groups of the readers, ``before`` the versions before the schema, oldest first.
    """

    environment: str
    readers: tuple[ReaderState, ...]
    writers: tuple[Writer, ...]
    history: tuple[DeploymentReport, ...]
    groups: tuple[str, ...]
    before: tuple[Earlier, ...]
    schema_id: int | None

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
    commit before.

    A service whose own schema nobody knows, and that was deployed after the new schema was registered, was made with it.
    """
    try:
        history = tuple(registry.deployments(environment=environment))
    except ReportsUnsupported as error:
        raise ConfigurationError(
            f"the registry at {registry.url} keeps no deployments", hint="use an Accord registry for rollouts"
        ) from error
    schemas = RegisteredSchemas(registry)
    versions = schemas.versions(file.subject)
    index = next(
        (i for i, one in enumerate(versions) if own_fingerprint(one.schema) == fingerprint), len(versions)
    )
    before = versions[:index]
    deployed = running(history, environment)
    known = known_readers(project, registry)
    observed = [one for one in known if one.origin == "observed"]
    readers = [
        _state(
            file, before, there.reader, is_new=(there.deployed_at_ms or 0) > (registered_at_ms or math.inf)
        )
        for there in readers_there(file.subject, deployed, observed, schemas)
    ]
    writers = [
        Writer(one.service, one.version, schema is not None and own_fingerprint(schema) == fingerprint)
        for one in deployed
        for write in one.writes
        if write.subject == file.subject
        for schema in (schemas.written(write),)
    ]
    groups = [group for one in known if one.subject == file.subject for group in one.groups]
    schema_id = _id(schemas.ids(file.subject), versions, index)
    return Facts(
        environment, tuple(readers), tuple(writers), history, tuple(dict.fromkeys(groups)), before, schema_id
    )


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


def _id(ids: Mapping[Version, int], versions: Sequence[Earlier], index: int) -> int | None:
    return ids.get(versions[index].version) if index < len(versions) else None
