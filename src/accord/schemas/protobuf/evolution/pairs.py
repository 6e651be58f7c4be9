"""Which messages of two Protobuf schemas meet when one reads what the other wrote."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from accord.schemas.protobuf.evolution.outlines import Outline
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.protobuf.evolution.slots import Slots
from accord.schemas.protobuf.resolution import Defined

# A message becomes another one, or two; schemas that pair up in ever new ways are made to keep a registry busy.
_MOST_MET: Final = 16

Told: TypeAlias = Collection[tuple[int, int | str]]
"""What differences are about already: the id of a message, and the number of a field or the name of a oneof in it."""


@dataclass(eq=False, slots=True)
class Pair:
    """Two messages that meet, and what there is ``told`` already.

    ``unfollowed`` are fields of both, the reader's first, that hold messages that nobody looked into.
    """

    reader: Outline
    writer: Outline
    told: Told = ()
    unfollowed: list[tuple[Slot, Slot]] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether both messages say the same, but for what other messages and enums are."""
        return self.reader.content is self.writer.content

    @property
    def mine(self) -> Mapping[int, Slot]:
        """The reader's slots by number."""
        return self.reader.slots

    @property
    def theirs(self) -> Mapping[int, Slot]:
        """The writer's slots by number."""
        return self.writer.slots

    def is_told(self, what: int | str) -> bool:
        """Whether a difference is about the field of that number, or the oneof of that name, on either side."""
        if not self.told:
            return False
        return any((id(one.message.node), what) in self.told for one in (self.reader, self.writer))

    @property
    def both(self) -> Iterator[tuple[Slot, Slot]]:
        """The slots that both have, the reader's first, in the reader's order."""
        for number, slot in self.mine.items():
            if number in self.theirs:
                yield slot, self.theirs[number]

    @property
    def changed(self) -> Sequence[tuple[Slot, Slot]]:
        """Those of both that are not the same."""
        theirs, contents = self.writer.slots, self.writer.contents
        changed = [
            (number, slot) for number, slot in self.reader.slots.items() if slot.content not in contents
        ]
        return [(slot, theirs[number]) for number, slot in changed if number in theirs]

    @property
    def gone(self) -> Sequence[Slot]:
        """The writer's slots whose numbers the reader does not have."""
        mine = self.reader.slots
        return [slot for number, slot in self.writer.slots.items() if number not in mine]


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
    # Known messages that are the same to both schemas lead nowhere else.
    settled = reader.definitions.settled if writer.definitions.settled else ()
    seen: set[tuple[str, str]] = set()
    met = Counter[str]()
    waiting = [_Step(*pair) for pair in starts][::-1]
    while waiting:
        step = waiting.pop()
        name = step.mine.name
        key = name, step.theirs.name
        if key in seen:
            continue
        if met[name] == _MOST_MET and step.around is not None and step.slots is not None:
            step.around.unfollowed.append(step.slots)
            continue
        seen.add(key)
        met[name] += 1
        pair = Pair(reader.outline(step.mine), writer.outline(step.theirs), told)
        yield pair
        if pair.reader.holding:
            waiting.extend(reversed([*_inside(pair, settled)]))


class _Step(NamedTuple):
    """Two messages that meet, and the fields, and the pair around them, that hold them."""

    mine: Defined
    theirs: Defined
    around: Pair | None = None
    slots: tuple[Slot, Slot] | None = None


def _inside(pair: Pair, settled: Collection[str]) -> Iterator[_Step]:
    others = pair.writer.slots
    for mine in pair.reader.holding:
        theirs = others.get(mine.number)
        if theirs is None or mine.type is None or theirs.type is None:
            continue
        if (mine.type is theirs.type and mine.type.name in settled) or pair.is_told(mine.number):
            continue
        if theirs.enum is None and mine.is_map == theirs.is_map:
            yield _Step(mine.type, theirs.type, pair, (mine, theirs))
