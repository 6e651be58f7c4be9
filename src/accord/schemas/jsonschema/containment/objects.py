"""Keywords about objects."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import Known, World
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Reading
from accord.schemas.jsonschema.containment.reasoning import (
    Reasoning,
    Steps,
    excludes,
    gap,
    prove,
    surely_applied,
)


def objects(proof: Reasoning, world: World, reading: Reading) -> Steps[list[Gap]]:
    """What a schema asks of objects, but their least size."""
    gaps: list[Gap] = []
    if "object" not in world.kinds & reading.kinds:
        return gaps
    gaps += (
        gap(
            GapKind.MISSING,
            reading,
            world,
            "required",
            "it is required, and an object may be without it",
            name=name,
        )
        for name in sorted(reading.required - world.required)
    )
    size = reading.sizes.get("maxProperties")
    if size is not None and not (yield from _are_few(world, size)):
        reason = "an object may have more properties"
        gaps.append(gap(GapKind.NARROWER, reading, world, "maxProperties", reason))
    asked: list[_Asked] = []
    if reading.properties or reading.patterns or reading.additional is not None:
        asked += _named(proof, world, reading)
        asked += _others(world, reading)
    if reading.unevaluated is not None:
        asked += yield from _unevaluated(proof, world, reading, reading.unevaluated)
    for one in asked:
        gaps += yield from _checked(proof, world, reading, one)
    if reading.names is not None and not (yield from _are_named(proof, world, reading.names)):
        reason = "properties may have other names"
        gaps.append(gap(GapKind.NARROWER, reading, world, "propertyNames", reason))
    gaps += yield from _dependencies(proof, world, reading)
    return gaps


def no_object(world: World) -> Steps[bool]:
    """Whether it is certain that there is no such object."""
    most = world.most("maxProperties")
    if most is not None and max(world.least("minProperties"), len(world.required)) > most:
        return True
    for name in sorted(world.required):
        if (yield from _is_absent(world, name)):
            return True
    return False


def _is_absent(world: World, name: str) -> Steps[bool]:
    known = world.at_property(name)
    return known is None or (yield from excludes(known, inside=True))


class _Asked(NamedTuple):
    """What is asked of the value of a property, by a keyword, and what is known of it; some have no ``name``."""

    keyword: str
    name: str
    goal: Subschema
    known: Known


def _checked(proof: Reasoning, world: World, reading: Reading, asked: _Asked) -> Steps[list[Gap]]:
    """The gaps as they are, or one in place of all that says more."""
    keyword, name, goal, known = asked
    gaps = yield from prove(known, goal, inside=True)
    if gaps and proof.read(goal).never:
        at = known.at if known.facts else world.known.at
        reason = "a property may be there that it does not allow"
        return [replace(gap(GapKind.FORBIDDEN, reading, world, keyword, reason, name=name), writer=at)]
    if gaps and _is_open(proof, known):
        steps = (name,) if name and keyword in {"properties", "patternProperties"} else ()
        return [gap(GapKind.OPEN, reading, world, keyword, "anything may stand there", *steps, name=name)]
    return list(gaps)


def _is_open(proof: Reasoning, known: Known) -> bool:
    """Whether nothing is asked of the value."""
    return not any(proof.read(one).keywords or proof.read(one).never for one in known.facts)


def _named(proof: Reasoning, world: World, reading: Reading) -> Iterator[_Asked]:
    """Every schema that may apply to a property that some schema names."""
    for name in sorted(world.named | reading.properties.keys()):
        if not reading.patterns and name in reading.properties:
            goal = reading.properties[name]
            if any(proof.surely_takes(goal, fact) for fact in world.described(name)):
                continue
        known = world.at_property(name)
        if known is None:
            continue
        matched = {pattern: proof.matches(pattern, name) for pattern in reading.patterns}
        if name in reading.properties:
            yield _Asked("properties", name, reading.properties[name], known)
        for pattern, matches in matched.items():
            if matches is not False:
                yield _Asked("patternProperties", name, reading.patterns[pattern], known)
        left = name not in reading.properties and not any(matched.values())
        if left and reading.additional is not None:
            yield _Asked("additionalProperties", name, reading.additional, known)


def _others(world: World, reading: Reading) -> Iterator[_Asked]:
    """The same for properties that no schema names."""
    patterns = reading.patterns.keys()
    for pattern, goal in reading.patterns.items():
        for known in world.at_other_properties(pattern, patterns):
            yield _Asked("patternProperties", pattern, goal, known)
    if reading.additional is not None:
        for known in world.at_other_properties(None, patterns):
            yield _Asked("additionalProperties", "", reading.additional, known)


def _unevaluated(proof: Reasoning, world: World, reading: Reading, goal: Subschema) -> Steps[list[_Asked]]:
    """What is asked of properties that no other part of the schema is sure to look at."""
    names, patterns = set[str](), set[str]()
    for one in (yield from surely_applied(proof, world, reading)):
        if one.additional is not None or (one.unevaluated is not None and one is not reading):
            return []
        names |= one.properties.keys()
        patterns |= one.patterns.keys()
    keyword = "unevaluatedProperties"
    asked = [_Asked(keyword, "", goal, known) for known in world.at_other_properties(None, patterns)]
    for name in sorted(world.named - names):
        known = world.at_property(name)
        if known is not None and not any(proof.matches(pattern, name) for pattern in patterns):
            asked.append(_Asked(keyword, name, goal, known))
    return asked


def _is_closed(world: World) -> Steps[bool]:
    """Whether there are no properties but those that some schema names."""
    if any(one.patterns for one in world.readings):
        return False
    for other in world.at_other_properties(None, ()):
        if not (yield from excludes(other, inside=True)):
            return False
    return True


def _are_few(world: World, size: int) -> Steps[bool]:
    """Whether there are no more properties than so many."""
    limit = world.most("maxProperties")
    if limit is not None and limit <= size:
        return True
    if not (yield from _is_closed(world)):
        return False
    number = 0
    for name in sorted(world.named):
        number += not (yield from _is_absent(world, name))
    return number <= size


def _are_named(proof: Reasoning, world: World, goal: Subschema) -> Steps[bool]:
    """Whether the name of every property is as ``goal`` says."""
    asked = [one.names for one in world.readings if one.names is not None]
    known = Known(frozenset(asked), kinds=frozenset({"string"}), at=world.known.at)
    if not (yield from prove(known, goal, inside=True)):
        return True
    if not (yield from _is_closed(world)):
        return False
    for name in sorted(world.named):
        if not proof.takes(goal, name) and not (yield from _is_absent(world, name)):
            return False
    return True


def _dependencies(proof: Reasoning, world: World, reading: Reading) -> Steps[list[Gap]]:
    gaps: list[Gap] = []
    for name in sorted(reading.dependent_required.keys() | reading.dependent_schemas.keys()):
        if (yield from _is_absent(world, name)):
            continue
        with_it = world.known.having(name).within(frozenset({"object"}))
        missing = reading.dependent_required.get(name, frozenset()) - proof.world(with_it).required
        if missing and not (yield from excludes(with_it)):
            words = ", ".join(f"`{one}`" for one in sorted(missing))
            reason = f"an object with `{name}` may be without {words}"
            gaps.append(gap(GapKind.NARROWER, reading, world, "dependentRequired", reason, name, name=name))
        if name in reading.dependent_schemas:
            gaps += yield from prove(with_it, reading.dependent_schemas[name])
    return gaps
