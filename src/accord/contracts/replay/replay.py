"""Real records of a topic, read once with the schema they were written with, and once as the candidate."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from accord.client import NotFound, Registry, RegistryRefused
from accord.codecs import Codec, InvalidData, codec_for, framing
from accord.codecs.spelling import spelling_for
from accord.contracts.check.sameness import title_of
from accord.contracts.model import Project, SchemaFile
from accord.contracts.replay.result import ChangedValue, Failure, Place, ReplayResult, SchemaReplay
from accord.contracts.replay.sampling import Sample
from accord.errors import AccordError, ConfigurationError
from accord.kafka import RawRecord
from accord.schemas import InvalidSchema, ParsedSchema, SchemaGuid, SchemaId, Subject, parse

WINDOW: Final = 10
"""How many times as many records are looked at as are decoded, so that rare schemas are met."""

Named: TypeAlias = SchemaId | SchemaGuid
Read: TypeAlias = Callable[[bytes, int], Any]


def candidates_for(project: Project, topic: str) -> Sequence[SchemaFile]:
    """The schemas of the project that records of ``topic`` may have. Raises ConfigurationError where there is none."""
    found = [event.schema for one in project.contracts if one.topic == topic for event in one.events]
    bare = project.schemas.get(Subject(f"{topic}-value"))
    if not found and bare is not None:
        found.append(bare)
    if not found:
        raise ConfigurationError(
            f"no contract is about the topic '{topic}', and no schema has the subject '{topic}-value'",
            hint="name the topic of one of the project's contracts",
        )
    return found


def replay(
    records: Iterable[RawRecord | None],
    topic: str,
    candidates: Sequence[SchemaFile],
    registry: Registry,
    *,
    last: int,
    progress: Callable[[int], object] = lambda _: None,
) -> ReplayResult:
    """Decode ``last`` of ``records``, a share of every schema that they name, and tell what the candidates make of them.

    ``progress`` is told how many records were looked at. A record is told and never raised about. Raises RegistryError
    where the registry is away.
    """
    sample, tombstones, nameless = Sample[Named, RawRecord](last), 0, []
    for record in records:
        if record is None:
            continue
        if record.value is None:
            tombstones += 1
            continue
        try:
            sample.add(_named_by(record), record)
        except InvalidData as error:
            nameless.append((_place(record), error.message))
        progress(sample.added + tombstones + len(nameless))
    readers = _Readers(topic, candidates, registry)
    schemas = tuple(readers.replayed(named, chosen) for named, chosen in sample.chosen().items())
    seen = sample.added + tombstones + len(nameless)
    return ReplayResult(topic, seen, tombstones, schemas, tuple(nameless))


@dataclass(frozen=True, slots=True)
class _Readers:
    topic: str
    candidates: Sequence[SchemaFile]
    registry: Registry
    _today: dict[Subject, ParsedSchema | None] = field(default_factory=dict)

    def replayed(self, named: Named, records: Sequence[RawRecord]) -> SchemaReplay:
        """What came of the records that name one schema."""
        try:
            writer = self._writer(named)
        except (NotFound, RegistryRefused, InvalidSchema) as error:
            result = SchemaReplay(_words(named), self.candidates[0], len(records))
            result.poison += [(_place(record), error.message) for record in records]
            return result
        file = self._candidate(writer)
        result = SchemaReplay(self._name(named), file, len(records))
        own, today, candidate = self._reads(writer, file)
        for record in records:
            _look(record, result, own, today, candidate)
        return result

    def _writer(self, named: Named) -> ParsedSchema:
        if isinstance(named, str):
            schema = self.registry.schema_by_guid(named, patient=False)
        else:
            schema = self.registry.schema_by_id(named, patient=False)
        referenced = self.registry.referenced_by(schema) if schema.references else {}
        return parse(schema, referenced=referenced, strict=False)

    def _candidate(self, writer: ParsedSchema) -> SchemaFile:
        """Of several kinds of events the one that is called what the writer's is."""
        same = [file for file in self.candidates if title_of(file.parsed) == title_of(writer)]
        return (same or list(self.candidates))[0]

    def _reads(self, writer: ParsedSchema, file: SchemaFile) -> tuple[Read, Read | None, Read]:
        newest = self._newest(file.subject)
        return (
            _reader(writer, None),
            None if newest is None else _reader(writer, newest),
            _reader(writer, file.parsed),
        )

    def _newest(self, subject: Subject) -> ParsedSchema | None:
        """What readers have today: the newest version that is registered."""
        if subject not in self._today:
            try:
                found = self.registry.latest(subject)
                schema = found.schema
                referenced = self.registry.referenced_by(schema, subject=subject) if schema.references else {}
                self._today[subject] = parse(schema, referenced=referenced, strict=False)
            except NotFound:
                self._today[subject] = None
        return self._today[subject]

    def _name(self, named: Named) -> str:
        if isinstance(named, str):
            return _words(named)
        try:
            places = self.registry.places(named)
        except NotFound:
            places = []
        mine = max(places, key=lambda one: (one.subject.startswith(self.topic), one.version), default=None)
        return _words(named) + (f" ({mine.subject} version {mine.version})" if mine else "")


