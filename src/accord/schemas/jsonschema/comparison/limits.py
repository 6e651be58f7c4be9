"""Limits of strings, numbers, arrays and objects: what is added, tightened, loosened or removed."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from accord.schemas.jsonschema.comparison.contrasts import Contrast, about_keyword
from accord.schemas.jsonschema.comparison.kinds import Kind
from accord.schemas.jsonschema.model import (
    ABSENT,
    ArrayNode,
    Node,
    Number,
    NumberNode,
    ObjectNode,
    StringNode,
)


@dataclass(frozen=True, slots=True)
class _Limit:
    """A keyword that limits, the attribute of a node that holds it, and what can become of it."""

    attribute: str
    keyword: str
    added: Kind
    removed: Kind
    increased: Kind
    decreased: Kind


# That of the greatest double: what is beyond is written out by nobody.
_GREATEST_EXPONENT: Final = 308


def _limit(attribute: str, keyword: str, name: str) -> _Limit:
    kinds = (Kind[f"{name}_{what}"] for what in ("ADDED", "REMOVED", "INCREASED", "DECREASED"))
    return _Limit(attribute, keyword, *kinds)


_LIMITS: Final[Mapping[type[Node], tuple[_Limit, ...]]] = {
    StringNode: (
        _limit("max_length", "maxLength", "MAX_LENGTH"),
        _limit("min_length", "minLength", "MIN_LENGTH"),
    ),
    NumberNode: (
        _limit("maximum", "maximum", "MAXIMUM"),
        _limit("minimum", "minimum", "MINIMUM"),
        _limit("exclusive_maximum", "exclusiveMaximum", "EXCLUSIVE_MAXIMUM"),
        _limit("exclusive_minimum", "exclusiveMinimum", "EXCLUSIVE_MINIMUM"),
    ),
    ArrayNode: (
        _limit("max_items", "maxItems", "MAX_ITEMS"),
        _limit("min_items", "minItems", "MIN_ITEMS"),
        _limit("max_contains", "maxContains", "MAX_CONTAINS"),
        _limit("min_contains", "minContains", "MIN_CONTAINS"),
    ),
    ObjectNode: (
        _limit("max_properties", "maxProperties", "MAX_PROPERTIES"),
        _limit("min_properties", "minProperties", "MIN_PROPERTIES"),
    ),
}


def limits(writer: Node, reader: Node, path: str) -> Iterator[Contrast]:
    """The contrasts of the limits of two nodes of one class."""
    for limit in _LIMITS[type(writer)]:
        theirs: Number | None = getattr(writer, limit.attribute)
        mine: Number | None = getattr(reader, limit.attribute)
        if theirs is None and mine is None:
            continue
        kind = _kind(limit, theirs, mine)
        if kind is not None and not _is_overlooked(kind, writer, reader):
            values = (ABSENT if theirs is None else theirs, ABSENT if mine is None else mine)
            yield about_keyword(kind, f"{path}/{limit.keyword}", (writer, reader), limit.keyword, values)


def multiples(writer: NumberNode, reader: NumberNode, path: str) -> Iterator[Contrast]:
    """The contrast of ``multipleOf``."""
    theirs, mine = writer.multiple_of, reader.multiple_of
    if theirs is None and mine is None:
        return
    if theirs is None or mine is None:
        kind = Kind.MULTIPLE_OF_ADDED if theirs is None else Kind.MULTIPLE_OF_REMOVED
    elif _is_same_multiple(theirs, mine):
        return
    else:
        kind = _kind_of_multiple(theirs, mine)
    values = (ABSENT if theirs is None else theirs, ABSENT if mine is None else mine)
    yield about_keyword(kind, f"{path}/multipleOf", (writer, reader), "multipleOf", values)


def _kind(limit: _Limit, theirs: Number | None, mine: Number | None) -> Kind | None:
    if theirs is None:
        return limit.added
    if mine is None:
        return limit.removed
    # The registry compares them as doubles.
    before, after = _double(theirs), _double(mine)
    if before == after:
        return None
    return limit.increased if before < after else limit.decreased


def _is_overlooked(kind: Kind, writer: Node, reader: Node) -> bool:
    """Whether the registry sees no difference: this one limit it compares with the reader's ``maximum``, if there is one."""
    if kind is not Kind.EXCLUSIVE_MAXIMUM_DECREASED:
        return False
    if not isinstance(writer, NumberNode) or not isinstance(reader, NumberNode):
        return False
    before, after = writer.exclusive_maximum, reader.maximum
    return before is not None and after is not None and _double(before) <= _double(after)


def _is_same_multiple(theirs: Number, mine: Number) -> bool:
    # To the registry 1 and 1.0 are not the same; below 1 it would fail to tell how they differ.
    return theirs == mine and (str(theirs) == str(mine) or -1 < theirs < 1)


def _kind_of_multiple(theirs: Number, mine: Number) -> Kind:
    before, after = Decimal(theirs), Decimal(mine)
    if max(abs(before.adjusted()), abs(after.adjusted())) > _GREATEST_EXPONENT:
        return Kind.MULTIPLE_OF_CHANGED
    # The registry looks at what is before the point only, and fails where that leaves nothing to divide by; then the
    # whole of both numbers decides.
    if abs(before) >= 1:
        before, after = Decimal(int(before)), Decimal(int(after))
    if _divides(before, after):
        return Kind.MULTIPLE_OF_EXPANDED
    return Kind.MULTIPLE_OF_REDUCED if _divides(after, before) else Kind.MULTIPLE_OF_CHANGED


def _divides(divisor: Decimal, number: Decimal) -> bool:
    return bool(divisor) and Fraction(number) % Fraction(divisor) == 0


def _double(number: Number) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
