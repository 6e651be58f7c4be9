"""What a new Protobuf schema does to what an old one set down: the numbers and names that must not come back."""

from collections.abc import Iterable, Iterator
from typing import Final

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.evolution.holders import Holder
from accord.schemas.protobuf.evolution.memory import Memory
from accord.schemas.protobuf.evolution.outlines import Outline
from accord.schemas.protobuf.evolution.pairs import Pair
from accord.schemas.protobuf.evolution.ranges import Ranges
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.protobuf.evolution.slots import Slots
from accord.schemas.protobuf.model import Range
from accord.schemas.sentences import listed, listed_shortly

_KNOWN: Final = Memory[tuple[str, str]]()


def history_warnings(pairs: Iterable[Pair], reader: Slots, writer: Slots) -> Iterator[ProtobufDifference]:
    """One for each number and name that was reserved, or ought to be now; the reader is the new schema."""
    for pair in pairs:
        if pair.is_same:
            continue
        new, old = pair.reader.holder, pair.writer.holder
        if new is not None and old is not None and new.place is not None:
            yield from _of_reserved(new, old)
            yield from _removed(pair.reader, new, pair)
    others = writer.own_enums
    for name, enum in reader.own_enums.items():
        if name in others:
            yield from _of_reserved(enum.holder, others[name].holder)


def _of_reserved(new: Holder, old: Holder) -> Iterator[ProtobufDifference]:
    if old.declared:
        yield from _broken(new, old)
        yield from _dropped(new, old)


def _broken(new: Holder, old: Holder) -> Iterator[ProtobufDifference]:
    numbers = old.reserved.common_numbers(new.numbers - old.numbers)
    names = (new.names - old.names) & old.reserved_names
    if not numbers and not names:
        return
    for member in new.members():
        taken = [f"the number {member.number}"] if member.number in numbers else []
        taken += [f"the name `{member.name}`"] if member.name in names else []
        if taken:
            facts = {"where": member.where, "what": listed(taken)}
            yield ProtobufDifference(
                rules.RESERVATION_BROKEN, "", member.place, old.place, facts, reader=member.node
            )


def _dropped(new: Holder, old: Holder) -> Iterator[ProtobufDifference]:
    """Of what is reserved no more; what is used instead is told of on its own."""
    left = [Range(first, last) for first, last in old.written - new.written]
    free = [_words(one) for one in Ranges(left).without(new.taken)] if left else []
    free += [f"the name `{name}`" for name in sorted(old.reserved_names - new.reserved_names - new.names)]
    if free:
        facts = {"owner": new.words, "what": listed_shortly(free)}
        yield ProtobufDifference(rules.RESERVATION_DROPPED, "", new.place, old.place, facts)


def _removed(new: Outline, holder: Holder, pair: Pair) -> Iterator[ProtobufDifference]:
    content = new.content
    for slot in pair.gone:
        if not slot.is_extension and not (pair.told and pair.is_told(slot.number)):
            yield from _KNOWN.of((slot.content, content), _not_reserved, slot, new, holder)


def _not_reserved(slot: Slot, new: Outline, holder: Holder) -> Iterator[ProtobufDifference]:
    free = [] if slot.number in holder.reserved else [f"its number {slot.number}"]
    free += [] if slot.name in new.own_names or slot.name in holder.reserved_names else ["its name"]
    if free:
        facts = {"where": slot.where(), "what": listed(free, last="or")}
        places = "", holder.place, slot.own_place
        yield ProtobufDifference(rules.REMOVED_FIELD_NOT_RESERVED, *places, facts, writer=slot.node)


def _words(one: Range) -> str:
    return f"the number {one.first}" if one.first == one.last else f"the numbers {one.first} to {one.last}"
