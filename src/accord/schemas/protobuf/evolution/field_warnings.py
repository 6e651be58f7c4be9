"""What becomes of the values of a field that two Protobuf schemas have under one number."""

from collections.abc import Iterable, Iterator
from typing import Final

from accord.schemas.likeness import are_alike
from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.evolution.defaults import default_of
from accord.schemas.protobuf.evolution.memory import Memory
from accord.schemas.protobuf.evolution.pairs import Pair
from accord.schemas.protobuf.evolution.readings import ENUM, Outcome, Reading, readings
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.rules import Rule
from accord.schemas.sentences import listed_shortly

_RULE_OF: Final = {
    Outcome.LOST: rules.FIELD_MISREAD,
    Outcome.MISREAD: rules.FIELD_MISREAD,
    Outcome.NARROWED: rules.FIELD_NARROWED,
    Outcome.GARBLED: rules.BYTES_READ_AS_TEXT,
    Outcome.LAST_ONLY: rules.LIST_READ_AS_ONE,
}
PARTS: Final = ("", "keys", "values")
"""What a field is made of: the whole, and the parts of the entries of a map."""

_PLAIN_NUMBERS: Final = frozenset({"int32", "int64", "uint32", "uint64", "bool"})
_KNOWN: Final = Memory[tuple[str, str, bool]]()
_UNREADABLE: Final = frozenset({rules.FIELD_MISREAD.id, rules.LIST_READ_AS_ONE.id})


def field_warnings(pair: Pair, mine: Slot, theirs: Slot) -> Iterable[ProtobufDifference]:
    """One for each thing that happens to values that are written for ``theirs`` and read for ``mine``."""
    is_other = mine.name != theirs.name and (
        mine.name in pair.writer.by_name or theirs.name in pair.reader.by_name
    )
    if pair.told:
        return _about_fields(pair, mine, theirs, is_other=is_other)
    key = mine.content, theirs.content, is_other
    return _KNOWN.of(key, _about_fields, pair, mine, theirs, is_other=is_other)


def _about_fields(pair: Pair, mine: Slot, theirs: Slot, *, is_other: bool) -> Iterator[ProtobufDifference]:
    """But for what is told already, and whether the one ``is_other`` than the other, it all lies in the two slots."""
    found = [*_values(mine, theirs)]
    yield from found
    if mine.is_required and not theirs.is_required:
        yield about_field(rules.FIELD_BECAME_REQUIRED, mine, theirs, {})
    yield from _numbers_of_enum(mine, theirs)
    yield from _names(mine, theirs, is_other=is_other)
    if any(one.rule.id in _UNREADABLE for one in found):
        return
    yield from _defaults(mine, theirs)
    homes = (slot.oneof.name for slot in (mine, theirs) if slot.oneof is not None)
    if not any(map(pair.is_told, homes)):
        yield from _presence(mine, theirs)


def about_field(rule: Rule, mine: Slot, theirs: Slot | None, facts: dict[str, str]) -> ProtobufDifference:
    """A difference about a field of the reader, and the writer's."""
    return ProtobufDifference(
        rule,
        "",
        mine.own_place,
        None if theirs is None else theirs.own_place,
        {"where": mine.where(), **facts},
        reader=mine.node,
        writer=None if theirs is None else theirs.node,
    )


def readings_of(part: str, mine: Slot, theirs: Slot) -> Iterator[Reading]:
    """What happens to the values, or to the ``part`` of an entry if both fields are maps."""
    read, written = {
        "": (mine.coding, theirs.coding),
        "keys": (mine.key, theirs.key),
        "values": (mine.value, theirs.value),
    }[part]
    if read is not None and written is not None:
        yield from readings(written, read)


def _values(mine: Slot, theirs: Slot) -> Iterator[ProtobufDifference]:
    for part in PARTS:
        for reading in readings_of(part, mine, theirs):
            facts = {
                "where": mine.where(part),
                "writer_type": theirs.words,
                "reader_type": mine.words,
                "effect": reading.effect,
            }
            yield about_field(_RULE_OF[reading.outcome], mine, theirs, facts)


def _numbers_of_enum(mine: Slot, theirs: Slot) -> Iterator[ProtobufDifference]:
    """Of a number that is read as an enum; what two enums make of each other is told once for all fields."""
    read, written = (mine.value, theirs.value) if mine.is_map else (mine.coding, theirs.coding)
    if read is None or written is None or mine.enum is None or read.kind != ENUM:
        return
    if written.kind not in _PLAIN_NUMBERS or (written.kind == "bool" and {0, 1} <= read.numbers):
        return
    rule = rules.ENUM_NUMBERS_LOST if mine.enum.is_closed else rules.ENUM_NUMBERS_UNNAMED
    numbers = f"numbers other than {listed_shortly([str(number) for number in sorted(read.numbers)])}"
    yield about_field(rule, mine, theirs, {"enum": mine.enum.local, "numbers": numbers})


def _names(mine: Slot, theirs: Slot, *, is_other: bool) -> Iterator[ProtobufDifference]:
    """Of a number that may have become another field's, and of the name in JSON."""
    if mine.json_name == theirs.json_name and not is_other:
        return
    if is_other or not are_alike(mine.name, theirs.name):
        facts = {
            "number": str(mine.number),
            "message": mine.owner,
            "reader_field": mine.name,
            "writer_field": theirs.name,
        }
        yield about_field(rules.NUMBER_REUSED, mine, theirs, facts)
    else:
        facts = {"reader_json": mine.json_name, "writer_json": theirs.json_name}
        yield about_field(rules.JSON_NAME_CHANGED, mine, theirs, facts)


def _defaults(mine: Slot, theirs: Slot) -> Iterator[ProtobufDifference]:
    """Of a field that is not set."""
    own, other = default_of(mine), default_of(theirs)
    if own is None or other is None or theirs.is_required or own.value == other.value:
        return
    facts = {"reader_default": own.words, "writer_default": other.words}
    yield about_field(rules.DEFAULT_CHANGED, mine, theirs, facts)


def _presence(mine: Slot, theirs: Slot) -> Iterator[ProtobufDifference]:
    """Of a field that is zero."""
    if mine.is_repeated or theirs.is_repeated or mine.is_required or theirs.is_required:
        return
    if (mine.label is None) != (theirs.label is None):
        facts = {"reader_can": _can(mine), "writer_can": _can(theirs)}
        yield about_field(rules.PRESENCE_CHANGED, mine, theirs, facts)


def _can(slot: Slot) -> str:
    return "cannot" if slot.label is None else "can"
