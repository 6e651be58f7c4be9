"""A deployment as it is recorded: what a service reads by its claims, and what it writes by its roles."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress

import msgspec

from accord.client import DeploymentReport, NotFound, RegisteredSchema, Registry, ReportedSchema
from accord.client.reports import DeployedRead, DeployedWrite
from accord.contracts.deployments.running import deployed_at_ms, running
from accord.contracts.deployments.situation import RegisteredSchemas
from accord.contracts.known import KnownReader
from accord.contracts.model import Project, SchemaFile
from accord.contracts.readers import known_readers
from accord.contracts.testing import own_fingerprint
from accord.errors import ConfigurationError
from accord.schemas import Schema, SchemaType, Subject


def deployment_of(
    service: str,
    version: str,
    environment: str,
    *,
    project: Project,
    registry: Registry,
    writes: Sequence[str] = (),
) -> DeploymentReport:
    """What is to be recorded.

    The service reads what is known of it: claimed, observed of this version, or told by a contract. It writes to the topics
    whose contracts give it the role, and to the subjects ``writes``. What it writes with is the project's file, and the newest
    registered version of a subject that has none here. Raises RegistryError.
    """
    reads = tuple(
        DeployedRead(
            subject=one.subject,
            fields=one.fields,
            versions=one.versions,
            schema=None if one.schema is None else ReportedSchema.of(one.schema),
        )
        for one in _reads(service, version, project, registry)
    )
    subjects = dict.fromkeys((*_written(project, service), *map(Subject, writes)))
    written = tuple(_write(subject, project.schemas.get(subject), registry) for subject in subjects)
    return DeploymentReport(
        service=service, environment=environment, version=version, reads=reads, writes=written
    )


def undated(deployment: DeploymentReport) -> DeploymentReport:
    """The deployment, to be dated by the registry: the clocks of those who deploy need not agree."""
    return msgspec.structs.replace(deployment, deployed_at_ms=None)


def recorded_deployment(
    deployments: Iterable[DeploymentReport], service: str, version: str | None
) -> DeploymentReport | None:
    """What was recorded of last of a service, or of one version of it, in whatever environment."""
    known = [one for one in deployments if one.service == service and version in {None, one.version}]
    return max(known, key=deployed_at_ms, default=None)


def deployed_again(
    deployments: Collection[DeploymentReport], service: str, version: str, environment: str
) -> DeploymentReport | None:
    """A version that was recorded before, and comes to the environment where it does not run now: it is what it was.

    None for one that is new, or that is recorded once more where it runs: what was said wrong can be said anew.
    """
    known = recorded_deployment(deployments, service, version)
    now = {one.service: one.version for one in running(deployments, environment)}
    if known is None or now.get(service) == version:
        return None
    return msgspec.structs.replace(known, environment=environment)


def require_something(deployment: DeploymentReport) -> None:
    """Raise ConfigurationError for a deployment of which nothing is known."""
    if not deployment.reads and not deployment.writes:
        raise ConfigurationError(
            f"nothing is known of what {deployment.service} reads or writes",
            hint="claim what it reads in consumers/*.yaml, give it a role in a contract, or say --writes SUBJECT",
        )


def _reads(service: str, version: str, project: Project, registry: Registry) -> Iterable[KnownReader]:
    """What this version reads. What was observed of another is another's; of one without a version nobody can tell."""

    def told(one: KnownReader) -> bool:
        return one.service == service and (
            one.origin != "observed" or bool(version and one.version == version)
        )

    def guessed(one: KnownReader) -> bool:
        return one.service == service and one.origin == "observed" and not one.version

    known = {one.subject: one for one in known_readers(project, registry, counts=guessed)}
    return (known | {one.subject: one for one in known_readers(project, registry, counts=told)}).values()


def _written(project: Project, service: str) -> Iterator[Subject]:
    for contract in project.contracts:
        if any(role.name == service and role.access == "write" for role in contract.roles):
            yield from (event.schema.subject for event in contract.events)


def _write(subject: Subject, file: SchemaFile | None, registry: Registry) -> DeployedWrite:
    registered = _registered(subject, file, registry)
    if registered is not None:
        return DeployedWrite(
            subject=subject, schema=ReportedSchema.of(registered.schema), schema_id=registered.id
        )
    return DeployedWrite(subject=subject, schema=None if file is None else _alone(file))


def _registered(subject: Subject, file: SchemaFile | None, registry: Registry) -> RegisteredSchema | None:
    """Where the file's schema is registered; without a file the newest version."""
    with suppress(NotFound):
        if file is None:
            return registry.latest(subject)
        if not file.references:
            return registry.lookup(subject, file.schema)
    if file is not None and file.references:
        schemas, own = RegisteredSchemas(registry), own_fingerprint(file.parsed)
        known = schemas.registered(subject)
        same = (
            one.version for one in reversed(schemas.versions(subject)) if own_fingerprint(one.schema) == own
        )
        return next((known[version] for version in same), None)
    return None


def _alone(file: SchemaFile) -> ReportedSchema | None:
    """The schema without need of references; one that cannot be told so is not told."""
    if not file.references:
        return ReportedSchema.of(file.schema)
    if file.type is SchemaType.AVRO:
        return ReportedSchema.of(Schema(file.parsed.formatted("resolved"), file.type))
    return None
