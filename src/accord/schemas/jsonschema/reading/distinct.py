"""Telling JSON values apart, each looked at once, however deep it lies."""

from collections.abc import Hashable, Iterable

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.reading.spots import Spot


class Distinct:
    """Numbers for the values of one document: the same number for values that differ in the order of keys at most."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[int, int] = {}

    def of(self, spots: Iterable[Spot]) -> list[Spot]:
        """``spots`` without those whose value is that of an earlier one."""
        first: dict[int, Spot] = {}
        for spot in spots:
            first.setdefault(self._number(spot.value), spot)
        return [*first.values()]

    def _number(self, value: JsonValue) -> int:
        if not isinstance(value, dict | list):
            # 1, 1.0 and true are equal in Python only.
            return self._numbers.setdefault((type(value), str(value)), len(self._numbers))
        known = self._known.get(id(value))
        if known is None:
            shape: Hashable
            if isinstance(value, dict):
                shape = frozenset((key, self._number(inner)) for key, inner in value.items())
            else:
                shape = tuple(self._number(inner) for inner in value)
            known = self._known[id(value)] = self._numbers.setdefault(shape, len(self._numbers))
        return known
