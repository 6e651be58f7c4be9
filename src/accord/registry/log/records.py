"""Events as records and back: keys and values are those of Confluent's ``_schemas`` topic, as compact JSON.

The bytes of a key decide what a compacted log keeps, so the order of their members is part of the format.
"""

import base64
from typing import Final, Literal, TypeAlias

import msgspec

from accord.errors import AccordError
from accord.registry.core.config import Config
from accord.registry.core.events import (
    ConfigDeleted,
    ConfigSet,
    Event,
    SchemaRegistered,
    SubjectPermanentlyDeleted,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.log.port import Record
from accord.schemas import (
    CompatibilityLevel,
    Reference,
    Schema,
    SchemaId,
    SchemaType,
    Subject,
    Version,
    fingerprint,
)


class Undecodable(AccordError):
    """The record is none that this version knows; the log goes on without it."""


def encode(event: Event, at_ms: int) -> Record:
    """The record of ``event``, which happens ``at_ms`` milliseconds after 1970."""
    value = _value(event)
    return Record(
        msgspec.json.encode(_key(event)), None if value is None else msgspec.json.encode(value), at_ms
    )


def decode(record: Record) -> Event | None:
    """The event of ``record``; None where it says nothing. Raises Undecodable."""
    try:
        return _event(_KEY.decode(record.key), record.value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable(f"no record of the registry: {error}") from error


def _key(event: Event) -> dict[str, object]:
    match event:
        case SchemaRegistered() | VersionSoftDeleted() | VersionPermanentlyDeleted():
            return {"keytype": "SCHEMA", "subject": event.subject, "version": event.version, "magic": 1}
        case SubjectSoftDeleted() | SubjectPermanentlyDeleted():
            return {"keytype": "DELETE_SUBJECT", "subject": event.subject, "magic": 0}
        case ConfigSet(subject=None) | ConfigDeleted(subject=None):
            return {"keytype": "CONFIG", "magic": 0}
        case ConfigSet() | ConfigDeleted():
            return {"keytype": "CONFIG", "subject": event.subject, "magic": 0}


def _value(event: Event) -> dict[str, object] | None:
    match event:
        case SchemaRegistered() | VersionSoftDeleted():
            return _schema_value(event)
        case SubjectSoftDeleted():
            return {"subject": event.subject, "version": event.up_to}
        case ConfigSet():
            named = {
                "subject": event.subject,
                "compatibilityLevel": event.config.level,
                "normalize": event.config.normalize,
            }
            return {name: value for name, value in named.items() if value is not None}
        case VersionPermanentlyDeleted() | SubjectPermanentlyDeleted() | ConfigDeleted():
            return None


def _schema_value(event: SchemaRegistered | VersionSoftDeleted) -> dict[str, object]:
    schema = event.schema
    value: dict[str, object] = {
        "subject": event.subject,
        "version": event.version,
        "id": event.schema_id,
        "md5": base64.b64encode(fingerprint(schema)).decode(),
    }
    if schema.type is not SchemaType.AVRO:
        value["schemaType"] = schema.type
    if schema.references:
        value["references"] = schema.references
    return {**value, "schema": schema.text, "deleted": isinstance(event, VersionSoftDeleted)}


class _SchemaKey(msgspec.Struct, tag="SCHEMA", tag_field="keytype"):
    subject: str
    version: int
    magic: Literal[0, 1]


class _ConfigKey(msgspec.Struct, tag="CONFIG", tag_field="keytype"):
    magic: Literal[0]
    subject: str | None = None


class _DeleteSubjectKey(msgspec.Struct, tag="DELETE_SUBJECT", tag_field="keytype"):
    subject: str
    magic: Literal[0]


class _NoopKey(msgspec.Struct, tag="NOOP", tag_field="keytype"):
    magic: Literal[0]


class _SchemaValue(msgspec.Struct, rename="camel"):
    id: int
    schema: str
    schema_type: SchemaType = SchemaType.AVRO
    references: tuple[Reference, ...] | None = None
    deleted: bool = False


class _ConfigValue(msgspec.Struct, rename="camel"):
    compatibility_level: CompatibilityLevel | None = None
    normalize: bool | None = None


class _DeleteSubjectValue(msgspec.Struct):
    version: int


_Key: TypeAlias = _SchemaKey | _ConfigKey | _DeleteSubjectKey | _NoopKey
_MAX_VERSION: Final = 2**31 - 1
_KEY: Final = msgspec.json.Decoder(_Key)
_SCHEMA: Final = msgspec.json.Decoder(_SchemaValue)
_CONFIG: Final = msgspec.json.Decoder(_ConfigValue)
_DELETE_SUBJECT: Final = msgspec.json.Decoder(_DeleteSubjectValue)


def _event(key: _Key, encoded: bytes | None) -> Event | None:
    match key:
        case _SchemaKey():
            return _schema_event(key, encoded)
        case _ConfigKey():
            return _config_event(key, encoded)
        case _DeleteSubjectKey():
            return _delete_subject_event(key, encoded)
        case _NoopKey():
            return None


def _schema_event(key: _SchemaKey, encoded: bytes | None) -> Event:
    subject, version = Subject(key.subject), Version(key.version)
    if encoded is None:
        return VersionPermanentlyDeleted(subject, version)
    value = _SCHEMA.decode(encoded)
    schema = Schema(value.schema, value.schema_type, value.references or ())
    if any(abs(reference.version) > _MAX_VERSION for reference in schema.references):
        raise Undecodable("it refers to a version beyond any number that a version can have")
    happened = VersionSoftDeleted if value.deleted else SchemaRegistered
    return happened(subject, version, SchemaId(value.id), schema)


def _config_event(key: _ConfigKey, encoded: bytes | None) -> Event:
    subject = None if key.subject is None else Subject(key.subject)
    if encoded is None:
        return ConfigDeleted(subject)
    value = _CONFIG.decode(encoded)
    return ConfigSet(subject, Config(value.compatibility_level, value.normalize))


def _delete_subject_event(key: _DeleteSubjectKey, encoded: bytes | None) -> Event:
    subject = Subject(key.subject)
    if encoded is None:
        return SubjectPermanentlyDeleted(subject)
    return SubjectSoftDeleted(subject, Version(_DELETE_SUBJECT.decode(encoded).version))
