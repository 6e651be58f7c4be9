"""Whether every value that one schema takes is taken by another."""

from collections.abc import Iterator
from typing import Final

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.arrays import arrays, no_array
from accord.schemas.jsonschema.containment.circles import circular
from accord.schemas.jsonschema.containment.combinations import combinations
from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import FEW, Known, World
from accord.schemas.jsonschema.containment.library import Library, Subschema
from accord.schemas.jsonschema.containment.likeness import Likeness
from accord.schemas.jsonschema.containment.objects import no_object, objects
from accord.schemas.jsonschema.containment.reach import reach_of
from accord.schemas.jsonschema.containment.reading import NUMBERS, Kinds, Reading, read
from accord.schemas.jsonschema.containment.reasoning import gap
from accord.schemas.jsonschema.containment.scalars import kinds, no_number, no_size, numbers, sizes, values
from accord.schemas.jsonschema.containment.validity import Validity

# Enough for oneOfs of a hundred branches on both sides, and about a second of work.
_MOST_STEPS: Final = 20_000
# Every level takes up to eight frames of Python's thousand.
_DEEPEST: Final = 60
_MOST_GAPS: Final = 20
_FAMILIES: Final[tuple[Kinds, ...]] = (
    NUMBERS,
    *(frozenset({kind}) for kind in ("null", "boolean", "string", "array", "object")),
)

_Goal = Subschema | None
_Key = tuple[Known, _Goal]
"""What is known of a value, and the schema that is to take it, None where there is to be no such value."""


