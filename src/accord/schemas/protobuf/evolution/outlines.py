"""A message as readers know it: its slots, and what is asked of them again and again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from accord.schemas.protobuf.evolution.holders import Holder, Member
from accord.schemas.protobuf.evolution.memory import digest
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.protobuf.model import Message
from accord.schemas.protobuf.resolution import Defined


@dataclass(frozen=True, eq=False)
class Outline:
    """The ``message`` called ``local`` without the package of the schema, and its ``slots`` by number.

    Where two fields have one number only the first is a slot; then all that are ``declared`` are there by both, too.
    """

    message: Defined
    local: str
    slots: Mapping[int, Slot]
    declared: Mapping[tuple[int, str], Slot]

    @property
    def name(self) -> str:
        """The full name of the message."""
        return self.message.name

    @property
    def place(self) -> str | None:
        """The full name, None where another file defines the message."""
        return None if self.message.path else self.message.name

    @cached_property
    def contents(self) -> frozenset[str]:
        """Those of the slots."""
        return frozenset(slot.content for slot in self.slots.values())

    @cached_property
    def content(self) -> str:
        """All that is told of, as short as a digest; of one content it is one object."""
        reserved = () if self.holder is None else self.holder.declared
        said = [(one.names, [(each.first, each.last) for each in one.ranges]) for one in reserved]
        homes = {home: index for index, home in enumerate(dict.fromkeys(self.homes.values()))}
        slots = [(slot.content, homes[self.homes[number]]) for number, slot in self.slots.items()]
        return digest(self.name, self.local, self.place, said, slots)

    @cached_property
    def by_name(self) -> Mapping[str, Slot]:
        """The slots by name; of several the last."""
        return {slot.name: slot for slot in self.slots.values()}

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names of the slots that are no extensions."""
        return frozenset(slot.name for slot in self.slots.values() if not slot.is_extension)

    @cached_property
    def required(self) -> tuple[Slot, ...]:
        """The slots without which the message is incomplete."""
        return tuple(slot for slot in self.slots.values() if slot.is_required)

    @cached_property
    def holding(self) -> tuple[Slot, ...]:
        """The slots that hold messages."""
        return tuple(slot for slot in self.slots.values() if slot.type is not None and slot.enum is None)

    @cached_property
    def enums(self) -> tuple[Slot, ...]:
        """The slots that hold constants of enums."""
        return tuple(slot for slot in self.slots.values() if slot.enum is not None)

    @cached_property
    def oneofs(self) -> Mapping[str, list[Slot]]:
        """The slots in oneofs by the name of that."""
        found: dict[str, list[Slot]] = {}
        for slot in self.slots.values():
            if slot.oneof is not None:
                found.setdefault(slot.oneof.name, []).append(slot)
        return found

    @cached_property
    def homes(self) -> Mapping[int, int]:
        """By number what a slot is alone in: the same of those of which only one can be set."""
        return {number: id(slot.oneof or slot.node) for number, slot in self.slots.items()}

    @cached_property
    def holder(self) -> Holder | None:
        """What the message reserves and has; None for a group, which reserves nothing."""
        if not isinstance(self.message.node, Message):
            return None
        return Holder(
            self.place,
            f"`{self.local}`",
            self.message.node.reserved,
            numbers=frozenset(slot.number for slot in self.slots.values() if not slot.is_extension),
            names=self.own_names,
            members=self._members,
        )

    def _members(self) -> Iterator[Member]:
        for slot in self.slots.values():
            if not slot.is_extension:
                yield Member(slot.number, slot.name, slot.own_place, slot.where(), slot.node)
