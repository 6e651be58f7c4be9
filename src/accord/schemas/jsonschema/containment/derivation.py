"""The steps of a proof: what a question comes down to."""

from collections.abc import Iterator
from typing import Final

from accord.schemas.jsonschema.containment.arrays import arrays, no_array
from accord.schemas.jsonschema.containment.combinations import combinations
from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import FEW, World
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.objects import no_object, objects
from accord.schemas.jsonschema.containment.reading import NUMBERS, Kinds, Reading
from accord.schemas.jsonschema.containment.reasoning import Reasoning, Steps, excludes, gap, prove
from accord.schemas.jsonschema.containment.scalars import kinds, no_number, no_size, numbers, sizes, values

_MOST_GAPS: Final = 20
_FAMILIES: Final[tuple[Kinds, ...]] = (
    NUMBERS,
    *(frozenset({kind}) for kind in ("null", "boolean", "string", "array", "object")),
)


def derivation(proof: Reasoning, world: World, goal: Subschema) -> Steps[tuple[Gap, ...]]:
    """Why not every value of ``world`` is valid under ``goal``."""
    if world.is_empty or any(proof.surely_takes(goal, one.schema) for one in world.readings):
        return ()
    if world.values is not None and all(proof.takes(goal, value) for value in world.values):
        return ()
    gaps = yield from _gaps(proof, world, goal)
    if gaps and (yield from excludes(world.known)):
        return ()
    return gaps


def impossibility(proof: Reasoning, world: World) -> Steps[bool]:
    """Whether it is certain that there is no value of ``world``."""
    if world.is_empty:
        return True
    facts = [one.schema for one in world.readings]
    if any(proof.same(denied, fact) for denied in world.denied for fact in facts):
        return True
    if (yield from _are_all_out(world)):
        return True
    for denied in world.denied:
        if not (yield from prove(world.known, denied)):
            return True
    for case in world.alternatives[0] if world.alternatives else ():
        if not (yield from excludes(case.added_to(world.known))):
            return False
    return bool(world.alternatives)


def _gaps(proof: Reasoning, world: World, goal: Subschema) -> Steps[tuple[Gap, ...]]:
    reading = proof.read(goal)
    if reading.any_of or reading.one_of:
        if world.alternatives:
            return (yield from _gaps_by_cases(world, goal))
        families = [world.kinds & family for family in _FAMILIES if world.kinds & family]
        if len(families) > 1:
            return (yield from _gaps_by_families(world, goal, families))
    gaps = yield from _asked(proof, world, reading)
    if gaps and world.alternatives:
        return (yield from _gaps_by_cases(world, goal))
    return tuple(gaps[:_MOST_GAPS])


def _gaps_by_cases(world: World, goal: Subschema) -> Steps[tuple[Gap, ...]]:
    gaps: list[Gap] = []
    for case in world.alternatives[0]:
        if len(gaps) < _MOST_GAPS:
            gaps += yield from prove(case.added_to(world.known), goal)
    return tuple(gaps[:_MOST_GAPS])


def _gaps_by_families(world: World, goal: Subschema, families: list[Kinds]) -> Steps[tuple[Gap, ...]]:
    gaps: list[Gap] = []
    for family in families:
        gaps += yield from prove(world.known.within(family), goal)
    return tuple(gaps[:_MOST_GAPS])


def _asked(proof: Reasoning, world: World, reading: Reading) -> Steps[list[Gap]]:
    gaps = list(_plainly_asked(world, reading))
    gaps += yield from arrays(proof, world, reading)
    gaps += yield from objects(proof, world, reading)
    gaps += yield from combinations(proof, world, reading)
    return gaps


def _plainly_asked(world: World, reading: Reading) -> Iterator[Gap]:
    for keyword in reading.opaque:
        yield gap(GapKind.OPAQUE, reading, world, keyword, "it cannot be told what it asks for")
    yield from kinds(world, reading)
    yield from values(world, reading)
    yield from numbers(world, reading)
    yield from sizes(world, reading)


def _are_all_out(world: World) -> Steps[bool]:
    for family in _FAMILIES:
        if not (yield from _is_out(world, family)):
            return False
    return True


def _is_out(world: World, family: Kinds) -> Steps[bool]:
    """Whether it is certain that there is no such value of that family."""
    if not world.kinds & family:
        return True
    if family == NUMBERS:
        return no_number(world)
    if "string" in family:
        return no_size(world, "minLength", "maxLength")
    if "array" in family:
        return (yield from no_array(world))
    if "object" in family:
        return (yield from no_object(world))
    return not any(world.may_be(value) for kind in family for value in FEW[kind])
