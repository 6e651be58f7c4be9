"""What a record says, read as leniently as any registry would read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec

from accord.registry.core.contexts import normalized, scope_of
from accord.registry.log import records
from accord.registry.log.port import Record
from accord.schemas import Metadata, Reference, RuleSet, Schema, SchemaType


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


class SchemaValue(msgspec.Struct, frozen=True, rename="camel"):
    """A version as it is stored."""

    id: int
    schema: str
    schema_type: SchemaType = SchemaType.AVRO
    references: tuple[Reference, ...] | None = None
    metadata: Metadata | None = None
    rule_set: RuleSet | None = None
    deleted: bool = False
    md5: Any = None

    def to_schema(self) -> Schema:
        """The schema itself."""
        references = self.references or ()
        return Schema(self.schema, self.schema_type, references, self.metadata or None, self.rule_set or None)

    def as_told(self) -> Schema:
        """The schema with metadata and rules that say nothing, if it was stored so: they count in an MD5."""
        return Schema(self.schema, self.schema_type, self.references or (), self.metadata, self.rule_set)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that could be read. ``place`` counts from 0.

    ``value`` is what a version's record holds; ``number`` is the last version that a subject's deletion is about, or the
    highest id that was ever given in a context.
    """

    place: int
    record: Record
    key: Key
    value: SchemaValue | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that no server reads, and why."""

    place: int
    record: Record
    reason: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A record of a kind that is not known here."""

    place: int
    record: Record
    kind: str


def read(place: int, record: Record) -> Entry | Foreign | Unreadable:
    """What the record at ``place`` says."""
    try:
        raw = _RAW_KEY.decode(record.key)
        kind = _KINDS.get(raw.keytype)
        if kind is None:
            return Foreign(place, record, raw.keytype)
        # What this project's own server reads is what counts.
        records.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Unreadable(place, record, f"no record of the registry: {error}")
    except records.Undecodable as error:
        return Unreadable(place, record, error.message)
    return _entry(place, record, _key(kind, raw))


def version_words(subject: str, version: int) -> str:
    """A version, for people."""
    return f"version {version} of '{subject}'"


class _RawKey(msgspec.Struct):
    keytype: str
    magic: int = 0
    subject: str | None = None
    version: int | None = None
    context: str | None = None
    tenant: str | None = None


class _Deletion(msgspec.Struct):
    version: int


class _Context(msgspec.Struct, rename="camel"):
    highest_id: int = 0


_KINDS: Final[dict[str, Kind]] = {kind.value: kind for kind in Kind}
_RAW_KEY: Final = msgspec.json.Decoder(_RawKey)
_SCHEMA: Final = msgspec.json.Decoder(SchemaValue)
_DELETION: Final = msgspec.json.Decoder(_Deletion)
_CONTEXT: Final = msgspec.json.Decoder(_Context)


def _key(kind: Kind, raw: _RawKey) -> Key:
    match kind:
        case Kind.SCHEMA:
            return Key(kind, normalized(raw.subject or ""), raw.version or 0)
        case Kind.DELETE_SUBJECT | Kind.CLEAR_SUBJECT:
            return Key(kind, normalized(raw.subject or ""))
        case Kind.CONFIG | Kind.MODE:
            return Key(kind, scope_of(raw.subject or ""))
        case Kind.CONTEXT:
            return Key(kind, context=raw.context, tenant=raw.tenant)
        case Kind.NOOP:
            return Key(kind)


def _entry(place: int, record: Record, key: Key) -> Entry:
    if record.value is None:
        return Entry(place, record, key)
    if key.kind is Kind.SCHEMA:
        return Entry(place, record, key, value=_SCHEMA.decode(record.value))
    if key.kind is Kind.DELETE_SUBJECT:
        return Entry(place, record, key, number=_DELETION.decode(record.value).version)
    if key.kind is Kind.CONTEXT:
        return Entry(place, record, key, number=_CONTEXT.decode(record.value).highest_id)
    return Entry(place, record, key)
