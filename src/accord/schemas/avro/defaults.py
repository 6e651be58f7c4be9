"""Defaults: whether a value fits a type, half strictly, as Confluent 8.1 does it.

What the specification forbids and the registry lets pass: an enum default outside the symbols, a fixed of another
length, a value for any branch of a union instead of the first.
"""

import math
import re
from collections.abc import Mapping
from typing import Final

from accord.schemas.avro.model import (
    NO_DEFAULT,
    Array,
    Enum,
    Field,
    Fixed,
    Kind,
    Map,
    NamedType,
    Primitive,
    Record,
    Ref,
    Type,
    Union,
)
from accord.schemas.errors import InvalidSchema
from accord.schemas.json_text import JsonValue

_INT: Final = range(-(2**31), 2**31)
_LONG: Final = range(-(2**63), 2**63)
_TEXTS: Final = frozenset({Kind.STRING, Kind.BYTES})
_FRACTIONS: Final = frozenset({Kind.FLOAT, Kind.DOUBLE})
_PLAIN: Final[Mapping[Kind, JsonValue]] = {
    Kind.NULL: None,
    Kind.BOOLEAN: False,
    Kind.INT: 0,
    Kind.LONG: 0,
    Kind.FLOAT: 0.0,
    Kind.DOUBLE: 0.0,
    Kind.BYTES: "",
    Kind.STRING: "",
}
# A default made of defaults of defaults beyond this is taken as one without an end.
_DEEPEST: Final = 50
_DOUBLE: Final = re.compile(r"[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?)")


class Defaults:
    """Whether values may stand as defaults in a schema of these ``types``; all together may take so many ``steps``.

    Lists of thousands of values for unions of hundreds of records would take minutes otherwise.
    """

    def __init__(self, types: Mapping[str, NamedType], *, steps: float = math.inf) -> None:
        self._types = types
        self._steps = steps

    def fits(self, value: JsonValue, type_: Type, *, default_of: tuple[Record, Field] | None = None) -> bool:
        """Whether ``value`` may stand as a default of ``type_``.

        ``default_of`` is the field that it is the default of, if any: a default that needs itself has no end. Raises
        InvalidSchema if that takes too many steps.
        """
        if _is_plainly_valid(value, type_):
            return True
        # The fields ("record/field") that are being filled from their defaults.
        filling = frozenset[str]() if default_of is None else frozenset({_own_name(*default_of)})
        fitting = _Fitting(self._types, self._steps)
        try:
            return fitting.fits(value, type_, filling)
        finally:
            self._steps = fitting.steps


def _is_plainly_valid(value: JsonValue, type_: Type) -> bool:
    """Most defaults are: a value of a primitive, or of a branch that is one."""
    if isinstance(type_, Primitive):
        return _fits_primitive(value, type_.kind)
    if isinstance(type_, Union):
        branches = (branch for branch in type_.branches if isinstance(branch, Primitive))
        return any(_fits_primitive(value, branch.kind) for branch in branches)
    return False


class _Fitting:
    """Tries one value; what is known of a record is kept, or fields that share records would be tried over and over."""

    def __init__(self, types: Mapping[str, NamedType], steps: float) -> None:
        self.steps = steps
        self._types = types
        self._known: dict[tuple[int, str], bool] = {}

    def fits(self, value: JsonValue, type_: Type, filling: frozenset[str]) -> bool:
        """See ``Defaults``."""
        self.steps -= 1
        if self.steps < 0:
            raise InvalidSchema(
                "the defaults cannot be checked: their values would have to be tried as too many types",
                hint="make the defaults or the unions smaller",
            )
        node = self._types[type_.name] if isinstance(type_, Ref) else type_
        if isinstance(node, Record):
            key = id(value), node.name.full
            if key not in self._known:
                self._known[key] = self._fits_record(value, node, filling)
            return self._known[key]
        if isinstance(node, Union):
            return any(self.fits(value, branch, filling) for branch in node.branches)
        if isinstance(node, Array):
            return isinstance(value, list) and all(self.fits(item, node.items, filling) for item in value)
        if isinstance(node, Map):
            return isinstance(value, dict) and all(
                self.fits(item, node.values, filling) for item in value.values()
            )
        if isinstance(node, Enum | Fixed):
            return isinstance(value, str)
        return _fits_primitive(value, node.kind)

    def _fits_record(self, value: JsonValue, record: Record, filling: frozenset[str]) -> bool:
        if not isinstance(value, dict):
            return False
        for field in record.fields:
            inside = filling
            if field.name in value:
                given = value[field.name]
            elif (
                field.has_default
                and len(filling) < _DEEPEST
                and (own := _own_name(record, field)) not in filling
            ):
                given, inside = field.default, filling | {own}
            else:
                return False
            if not self.fits(given, field.type, inside):
                return False
        return True


def _own_name(record: Record, field: Field) -> str:
    """What tells a field from all others of the schema."""
    return f"{record.name.full}/{field.name}"


def as_double(text: str) -> float | None:
    """The number that ``text`` spells, None if it spells none."""
    stripped = text.strip()
    if not _DOUBLE.fullmatch(stripped):
        return None
    if stripped.endswith(("NaN", "Infinity")):
        return float(stripped.replace("Infinity", "inf"))
    return float(stripped.rstrip("fFdD"))


def _fits_primitive(value: JsonValue, kind: Kind) -> bool:
    if kind is Kind.NULL:
        return value is None
    if kind is Kind.BOOLEAN:
        return isinstance(value, bool)
    if kind in _TEXTS:
        return isinstance(value, str)
    if isinstance(value, bool):
        return False
    if kind in _FRACTIONS:
        return isinstance(value, int | float)
    return isinstance(value, int) and value in (_INT if kind is Kind.INT else _LONG)


def plain_default(type_: Type, types: Mapping[str, NamedType]) -> JsonValue:
    """The plainest value of a type that means something on its own: "", 0, an empty list; NO_DEFAULT if none does."""
    node = types[type_.name] if isinstance(type_, Ref) else type_
    if "logicalType" in node.properties or isinstance(node, Fixed):
        return NO_DEFAULT
    if isinstance(node, Union):
        return plain_default(node.branches[0], types) if node.branches else NO_DEFAULT
    if isinstance(node, Enum):
        return node.default or next(iter(node.symbols), NO_DEFAULT)
    if isinstance(node, Record):
        return {} if Defaults(types).fits({}, node) else NO_DEFAULT
    if isinstance(node, Array):
        return []
    return {} if isinstance(node, Map) else _PLAIN[node.kind]
