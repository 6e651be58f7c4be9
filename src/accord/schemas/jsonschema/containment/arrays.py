"""Keywords about arrays."""

from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import World
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Count, Reading
from accord.schemas.jsonschema.containment.reasoning import (
    Reasoning,
    Steps,
    excludes,
    gap,
    prove,
    surely_applied,
)


def arrays(proof: Reasoning, world: World, reading: Reading) -> Steps[list[Gap]]:
    """What a schema asks of arrays, but their least size."""
    gaps: list[Gap] = []
    if "array" not in world.kinds & reading.kinds:
        return gaps
    if reading.prefix or reading.items is not None:
        gaps += yield from _items(world, reading.prefix, reading.items)
    limit = yield from longest(world)
    size = reading.sizes.get("maxItems")
    if size is not None and (limit is None or limit > size):
        gaps.append(gap(GapKind.NARROWER, reading, world, "maxItems", "an array may be longer"))
    if reading.unique and limit not in {0, 1} and not any(one.unique for one in world.readings):
        gaps.append(gap(GapKind.NARROWER, reading, world, "uniqueItems", "two items may be equal"))
    if reading.contains is not None:
        gaps += yield from _contains(proof, world, reading, reading.contains, limit)
    if reading.unevaluated_items is not None:
        evaluated = yield from _evaluated(proof, world, reading)
        if evaluated is not None:
            gaps += yield from _items(world, (None,) * evaluated, reading.unevaluated_items)
    return gaps


def longest(world: World) -> Steps[int | None]:
    """The number of items that there are at most."""
    most = world.most("maxItems")
    for index in range(world.prefix_length + 1):
        if most is not None and most <= index:
            break
        if (yield from excludes(world.at_item(index), inside=True)):
            return index
    return most


def no_array(world: World) -> Steps[bool]:
    """Whether it is certain that there is no such array."""
    most = yield from longest(world)
    return most is not None and most < world.least("minItems")


def _items(world: World, prefix: tuple[Subschema | None, ...], rest: Subschema | None) -> Steps[list[Gap]]:
    gaps: list[Gap] = []
    most = world.most("maxItems")
    end = max(len(prefix), world.prefix_length) + 1
    for index in range(end if most is None else min(end, most)):
        goal = prefix[index] if index < len(prefix) else rest
        if goal is not None:
            gaps += yield from prove(world.at_item(index), goal, inside=True)
    return gaps


def _contains(
    proof: Reasoning, world: World, reading: Reading, asked: Count, limit: int | None
) -> Steps[list[Gap]]:
    gaps: list[Gap] = []
    if asked.least and not (yield from _are_enough(proof, world, asked)):
        gaps.append(gap(GapKind.NARROWER, reading, world, "contains", "an array need not hold such items"))
    if asked.most is None or (limit is not None and limit <= asked.most):
        return gaps
    if not _are_few(proof, world, asked.schema, asked.most):
        reason = "an array may hold more such items"
        gaps.append(gap(GapKind.NARROWER, reading, world, "maxContains", reason))
    return gaps


def _are_enough(proof: Reasoning, world: World, asked: Count) -> Steps[bool]:
    for one in world.readings:
        held = one.contains
        if held is None or held.least < asked.least:
            continue
        if proof.same(held.schema, asked.schema):
            return True
        if not world.prefix_length:
            known = world.at_item(0).also(held.schema)
            if not (yield from prove(known, asked.schema, inside=True)):
                return True
    if world.least("minItems") < asked.least:
        return False
    for index in range(min(asked.least, world.prefix_length + 1)):
        if (yield from prove(world.at_item(index), asked.schema, inside=True)):
            return False
    return True


def _are_few(proof: Reasoning, world: World, schema: Subschema, most: int) -> bool:
    held = (one.contains for one in world.readings if one.contains is not None)
    return any(one.most is not None and one.most <= most and proof.same(one.schema, schema) for one in held)


def _evaluated(proof: Reasoning, world: World, reading: Reading) -> Steps[int | None]:
    """How many of the first items some other part of the schema surely looks at, None for all."""
    number = 0
    for one in (yield from surely_applied(proof, world, reading)):
        if one.items is not None or (one.unevaluated_items is not None and one is not reading):
            return None
        number = max(number, len(one.prefix))
    return number
