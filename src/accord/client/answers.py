"""What a registry answers, as values."""

from dataclasses import dataclass

from accord.findings import Finding
from accord.schemas import Deployment, Schema, SchemaGuid, SchemaId, Subject, Version


@dataclass(frozen=True, slots=True)
class SubjectVersion:
    """A place where a schema can be."""

    subject: Subject
    version: Version


@dataclass(frozen=True, slots=True)
class RegisteredSchema:
    """A schema in its place. An older registry tells no ``guid``; ``deleted`` is hidden, and not erased yet."""

    subject: Subject
    version: Version
    id: SchemaId
    schema: Schema
    guid: SchemaGuid | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registration gave; an older registry tells the id alone.

    ``schema`` is what the registry made of the schema that was sent: normalized, with the metadata that is configured.
    """

    id: SchemaId
    version: Version | None = None
    guid: SchemaGuid | None = None
    schema: Schema | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a schema may become the next version; ``messages`` are in the registry's own words.

    ``deployment`` says who may be upgraded first, if the registry tells.
    """

    compatible: bool
    findings: tuple[Finding, ...] = ()
    messages: tuple[str, ...] = ()
    deployment: Deployment | None = None
