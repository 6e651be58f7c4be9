"""Which values are equal, and which schemas ask for exactly the same, told by their structure."""

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction

from accord.schemas.json_text import JsonValue, written
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reach import Part, Reach
from accord.schemas.jsonschema.containment.reading import ANYTHING, Reading, exact
from accord.schemas.jsonschema.contents import Content, Saying, contents_of


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


def alike(reach: Reach) -> Mapping[Subschema, Content]:
    """The same content for schemas that take the same values, as far as their structure tells.

    Titles, defaults and everything else that no validator minds make no difference, and neither does the draft, as long
    as it reads the same. Names of definitions make one only where schemas lead back to themselves.
    """
    return contents_of(
        {
            one: Saying(
                repr([*_own(reading, parts)]),
                f"{one.text.name}#{one.place}",
                [(part.schemas, part.ordered) for part in parts],
            )
            for one, (reading, parts) in reach.items()
        }
    )


def _own(reading: Reading, parts: tuple[Part, ...]) -> Iterator[object]:
    """What it asks for without what stands under it in other schemas."""
    yield reading.never, [_opaque(reading, keyword) for keyword in reading.opaque]
    yield "" if reading.kinds == ANYTHING else sorted(reading.kinds)
    yield reading.values and sorted({_listed(values) for values in reading.values.values()})
    yield reading.limits and sorted((word, _number(limit)) for word, limit in reading.limits.items())
    yield reading.multiple_of and _number(reading.multiple_of)
    yield reading.sizes and sorted((word, f"{size:x}") for word, size in reading.sizes.items())
    yield reading.pattern, reading.unique, sorted(reading.required)
    count = reading.contains
    yield count and (f"{count.least:x}", "" if count.most is None else f"{count.most:x}")
    asked = reading.dependent_required
    yield reading.binding, asked and [(name, sorted(asked[name])) for name in sorted(asked)]
    yield [(part.keyword, len(part.schemas)) for part in parts]


def _opaque(reading: Reading, keyword: str) -> tuple[str, ...]:
    schema = reading.schema
    told = keyword, schema.draft.value, schema.base
    if keyword in {"$dynamicRef", "$recursiveRef"}:
        # What that means may depend on everything there is.
        return *told, schema.text.name, schema.place, schema.text.library.spelled_out
    value = schema.value
    asked = value[keyword] if isinstance(value, dict) and keyword in value else value
    return *told, written(asked, in_order=True)


def _listed(values: tuple[JsonValue, ...]) -> str:
    return repr(sorted({repr(_spelled(value)) for value in values}))


def _spelled(value: JsonValue) -> Hashable:
    """The same for values with the same ``value_key``, and with the same spelling then."""
    number = exact(value)
    if number is not None:
        return _number(number)
    if isinstance(value, dict):
        return "object", *((name, _spelled(value[name])) for name in sorted(value))
    if isinstance(value, list):
        return "array", *map(_spelled, value)
    return type(value).__name__, str(value)


def _number(number: Fraction) -> str:
    return f"{number.numerator:x}/{number.denominator:x}"
