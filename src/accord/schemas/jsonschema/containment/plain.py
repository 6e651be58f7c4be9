"""Whether a schema takes a plain value, one without parts: worked out at once, where a validator has to be built first."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Final

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.likeness import value_key
from accord.schemas.jsonschema.containment.meter import Meter
from accord.schemas.jsonschema.containment.reading import Condition, Reading, exact, kind_of

# Beyond so many schemas within each other it is not known.
_DEEPEST: Final = 30
_OPPOSITE: Final[Mapping[bool | None, bool | None]] = {True: False, False: True, None: None}


class PlainValues:
    """Answers for values that are neither lists nor objects; what it cannot tell is None."""

    def __init__(
        self,
        read: Callable[[Subschema], Reading],
        matches: Callable[[str, str], bool | None],
        meter: Meter,
    ) -> None:
        self._meter = meter
        self._read = read
        self._matches = matches
        self._listed: dict[Subschema, frozenset[Hashable]] = {}
        self._known: dict[tuple[Subschema, str], bool | None] = {}

    def takes(self, schema: Subschema, value: JsonValue, depth: int = 0) -> bool | None:
        """Whether ``value`` is valid under ``schema``."""
        key = schema, repr(value)
        self._meter.look_up()
        if key not in self._known and depth < _DEEPEST:
            self._meter.spend()
            self._known[key] = self._judged(self._read(schema), value, depth + 1)
        return self._known.get(key)

    def _judged(self, reading: Reading, value: JsonValue, depth: int) -> bool | None:
        if reading.never or not self._fits(reading, value):
            return False
        one_of = [self.takes(one, value, depth) for one in reading.one_of]
        return _all(
            (
                None if reading.opaque else True,
                self._has_form(reading, value),
                *(self.takes(one, value, depth) for one in reading.all_of.values()),
                _any(self.takes(one, value, depth) for one in reading.any_of) if reading.any_of else True,
                _exactly_one(one_of) if one_of else True,
                True if reading.negated is None else _OPPOSITE[self.takes(reading.negated, value, depth)],
                True if reading.condition is None else self._meets(reading.condition, value, depth),
            )
        )

    def _fits(self, reading: Reading, value: JsonValue) -> bool:
        if kind_of(value) not in reading.kinds:
            return False
        if reading.values and value_key(value) not in self._allowed(reading):
            return False
        if isinstance(value, str):
            sizes = reading.sizes
            return sizes.get("minLength", 0) <= len(value) <= sizes.get("maxLength", len(value))
        number = exact(value)
        if number is None:
            return True
        limits = reading.limits
        return (
            limits.get("minimum", number) <= number <= limits.get("maximum", number)
            and limits.get("exclusiveMinimum", number - 1)
            < number
            < limits.get("exclusiveMaximum", number + 1)
            and (reading.multiple_of is None or (number / reading.multiple_of).denominator == 1)
        )

    def _allowed(self, reading: Reading) -> frozenset[Hashable]:
        """The values that every list of the schema has."""
        if reading.schema not in self._listed:
            first, *others = (frozenset(map(value_key, values)) for values in reading.values.values())
            self._listed[reading.schema] = first.intersection(*others)
        return self._listed[reading.schema]

    def _has_form(self, reading: Reading, value: JsonValue) -> bool | None:
        if reading.pattern is None or not isinstance(value, str):
            return True
        return self._matches(reading.pattern, value)

    def _meets(self, condition: Condition, value: JsonValue, depth: int) -> bool | None:
        tested = self.takes(condition.test, value, depth)
        if tested is None:
            return None
        branch = condition.then if tested else condition.otherwise
        return True if branch is None else self.takes(branch, value, depth)


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    found = set(verdicts)
    if False in found:
        return False
    return None if None in found else True


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    return _OPPOSITE[_all(map(_OPPOSITE.__getitem__, verdicts))]


def _exactly_one(verdicts: list[bool | None]) -> bool | None:
    if verdicts.count(True) > 1:
        return False
    return None if None in verdicts else verdicts.count(True) == 1
