"""Events as records and back: keys and values are those of Confluent's ``_schemas`` topic, as compact JSON.

The bytes of a key decide what a compacted log keeps, so the order of their members is part of the format.
"""

import base64
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

import msgspec

from accord.errors import AccordError
from accord.registry.core.config import Config
from accord.registry.core.contexts import Context, Scope, context_of, normalized, scope_of
from accord.registry.core.events import (
    ConfigDeleted,
    ConfigSet,
    ContextDeleted,
    ContextSet,
    Event,
    ModeDeleted,
    ModeSet,
    SchemaRegistered,
    SubjectCleared,
    SubjectPermanentlyDeleted,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.ids import MAX_ID
from accord.registry.core.modes import Mode
from accord.registry.core.wire import INT32, Int32, from_wire
from accord.registry.log.port import Record
from accord.schemas import (
    Metadata,
    Reference,
    RuleSet,
    Schema,
    SchemaId,
    SchemaType,
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


def id_given(record: Record) -> ContextSet | None:
    """The id that ``record`` gives away although it cannot be decoded, None if it gives none."""
    try:
        key, value = _LOOSE.decode(record.key), _LOOSE.decode(record.value or b"{}")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    schema_id = value.id
    if key.keytype != "SCHEMA" or not isinstance(schema_id, int) or not 0 < schema_id <= MAX_ID:
        return None
    return ContextSet(context_of(normalized(str(key.subject or ""))), SchemaId(schema_id))


def _key(event: Event) -> dict[str, object]:
    match event:
        case SchemaRegistered() | VersionSoftDeleted() | VersionPermanentlyDeleted():
            return {"keytype": "SCHEMA", "subject": event.subject, "version": event.version, "magic": 1}
        case SubjectSoftDeleted() | SubjectPermanentlyDeleted():
            return {"keytype": "DELETE_SUBJECT", "subject": event.subject, "magic": 0}
        case SubjectCleared():
            return {"keytype": "CLEAR_SUBJECT", "subject": event.subject, "magic": 0}
        case ConfigSet() | ConfigDeleted():
            return {"keytype": "CONFIG", **_named(event.scope), "magic": 0}
        case ModeSet() | ModeDeleted():
            return {"keytype": "MODE", **_named(event.scope), "magic": 0}
        case ContextSet() | ContextDeleted():
            return {"keytype": "CONTEXT", "tenant": _TENANT, "context": event.context, "magic": 0}


def _value(event: Event) -> dict[str, object] | None:
    match event:
        case SchemaRegistered() | VersionSoftDeleted():
            return _schema_value(event)
        case SubjectSoftDeleted():
            return {"subject": event.subject, "version": event.up_to}
        case SubjectCleared():
            return {"subject": event.subject}
        case ConfigSet():
            return {**_named(event.scope), **msgspec.to_builtins(event.config)}
        case ModeSet():
            return {**_named(event.scope), "mode": event.mode}
        case ContextSet() | ContextDeleted():
            return _context_value(event)
        case VersionPermanentlyDeleted() | SubjectPermanentlyDeleted() | ConfigDeleted() | ModeDeleted():
            return None


def _named(scope: Scope) -> dict[str, object]:
    return {} if scope is None else {"subject": scope}


def _context_value(event: ContextSet | ContextDeleted) -> dict[str, object] | None:
    """Confluent's, and beside it the highest id ever given, which must outlive the context itself."""
    value: dict[str, object] = {"tenant": _TENANT, "context": event.context}
    if event.highest_id:
        value["highestId"] = event.highest_id
    if isinstance(event, ContextDeleted):
        return {**value, "deleted": True} if event.highest_id else None
    return value


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
    if schema.metadata:
        value["metadata"] = schema.metadata
    if schema.rule_set:
        value["ruleSet"] = schema.rule_set
    return {**value, "schema": schema.text, "deleted": isinstance(event, VersionSoftDeleted)}


class _SchemaKey(msgspec.Struct, tag="SCHEMA", tag_field="keytype"):
    subject: str
    version: Annotated[Version, INT32]
    magic: Literal[0, 1]


class _ConfigKey(msgspec.Struct, tag="CONFIG", tag_field="keytype"):
    magic: Literal[0]
    subject: str | None = None


class _ModeKey(msgspec.Struct, tag="MODE", tag_field="keytype"):
    magic: Literal[0]
    subject: str | None = None


class _ContextKey(msgspec.Struct, tag="CONTEXT", tag_field="keytype"):
    context: str
    magic: Literal[0]


class _ClearSubjectKey(msgspec.Struct, tag="CLEAR_SUBJECT", tag_field="keytype"):
    subject: str
    magic: Literal[0]


class _DeleteSubjectKey(msgspec.Struct, tag="DELETE_SUBJECT", tag_field="keytype"):
    subject: str
    magic: Literal[0]


class _NoopKey(msgspec.Struct, tag="NOOP", tag_field="keytype"):
    magic: Literal[0]


class _SchemaValue(msgspec.Struct, rename="camel"):
    id: Annotated[SchemaId, msgspec.Meta(ge=0, le=MAX_ID)]
    schema: str
    schema_type: SchemaType = SchemaType.AVRO
    references: tuple[Reference, ...] | None = None
    metadata: Metadata | None = None
    rule_set: RuleSet | None = None
    deleted: bool = False


class _ModeValue(msgspec.Struct):
    mode: Mode


class _ContextValue(msgspec.Struct, rename="camel"):
    highest_id: Int32 = 0
    deleted: bool = False


class _DeleteSubjectValue(msgspec.Struct):
    version: Int32


class _Loose(msgspec.Struct):
    keytype: object = None
    subject: object = None
    id: object = None


V = TypeVar("V", bound=msgspec.Struct)

_Key: TypeAlias = (
    _SchemaKey | _ConfigKey | _ModeKey | _ContextKey | _DeleteSubjectKey | _ClearSubjectKey | _NoopKey
)
_TENANT: Final = "default"
_MAX_VERSION: Final = 2**31 - 1
_KEY: Final = msgspec.json.Decoder(_Key)
_LOOSE: Final = msgspec.json.Decoder(_Loose)
_SCHEMA: Final = msgspec.json.Decoder(_SchemaValue)
_CONFIG: Final = msgspec.json.Decoder(Config)
_MODE: Final = msgspec.json.Decoder(_ModeValue)
_CONTEXT: Final = msgspec.json.Decoder(_ContextValue)
_DELETE_SUBJECT: Final = msgspec.json.Decoder(_DeleteSubjectValue)


def _event(key: _Key, encoded: bytes | None) -> Event | None:
    match key:
        case _SchemaKey():
            return _schema_event(key, encoded)
        case _ConfigKey():
            return _config_event(key, encoded)
        case _ModeKey():
            return _mode_event(key, encoded)
        case _ContextKey():
            return _context_event(key, encoded)
        case _DeleteSubjectKey():
            return _delete_subject_event(key, encoded)
        case _ClearSubjectKey():
            return None if encoded is None else SubjectCleared(normalized(key.subject))
        case _NoopKey():
            return None


def _schema_event(key: _SchemaKey, encoded: bytes | None) -> Event:
    subject = normalized(key.subject)
    if encoded is None:
        return VersionPermanentlyDeleted(subject, key.version)
    value = _read(_SCHEMA, encoded)
    references = value.references or ()
    if references and any(abs(reference.version) > _MAX_VERSION for reference in references):
        raise Undecodable("it refers to a version beyond any number that a version can have")
    schema = Schema(
        value.schema, value.schema_type, references, value.metadata or None, value.rule_set or None
    )
    happened = VersionSoftDeleted if value.deleted else SchemaRegistered
    return happened(subject, key.version, value.id, schema)


def _config_event(key: _ConfigKey, encoded: bytes | None) -> Event:
    scope = scope_of(key.subject or "")
    return ConfigDeleted(scope) if encoded is None else ConfigSet(scope, _read(_CONFIG, encoded))


def _read(decoder: msgspec.json.Decoder[V], encoded: bytes) -> V:
    """The value; Confluent's registry may write out as null what a member does not have."""
    try:
        return decoder.decode(encoded)
    except msgspec.ValidationError:
        return from_wire(encoded, decoder.type, null_is_absent=True)


def _mode_event(key: _ModeKey, encoded: bytes | None) -> Event:
    scope = scope_of(key.subject or "")
    return ModeDeleted(scope) if encoded is None else ModeSet(scope, _MODE.decode(encoded).mode)


def _context_event(key: _ContextKey, encoded: bytes | None) -> Event:
    context = Context(key.context)
    value = _ContextValue(deleted=True) if encoded is None else _CONTEXT.decode(encoded)
    happened = ContextDeleted if value.deleted else ContextSet
    return happened(context, SchemaId(value.highest_id))


def _delete_subject_event(key: _DeleteSubjectKey, encoded: bytes | None) -> Event:
    subject = normalized(key.subject)
    if encoded is None:
        return SubjectPermanentlyDeleted(subject)
    return SubjectSoftDeleted(subject, Version(_DELETE_SUBJECT.decode(encoded).version))
