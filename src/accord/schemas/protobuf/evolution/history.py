"""What a new Protobuf schema does to what an old one set down: the numbers and names that must not come back."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.evolution.field_warnings import place_of, where_of
from accord.schemas.protobuf.evolution.pairs import Pair
from accord.schemas.protobuf.evolution.ranges import Ranges
from accord.schemas.protobuf.evolution.slots import Slot, Slots
from accord.schemas.protobuf.model import Enum, EnumConstant, Field, Group, Message, Range, Reserved
from accord.schemas.protobuf.resolution import Defined, within
from accord.schemas.sentences import listed, listed_shortly


@dataclass(frozen=True, slots=True)
class _Member:
    """A field or a constant, and where it is, as a place and in words."""

    number: int
    name: str
    place: str | None
    where: str
    node: Field | Group | EnumConstant


class _Holder:
    """A message or an enum: its place, what it is in words, what it reserves and what it has.

    Most have not changed, and of those little is asked.
    """

    def __init__(
        self, defined: Defined, slots: Slots, reserved: tuple[Reserved, ...], members: Iterable[_Member]
    ) -> None:
        self.place: Final = None if defined.path else defined.name
        self.words: Final = f"`{slots.local(defined.name)}`"
        self.declared: Final = reserved
        self._members = members

    @cached_property
    def reserved(self) -> Ranges:
        """The numbers that it reserves."""
        return Ranges(each for one in self.declared for each in one.ranges)

    @cached_property
    def reserved_names(self) -> Collection[str]:
        """The names that it reserves."""
        return {name for one in self.declared for name in one.names}

    @cached_property
    def members(self) -> Sequence[_Member]:
        """Its fields or constants."""
        return tuple(self._members)

    @cached_property
    def numbers(self) -> Collection[int]:
        """Their numbers."""
        return {member.number for member in self.members}

    @cached_property
    def names(self) -> Collection[str]:
        """Their names."""
        return {member.name for member in self.members}


def history_warnings(pairs: Iterable[Pair], reader: Slots, writer: Slots) -> Iterator[ProtobufDifference]:
    """One for each number and name that was reserved, or ought to be now; the reader is the new schema."""
    for pair in pairs:
        new = _message(pair.reader, pair.mine.values(), reader)
        old = _message(pair.writer, pair.theirs.values(), writer)
        if new is not None and old is not None and new.place is not None:
            yield from _of_reserved(new, old)
            yield from _removed(new, pair)
    for name in [name for name in reader.own_enums if name in writer.own_enums]:
        new, old = _enum(reader.own_enums[name], reader), _enum(writer.own_enums[name], writer)
        if new is not None and old is not None:
            yield from _of_reserved(new, old)


def _message(message: Defined, fields: Iterable[Slot], slots: Slots) -> _Holder | None:
    if not isinstance(message.node, Message):
        return None
    members = (
        _Member(field.number, field.name, place_of(field), where_of(field), field.node)
        for field in fields
        if not field.is_extension
    )
    return _Holder(message, slots, message.node.reserved, members)


def _enum(enum: Defined, slots: Slots) -> _Holder | None:
    if not isinstance(enum.node, Enum):
        return None
    words = f"`{slots.local(enum.name)}`"
    members = (
        _Member(one.tag, one.name, within(enum.name, one.name), f"`{one.name}` of {words}", one)
        for one in enum.node.constants
    )
    return _Holder(enum, slots, enum.node.reserved, members)


def _of_reserved(new: _Holder, old: _Holder) -> Iterator[ProtobufDifference]:
    if old.declared:
        yield from _broken(new, old)
        yield from _dropped(new, old)


def _broken(new: _Holder, old: _Holder) -> Iterator[ProtobufDifference]:
    for member in new.members:
        taken = []
        if member.number not in old.numbers and member.number in old.reserved:
            taken.append(f"the number {member.number}")
        if member.name not in old.names and member.name in old.reserved_names:
            taken.append(f"the name `{member.name}`")
        if taken:
            facts = {"where": member.where, "what": listed(taken)}
            yield ProtobufDifference(
                rules.RESERVATION_BROKEN, "", member.place, old.place, facts, reader=member.node
            )


def _dropped(new: _Holder, old: _Holder) -> Iterator[ProtobufDifference]:
    """Of what is reserved no more; what is used instead is told of on its own."""
    taken = Ranges([*new.reserved, *(Range(number, number) for number in new.numbers)])
    free = [_words(one) for one in old.reserved.without(taken)]
    names = sorted(set(old.reserved_names) - set(new.reserved_names) - set(new.names))
    free += [f"the name `{name}`" for name in names]
    if free:
        facts = {"owner": new.words, "what": listed_shortly(free)}
        yield ProtobufDifference(rules.RESERVATION_DROPPED, "", new.place, old.place, facts)


def _removed(new: _Holder, pair: Pair) -> Iterator[ProtobufDifference]:
    names = {slot.name for slot in pair.mine.values() if not slot.is_extension}
    for number, slot in pair.theirs.items():
        if number in pair.mine or slot.is_extension or pair.is_told(number):
            continue
        free = [] if number in new.reserved else [f"its number {number}"]
        free += [] if slot.name in names or slot.name in new.reserved_names else ["its name"]
        if free:
            facts = {"where": where_of(slot), "what": listed(free, last="or")}
            yield ProtobufDifference(
                rules.REMOVED_FIELD_NOT_RESERVED, "", new.place, place_of(slot), facts, writer=slot.node
            )


def _words(one: Range) -> str:
    return f"the number {one.first}" if one.first == one.last else f"the numbers {one.first} to {one.last}"
