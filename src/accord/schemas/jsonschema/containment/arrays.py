"""Keywords about arrays."""

from collections.abc import Iterator

from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import World
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Count, Reading
from accord.schemas.jsonschema.containment.reasoning import Reasoning, gap, surely_applied


def arrays(proof: Reasoning, world: World, reading: Reading) -> Iterator[Gap]:
    """What a schema asks of arrays, but their sizes."""
    if "array" not in world.kinds & reading.kinds:
        return
    if reading.prefix or reading.items is not None:
        yield from _items(proof, world, reading.prefix, reading.items)
    if (
        reading.unique
        and not any(one.unique for one in world.readings)
        and longest(proof, world) not in {0, 1}
    ):
        yield gap(GapKind.NARROWER, reading, world, "uniqueItems", "two items may be equal")
    if reading.contains is not None:
        yield from _contains(proof, world, reading, reading.contains)
    if reading.unevaluated_items is not None:
        evaluated = _evaluated(proof, world, reading)
        if evaluated is not None:
            skipped = (None,) * evaluated
            yield from _items(proof, world, skipped, reading.unevaluated_items)


def longest(proof: Reasoning, world: World) -> int | None:
    """The number of items that there are at most."""
    most = world.most("maxItems")
    for index in range(world.prefix_length + 1):
        if most is not None and most <= index:
            break
        if proof.excludes(world.at_item(index), inside=True):
            return index
    return most


def no_array(proof: Reasoning, world: World) -> bool:
    """Whether it is certain that there is no such array."""
    most = longest(proof, world)
    return most is not None and most < world.least("minItems")


def _items(
    proof: Reasoning, world: World, prefix: tuple[Subschema | None, ...], rest: Subschema | None
) -> Iterator[Gap]:
    most = world.most("maxItems")
    end = max(len(prefix), world.prefix_length) + 1
    for index in range(end if most is None else min(end, most)):
        goal = prefix[index] if index < len(prefix) else rest
        if goal is not None:
            yield from proof.prove(world.at_item(index), goal, inside=True)


def _contains(proof: Reasoning, world: World, reading: Reading, asked: Count) -> Iterator[Gap]:
    if asked.least and not _are_enough(proof, world, asked):
        yield gap(GapKind.NARROWER, reading, world, "contains", "an array need not hold such items")
    if asked.most is not None and not _are_few(proof, world, asked.schema, asked.most):
        yield gap(GapKind.NARROWER, reading, world, "maxContains", "an array may hold more such items")


def _are_enough(proof: Reasoning, world: World, asked: Count) -> bool:
    for one in world.readings:
        held = one.contains
        if held is not None and held.least >= asked.least:
            known = world.at_item(world.prefix_length).also(held.schema)
            if not proof.prove(known, asked.schema, inside=True) and not world.prefix_length:
                return True
            if proof.same(held.schema, asked.schema):
                return True
    return world.least("minItems") >= asked.least and not any(
        _items(proof, world, (asked.schema,) * asked.least, None)
    )


def _are_few(proof: Reasoning, world: World, schema: Subschema, most: int) -> bool:
    for one in world.readings:
        held = one.contains
        if (
            held is not None
            and held.most is not None
            and held.most <= most
            and proof.same(held.schema, schema)
        ):
            return True
    limit = longest(proof, world)
    return limit is not None and limit <= most


def _evaluated(proof: Reasoning, world: World, reading: Reading) -> int | None:
    """How many of the first items some other part of the schema surely looks at, None for all."""
    number = 0
    for one in surely_applied(proof, world, reading):
        if one.items is not None or (one.unevaluated_items is not None and one is not reading):
            return None
        number = max(number, len(one.prefix))
    return number
