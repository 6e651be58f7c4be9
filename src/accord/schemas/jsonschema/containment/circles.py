"""Schemas that lead back to themselves without a step into the value: no validator can make sense of them."""

from collections.abc import Callable, Iterable, Iterator

from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.likeness import inner_schemas
from accord.schemas.jsonschema.containment.reading import Reading, applied


def circular(roots: Iterable[Subschema], read: Callable[[Subschema], Reading]) -> frozenset[Subschema]:
    """Those of the schemas that ``roots`` lead to which are, or apply, a schema in such a circle."""
    found: dict[Subschema, int] = {}
    appliers: dict[Subschema, list[Subschema]] = {}
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        reading = read(one)
        same_value = set(_applied(reading))
        found[one] = len(same_value)
        for other in same_value:
            appliers.setdefault(other, []).append(one)
        waiting += inner_schemas(reading)
    ended = [one for one, left in found.items() if not left]
    while ended:
        for applier in appliers.get(ended.pop(), ()):
            found[applier] -= 1
            if not found[applier]:
                ended.append(applier)
    return frozenset(one for one, left in found.items() if left)


def _applied(reading: Reading) -> Iterator[Subschema]:
    yield from applied(reading)
    if reading.negated is not None:
        yield reading.negated
