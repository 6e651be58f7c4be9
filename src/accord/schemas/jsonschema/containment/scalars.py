"""Keywords about single values: types, lists of values, numbers, strings."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from accord.schemas.json_text import JsonValue, quote
from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import Bound, World
from accord.schemas.jsonschema.containment.likeness import value_key
from accord.schemas.jsonschema.containment.reading import NUMBERS, SIZES, Kinds, Reading
from accord.schemas.jsonschema.containment.reasoning import gap
from accord.schemas.sentences import listed, listed_shortly

_MOST_QUOTED: Final = 5
_INTEGERS: Final = frozenset({"integer", "whole"})
_MATCHES_ALL: Final = frozenset({"", ".*", "^", "$", "^.*", ".*$"})
_WORDS: Final[Mapping[Kinds, str]] = {
    frozenset({"null"}): "null",
    frozenset({"boolean"}): "true or false",
    frozenset({"string"}): "a string",
    NUMBERS: "a number",
    _INTEGERS: "an integer",
    frozenset({"integer"}): "an integer",
    frozenset({"whole"}): "an integer written as 1.0",
    frozenset({"fraction"}): "a number that is no integer",
    frozenset({"array"}): "an array",
    frozenset({"object"}): "an object",
}
_LENGTHS: Final = {
    "minLength": "shorter",
    "maxLength": "longer",
    "minItems": "shorter",
    "minProperties": "smaller",
}
# A list or an object may also be limited because there are no schemas for more.
_KNOWN_BY_PARTS: Final = frozenset({"maxItems", "maxProperties"})


def kinds(world: World, reading: Reading) -> Iterator[Gap]:
    """The keyword ``type``."""
    if reading.never:
        yield gap(GapKind.NARROWER, reading, world, "", "it takes no value, and there may be one")
    more = world.kinds - reading.kinds
    if more:
        yield gap(GapKind.NARROWER, reading, world, "type", f"a value may be {_kinds_in_words(more)}")


def values(world: World, reading: Reading) -> Iterator[Gap]:
    """The keywords ``enum`` and ``const``."""
    for keyword, allowed in reading.values.items():
        if world.values is None:
            yield gap(GapKind.NARROWER, reading, world, keyword, "a value may be another than those listed")
            continue
        keys = set(map(value_key, allowed))
        left = [value for value, key in zip(world.values, world.value_keys, strict=True) if key not in keys]
        if left:
            yield gap(GapKind.NARROWER, reading, world, keyword, f"a value may be {_quoted(left)}")


def numbers(world: World, reading: Reading) -> Iterator[Gap]:
    """Limits and ``multipleOf``."""
    if not world.kinds & reading.kinds & NUMBERS:
        return
    for keyword, limit in reading.limits.items():
        bound, sign = (world.lower, 1) if keyword.endswith("inimum") else (world.upper, -1)
        asked = (limit, keyword.startswith("exclusive"))
        if bound is None or _looser(_tightened(bound, sign, world), asked, sign):
            word = "smaller" if sign > 0 else "larger"
            yield gap(GapKind.NARROWER, reading, world, keyword, f"a number may be {word}")
    if reading.multiple_of is not None and not any(
        (factor / reading.multiple_of).denominator == 1 for factor in world.factors
    ):
        yield gap(GapKind.NARROWER, reading, world, "multipleOf", "a number need not be a multiple of that")


def sizes(world: World, reading: Reading) -> Iterator[Gap]:
    """Lengths of strings, and how many items or properties there must be; ``pattern`` with them."""
    applying = world.kinds & reading.kinds
    for keyword, size in reading.sizes.items():
        if keyword in _KNOWN_BY_PARTS or SIZES[keyword] not in applying:
            continue
        if not _is_within(world, keyword, size):
            yield gap(GapKind.NARROWER, reading, world, keyword, f"a value may be {_LENGTHS[keyword]}")
    if reading.pattern is not None and "string" in applying:
        known = _MATCHES_ALL.union(one.pattern for one in world.readings if one.pattern is not None)
        if reading.pattern not in known:
            yield gap(GapKind.NARROWER, reading, world, "pattern", "a string need not match it")


def no_number(world: World) -> bool:
    """Whether the limits leave no number."""
    if world.lower is None or world.upper is None:
        return False
    (least, above), (most, below) = (
        _tightened(world.lower, 1, world),
        _tightened(world.upper, -1, world),
    )
    return least > most or (least == most and (above or below))


def no_size(world: World, least: str, most: str) -> bool:
    """Whether the two sizes leave nothing between them."""
    limit = world.most(most)
    return limit is not None and world.least(least) > limit


def _is_within(world: World, keyword: str, size: int) -> bool:
    if keyword.startswith("min"):
        known = len(world.required) if keyword == "minProperties" else 0
        return max(world.least(keyword), known) >= size
    limit = world.most(keyword)
    return limit is not None and limit <= size


def _tightened(bound: Bound, sign: int, world: World) -> Bound:
    """The limit as integers see it, where there are only integers."""
    limit, exclusive = bound
    if not world.kinds & NUMBERS <= _INTEGERS:
        return bound
    rounded = -(-limit // 1) if sign > 0 else limit // 1
    if exclusive and rounded == limit:
        rounded += sign
    return Fraction(rounded), False


def _looser(bound: Bound, asked: Bound, sign: int) -> bool:
    (limit, exclusive), (wanted, strictly) = bound, asked
    return limit * sign < wanted * sign or (limit == wanted and strictly and not exclusive)


def _kinds_in_words(kinds: Kinds) -> str:
    words, left = [], kinds
    for several, word in _WORDS.items():
        if several <= left:
            words.append(word)
            left -= several
    return listed(words, last="or")


def _quoted(values: list[JsonValue]) -> str:
    # Of many only the first are told, and none of the others need be quoted.
    told = [quote(value) for value in values[:_MOST_QUOTED]]
    return listed_shortly([*told, *("" for _ in values[_MOST_QUOTED:])])
