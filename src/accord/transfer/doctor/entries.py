"""What a record says, read as leniently as any registry would read it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import msgspec

from accord.registry.core.contexts import normalized, scope_of
from accord.registry.core.events import (
    ContextDeleted,
    ContextSet,
    Event,
    SchemaRegistered,
    SubjectSoftDeleted,
    VersionSoftDeleted,
)
from accord.registry.log import records
from accord.registry.log.port import Record
from accord.schemas import Metadata, RuleSet, Schema, SchemaId
from accord.transfer.words import version_words


class Kind(StrEnum):
    """What a record is about, as its key spells it."""

    SCHEMA = "SCHEMA"
    CONFIG = "CONFIG"
    MODE = "MODE"
    DELETE_SUBJECT = "DELETE_SUBJECT"
    CLEAR_SUBJECT = "CLEAR_SUBJECT"
    CONTEXT = "CONTEXT"
    NOOP = "NOOP"


@dataclass(frozen=True, slots=True)
class Key:
    """A key, whatever the order of its members; two that are equal mean the same."""

    kind: Kind
    subject: str | None = None
    version: int = 0
    context: str | None = None
    tenant: str | None = None

    @property
    def usual(self) -> bytes:
        """The bytes that servers write now."""
        return msgspec.json.encode({name: value for name, value in self._members() if value is not None})

    @property
    def words(self) -> str:
        """What it stands for, for people."""
        match self.kind:
            case Kind.SCHEMA:
                return version_words(self.subject or "", self.version)
            case Kind.CONFIG | Kind.MODE:
                return f"the {SETTINGS[self.kind]} of " + (
                    "all" if self.subject is None else f"'{self.subject}'"
                )
            case Kind.DELETE_SUBJECT | Kind.CLEAR_SUBJECT:
                return f"the deletion of '{self.subject}'"
            case Kind.CONTEXT:
                return f"the context '{self.context}'"
            case Kind.NOOP:
                return "the record that says nothing"

    def _members(self) -> Sequence[tuple[str, object]]:
        if self.kind is Kind.SCHEMA:
            return (
                ("keytype", self.kind),
                ("subject", self.subject),
                ("version", self.version),
                ("magic", 1),
            )
        return (
            ("keytype", self.kind),
            ("subject", self.subject),
            ("tenant", self.tenant),
            ("context", self.context),
            ("magic", 0),
        )


SETTINGS: Final = {Kind.CONFIG: "configuration", Kind.MODE: "mode"}


@dataclass(frozen=True, slots=True)
class SchemaValue:
    """A version as it is stored.

    ``as_told`` has metadata and rules that say nothing if it was stored so: they count in an MD5.
    """

    id: SchemaId
    schema: Schema
    as_told: Schema
    deleted: bool
    md5: object


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that could be read. ``place`` counts from 0.

    ``event`` is what it says, None where that is nothing; ``value`` is what a version's record holds.
    """

    place: int
    record: Record
    key: Key
    event: Event | None
    value: SchemaValue | None = None

    @property
    def number(self) -> int:
        """The last version that a subject's deletion is about, or the highest id that was ever given in a context."""
        match self.event:
            case SubjectSoftDeleted(up_to=up_to):
                return up_to
            case ContextSet(highest_id=highest_id) | ContextDeleted(highest_id=highest_id):
                return highest_id
            case _:
                return 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that no server reads, and why; it may be JSON all the same, and another registry's."""

    place: int
    record: Record
    reason: str

    @property
    def is_json(self) -> bool:
        """Whether key and value are JSON."""
        return _is_json(self.record.key) and (self.record.value is None or _is_json(self.record.value))


@dataclass(frozen=True, slots=True)
class Foreign:
    """A record of a kind that is not known here."""

    place: int
    record: Record
    kind: str


def read(place: int, record: Record) -> Entry | Foreign | Unreadable:
    """What the record at ``place`` says; what this project's own server reads is what counts."""
    try:
        raw = _RAW_KEY.decode(record.key)
        if isinstance(raw.keytype, str) and raw.keytype not in _KINDS:
            return Foreign(place, record, raw.keytype)
        event = records.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Unreadable(place, record, f"no record of the registry: {error}")
    except records.Undecodable as error:
        return Unreadable(place, record, error.message)
    key = _key(_KINDS[str(raw.keytype)], raw)
    return Entry(place, record, key, event, _value(event, record.value))


class _RawKey(msgspec.Struct):
    """The members of a key, whatever they are: whether they fit is for the server to say."""

    keytype: object = None
    subject: object = None
    version: object = None
    context: object = None
    tenant: object = None


class _RawValue(msgspec.Struct, rename="camel"):
    md5: object = None
    metadata: object = None
    rule_set: object = None


_KINDS: Final[dict[str, Kind]] = {kind.value: kind for kind in Kind}
_RAW_KEY: Final = msgspec.json.Decoder(_RawKey)
_RAW_VALUE: Final = msgspec.json.Decoder(_RawValue)


def _key(kind: Kind, raw: _RawKey) -> Key:
    subject = _text(raw.subject) or ""
    match kind:
        case Kind.SCHEMA:
            return Key(kind, normalized(subject), raw.version if isinstance(raw.version, int) else 0)
        case Kind.DELETE_SUBJECT | Kind.CLEAR_SUBJECT:
            return Key(kind, normalized(subject))
        case Kind.CONFIG | Kind.MODE:
            return Key(kind, scope_of(subject))
        case Kind.CONTEXT:
            return Key(kind, context=_text(raw.context), tenant=_text(raw.tenant))
        case Kind.NOOP:
            return Key(kind)


def _text(member: object) -> str | None:
    return member if isinstance(member, str) else None


def _value(event: Event | None, encoded: bytes | None) -> SchemaValue | None:
    if encoded is None or not isinstance(event, (SchemaRegistered, VersionSoftDeleted)):
        return None
    schema, raw = event.schema, _RAW_VALUE.decode(encoded)
    as_told = replace(
        schema,
        metadata=schema.metadata or (None if raw.metadata is None else Metadata()),
        rule_set=schema.rule_set or (None if raw.rule_set is None else RuleSet()),
    )
    return SchemaValue(event.schema_id, schema, as_told, isinstance(event, VersionSoftDeleted), raw.md5)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content.decode())
    except ValueError:
        return False
    except RecursionError:
        return True
    return True
