"""What the registry calls compatible, and what still comes out otherwise than it went in, or may do so one day."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.comparison.verdict import differences
from accord.schemas.protobuf.evolution.enum_warnings import enum_warnings
from accord.schemas.protobuf.evolution.field_warnings import about_field, field_warnings
from accord.schemas.protobuf.evolution.history import history_warnings
from accord.schemas.protobuf.evolution.memory import Memory
from accord.schemas.protobuf.evolution.pairs import Pair, meeting
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.protobuf.model import Field, Group, OneOf
from accord.schemas.protobuf.resolution import scope_of, within
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.sentences import listed_shortly

_MOVED: Final = Memory[tuple[str, str]]()
_UNFOLLOWED: Final = "the messages meet so many others that it was not looked into whether they fit"


def pair_warnings(
    reader: ProtobufSchema, writer: ProtobufSchema, *, is_reader_new: bool = True
) -> Iterator[ProtobufDifference]:
    """One for each place where ``reader`` takes what ``writer`` writes for something else, or somebody soon will.

    What stands against the two anyway is not told again, and what was reserved only where ``is_reader_new``.
    """
    told = frozenset(_told_by(differences(reader, writer)))
    mine, theirs = reader.slots, writer.slots
    pairs = [*meeting(mine, theirs, told)]
    for pair in pairs:
        yield from _of_messages(pair)
    yield from enum_warnings(pairs, mine, theirs)
    if is_reader_new:
        yield from history_warnings(pairs, mine, theirs)
    yield from _moved_messages(reader, writer)


def _told_by(found: Iterable[ProtobufDifference]) -> Iterator[tuple[int, int | str]]:
    for one in found:
        for around, node in ((one.reader_message, one.reader), (one.writer_message, one.writer)):
            if isinstance(node, Field | Group):
                yield id(around), node.tag
            elif isinstance(node, OneOf):
                yield id(around), node.name


def _of_messages(pair: Pair) -> Iterator[ProtobufDifference]:
    if pair.is_same and not pair.unfollowed:
        return
    for mine, theirs in pair.changed:
        if not pair.is_told(mine.number):
            yield from field_warnings(pair, mine, theirs)
    for mine, theirs in pair.unfollowed:
        facts = {"writer_type": theirs.words, "reader_type": mine.words, "effect": _UNFOLLOWED}
        yield about_field(rules.FIELD_MISREAD, mine, theirs, facts)
    yield from _moved_fields(pair)
    for mine in pair.reader.required:
        if mine.number not in pair.theirs and not pair.is_told(mine.number):
            yield about_field(rules.FIELD_BECAME_REQUIRED, mine, None, {})
    yield from _together(pair)


def _moved_fields(pair: Pair) -> Iterator[ProtobufDifference]:
    """Of fields that have another number now, where nobody else took the old one."""
    by_name = pair.reader.by_name
    for theirs in pair.gone:
        mine = by_name.get(theirs.name)
        if mine is not None and mine.number not in pair.theirs and not pair.is_told(mine.number):
            yield from _MOVED.of((mine.content, theirs.content), _moved, mine, theirs)


def _moved(mine: Slot, theirs: Slot) -> Iterator[ProtobufDifference]:
    facts = {"field": mine.name, "reader_number": str(mine.number), "writer_number": str(theirs.number)}
    yield about_field(rules.FIELD_NUMBER_CHANGED, mine, theirs, facts)


def _together(pair: Pair) -> Iterator[ProtobufDifference]:
    """Of fields that are in one oneof, and can be set together by the writer."""
    theirs = pair.writer.homes
    for oneof, slots in pair.reader.oneofs.items():
        homes = {theirs[slot.number] for slot in slots if slot.number in theirs}
        if len(homes) <= 1 or pair.is_told(oneof):
            continue
        written = [pair.theirs[slot.number].name for slot in slots if slot.number in theirs]
        yield ProtobufDifference(
            rules.ONEOF_VALUES_LOST,
            "",
            within(pair.reader.name, oneof) if slots[0].is_own else None,
            pair.writer.place,
            {
                "where": f"`{oneof}` of `{slots[0].owner}`",
                "fields": listed_shortly([f"`{name}`" for name in written]),
            },
            reader=slots[0].oneof,
        )


def _moved_messages(reader: ProtobufSchema, writer: ProtobufSchema) -> Iterator[ProtobufDifference]:
    there, earlier = reader.local_indexes, writer.local_indexes
    if there == earlier:
        return
    moved = [(local, was) for local, was in earlier.items() if there.get(local, was) != was]
    if not moved:
        return
    at = {indexes: local for local, indexes in there.items()}
    words = [
        f"`{local}` at {_path(there[local])} instead of {_path(was)} "
        + (f"(where `{at[was]}` is)" if was in at else "(where nothing is)")
        for local, was in moved
    ]
    # The same one from either side.
    first = min(moved)[0]
    yield ProtobufDifference(
        rules.MESSAGE_INDEX_MOVED,
        "",
        within(scope_of(reader.file), first),
        within(scope_of(writer.file), first),
        {"moved": listed_shortly(words)},
    )


def _path(indexes: Sequence[int]) -> str:
    return "/".join(map(str, indexes))
