"""Which schemas of two libraries ask for exactly the same, told by their structure."""

import json
from collections.abc import Hashable, Mapping
from typing import Final

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reach import Part, Reach
from accord.schemas.jsonschema.containment.reading import Reading, exact

# Rounds times schemas, about a second. Only chains of thousands of references to each other need as many.
_MOST_STEPS: Final = 500_000


class Likeness:
    """The schemas of ``reach``, sorted into classes: those of one class take the same values.

    Titles, defaults and everything else that no validator minds make no difference, and neither do names of
    definitions nor the draft, as long as it reads the same.
    """

    def __init__(self, reach: Reach) -> None:
        self._classes = _settled(reach)

    def same(self, one: Subschema, other: Subschema) -> bool:
        """Whether both are known to take the same values."""
        if one == other:
            return True
        mine = self._classes.get(one)
        return mine is not None and mine == self._classes.get(other)


def value_key(value: JsonValue) -> Hashable:
    """The same for values that JSON Schema takes for equal: 1 and 1.0 are, 1 and true are not."""
    number = exact(value)
    if number is not None:
        return number
    if isinstance(value, dict):
        return frozenset((name, value_key(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return tuple(map(value_key, value))
    return type(value).__name__, value


def _settled(reach: Reach) -> Mapping[Subschema, int]:
    """Split the classes of those that look alike until all of one class lead to the same classes."""
    classes = _numbered({one: _own(reading, parts) for one, (reading, parts) in reach.items()})
    for _ in range(_MOST_STEPS // max(len(reach), 1)):
        finer = _numbered(
            {
                one: (classes[one], *(_seen(part, classes) for part in parts))
                for one, (_, parts) in reach.items()
            }
        )
        if len(set(finer.values())) == len(set(classes.values())):
            return finer
        classes = finer
    return {}


def _seen(part: Part, classes: Mapping[Subschema, int]) -> tuple[int, ...]:
    numbers = [classes[inner] for inner in part.schemas]
    return tuple(numbers if part.ordered else sorted(numbers))


def _numbered(keys: Mapping[Subschema, Hashable]) -> dict[Subschema, int]:
    numbers: dict[Hashable, int] = {}
    return {one: numbers.setdefault(key, len(numbers)) for one, key in keys.items()}


def _own(reading: Reading, parts: tuple[Part, ...]) -> Hashable:
    """What it asks for without what stands under it in other schemas."""
    count = reading.contains
    return (
        reading.never,
        tuple(_opaque(reading, keyword) for keyword in reading.opaque),
        reading.kinds,
        frozenset(frozenset(map(value_key, values)) for values in reading.values.values()),
        frozenset(reading.limits.items()),
        reading.multiple_of,
        frozenset(reading.sizes.items()),
        reading.pattern,
        reading.unique,
        None if count is None else (count.least, count.most),
        reading.required,
        frozenset(reading.dependent_required.items()),
        reading.binding,
        tuple((part.keyword, len(part.schemas)) for part in parts),
    )


def _opaque(reading: Reading, keyword: str) -> Hashable:
    schema = reading.schema
    if keyword in {"$dynamicRef", "$recursiveRef"} or not isinstance(schema.value, dict):
        return id(schema.text), schema.place
    return keyword, json.dumps(schema.value[keyword], sort_keys=True, default=str), schema.base
