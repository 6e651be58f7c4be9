"""Which schemas of two libraries ask for exactly the same, told by their structure."""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Reading, exact

# Rounds times schemas, about a second. Only chains of thousands of references to each other need as many.
_MOST_STEPS: Final = 500_000


@dataclass(frozen=True, slots=True)
class _Part:
    """Schemas under one keyword of a schema; ``ordered`` if it matters which comes first."""

    keyword: str
    schemas: tuple[Subschema, ...]
    ordered: bool = True


_Graph: TypeAlias = Mapping[Subschema, tuple[Hashable, tuple[_Part, ...]]]


class Likeness:
    """The schemas that ``roots`` lead to, sorted into classes: those of one class take the same values.

    Titles, defaults and everything else that no validator minds make no difference, and neither do names of
    definitions nor the draft, as long as it reads the same.
    """

    def __init__(self, roots: Iterable[Subschema], read: Callable[[Subschema], Reading]) -> None:
        self._classes = _settled(_graph(roots, read))

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


def inner_schemas(reading: Reading) -> Iterator[Subschema]:
    """Every schema that a schema names, for the value or for parts of it."""
    return (inner for part in _parts(reading) for inner in part.schemas)


def _graph(roots: Iterable[Subschema], read: Callable[[Subschema], Reading]) -> _Graph:
    graph: dict[Subschema, tuple[Hashable, tuple[_Part, ...]]] = {}
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if one in graph:
            continue
        reading = read(one)
        parts = tuple(_parts(reading))
        graph[one] = (_own(reading), parts)
        waiting += (inner for part in parts for inner in part.schemas)
    return graph


def _settled(graph: _Graph) -> Mapping[Subschema, int]:
    """Split the classes of those that look alike until all of one class lead to the same classes."""
    classes = _numbered({one: own for one, (own, _) in graph.items()})
    for _ in range(_MOST_STEPS // max(len(graph), 1)):
        finer = _numbered(
            {
                one: (classes[one], tuple(_seen(part, classes) for part in parts))
                for one, (_, parts) in graph.items()
            }
        )
        if len(set(finer.values())) == len(set(classes.values())):
            return finer
        classes = finer
    return {}


def _seen(part: _Part, classes: Mapping[Subschema, int]) -> tuple[int, ...]:
    numbers = [classes[inner] for inner in part.schemas]
    return tuple(numbers if part.ordered else sorted(numbers))


def _numbered(keys: Mapping[Subschema, Hashable]) -> dict[Subschema, int]:
    numbers: dict[Hashable, int] = {}
    return {one: numbers.setdefault(key, len(numbers)) for one, key in keys.items()}


def _own(reading: Reading) -> Hashable:
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
        tuple((part.keyword, len(part.schemas)) for part in _parts(reading)),
    )


def _opaque(reading: Reading, keyword: str) -> Hashable:
    schema = reading.schema
    if keyword in {"", "$dynamicRef", "$recursiveRef"}:
        return id(schema.text), schema.place
    return keyword, json.dumps(schema.value[keyword], sort_keys=True, default=str), schema.base


def _parts(reading: Reading) -> list[_Part]:
    parts = [
        _Part(f"{keyword}/{name}", (inner,))
        for keyword, named in (
            ("properties", reading.properties),
            ("patternProperties", reading.patterns),
            ("dependentSchemas", reading.dependent_schemas),
        )
        for name, inner in sorted(named.items())
    ]
    parts += (
        _Part(keyword, (inner,))
        for keyword, inner in (
            ("items", reading.items),
            ("contains", None if reading.contains is None else reading.contains.schema),
            ("unevaluatedItems", reading.unevaluated_items),
            ("additionalProperties", reading.additional),
            ("unevaluatedProperties", reading.unevaluated),
            ("propertyNames", reading.names),
            ("not", reading.negated),
        )
        if inner is not None
    )
    if reading.condition is not None:
        condition = reading.condition
        branches = (("if", condition.test), ("then", condition.then), ("else", condition.otherwise))
        parts += (_Part(keyword, (inner,)) for keyword, inner in branches if inner is not None)
    parts.append(_Part("prefixItems", reading.prefix))
    parts.append(_Part("allOf", tuple(reading.all_of.values()), ordered=False))
    parts.append(_Part("anyOf", reading.any_of, ordered=False))
    parts.append(_Part("oneOf", reading.one_of, ordered=False))
    return parts
