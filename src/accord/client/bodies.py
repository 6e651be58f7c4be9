"""The bodies of the registry's REST API, as they are on the wire.

Unknown properties are skipped, and everything that an older registry leaves out has a default.
"""

from typing import Any

import msgspec

from accord.findings import Finding, from_json
from accord.schemas import Reference, Schema, SchemaType, Subject, Version


class ReferenceBody(msgspec.Struct):
    """One of a schema's references."""

    name: str
    subject: str
    version: int


class SchemaBody(msgspec.Struct, rename="camel"):
    """A schema as the registry gives it; which properties are there depends on what was asked."""

    schema: str = ""
    schema_type: str | None = None
    references: list[ReferenceBody] | None = None
    subject: str = ""
    version: int = 0
    id: int = 0
    guid: str | None = None

    def to_schema(self) -> Schema:
        """The schema itself."""
        references = tuple(
            Reference(item.name, Subject(item.subject), Version(item.version))
            for item in self.references or ()
        )
        return Schema(self.schema, SchemaType(self.schema_type or SchemaType.AVRO), references)


class RegisteredBody(msgspec.Struct):
    """The answer to a registration; an older registry gives the id alone."""

    id: int
    version: int | None = None


class CompatibilityBody(msgspec.Struct):
    """The answer to a compatibility check."""

    is_compatible: bool
    messages: list[str] = []
    findings: list[dict[str, Any]] = []


class ConfigBody(msgspec.Struct):
    """A configuration: it is read under one name and written under another."""

    compatibilityLevel: str = ""  # noqa: N815 -- the wire's spelling
    compatibility: str = ""


class ErrorBody(msgspec.Struct):
    """A refusal; ``hint``, ``messages`` and ``findings`` are Accord's own additions."""

    error_code: int
    message: str = ""
    hint: str = ""
    messages: list[str] = []
    findings: list[dict[str, Any]] = []


def schema_request(schema: Schema) -> bytes:
    """What to send for a schema; Avro is the default and left out, which every registry understands."""
    body: dict[str, Any] = {"schema": schema.text}
    if schema.type is not SchemaType.AVRO:
        body["schemaType"] = schema.type.value
    if schema.references:
        body["references"] = [
            {"name": item.name, "subject": item.subject, "version": item.version}
            for item in schema.references
        ]
    return msgspec.json.encode(body)


def findings_of(items: list[dict[str, Any]]) -> tuple[Finding, ...]:
    """The findings that a registry sent, without those that this edition cannot read."""
    read = []
    for item in items:
        try:
            read.append(from_json(item))
        except (LookupError, TypeError, ValueError):
            continue
    return tuple(read)
