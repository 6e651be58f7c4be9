"""Everything that a row of records adds up to, and what it was on the way there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from accord.registry.core.contexts import DEFAULT_CONTEXT, Context, context_of
from accord.registry.log.port import Record
from accord.schemas import SchemaId, Subject, fingerprint
from accord.transfer.doctor.entries import Entry, Foreign, Key, Kind, SchemaValue, Unreadable, read


class Number(NamedTuple):
    """A version of a subject."""

    subject: Subject
    version: int

    def __str__(self) -> str:
        return f"version {self.version} of '{self.subject}'"


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
        return IdInContext(context_of(self.number.subject), SchemaId(self.value.id))


@dataclass(frozen=True, slots=True)
class Erased:
    """A version that is gone for good: what it was, and the record that says that it is gone, if one does."""

    stored: Stored
    by: Entry | None


@dataclass(slots=True)
class History:
    """The fold over the records: the last one of a thing counts, however its key is spelled."""

    spellings: dict[Key, dict[bytes, Entry]] = field(default_factory=dict)
    """The first record of each spelling of a key."""
    subjects: dict[Subject, dict[int, Stored]] = field(default_factory=dict)
    erased: dict[Number, Erased] = field(default_factory=dict)
    settings: dict[Key, Entry] = field(default_factory=dict)
    markers: dict[Subject, Entry] = field(default_factory=dict)
    told: dict[IdInContext, dict[bytes, list[Stored]]] = field(default_factory=dict)
    """Every content that an id ever had, in order, and every time that a record said so."""
    highest_ids: dict[Context, int] = field(default_factory=dict)
    """What records say of ids that may be forgotten otherwise."""
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
        return history

    def versions(self) -> Iterator[Stored]:
        """Every version that is left, soft-deleted ones included."""
        return (stored for versions in self.subjects.values() for stored in versions.values())

    def version(self, number: Number) -> Stored | None:
        """One version, soft-deleted or not, if it is left."""
        return self.subjects.get(number.subject, {}).get(number.version)

    def highest_id(self, context: Context) -> int:
        """The highest id ever given in ``context``."""
        told = max((known.id for known in self.told if known.context == context), default=0)
        return max(told, self.highest_ids.get(context, 0))

    def _take(self, entry: Entry) -> None:
        self.spellings.setdefault(entry.key, {}).setdefault(entry.record.key, entry)
        if entry.record.key != entry.key.usual:
            self.unusual.append(entry)
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
            case Kind.CONTEXT:
                context = Context(entry.key.context or "")
                self.highest_ids[context] = max(self.highest_ids.get(context, 0), entry.number)
            case _:
                pass

    def _take_version(self, entry: Entry) -> None:
        number = Number(Subject(entry.key.subject or ""), entry.key.version)
        if entry.value is None:
            self._erase(number, entry)
            return
        stored = Stored(number, entry, entry.value, fingerprint(entry.value.to_schema()), entry.value.deleted)
        self.erased.pop(number, None)
        self.subjects.setdefault(number.subject, {})[number.version] = stored
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
