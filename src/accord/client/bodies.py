"""The bodies of the registry's REST API, as they are on the wire.

Unknown properties are skipped, and everything that an older registry leaves out has a default.
"""

from enum import StrEnum
from typing import Any, Final, TypeVar

import msgspec

from accord.client.answers import RegisteredSchema, Registration
from accord.client.config import Config, Mode
from accord.client.errors import UnusableAnswer
from accord.findings import Finding, from_json
from accord.schemas import (
    CompatibilityLevel,
    Deployment,
    Metadata,
    Reference,
    RuleSet,
    Schema,
    SchemaGuid,
    SchemaId,
    SchemaType,
    Subject,
    Version,
)

W = TypeVar("W", bound=StrEnum)

_SHOWN: Final = 100


class ReferenceBody(msgspec.Struct):
    """One of a schema's references."""

    name: str
    subject: str
    version: int


class SchemaRequest(msgspec.Struct, omit_defaults=True, rename="camel"):
    """A schema as it is sent."""

    schema: str
    schema_type: SchemaType | None = None
    references: list[ReferenceBody] | None = None
    metadata: Metadata | None = None
    rule_set: RuleSet | None = None
    version: int | None = None
    id: int | None = None


class SchemaBody(msgspec.Struct, rename="camel", kw_only=True):
    """A schema as the registry gives it."""

    schema: str
    schema_type: str | None = None
    references: list[ReferenceBody] | None = None
    metadata: Metadata | None = None
    rule_set: RuleSet | None = None
    guid: str | None = None
    deleted: bool = False

    def to_schema(self) -> Schema:
        """The schema itself."""
        references = tuple(
            Reference(item.name, Subject(item.subject), Version(item.version))
            for item in self.references or ()
        )
        kind = known(SchemaType, self.schema_type or SchemaType.AVRO, "schema type")
        return Schema(self.schema, kind, references, self.metadata, self.rule_set)


class PlacedSchemaBody(SchemaBody, kw_only=True):
    """A schema that was asked for by its place, with that place."""

    subject: str
    version: int
    id: int

    def to_registered(self) -> RegisteredSchema:
        """The schema in its place."""
        return RegisteredSchema(
            Subject(self.subject),
            Version(self.version),
            SchemaId(self.id),
            self.to_schema(),
            SchemaGuid(self.guid) if self.guid else None,
            self.deleted,
        )


class RegisteredBody(SchemaBody, kw_only=True):
    """The answer to a registration; an older registry gives the id alone."""

    id: int
    version: int | None = None
    schema: str = ""

    def to_registration(self) -> Registration:
        """What is told of it."""
        return Registration(
            SchemaId(self.id),
            Version(self.version) if self.version is not None else None,
            SchemaGuid(self.guid) if self.guid else None,
            self.to_schema() if self.schema else None,
        )


class SubjectVersionBody(msgspec.Struct):
    """A place."""

    subject: str
    version: int


class CompatibilityBody(msgspec.Struct):
    """The answer to a compatibility check; ``findings`` and ``deployment`` are Accord's own additions."""

    is_compatible: bool
    messages: list[str] = []
    findings: list[dict[str, Any]] = []
    deployment: Any = None


class _Levels(msgspec.Struct, rename="camel"):
    """What a configuration says of compatibility, in whatever words."""

    compatibility_level: str | None = None
    compatibility: str | None = None


class ConfigBody(Config, frozen=True, kw_only=True):
    """A configuration, whose level is read under one name and written under another."""

    compatibility_level: CompatibilityLevel | None = None

    def to_config(self) -> Config:
        """The configuration, with its level under the name that it is written under."""
        told = {name: getattr(self, name) for name in Config.__struct_fields__}
        return Config(**{**told, "compatibility": self.compatibility_level or self.compatibility})


class ModeBody(msgspec.Struct):
    """A mode."""

    mode: str

    def to_mode(self) -> Mode:
        """The mode itself."""
        return known(Mode, self.mode, "mode")


class ErrorBody(msgspec.Struct):
    """A refusal; ``hint``, ``messages``, ``findings`` and ``deployment`` are Accord's own additions."""

    error_code: int
    message: str = ""
    hint: str = ""
    messages: list[str] = []
    findings: list[dict[str, Any]] = []
    deployment: Any = None


def schema_request(schema: Schema, *, schema_id: int | None = None, version: int | None = None) -> bytes:
    """What to send for a schema; Avro is the default and left out, which every registry understands."""
    references = [ReferenceBody(item.name, item.subject, item.version) for item in schema.references]
    return msgspec.json.encode(
        SchemaRequest(
            schema.text,
            None if schema.type is SchemaType.AVRO else schema.type,
            references or None,
            schema.metadata,
            schema.rule_set,
            version,
            schema_id,
        )
    )


def config_of(body: bytes) -> Config:
    """The configuration that a registry sent."""
    levels = msgspec.json.decode(body, type=_Levels)
    for level in (levels.compatibility_level, levels.compatibility):
        if level is not None:
            known(CompatibilityLevel, level, "compatibility level")
    return msgspec.json.decode(body, type=ConfigBody).to_config()


def known(words: type[W], word: str, what: str) -> W:
    """A word that this edition knows. Raises UnusableAnswer: a newer registry may know more."""
    try:
        return words(word)
    except ValueError as error:
        raise UnusableAnswer(
            f"the registry speaks of the {what} '{word[:_SHOWN]}', which this edition does not know",
            hint=f"this edition of Accord knows {', '.join(words)}; a newer one may know more",
        ) from error


def deployment_of(item: object) -> Deployment | None:
    """Who may be upgraded first, if the registry tells it in a way that this edition can read."""
    try:
        return msgspec.convert(item, Deployment | None)
    except msgspec.ValidationError:
        return None


def findings_of(items: list[dict[str, Any]]) -> tuple[Finding, ...]:
    """The findings that a registry sent, without those that this edition cannot read."""
    read = []
    for item in items:
        try:
            read.append(from_json(item))
        except (LookupError, TypeError, ValueError):
            continue
    return tuple(read)
