"""Keywords that combine schemas for one value."""

from collections.abc import Iterator, Sequence

from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import World
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Condition, Reading
from accord.schemas.jsonschema.containment.reasoning import Reasoning, gap


def combinations(proof: Reasoning, world: World, reading: Reading) -> Iterator[Gap]:
    """Everything that applies further schemas to the same value."""
    for goal in reading.all_of.values():
        yield from proof.prove(world.known, goal)
    if reading.any_of:
        yield from _any_of(proof, world, reading)
    if reading.one_of:
        yield from _one_of(proof, world, reading)
    if reading.negated is not None and not proof.excludes(world.known.also(reading.negated)):
        yield gap(GapKind.NARROWER, reading, world, "not", "a value may be one of those it excludes")
    if reading.condition is not None:
        yield from _condition(proof, world, reading.condition)


def _any_of(proof: Reasoning, world: World, reading: Reading) -> Iterator[Gap]:
    if _held(proof, world, reading.any_of) is None:
        yield from _closest(proof, world, reading, "anyOf", reading.any_of)


def _one_of(proof: Reasoning, world: World, reading: Reading) -> Iterator[Gap]:
    held = _held(proof, world, reading.one_of)
    if held is None:
        yield from _closest(proof, world, reading, "oneOf", reading.one_of)
        return
    for index, other in enumerate(reading.one_of):
        if index != held and not _is_disjoint(proof, world, other):
            reason = f"a value may be valid under branch {held + 1} and branch {index + 1}"
            yield gap(GapKind.AMBIGUOUS, reading, world, "oneOf", reason, index)


def _held(proof: Reasoning, world: World, branches: Sequence[Subschema]) -> int | None:
    """The first branch that every value is surely valid under."""
    facts = [one.schema for one in world.readings]
    for index, branch in enumerate(branches):
        if any(proof.same(branch, one) for one in facts):
            return index
    found = (index for index, branch in enumerate(branches) if not proof.prove(world.known, branch))
    return next(found, None)


def _is_disjoint(proof: Reasoning, world: World, branch: Subschema) -> bool:
    if any(proof.same(branch, one) for one in world.denied):
        return True
    return proof.excludes(world.known.also(branch))


def _closest(
    proof: Reasoning, world: World, reading: Reading, keyword: str, branches: Sequence[Subschema]
) -> Iterator[Gap]:
    """What keeps a value out of the only branch that it can be meant for, or else out of all."""
    meant = [branch for branch in branches if not _is_disjoint(proof, world, branch)]
    if len(meant) == 1:
        yield from proof.prove(world.known, meant[0])
    else:
        yield gap(GapKind.NARROWER, reading, world, keyword, "no branch is sure to take a value")


def _condition(proof: Reasoning, world: World, condition: Condition) -> Iterator[Gap]:
    if condition.then is not None:
        yield from proof.prove(world.known.also(condition.test), condition.then)
    if condition.otherwise is not None:
        yield from proof.prove(world.known.not_also(condition.test), condition.otherwise)
