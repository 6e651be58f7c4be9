"""What is read from Kafka and from files: the prefix of a record, and the registry's log."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import msgspec

from accord.codecs import framing
from accord.codecs.errors import InvalidFrame
from accord.registry.core.config import Config
from accord.registry.core.contexts import Context, scope_of
from accord.registry.core.errors import IdHeld
from accord.registry.core.events import (
    ConfigDeleted,
    ConfigSet,
    ContextSet,
    Event,
    ModeSet,
    SchemaRegistered,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.modes import Mode
from accord.registry.core.state import RegistryState
from accord.registry.log import lines, records
from accord.registry.log.port import Record
from accord.schemas import Metadata, Reference, Schema, SchemaId, SchemaType, Subject, Version
from fuzz.mutations import mixed, mutated_bytes, mutated_json, mutated_text
from fuzz.target import Target, Wrong

_AT_MS: Final = 1_700_000_000_000
_BYTES: Final = mixed((1, mutated_bytes))
_LINES: Final = mixed((5, mutated_text), (2, mutated_bytes))
_RECORD: Final = mixed((6, mutated_json), (3, mutated_text), (2, mutated_bytes))


def frame(data: bytes) -> None:
    """Take the prefix and the message indexes off, and put them back."""
    taken = framing.split(data)
    if framing.prefixed(taken.schema_id, taken.body) != data:
        raise Wrong("another prefix was put back than was taken off")
    inner = framing.split_indexes(taken.body)
    if framing.split_indexes(framing.indexed(inner.indexes, inner.data)) != inner:
        raise Wrong("other message indexes were put back than were taken off")


def record(data: bytes) -> None:
    """One record: its key, a line feed, its value; without a line feed the value is null."""
    key, feed, value = data.partition(b"\n")
    given = Record(key, value if feed else None, _AT_MS)
    if lines.record_of(lines.record_line(given)) != given:
        raise Wrong("the line of a record is that of another")
    records.id_given(given)
    event = records.decode(given)
    if event is None:
        return
    again = records.decode(records.encode(event, _AT_MS))
    if again != event:
        raise Wrong(f"{event} came back as {again}")
    _applied(RegistryState(), event)


def dump(data: bytes) -> None:
    """A log as lines, each read and applied, as at the start of a registry."""
    state = RegistryState()
    for line in data.splitlines():
        try:
            event = records.decode(lines.record_of(line))
        except (msgspec.DecodeError, ValueError, records.Undecodable):
            continue
        if event is not None:
            _applied(state, event)


def _applied(state: RegistryState, event: Event) -> None:
    try:
        state.apply(event, _AT_MS)
    except IdHeld:
        return


@cache
def _frames() -> Sequence[bytes]:
    bodies = (b"", b"\x02", framing.indexed((0,), b"x"), framing.indexed((3, 1, 2), b"abc"))
    return tuple(framing.prefixed(schema_id, body) for schema_id in (1, 2**31 - 1, -1) for body in bodies)


@cache
def _events() -> Sequence[Event]:
    orders, geo = Subject("orders-value"), Subject(":.eu:geo")
    schema = Schema('"string"', metadata=Metadata(properties={"owner": "sales"}))
    referring = Schema('{"$ref": "geo.json"}', SchemaType.JSON, (Reference("geo.json", geo, Version(1)),))
    return (
        SchemaRegistered(orders, Version(1), SchemaId(1), schema),
        SchemaRegistered(geo, Version(1), SchemaId(2), Schema("{}", SchemaType.JSON)),
        SchemaRegistered(geo, Version(2), SchemaId(3), referring),
        VersionSoftDeleted(orders, Version(1), SchemaId(1), schema),
        VersionPermanentlyDeleted(orders, Version(1)),
        SubjectSoftDeleted(geo, Version(2)),
        ConfigSet(scope_of(geo), Config(alias="orders-value")),
        ConfigDeleted(None),
        ModeSet(None, Mode.IMPORT),
        ContextSet(Context(".eu"), SchemaId(900)),
    )


@cache
def _records() -> Sequence[bytes]:
    encoded = [records.encode(event, _AT_MS) for event in _events()]
    return tuple(one.key if one.value is None else b"\n".join((one.key, one.value)) for one in encoded)


@cache
def _dumps() -> Sequence[bytes]:
    told = [lines.record_line(records.encode(event, _AT_MS)) for event in _events()]
    return (b"".join(told), b"".join(reversed(told)), *told)


TARGETS: Final = (
    Target("framing", frame, _frames, _BYTES, (InvalidFrame,)),
    Target("record", record, _records, _RECORD, (records.Undecodable,)),
    Target("log", dump, _dumps, _LINES),
)
