"""What becomes of the constants of an enum that two Protobuf schemas have."""

from collections.abc import Iterable, Iterator, Mapping

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.evolution.pairs import Pair
from accord.schemas.protobuf.evolution.slots import Slots
from accord.schemas.protobuf.model import Enum
from accord.schemas.protobuf.resolution import Defined
from accord.schemas.rules import Rule
from accord.schemas.sentences import listed_shortly


def enum_warnings(pairs: Iterable[Pair], reader: Slots, writer: Slots) -> Iterator[ProtobufDifference]:
    """One for each enum whose numbers the reader takes for something else, or for nothing."""
    for mine, theirs in _meeting(pairs, reader, writer):
        if isinstance(mine.node, Enum) and isinstance(theirs.node, Enum):
            yield from _unknown(mine, theirs, reader, writer)
            yield from _renamed(mine, theirs, reader)


def _meeting(pairs: Iterable[Pair], reader: Slots, writer: Slots) -> Iterator[tuple[Defined, Defined]]:
    """The enums of one name, and those that fields hold under one number."""
    others = writer.own_enums
    found = [(mine, others[name]) for name, mine in reader.own_enums.items() if name in others]
    for pair in pairs:
        found.extend((mine.type, theirs.type) for mine, theirs in pair.both if mine.type and theirs.type)
    seen = set[tuple[str, str]]()
    for mine, theirs in found:
        if (mine.name, theirs.name) not in seen:
            seen.add((mine.name, theirs.name))
            yield mine, theirs


def _unknown(mine: Defined, theirs: Defined, reader: Slots, writer: Slots) -> Iterator[ProtobufDifference]:
    known, written = names_of(mine), names_of(theirs)
    unknown = [f"{number} (`{names[0]}`)" for number, names in written.items() if number not in known]
    if reader.is_closed(mine) and not writer.is_closed(theirs):
        # An open enum holds any number: one that a later version names, say, and that is passed on.
        unknown.append("numbers that are no constant")
    if unknown:
        rule = rules.ENUM_NUMBERS_LOST if reader.is_closed(mine) else rules.ENUM_NUMBERS_UNNAMED
        name = reader.local(mine.name)
        yield _about(rule, mine, theirs, reader, {"enum": name, "numbers": listed_shortly(unknown)})


def _renamed(mine: Defined, theirs: Defined, reader: Slots) -> Iterator[ProtobufDifference]:
    known, written = names_of(mine), names_of(theirs)
    renamed = [
        f"{number} is `{names[0]}` instead of `{written[number][0]}`"
        for number, names in known.items()
        if number in written and not set(names) & set(written[number])
    ]
    if renamed:
        facts = {"constants": listed_shortly(renamed)}
        yield _about(rules.ENUM_CONSTANT_CHANGED, mine, theirs, reader, facts)


def names_of(enum: Defined) -> Mapping[int, list[str]]:
    """The names that each number of an enum has."""
    names: dict[int, list[str]] = {}
    if isinstance(enum.node, Enum):
        for constant in enum.node.constants:
            names.setdefault(constant.tag, []).append(constant.name)
    return names


def _about(
    rule: Rule, mine: Defined, theirs: Defined, reader: Slots, facts: Mapping[str, str]
) -> ProtobufDifference:
    return ProtobufDifference(
        rule,
        "",
        None if mine.path else mine.name,
        None if theirs.path else theirs.name,
        {"where": f"`{reader.local(mine.name)}`", **facts},
        reader=_node(mine),
        writer=_node(theirs),
    )


def _node(enum: Defined) -> Enum | None:
    return enum.node if isinstance(enum.node, Enum) else None
