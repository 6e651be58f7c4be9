"""Everything that a row of records adds up to, and what it was on the way there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from accord.registry.core.contexts import DEFAULT_CONTEXT, Context, context_of
from accord.registry.core.errors import IdHeld
from accord.registry.core.state import RegistryState
from accord.registry.log import records as log_records
from accord.registry.log.port import Record
from accord.schemas import SchemaId, Subject, Version, fingerprint
from accord.transfer.doctor.entries import Entry, Foreign, Key, Kind, SchemaValue, Unreadable, read
from accord.transfer.words import version_words


class Number(NamedTuple):
    """A version of a subject."""

    subject: Subject
    version: Version

    def __str__(self) -> str:
        return version_words(self.subject, self.version)


class IdInContext(NamedTuple):
    """An id means something within its context only."""

    context: Context
    id: SchemaId

    @property
    def place(self) -> str:
        """The context, for people."""
        return "the default context" if self.context == DEFAULT_CONTEXT else f"the context '{self.context}'"


@dataclass(frozen=True, slots=True)
class Stored:
    """A version as it stands: what was last said of it, and whether it is soft-deleted."""

    number: Number
    entry: Entry
    value: SchemaValue
    identity: bytes
    deleted: bool

    @property
    def id(self) -> IdInContext:
        """Its id."""
        return IdInContext(context_of(self.number.subject), self.value.id)


@dataclass(frozen=True, slots=True)
class Erased:
    """A version that is gone for good: what it was, and the record that says that it is gone, if one does."""

    stored: Stored
    by: Entry | None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A version that no server takes, because ``first`` had its id with another content when it was read."""

    stored: Stored
    first: Number


@dataclass(slots=True)
class History:
    """The fold over the records: the last one of a thing counts, however its key is spelled.

    ``state`` is what a server knows that has read them: what it passes over is passed over here.
    """

    state: RegistryState = field(default_factory=RegistryState)
    spellings: dict[Key, dict[bytes, Entry]] = field(default_factory=dict)
    """The first record of each spelling of a key."""
    subjects: dict[Subject, dict[int, Stored]] = field(default_factory=dict)
    erased: dict[Number, Erased] = field(default_factory=dict)
    settings: dict[Key, Entry] = field(default_factory=dict)
    markers: dict[Subject, Entry] = field(default_factory=dict)
    told: dict[IdInContext, dict[bytes, list[Stored]]] = field(default_factory=dict)
    """Every content that an id ever had, in order, and every time that a record said so."""
    passed_over: list[PassedOver] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    foreign: list[Foreign] = field(default_factory=list)
    unusual: list[Entry] = field(default_factory=list)
    """Records whose key is not spelled as servers spell it now."""

    @classmethod
    def of(cls, records: Iterable[Record]) -> "History":
        """The history that the records tell."""
        history = cls()
        for place, record in enumerate(records):
            match read(place, record):
                case Entry() as entry:
                    history._take(entry)
                case Foreign() as foreign:
                    history.foreign.append(foreign)
                case Unreadable() as unreadable:
                    history.unreadable.append(unreadable)
                    history._remember_id(record)
        return history

    def versions(self) -> Iterator[Stored]:
        """Every version that is left, soft-deleted ones included."""
        return (stored for versions in self.subjects.values() for stored in versions.values())

    def version(self, number: Number) -> Stored | None:
        """One version, soft-deleted or not, if it is left."""
        return self.subjects.get(number.subject, {}).get(number.version)

    def highest_id(self, context: Context) -> int:
        """The highest id ever given in ``context``."""
        ids = self.state.id_spaces.get(context)
        return 0 if ids is None else ids.highest

    def _take(self, entry: Entry) -> None:
        self.spellings.setdefault(entry.key, {}).setdefault(entry.record.key, entry)
        if entry.record.key != entry.key.usual:
            self.unusual.append(entry)
        if not self._is_taken(entry):
            return
        match entry.key.kind:
            case Kind.SCHEMA:
                self._take_version(entry)
            case Kind.DELETE_SUBJECT:
                self._take_marker(entry)
            case Kind.CLEAR_SUBJECT if entry.record.value is not None:
                self._clear(Subject(entry.key.subject or ""))
            case Kind.CONFIG | Kind.MODE if entry.record.value is not None:
                self.settings[entry.key] = entry
            case Kind.CONFIG | Kind.MODE:
                self.settings.pop(entry.key, None)
            case _:
                pass

    def _is_taken(self, entry: Entry) -> bool:
        """Whether a server takes the record; if not, that is noted."""
        if entry.event is None:
            return True
        try:
            self.state.apply(entry.event, entry.record.timestamp_ms)
        except IdHeld:
            self._pass_over(entry)
            return False
        return True

    def _pass_over(self, entry: Entry) -> None:
        stored = _stored(entry)
        holder = None if stored is None else self.state.ids(stored.number.subject).shown(stored.value.id)
        if stored is not None and holder is not None:
            self.passed_over.append(PassedOver(stored, Number(holder.subject, holder.version)))

    def _remember_id(self, record: Record) -> None:
        given = log_records.id_given(record)
        if given is not None:
            self.state.apply(given, record.timestamp_ms)

    def _take_version(self, entry: Entry) -> None:
        stored = _stored(entry)
        if stored is None:
            self._erase(_number(entry), entry)
            return
        self.erased.pop(stored.number, None)
        self.subjects.setdefault(stored.number.subject, {})[stored.number.version] = stored
        self.told.setdefault(stored.id, {}).setdefault(stored.identity, []).append(stored)

    def _take_marker(self, entry: Entry) -> None:
        subject = Subject(entry.key.subject or "")
        if entry.record.value is None:
            self.markers.pop(subject, None)
            return
        self.markers[subject] = entry
        versions = self.subjects.get(subject, {})
        for version, stored in versions.items():
            if version <= entry.number:
                versions[version] = replace(stored, deleted=True)

    def _clear(self, subject: Subject) -> None:
        hidden = [stored.number for stored in self.subjects.get(subject, {}).values() if stored.deleted]
        for number in hidden:
            self._erase(number, None)

    def _erase(self, number: Number, by: Entry | None) -> None:
        versions = self.subjects.get(number.subject, {})
        gone = versions.pop(number.version, None)
        if gone is None:
            return
        self.erased[number] = Erased(gone, by)
        if not versions:
            del self.subjects[number.subject]


def _number(entry: Entry) -> Number:
    return Number(Subject(entry.key.subject or ""), Version(entry.key.version))


def _stored(entry: Entry) -> Stored | None:
    if entry.value is None:
        return None
    identity = fingerprint(entry.value.schema)
    return Stored(_number(entry), entry, entry.value, identity, entry.value.deleted)