class Proof:
    """Looks for a proof that ``reader`` takes whatever ``writer`` takes; ``gaps`` are empty if there is one.

    A proof about recursive schemas leans on itself: what is to be shown of a value may be taken as given of the values
    in it. Once it ``is_exhausted``, what was not shown by then counts as a gap.
    """

    def __init__(self, writer: Library, reader: Library) -> None:
        self._reader = reader
        self._readings: dict[Subschema, Reading] = {}
        self._validity = Validity()
        reach = reach_of((writer.root, reader.root), self.read)
        senseless = circular(reach)
        self._readings.update((one, Reading(one, opaque=[""])) for one in senseless)
        self._likeness = Likeness(reach, senseless)
        self._worlds: dict[Known, World] = {}
        self._settled: dict[_Key, tuple[Gap, ...]] = {}
        self._leaning: dict[_Key, frozenset[_Key]] = {}
        self._open: dict[_Key, int] = {}
        self._leant: list[set[_Key]] = [set()]
        self._depth = self._level = 0
        self._steps = _MOST_STEPS
        known = Known(frozenset({writer.root}), at=writer.root)
        self.gaps = tuple(dict.fromkeys(self.prove(known, reader.root)))

    @property
    def is_exhausted(self) -> bool:
        """Whether it was given up."""
        return self._steps <= 0

    def prove(self, known: Known, goal: Subschema, *, inside: bool = False) -> tuple[Gap, ...]:
        """See ``Reasoning``."""
        return self._settle((known, goal), inside=inside)

    def excludes(self, known: Known, *, inside: bool = False) -> bool:
        """See ``Reasoning``."""
        return not self._settle((known, None), inside=inside)

    def read(self, schema: Subschema) -> Reading:
        """See ``Reasoning``."""
        if schema not in self._readings:
            self._readings[schema] = read(schema)
        return self._readings[schema]

    def same(self, one: Subschema, other: Subschema) -> bool:
        """See ``Reasoning``."""
        return self._likeness.same(one, other)

    def matches(self, pattern: str, text: str) -> bool | None:
        """See ``Reasoning``."""
        self._steps -= 1
        return self._validity.matches(pattern, text)

    def takes(self, schema: Subschema, value: JsonValue) -> bool | None:
        """See ``Reasoning``."""
        return self._validity.takes(schema, value)

    def world(self, known: Known) -> World:
        """See ``Reasoning``."""
        if known not in self._worlds:
            self._worlds[known] = World(known, self.read, self._validity)
        return self._worlds[known]

    def _settle(self, key: _Key, *, inside: bool) -> tuple[Gap, ...]:
        level = self._level + inside
        known = self._remembered(key, level)
        if known is not None:
            return known
        if self.is_exhausted or self._depth >= _DEEPEST:
            return (self._given_up(),)
        self._steps -= 1
        outer, self._level = self._level, level
        self._depth += 1
        self._open[key] = level
        self._leant.append(set())
        gaps = self._derived(*key)
        leant = self._leant.pop() - {key}
        del self._open[key]
        self._depth -= 1
        self._level = outer
        return self._noted(key, gaps, frozenset(leant))

    def _remembered(self, key: _Key, level: int) -> tuple[Gap, ...] | None:
        if key in self._settled:
            return self._settled[key]
        if key in self._open and self._open[key] >= level:
            return (self._given_up(),)
        needed = self._needed(key, level)
        if needed is None:
            return None
        self._leant[-1] |= needed
        return ()

    def _needed(self, key: _Key, level: int) -> set[_Key] | None:
        """What is still open and was taken as given to show ``key``, None if it was not shown or that was in vain."""
        waiting, seen, needed = [key], set[_Key](), set[_Key]()
        while waiting:
            one = waiting.pop()
            if one in seen or self._settled.get(one) == ():
                continue
            seen.add(one)
            if one in self._open:
                if self._open[one] >= level:
                    return None
                needed.add(one)
            elif one in self._leaning:
                waiting += self._leaning[one]
            else:
                return None
        return needed

    def _noted(self, key: _Key, gaps: tuple[Gap, ...], leant: frozenset[_Key]) -> tuple[Gap, ...]:
        self._leant[-1] |= leant
        if not gaps and leant:
            self._leaning[key] = leant
        else:
            self._settled[key] = gaps
        return gaps

    def _derived(self, known: Known, goal: _Goal) -> tuple[Gap, ...]:
        world = self.world(known)
        if world.is_empty:
            return ()
        if goal is None:
            return () if self._is_impossible(world) else (self._given_up(),)
        if any(self.same(one.schema, goal) for one in world.readings):
            return ()
        if world.values is not None and all(self.takes(goal, value) for value in world.values):
            return ()
        gaps = self._gaps(world, goal)
        return () if gaps and self.excludes(known) else gaps

    def _gaps(self, world: World, goal: Subschema) -> tuple[Gap, ...]:
        reading = self.read(goal)
        if reading.any_of or reading.one_of:
            if world.alternatives:
                return self._by_cases(world, goal)
            families = [world.kinds & family for family in _FAMILIES if world.kinds & family]
            if len(families) > 1:
                narrower = (world.known.within(family) for family in families)
                return tuple(one for known in narrower for one in self.prove(known, goal))[:_MOST_GAPS]
        gaps = tuple(self._asked(world, reading))[:_MOST_GAPS]
        return self._by_cases(world, goal) if gaps and world.alternatives else gaps

    def _by_cases(self, world: World, goal: Subschema) -> tuple[Gap, ...]:
        cases = (case.added_to(world.known) for case in world.alternatives[0])
        return tuple(one for known in cases for one in self.prove(known, goal))[:_MOST_GAPS]

    def _asked(self, world: World, reading: Reading) -> Iterator[Gap]:
        for keyword in reading.opaque:
            yield gap(GapKind.OPAQUE, reading, world, keyword, "it cannot be told what it asks for")
        yield from kinds(world, reading)
        yield from values(world, reading)
        yield from numbers(world, reading)
        yield from sizes(world, reading)
        yield from arrays(self, world, reading)
        yield from objects(self, world, reading)
        yield from combinations(self, world, reading)

    def _is_impossible(self, world: World) -> bool:
        facts = [one.schema for one in world.readings]
        if any(self.same(denied, fact) for denied in world.denied for fact in facts):
            return True
        if all(self._is_out(world, family) for family in _FAMILIES):
            return True
        if any(not self.prove(world.known, denied) for denied in world.denied):
            return True
        if not world.alternatives:
            return False
        return all(self.excludes(case.added_to(world.known)) for case in world.alternatives[0])

    def _is_out(self, world: World, family: Kinds) -> bool:
        """Whether it is certain that there is no such value of that family."""
        if not world.kinds & family:
            return True
        if family == NUMBERS:
            return no_number(world)
        if "string" in family:
            return no_size(world, "minLength", "maxLength")
        if "array" in family:
            return no_array(self, world)
        if "object" in family:
            return no_object(self, world)
        return not any(world.may_be(value) for kind in family for value in FEW[kind])

    def _given_up(self) -> Gap:
        return Gap(GapKind.UNFINISHED, self._reader.root, "", "the proof was given up")