def _look(record: RawRecord, result: SchemaReplay, own: Read, today: Read | None, candidate: Read) -> None:
    data, start = _body(record)
    place = _place(record)
    try:
        own(data, start)
    except _Unread as unread:
        result.poison.append((place, unread.reason))
        return
    now = None if today is None else _tried(today, data, start)
    try:
        value = candidate(data, start)
    except _Unread as unread:
        is_new = not isinstance(now, _Unread)
        result.failures.append(Failure(place, unread.path, unread.reason, is_new))
        return
    if now is not None and not isinstance(now, _Unread):
        result.changed += _differences(place, now, value, "")


class _Unread(Exception):
    """A record that was not read. Seen only in here."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path


def _tried(read: Read, data: bytes, start: int) -> Any:  # noqa: ANN401 -- a value as JSON, or why there is none
    try:
        return read(data, start)
    except _Unread as unread:
        return unread


def _reader(writer: ParsedSchema, reader: ParsedSchema | None) -> Read:
    """Reads a record into JSON; raises _Unread, also where no record can be read at all."""
    try:
        codec: Codec[Any] = codec_for(writer, reader=reader)
        read = reader or writer
        spell = spelling_for(read, codec_for(read)).spell
    except AccordError as error:
        reason, path = error.message, error.path if isinstance(error, InvalidData) else ""

        def refuse(_data: bytes, _start: int) -> Any:  # noqa: ANN401 -- it never returns
            raise _Unread(reason, path)

        return refuse

    def decode(data: bytes, start: int) -> Any:  # noqa: ANN401 -- a value as JSON
        try:
            return spell(codec.decode_indexed(data, start))
        except AccordError as error:
            raise _Unread(error.message, error.path if isinstance(error, InvalidData) else "") from error

    return decode


def _differences(place: Place, today: object, candidate: object, path: str) -> Iterator[ChangedValue]:
    """The fields that both have and that are not the same; in lists of one length item by item."""
    if isinstance(today, dict) and isinstance(candidate, dict):
        for name, value in today.items():
            if name in candidate:
                yield from _differences(place, value, candidate[name], f"{path}.{name}".removeprefix("."))
    elif isinstance(today, list) and isinstance(candidate, list) and len(today) == len(candidate):
        for one, other in zip(today, candidate, strict=True):
            yield from _differences(place, one, other, path)
    elif _spelled(today) != _spelled(candidate):
        yield ChangedValue(place, path, today, candidate)


def _spelled(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _named_by(record: RawRecord) -> Named:
    """The schema that a record names. Raises InvalidData."""
    header = dict(record.headers).get(framing.VALUE_HEADER)
    if header is not None:
        return framing.split_header(header).guid
    return framing.schema_id_of(record.value or b"")


def _body(record: RawRecord) -> tuple[bytes, int]:
    """What ``decode_indexed`` takes."""
    value = record.value or b""
    header = dict(record.headers).get(framing.VALUE_HEADER)
    if header is None:
        return value, framing.PREFIX_LENGTH
    indexes = framing.split_header(header).indexes
    return (framing.indexed(indexes, value), 0) if indexes else (value, 0)


def _place(record: RawRecord) -> Place:
    return Place(record.partition, record.offset)


def _words(named: Named) -> str:
    return f"schema {named}" if isinstance(named, str) else f"schema id {named}"
