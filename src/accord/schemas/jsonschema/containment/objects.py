"""Keywords about objects."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import Known, World
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Reading
from accord.schemas.jsonschema.containment.reasoning import Reasoning, gap, surely_applied


def objects(proof: Reasoning, world: World, reading: Reading) -> Iterator[Gap]:
    """What a schema asks of objects, but their sizes."""
    if "object" not in world.kinds & reading.kinds:
        return
    for name in sorted(reading.required - world.required):
        yield gap(
            GapKind.MISSING,
            reading,
            world,
            "required",
            "it is required, and an object may be without it",
            name=name,
        )
    if reading.properties or reading.patterns or reading.additional is not None:
        yield from _named(proof, world, reading)
        yield from _others(proof, world, reading)
    if reading.unevaluated is not None:
        yield from _unevaluated(proof, world, reading, reading.unevaluated)
    if reading.names is not None:
        yield from _names(proof, world, reading, reading.names)
    yield from _dependencies(proof, world, reading)


def no_object(proof: Reasoning, world: World) -> bool:
    """Whether it is certain that there is no such object."""
    most = world.most("maxProperties")
    if most is not None and max(world.least("minProperties"), len(world.required)) > most:
        return True
    return any(_is_absent(proof, world, name) for name in sorted(world.required))


def _is_absent(proof: Reasoning, world: World, name: str) -> bool:
    known = world.at_property(name)
    return known is None or proof.excludes(known, inside=True)


def _named(proof: Reasoning, world: World, reading: Reading) -> Iterator[Gap]:
    for name in sorted(world.named | reading.properties.keys()):
        known = world.at_property(name)
        if known is None:
            continue
        for keyword, goal in _asked(proof, reading, name):
            yield from _checked(proof, world, reading, _Asked(keyword, name, goal, known))


def _asked(proof: Reasoning, reading: Reading, name: str) -> Iterator[tuple[str, Subschema]]:
    """What is asked of the property: every schema that may apply to it, and under which keyword it stands."""
    matched = {pattern: proof.matches(pattern, name) for pattern in reading.patterns}
    if name in reading.properties:
        yield "properties", reading.properties[name]
    yield from (
        ("patternProperties", reading.patterns[pattern])
        for pattern, matches in matched.items()
        if matches is not False
    )
    if reading.additional is not None and name not in reading.properties and not any(matched.values()):
        yield "additionalProperties", reading.additional


def _others(proof: Reasoning, world: World, reading: Reading) -> Iterator[Gap]:
    """Properties that no schema names."""
    goals: list[tuple[str, str | None, Subschema]] = [
        ("patternProperties", pattern, goal) for pattern, goal in reading.patterns.items()
    ]
    if reading.additional is not None:
        goals.append(("additionalProperties", None, reading.additional))
    for keyword, pattern, goal in goals:
        for known in world.at_other_properties(pattern, reading.patterns.keys()):
            yield from _checked(proof, world, reading, _Asked(keyword, pattern or "", goal, known))


class _Asked(NamedTuple):
    """What is asked of the value of a property, by a keyword, and what is known of it; some have no ``name``."""

    keyword: str
    name: str
    goal: Subschema
    known: Known


def _checked(proof: Reasoning, world: World, reading: Reading, asked: _Asked) -> Iterator[Gap]:
    """The gaps as they are, or one in place of all that says more."""
    keyword, name, goal, known = asked
    gaps = proof.prove(known, goal, inside=True)
    if gaps and proof.read(goal).never:
        at = known.at if known.facts else world.known.at
        reason = "a property may be there that it does not allow"
        yield replace(gap(GapKind.FORBIDDEN, reading, world, keyword, reason, name=name), writer=at)
    elif gaps and _is_open(proof, known):
        steps = (name,) if name and keyword in {"properties", "patternProperties"} else ()
        yield gap(GapKind.OPEN, reading, world, keyword, "anything may stand there", *steps, name=name)
    else:
        yield from gaps


def _is_open(proof: Reasoning, known: Known) -> bool:
    """Whether nothing is asked of the value."""
    return not any(proof.read(one).keywords or proof.read(one).never for one in known.facts)


def _unevaluated(proof: Reasoning, world: World, reading: Reading, goal: Subschema) -> Iterator[Gap]:
    evaluated = _evaluated(proof, world, reading)
    if evaluated is None:
        return
    names, patterns = evaluated
    attempts = [(name, world.at_property(name)) for name in sorted(world.named - names)]
    attempts += (("", known) for known in world.at_other_properties(None, patterns))
    for name, known in attempts:
        if known is None or any(proof.matches(pattern, name) for pattern in patterns if name):
            continue
        asked = _Asked("unevaluatedProperties", name, goal, known)
        yield from _checked(proof, world, reading, asked)


def _evaluated(proof: Reasoning, world: World, reading: Reading) -> tuple[set[str], set[str]] | None:
    """The names and patterns that other parts of the schema surely look at, None for all there are."""
    names, patterns = set[str](), set[str]()
    for one in surely_applied(proof, world, reading):
        if one.additional is not None or (one.unevaluated is not None and one is not reading):
            return None
        names |= one.properties.keys()
        patterns |= one.patterns.keys()
    return names, patterns


def _names(proof: Reasoning, world: World, reading: Reading, goal: Subschema) -> Iterator[Gap]:
    asked = [one.names for one in world.readings if one.names is not None]
    known = Known(frozenset(asked), kinds=frozenset({"string"}), at=world.known.at)
    if not proof.prove(known, goal, inside=True):
        return
    closed = all(proof.excludes(one, inside=True) for one in world.at_other_properties(None, ())) and not any(
        one.patterns for one in world.readings
    )
    names = [name for name in sorted(world.named) if not (closed and _is_absent(proof, world, name))]
    if not closed or not all(proof.takes(goal, name) for name in names):
        yield gap(GapKind.NARROWER, reading, world, "propertyNames", "properties may have other names")


def _dependencies(proof: Reasoning, world: World, reading: Reading) -> Iterator[Gap]:
    for name in sorted(reading.dependent_required.keys() | reading.dependent_schemas.keys()):
        if _is_absent(proof, world, name):
            continue
        with_it = world.known.having(name)
        missing = reading.dependent_required.get(name, frozenset()) - proof.world(with_it).required
        if missing and not proof.excludes(with_it):
            words = ", ".join(f"`{one}`" for one in sorted(missing))
            reason = f"an object with `{name}` may be without {words}"
            yield gap(GapKind.NARROWER, reading, world, "dependentRequired", reason, name, name=name)
        if name in reading.dependent_schemas:
            yield from proof.prove(with_it.within(frozenset({"object"})), reading.dependent_schemas[name])
