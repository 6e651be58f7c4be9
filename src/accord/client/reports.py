"""What services and those who deploy them tell a registry beside schemas: who reads what, and what runs where.

A report is told as a whole, and takes the place of an earlier one with the same key.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, TypeAlias

import msgspec

from accord.client.bodies import ReferenceBody, SchemaBody
from accord.schemas import Schema

ReaderOrigin: TypeAlias = Literal["claim", "observed"]
"""Who said what a service reads: a file of its repository, or its running program."""

RolloutState: TypeAlias = Literal["running", "done", "rolled back"]


class Report(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One thing told; ``endpoint`` is where, ``identity`` the members that say which one it is, as on the wire."""

    endpoint: ClassVar[str]
    identity: ClassVar[tuple[str, ...]]

    reported_at_ms: int | None = None
    """When the registry took it, in milliseconds since 1970; it says so itself."""


class ReportedSchema(msgspec.Struct, frozen=True, rename="camel"):
    """A schema inside a report."""

    schema: str
    schema_type: str = "AVRO"
    references: tuple[ReferenceBody, ...] = ()

    @classmethod
    def of(cls, schema: Schema) -> Self:
        """The schema, ready to be told."""
        references = (ReferenceBody(item.name, item.subject, item.version) for item in schema.references)
        return cls(schema.text, schema.type, tuple(references))

    def to_schema(self) -> Schema:
        """The schema itself. Raises UnusableAnswer if it is of a type that this edition does not know."""
        body = SchemaBody(schema=self.schema, schema_type=self.schema_type, references=list(self.references))
        return body.to_schema()


class ReaderReport(Report, frozen=True, kw_only=True, rename="camel"):
    """What a service reads of a subject: the fields by their dotted names, None where it may be any.

    ``versions`` is the range of the contract's versions that it copes with, ``version`` its own. ``schema`` is the one
    that it reads with, ``schema_id`` the id of it where it is registered. ``examples`` are values, as JSON, that it must be
    able to read.
    """

    endpoint = "readers"
    identity = ("service", "subject", "origin")

    service: str
    subject: str
    origin: ReaderOrigin
    groups: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    versions: str | None = None
    contract: str | None = None
    version: str = ""
    schema: ReportedSchema | None = None
    schema_id: int | None = None
    examples: tuple[dict[str, Any], ...] = ()


class DeployedRead(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a deployed service reads of a subject."""

    subject: str
    fields: tuple[str, ...] | None = None
    versions: str | None = None
    schema: ReportedSchema | None = None


class DeployedWrite(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """With which schema a deployed service writes."""

    subject: str
    schema: ReportedSchema | None = None
    schema_id: int | None = None


class DeploymentReport(Report, frozen=True, kw_only=True, rename="camel"):
    """That a version of a service was deployed to an environment, and what it reads and writes.

    The newest of a service and an environment is what runs there.
    """

    endpoint = "deployments"
    identity = ("service", "environment", "version")

    service: str
    environment: str
    version: str
    reads: tuple[DeployedRead, ...] = ()
    writes: tuple[DeployedWrite, ...] = ()
    deployed_at_ms: int | None = None


class VerificationReport(Report, frozen=True, kw_only=True, rename="camel"):
    """Whether a schema, told by its ``fingerprint`` (a GUID), holds what a version of a consumer needs."""

    endpoint = "verifications"
    identity = ("consumer", "consumerVersion", "subject", "fingerprint")

    consumer: str
    consumer_version: str
    subject: str
    fingerprint: str
    version: int | None = None
    ok: bool
    problems: tuple[str, ...] = ()


class RolloutStep(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One step of a rollout, and what became of it; ``waits_for`` are versions of services that have to run."""

    name: str
    state: str
    at: str | int | float | None = None
    detail: str | None = None
    waits_for: Mapping[str, str] = {}


class RolloutReport(Report, frozen=True, kw_only=True, rename="camel"):
    """How far a new schema is on its way into an environment, or ``back`` from there.

    ``version`` is what it became in the registry, ``order`` who moves first. ``dead_letters`` is how many there were when
    it began.
    """

    endpoint = "rollouts"
    identity = ("id",)

    id: str
    subject: str
    fingerprint: str
    state: RolloutState
    steps: tuple[RolloutStep, ...] = ()
    environment: str = ""
    version: int | None = None
    order: str | None = None
    back: bool = False
    dead_letters: int | None = None
    began_at_ms: int | None = None


class ExemptionReport(Report, frozen=True, kw_only=True, rename="camel"):
    """That findings of a rule are accepted in a contract: why, until which day (ISO 8601), and by whom."""

    endpoint = "exemptions"
    identity = ("contract", "rule", "path")

    contract: str
    rule: str
    path: str | None = None
    reason: str
    until: str
    by: str | None = None
