"""What becomes of the constants of an enum that two Protobuf schemas have."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.evolution.enums import EnumOutline
from accord.schemas.protobuf.evolution.memory import Memory
from accord.schemas.protobuf.evolution.pairs import Pair
from accord.schemas.protobuf.evolution.slots import Slots
from accord.schemas.rules import Rule
from accord.schemas.sentences import listed_shortly

_KNOWN: Final = Memory[tuple[str, str]]()


def enum_warnings(pairs: Iterable[Pair], reader: Slots, writer: Slots) -> Iterator[ProtobufDifference]:
    """One for each enum whose numbers the reader takes for something else, or for nothing."""
    for mine, theirs in _meeting(pairs, reader, writer):
        if mine.content != theirs.content:
            yield from _KNOWN.of((mine.content, theirs.content), _about_enums, mine, theirs)


def _meeting(
    pairs: Iterable[Pair], reader: Slots, writer: Slots
) -> Iterator[tuple[EnumOutline, EnumOutline]]:
    """The enums of one name, and those that fields hold under one number."""
    others = writer.own_enums
    seen = set[tuple[str, str]]()
    for name, mine in reader.own_enums.items():
        if name in others:
            seen.add((mine.name, others[name].name))
            yield mine, others[name]
    for pair in pairs:
        for slot in pair.reader.enums:
            other = pair.theirs.get(slot.number)
            if slot.enum is None or other is None or other.enum is None:
                continue
            if (slot.enum.name, other.enum.name) not in seen:
                seen.add((slot.enum.name, other.enum.name))
                yield slot.enum, other.enum


def _about_enums(mine: EnumOutline, theirs: EnumOutline) -> Iterator[ProtobufDifference]:
    yield from _unknown(mine, theirs)
    yield from _renamed(mine, theirs)


def _unknown(mine: EnumOutline, theirs: EnumOutline) -> Iterator[ProtobufDifference]:
    unknown = [
        f"{number} (`{names[0]}`)" for number, names in theirs.names.items() if number not in mine.names
    ]
    if mine.is_closed and not theirs.is_closed:
        # An open enum holds any number: one that a later version names, say, and that is passed on.
        unknown.append("numbers that are no constant")
    if unknown:
        rule = rules.ENUM_NUMBERS_LOST if mine.is_closed else rules.ENUM_NUMBERS_UNNAMED
        yield _about(rule, mine, theirs, {"enum": mine.local, "numbers": listed_shortly(unknown)})


def _renamed(mine: EnumOutline, theirs: EnumOutline) -> Iterator[ProtobufDifference]:
    written = theirs.names
    renamed = [
        f"{number} is `{names[0]}` instead of `{written[number][0]}`"
        for number, names in mine.names.items()
        if number in written and not set(names) & set(written[number])
    ]
    if renamed:
        facts = {"constants": listed_shortly(renamed)}
        yield _about(rules.ENUM_CONSTANT_CHANGED, mine, theirs, facts)


def _about(
    rule: Rule, mine: EnumOutline, theirs: EnumOutline, facts: Mapping[str, str]
) -> ProtobufDifference:
    known = {"where": f"`{mine.local}`", **facts}
    places = "", mine.place, theirs.place
    return ProtobufDifference(rule, *places, known, reader=mine.node, writer=theirs.node)
