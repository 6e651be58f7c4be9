"""The JSON that goes in and out. Unknown members are ignored, as the field does; empty ones are left out."""

from typing import Final, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType
from starlette.responses import Response

from accord.registry.core.config import KEEP, ConfigChange
from accord.registry.core.errors import (
    EmptySchema,
    InvalidLevel,
    NotServedYet,
    SchemaRefused,
    UnknownSchemaType,
)
from accord.registry.core.ids import StoredVersion
from accord.schemas import CompatibilityLevel, Reference, Schema, SchemaType, Subject, Version

Scalar: TypeAlias = str | int | float | bool
"""Where text is expected, other scalars are taken as their text."""


class ReferenceBody(msgspec.Struct):
    """A reference as somebody sent it."""

    name: str | None = None
    subject: str | None = None
    version: int | None = None


class SchemaBody(msgspec.Struct, rename="camel"):
    """A schema as somebody sent it: to register, to look up or to compare."""

    schema: Scalar | None = None
    schema_type: str | None = None
    references: list[ReferenceBody] | None = None
    version: int | None = None
    id: int | None = None
    metadata: object = None
    rule_set: object = None
    schema_tags_to_add: object = None
    # Members of a schema, at the place of the body that should hold it.
    type: object = None
    fields: object = None
    dollar_schema: object = msgspec.field(name="$schema", default=None)

    def to_schema(self) -> Schema:
        """The schema that was sent. Raises EmptySchema, UnknownSchemaType, SchemaRefused, NotServedYet."""
        if self.metadata or self.schema_tags_to_add:
            raise NotServedYet("Metadata and tags are")
        if self.rule_set:
            raise NotServedYet("Rule sets are")
        if self.schema is None:
            raise EmptySchema(hint=_WRAP) if self._is_a_schema() else EmptySchema
        schema_type = _schema_type(self.schema_type)
        references = tuple(_reference(schema_type, one) for one in self.references or ())
        return Schema(_text(self.schema), schema_type, references)

    def _is_a_schema(self) -> bool:
        return not (self.type is None and self.fields is None and self.dollar_schema is None)


class ConfigBody(msgspec.Struct, rename="camel"):
    """A change of configuration: what is absent stays, null clears."""

    compatibility: Scalar | UnsetType | None = UNSET
    normalize: bool | UnsetType | None = UNSET
    alias: object = None
    alias_for_deks: object = None
    compatibility_group: object = None
    compatibility_policy: object = None
    default_metadata: object = None
    override_metadata: object = None
    default_rule_set: object = None
    override_rule_set: object = None
    validate_fields: object = None
    validate_new_schemas: object = None
    validate_rules: object = None

    def to_change(self) -> ConfigChange:
        """The change that was sent. Raises InvalidLevel, NotServedYet."""
        for name, sent_as in zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True):
            if name not in _SERVED and getattr(self, name) is not None:
                raise NotServedYet(f"The setting '{sent_as}' is")
        level = self.compatibility
        return ConfigChange(
            level=KEEP if level is UNSET else None if level is None else _level(_text(level)),
            normalize=KEEP if self.normalize is UNSET else self.normalize,
        )


class SchemaAnswer(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    """A stored schema as it is told; which members it has depends on the question."""

    subject: str | None = None
    version: int | None = None
    id: int | None = None
    guid: str
    schema_type: str
    references: tuple[Reference, ...] = ()
    schema: str
    ts: int | None = None
    deleted: bool | None = None


def answer(body: object) -> Response:
    """``body`` as JSON; the kind of JSON is settled on the way out."""
    return Response(msgspec.json.encode(body))


def schema_answer(
    stored: StoredVersion, *, placed: bool = True, with_id: bool = True, dated: bool = True
) -> Response:
    """``stored`` as JSON: with or without subject and version, id, and time and deletion."""
    return Response(render_schema(stored, placed=placed, with_id=with_id, dated=dated))


def render_schema(
    stored: StoredVersion, *, placed: bool = True, with_id: bool = True, dated: bool = True
) -> bytes:
    """The JSON of ``schema_answer``."""
    content = stored.content
    return msgspec.json.encode(
        SchemaAnswer(
            subject=stored.subject if placed else None,
            version=stored.version if placed else None,
            id=content.id if with_id else None,
            guid=content.guid,
            schema_type=content.schema.type,
            references=content.schema.references,
            schema=content.schema.text,
            ts=stored.registered_at_ms if dated else None,
            deleted=stored.deleted if dated else None,
        )
    )


SCHEMA_BODY: Final = msgspec.json.Decoder(SchemaBody, strict=False)
CONFIG_BODY: Final = msgspec.json.Decoder(ConfigBody, strict=False)

_SERVED: Final = frozenset({"compatibility", "normalize"})
_WRAP: Final = 'the body looks like a schema itself: send it as text inside an object, {"schema": "..."}'


def _text(value: Scalar) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _schema_type(word: str | None) -> SchemaType:
    try:
        return SchemaType(word or SchemaType.AVRO)
    except ValueError as error:
        raise UnknownSchemaType(str(word)) from error


def _level(word: str) -> CompatibilityLevel:
    try:
        return CompatibilityLevel(word.upper())
    except ValueError as error:
        raise InvalidLevel(word) from error


def _reference(schema_type: SchemaType, body: ReferenceBody) -> Reference:
    if body.name is None or body.subject is None or body.version is None:
        raise SchemaRefused(
            schema_type,
            f"Invalid reference: {{name='{body.name}', subject='{body.subject}', version={body.version}}}",
            hint="a reference needs a name, a subject and a version",
        )
    return Reference(body.name, Subject(body.subject), Version(body.version))
