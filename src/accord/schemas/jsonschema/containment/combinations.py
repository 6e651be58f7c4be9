"""Keywords that combine schemas for one value."""

from collections.abc import Sequence

from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import World
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Condition, Reading
from accord.schemas.jsonschema.containment.reasoning import (
    Answer,
    Reasoning,
    Steps,
    excludes,
    gap,
    prove,
)


def combinations(proof: Reasoning, world: World, reading: Reading) -> Steps[list[Gap]]:
    """Everything that applies further schemas to the same value."""
    gaps: list[Gap] = []
    for goal in reading.all_of.values():
        gaps += yield from prove(world.known, goal)
    if reading.any_of:
        gaps += yield from _any_of(proof, world, reading)
    if reading.one_of:
        gaps += yield from _one_of(proof, world, reading)
    if reading.negated is not None and not (yield from excludes(world.known.also(reading.negated))):
        reason = "a value may be one of those it excludes"
        gaps.append(gap(GapKind.NARROWER, reading, world, "not", reason))
    if reading.condition is not None:
        gaps += yield from _condition(world, reading.condition)
    return gaps


def _any_of(proof: Reasoning, world: World, reading: Reading) -> Steps[Answer]:
    if (yield from _held(proof, world, reading.any_of)) is not None:
        return ()
    return (yield from _closest(proof, world, reading, "anyOf", reading.any_of))


def _one_of(proof: Reasoning, world: World, reading: Reading) -> Steps[Answer]:
    held = yield from _held(proof, world, reading.one_of)
    if held is None:
        return (yield from _closest(proof, world, reading, "oneOf", reading.one_of))
    gaps: list[Gap] = []
    for index, other in enumerate(reading.one_of):
        if index != held and not (yield from _is_disjoint(proof, world, other)):
            first, second = sorted((held + 1, index + 1))
            reason = f"a value may be valid under branch {first} and branch {second}"
            gaps.append(gap(GapKind.AMBIGUOUS, reading, world, "oneOf", reason, index))
    return gaps


def _held(proof: Reasoning, world: World, branches: Sequence[Subschema]) -> Steps[int | None]:
    """The first branch that every value is surely valid under."""
    facts = [one.schema for one in world.readings]
    for index, branch in enumerate(branches):
        if any(proof.same(branch, one) for one in facts):
            return index
    for index, branch in enumerate(branches):
        if not _are_told_apart(proof, world, branch) and not (yield from prove(world.known, branch)):
            return index
    return None


def _is_disjoint(proof: Reasoning, world: World, branch: Subschema) -> Steps[bool]:
    if _are_told_apart(proof, world, branch) or any(proof.same(branch, one) for one in world.denied):
        return True
    return (yield from excludes(world.known.also(branch)))


def _are_told_apart(proof: Reasoning, world: World, branch: Subschema) -> bool:
    """Whether it is plain that no value is valid under the branch: by its type, or by a property with few values."""
    reading = proof.read(branch)
    while reading.keywords == {"$ref"} and reading.all_of:
        reading = proof.read(reading.all_of["$ref"])
    if not world.kinds & reading.kinds:
        return True
    if world.kinds != {"object"}:
        return False
    for name in world.required & reading.properties.keys():
        known = world.at_property(name)
        values = None if known is None else proof.world(known).values
        if values and all(proof.takes(reading.properties[name], value) is False for value in values):
            return True
    return False


def _closest(
    proof: Reasoning, world: World, reading: Reading, keyword: str, branches: Sequence[Subschema]
) -> Steps[Answer]:
    """What keeps a value out of the only branch that it can be meant for, or else out of all."""
    left = list(branches)
    for branch in branches:
        if (yield from _is_disjoint(proof, world, branch)):
            left.remove(branch)
    if len(left) == 1:
        return (yield from prove(world.known, left[0]))
    return [gap(GapKind.NARROWER, reading, world, keyword, "no branch is sure to take a value")]


def _condition(world: World, condition: Condition) -> Steps[list[Gap]]:
    gaps: list[Gap] = []
    if condition.then is not None:
        gaps += yield from prove(world.known.also(condition.test), condition.then)
    if condition.otherwise is not None:
        gaps += yield from prove(world.known.not_also(condition.test), condition.otherwise)
    return gaps
