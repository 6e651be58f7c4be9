"""How long it would take a validator to judge a value."""

from collections.abc import Callable, Iterator
from typing import Final

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Reading, applied

_UNKNOWN: Final = 10**9
# Beyond so many schemas within each other for one value it is not worked out.
_DEEPEST: Final = 60


class Walkthrough:
    """Counts what meets when a value is judged: validators look at each part as often as a schema leads there."""

    def __init__(self, read: Callable[[Subschema], Reading]) -> None:
        self._read = read
        self._known: dict[tuple[Subschema, int], int] = {}

    def meetings(self, schema: Subschema, value: JsonValue, *, most: int) -> int:
        """At most so many times a part of ``value`` meets a schema; some number above ``most`` where it may be more."""
        depth, size = _measured(value)
        if depth > _DEEPEST:
            return _UNKNOWN
        return self._ways(schema, depth, most, 0) * size

    def _ways(self, schema: Subschema, depth: int, most: int, within: int) -> int:
        """How many schemas are led to, counted again for each way, by a value with so many levels."""
        key = schema, depth
        if key not in self._known:
            if within > _DEEPEST:
                return _UNKNOWN
            self._known[key] = _UNKNOWN
            self._known[key] = self._counted(self._read(schema), depth, most, within + 1)
        return self._known[key]

    def _counted(self, reading: Reading, depth: int, most: int, within: int) -> int:
        ways = 1
        for inner in _beside(reading):
            ways += self._ways(inner, depth, most, within)
            if ways > most:
                return _UNKNOWN
        for inner in _below(reading) if depth else ():
            ways += self._ways(inner, depth - 1, most, within)
            if ways > most:
                return _UNKNOWN
        return ways


def _beside(reading: Reading) -> Iterator[Subschema]:
    yield from applied(reading)
    if reading.negated is not None:
        yield reading.negated


def _below(reading: Reading) -> Iterator[Subschema]:
    yield from reading.properties.values()
    yield from reading.patterns.values()
    yield from reading.prefix
    for one in (
        reading.items,
        reading.unevaluated_items,
        reading.additional,
        reading.unevaluated,
        reading.names,
    ):
        if one is not None:
            yield one
    if reading.contains is not None:
        yield reading.contains.schema


def _measured(value: JsonValue) -> tuple[int, int]:
    """How many levels there are below ``value``, and how many values in all."""
    depth, size, level = -1, 0, [value]
    while level:
        depth, size = depth + 1, size + len(level)
        level = [inner for one in level for inner in _inner(one)]
    return depth, size


def _inner(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return [*value.values()]
    return value if isinstance(value, list) else []
