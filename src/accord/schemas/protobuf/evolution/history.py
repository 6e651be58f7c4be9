"""What a new Protobuf schema does to what an old one set down: the numbers and names that must not come back."""

from collections.abc import Iterable, Iterator
from typing import Final

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.evolution.holders import Holder
from accord.schemas.protobuf.evolution.memory import Memory
from accord.schemas.protobuf.evolution.pairs import Pair
from accord.schemas.protobuf.evolution.ranges import Ranges
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.protobuf.evolution.slots import Slots
from accord.schemas.protobuf.model import Range
from accord.schemas.sentences import listed, listed_shortly

_KNOWN: Final = Memory[tuple[str, str | None, tuple[str, ...]]]()


def history_warnings(pairs: Iterable[Pair], reader: Slots, writer: Slots) -> Iterator[ProtobufDifference]:
    """One for each number and name that was reserved, or ought to be now; the reader is the new schema."""
    for pair in pairs:
        new, old = pair.reader.holder, pair.writer.holder
        if new is not None and old is not None and new.place is not None:
            yield from _of_reserved(new, old)
            yield from _removed(new, pair)
    others = writer.own_enums
    for name, enum in reader.own_enums.items():
        if name in others:
            yield from _of_reserved(enum.holder, others[name].holder)


def _of_reserved(new: Holder, old: Holder) -> Iterator[ProtobufDifference]:
    if old.declared:
        yield from _broken(new, old)
        yield from _dropped(new, old)


def _broken(new: Holder, old: Holder) -> Iterator[ProtobufDifference]:
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


def _dropped(new: Holder, old: Holder) -> Iterator[ProtobufDifference]:
    """Of what is reserved no more; what is used instead is told of on its own."""
    left = [Range(first, last) for first, last in old.written - new.written]
    free = [_words(one) for one in Ranges(left).without(new.taken)] if left else []
    free += [f"the name `{name}`" for name in sorted(old.reserved_names - new.reserved_names - new.names)]
    if free:
        facts = {"owner": new.words, "what": listed_shortly(free)}
        yield ProtobufDifference(rules.RESERVATION_DROPPED, "", new.place, old.place, facts)


def _removed(new: Holder, pair: Pair) -> Iterator[ProtobufDifference]:
    names = pair.reader.own_names
    for slot in pair.gone:
        if slot.is_extension or pair.is_told(slot.number):
            continue
        free: tuple[str, ...] = () if slot.number in new.reserved else (f"its number {slot.number}",)
        free += () if slot.name in names or slot.name in new.reserved_names else ("its name",)
        if free:
            yield from _KNOWN.of((slot.content, new.place, free), _not_reserved, slot, new.place, free)


def _not_reserved(slot: Slot, place: str | None, free: tuple[str, ...]) -> Iterator[ProtobufDifference]:
    facts = {"where": slot.where(), "what": listed(free, last="or")}
    places = "", place, slot.own_place
    yield ProtobufDifference(rules.REMOVED_FIELD_NOT_RESERVED, *places, facts, writer=slot.node)


def _words(one: Range) -> str:
    return f"the number {one.first}" if one.first == one.last else f"the numbers {one.first} to {one.last}"
