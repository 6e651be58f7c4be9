"""Schemas that lead back to themselves without a step into the value: no validator can make sense of them."""

from collections.abc import Callable, Iterable, Iterator

from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reach import Reach
from accord.schemas.jsonschema.containment.reading import Reading, applied


def circular(reach: Reach) -> frozenset[Subschema]:
    """Those of the schemas which are, or apply, a schema in such a circle."""
    left: dict[Subschema, int] = {}
    appliers: dict[Subschema, list[Subschema]] = {}
    for one, (reading, _) in reach.items():
        same_value = set(_applied(reading))
        left[one] = len(same_value)
        for other in same_value:
            appliers.setdefault(other, []).append(one)
    ended = [one for one, number in left.items() if not number]
    while ended:
        for applier in appliers.get(ended.pop(), ()):
            left[applier] -= 1
            if not left[applier]:
                ended.append(applier)
    return frozenset(one for one, number in left.items() if number)


def rings(senseless: Iterable[Subschema], read: Callable[[Subschema], Reading]) -> list[Subschema]:
    """Those that are in a circle, without those that only lead to one, in the order of their places."""
    left = {one: set(_applied(read(one))) for one in senseless}
    while True:
        targets = {other for others in left.values() for other in others}
        outside = [one for one in left if one not in targets]
        if not outside:
            return sorted(left, key=lambda one: (one.text.name, one.place))
        for one in outside:
            del left[one]


def _applied(reading: Reading) -> Iterator[Subschema]:
    yield from applied(reading)
    if reading.negated is not None:
        yield reading.negated
