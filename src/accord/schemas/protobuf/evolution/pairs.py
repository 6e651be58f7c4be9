"""Which messages of two Protobuf schemas meet when one reads what the other wrote."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from accord.schemas.protobuf.evolution.slots import Slot, Slots
from accord.schemas.protobuf.resolution import Defined

# A message becomes another one, or two; schemas that pair up in ever new ways are made to keep a registry busy.
_MOST_MET: Final = 16

Told: TypeAlias = Collection[tuple[int, int | str]]
"""What differences are about already: the id of a message, and the number of a field or the name of a oneof in it."""


@dataclass(frozen=True)
class Pair:
    """Two messages that meet, and what there is ``told`` already. ``readers`` and ``writers`` have all slots.

    ``unfollowed`` are fields of both, the reader's first, that hold messages that nobody looked into.
    """

    reader: Defined
    writer: Defined
    readers: Slots
    writers: Slots
    told: Told = ()
    unfollowed: list[tuple[Slot, Slot]] = field(default_factory=list, compare=False)

    @cached_property
    def mine(self) -> Mapping[int, Slot]:
        """The reader's slots by number."""
        return self.readers.of(self.reader)

    @cached_property
    def theirs(self) -> Mapping[int, Slot]:
        """The writer's slots by number."""
        return self.writers.of(self.writer)

    @cached_property
    def my_names(self) -> Collection[str]:
        """The names of the reader's slots."""
        return {slot.name for slot in self.mine.values()}

    @cached_property
    def their_names(self) -> Collection[str]:
        """The names of the writer's slots."""
        return {slot.name for slot in self.theirs.values()}

    def is_told(self, what: int | str) -> bool:
        """Whether a difference is about the field of that number, or the oneof of that name, on either side."""
        if not self.told:
            return False
        return any((id(one.node), what) in self.told for one in (self.reader, self.writer))

    @property
    def both(self) -> Iterator[tuple[Slot, Slot]]:
        """The slots that both have, the reader's first, in the reader's order."""
        for number, slot in self.mine.items():
            if number in self.theirs:
                yield slot, self.theirs[number]


def meeting(reader: Slots, writer: Slots, told: Told) -> Iterator[Pair]:
    """Every pair of messages that meets: those of one name, and those that fields hold under one number.

    What is inside of a field that is ``told`` of is left out.
    """
    theirs = writer.own_messages
    starts = [(mine, theirs[name]) for name, mine in reader.own_messages.items() if name in theirs]
    yield from meeting_within(reader, writer, starts, told)


def meeting_within(
    reader: Slots, writer: Slots, starts: Iterable[tuple[Defined, Defined]], told: Told = ()
) -> Iterator[Pair]:
    """The pairs ``starts`` of a reader's and a writer's message, and every pair that meets inside of them.

    A message that meets more others than anybody's does is not followed further: the fields that lead to it are put
    down in the pair that they are in, once the last pair is there.
    """
    seen: set[tuple[str, str]] = set()
    met = Counter[str]()
    waiting = [_Step(*pair) for pair in starts][::-1]
    while waiting:
        step = waiting.pop()
        if step.key in seen:
            continue
        if met[step.mine.name] == _MOST_MET and step.around is not None and step.slots is not None:
            step.around.unfollowed.append(step.slots)
            continue
        seen.add(step.key)
        met[step.mine.name] += 1
        pair = Pair(step.mine, step.theirs, reader, writer, told)
        yield pair
        waiting.extend(reversed([*_inside(pair)]))


class _Step(NamedTuple):
    """Two messages that meet, and the fields, and the pair around them, that hold them."""

    mine: Defined
    theirs: Defined
    around: Pair | None = None
    slots: tuple[Slot, Slot] | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The same whenever the two meet."""
        return self.mine.name, self.theirs.name


def _inside(pair: Pair) -> Iterator[_Step]:
    for mine, theirs in pair.both:
        if mine.type is None or theirs.type is None or pair.is_told(mine.number):
            continue
        if not mine.is_enum and not theirs.is_enum and mine.is_map == theirs.is_map:
            yield _Step(mine.type, theirs.type, pair, (mine, theirs))
