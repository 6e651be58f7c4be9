"""Where something stands in a Protobuf schema, and what a difference does, in words that a developer would use."""

from collections.abc import Iterator, Mapping
from typing import Final

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import Declaration, ProtobufDifference
from accord.schemas.protobuf.evolution.field_warnings import PARTS, readings_of
from accord.schemas.protobuf.evolution.pairs import meeting_within
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.protobuf.model import Enum, Field, Group, Message
from accord.schemas.protobuf.resolution import Defined
from accord.schemas.protobuf.schema import ProtobufSchema, latest_comparison

_NOT_THE_SAME: Final = "the one is not the other"
_LOST: Final = "the value is set aside as unknown, and the oneof seems to be empty"
_ON_ITS_OWN: Final = "the value is read as that of a field of its own, and the oneof seems to be empty"
_ELSEWHERE: Final = "the value is read into the oneof `{oneof}`, and this one seems to be empty"


def facts_of(
    difference: ProtobufDifference, reader: ProtobufSchema, writer: ProtobufSchema
) -> Mapping[str, str]:
    """The facts of the difference; of what the registry refuses also ``where`` it is, and its ``effect``."""
    if not difference.rule.error_types:
        return difference.facts
    if difference.rule is rules.PACKAGE_CHANGED:
        return {name: _package(package) for name, package in difference.facts.items()}
    name = difference.facts.get("field") or difference.facts.get("oneof", "")
    owner = reader.slots.local(difference.facts.get("message", ""))
    # What a file says twice may leave no field to be found; the words are there all the same.
    known = {"where": f"`{name}` of `{owner}`", "effect": _NOT_THE_SAME, **difference.facts}
    return {**known, **dict(_facts(difference, reader, writer))}


def place_in(schema: ProtobufSchema, difference: ProtobufDifference, *, is_reader: bool) -> str:
    """Where in ``schema`` the difference is, a full name, or in words what of a referenced schema it is about."""
    place = difference.reader_place if is_reader else difference.writer_place
    if place is not None:
        return place
    slot = reader_slot(difference, schema) if is_reader else writer_slot(difference, schema)
    return difference.facts.get("where", "") if slot is None else slot.place


def sides_of(
    difference: ProtobufDifference, reader: ProtobufSchema, writer: ProtobufSchema
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Place and fragment of both sides; where nothing stands on one, the fragment is empty."""
    return (
        _side(reader, difference.reader_place, is_there=difference.reader is not None),
        _side(writer, difference.writer_place, is_there=difference.writer is not None),
    )


def reader_slot(difference: ProtobufDifference, reader: ProtobufSchema) -> Slot | None:
    """The field of the reader that the difference is about."""
    return _slot(reader, difference.reader_message, difference.reader)


def writer_slot(difference: ProtobufDifference, writer: ProtobufSchema) -> Slot | None:
    """The field of the writer that the difference is about."""
    return _slot(writer, difference.writer_message, difference.writer)


def _facts(
    difference: ProtobufDifference, reader: ProtobufSchema, writer: ProtobufSchema
) -> Iterator[tuple[str, str]]:
    mine, theirs = reader_slot(difference, reader), writer_slot(difference, writer)
    slot = mine or theirs
    if slot is not None:
        yield "where", slot.where()
    if mine is not None and theirs is not None:
        yield from _of_types(mine, theirs, reader, writer)
    elif difference.rule is rules.ONEOF_FIELD_REMOVED and theirs is not None:
        yield "effect", _of_leaving(theirs, difference, reader)


def _of_types(
    mine: Slot, theirs: Slot, reader: ProtobufSchema, writer: ProtobufSchema
) -> Iterator[tuple[str, str]]:
    is_namesake = mine.words == theirs.words and mine.type is not None
    yield "reader_type", f"another {mine.words}" if is_namesake else mine.words
    yield "writer_type", theirs.words
    of_parts = {part: [reading.effect for reading in readings_of(part, mine, theirs)] for part in PARTS}
    told = {part: effects for part, effects in of_parts.items() if effects}
    if len(told) == 1:
        yield "where", mine.where(next(iter(told)))
    named = len(told) > 1
    effects = [f"of the {part}, {one}" if named else one for part, ones in told.items() for one in ones]
    effects += _of_messages(mine, theirs, reader, writer)
    yield "effect", "; ".join(effects) or _of_labels(mine, theirs)


def _of_messages(mine: Slot, theirs: Slot, reader: ProtobufSchema, writer: ProtobufSchema) -> Iterator[str]:
    """Of two messages that are taken for each other, or of one whose definition changed."""
    if mine.type is None or theirs.type is None or mine.is_map != theirs.is_map:
        return
    if isinstance(mine.type.node, Enum) or isinstance(theirs.type.node, Enum):
        return
    if _is_kept(mine.type, theirs.type, reader, writer):
        yield "nothing is misread, for both have the same fields, but whoever goes by names does not find the type"
    elif mine.type.name == theirs.type.name:
        yield "fields of the one are missing in the other, or of another type"
    else:
        yield "fields with the same number are taken for each other"


def _is_kept(mine: Defined, theirs: Defined, reader: ProtobufSchema, writer: ProtobufSchema) -> bool:
    """Whether the message ``mine`` has all that ``theirs`` has, and what is in it, too."""
    latest, key = latest_comparison(reader, writer), (mine.name, theirs.name)
    known = {} if latest is None else latest.kept
    if key not in known:
        known[key] = all(
            pair.theirs.keys() <= pair.mine.keys() and not any(_is_other(*both) for both in pair.changed)
            for pair in meeting_within(reader.slots, writer.slots, [(mine, theirs)])
        )
    return known[key]


def _is_other(mine: Slot, theirs: Slot) -> bool:
    return mine.name != theirs.name or any(
        any(True for _ in readings_of(part, mine, theirs)) for part in PARTS
    )


def _of_labels(mine: Slot, theirs: Slot) -> str:
    if mine.is_required:
        return "a record without the field is incomplete to the reader"
    if theirs.is_required:
        return "this reader takes all of it, and whoever still requires the field stops at records without it"
    return "a single number is read as a list of one"


def _of_leaving(theirs: Slot, difference: ProtobufDifference, reader: ProtobufSchema) -> str:
    """Of a field that is not in its oneof any more."""
    around = difference.reader_message
    message = None if around is None else reader.slots.message(around)
    kept = None if message is None else reader.slots.of(message).get(theirs.number)
    if kept is None:
        return _LOST
    return _ON_ITS_OWN if kept.oneof is None else _ELSEWHERE.format(oneof=kept.oneof.name)


def _slot(schema: ProtobufSchema, around: Message | Group | None, node: Declaration | None) -> Slot | None:
    if around is None or not isinstance(node, Field | Group):
        return None
    return schema.slots.slot(around, node)


def _side(schema: ProtobufSchema, place: str | None, *, is_there: bool) -> tuple[str, str]:
    if not place:
        return "", ""
    return place, schema.fragment(place) if is_there else ""


def _package(package: str) -> str:
    return f"the package `{package}`" if package else "no package"
