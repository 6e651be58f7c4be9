"""Schemas that no value is valid under, and why."""

from collections.abc import Iterator, Mapping
from typing import Final

from accord.schemas.jsonschema.containment.circles import rings
from accord.schemas.jsonschema.containment.ground import Ground
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.proof import Proof
from accord.schemas.jsonschema.containment.reach import Reach
from accord.schemas.jsonschema.containment.reading import Reading, read

_PAIRS: Final[Mapping[str, str]] = {
    "minLength": "maxLength",
    "minItems": "maxItems",
    "minProperties": "maxProperties",
}
_RULED_OUT: Final = "its keywords rule each other out"


def contradictions(proof: Proof, reach: Reach) -> Iterator[tuple[Subschema, str]]:
    """Every schema in ``reach`` that no value is valid under, with the reason.

    Those that say so in plain words are left out, and those that only hold another such schema.
    """
    found: dict[Subschema, str] = {}
    for one in sorted(reach, key=lambda one: (one.text.name, one.place)):
        reading = proof.read(one)
        if not _is_plain(reading) and _is_suspicious(proof, reading) and proof.is_impossible(one):
            found[one] = _clash(reading) or _absentee(proof, reading) or _RULED_OUT
    for one, reason in found.items():
        _, parts = reach[one]
        if not any(inner in found for part in parts for inner in part.schemas):
            yield one, reason


def circles(ground: Ground) -> Iterator[Subschema]:
    """Every schema on the ground that leads back to itself without a step into the value."""
    yield from rings(ground.senseless, read)


def _is_plain(reading: Reading) -> bool:
    return reading.never or (reading.keywords == {"not"} and reading.schema.value["not"] in ({}, True))


def _is_suspicious(proof: Proof, reading: Reading) -> bool:
    """Whether a closer look is worth its time: most schemas have nothing that could clash."""
    if len(reading.sizes) > 1 or len(reading.limits) > 1 or reading.all_of or reading.negated:
        return True
    if reading.values or reading.any_of or reading.one_of or reading.condition:
        return len(reading.keywords) > 1 or () in reading.values.values()
    asked = [reading.properties[name] for name in reading.required & reading.properties.keys()]
    undescribed = reading.additional is not None and not reading.required <= reading.properties.keys()
    return undescribed or any(proof.read(one).never for one in asked)


def _clash(reading: Reading) -> str:
    for low, high in _PAIRS.items():
        sizes = reading.sizes
        if low in sizes and high in sizes and sizes[low] > sizes[high]:
            return f"`{low}` is {sizes[low]} and `{high}` is {sizes[high]}"
    lows = {word: reading.limits[word] for word in ("minimum", "exclusiveMinimum") if word in reading.limits}
    highs = {word: reading.limits[word] for word in ("maximum", "exclusiveMaximum") if word in reading.limits}
    for low, least in lows.items():
        for high, most in highs.items():
            if least > most or (least == most and (low != "minimum" or high != "maximum")):
                return f"`{reading.spelled(low)}` and `{reading.spelled(high)}` leave no number between them"
    return next((f"`{word}` lists no value" for word, listed in reading.values.items() if not listed), "")


def _absentee(proof: Proof, reading: Reading) -> str:
    """The property that is required and cannot be there."""
    for name in sorted(reading.required):
        described = reading.properties.get(name, reading.additional)
        if described is not None and proof.read(described).never:
            return f"`{name}` is required and not allowed"
    return ""
