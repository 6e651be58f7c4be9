"""All schemas that some lead to, each with those that it names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Reading, read


@dataclass(frozen=True, slots=True)
class Part:
    """Schemas under one keyword of a schema; ``ordered`` if it matters which comes first."""

    keyword: str
    schemas: tuple[Subschema, ...]
    ordered: bool = True


Reach: TypeAlias = Mapping[Subschema, tuple[Reading, tuple[Part, ...]]]


def reach_of(root: Subschema) -> Reach:
    """The schema ``root`` and whatever it leads to."""
    reached: dict[Subschema, tuple[Reading, tuple[Part, ...]]] = {}
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reading = read(one)
            parts = tuple(_parts(reading))
            reached[one] = reading, parts
            waiting += (inner for part in parts for inner in part.schemas)
    return reached


def _parts(reading: Reading) -> Iterator[Part]:
    for keyword, named in (
        ("properties", reading.properties),
        ("patternProperties", reading.patterns),
        ("dependentSchemas", reading.dependent_schemas),
    ):
        if named:
            yield from (Part(f"{keyword}/{name}", (named[name],)) for name in sorted(named))
    singles = [
        ("items", reading.items),
        ("unevaluatedItems", reading.unevaluated_items),
        ("additionalProperties", reading.additional),
        ("unevaluatedProperties", reading.unevaluated),
        ("propertyNames", reading.names),
        ("not", reading.negated),
    ]
    if reading.contains is not None:
        singles.append(("contains", reading.contains.schema))
    if reading.condition is not None:
        condition = reading.condition
        singles += [("if", condition.test), ("then", condition.then), ("else", condition.otherwise)]
    yield from (Part(keyword, (inner,)) for keyword, inner in singles if inner is not None)
    if reading.prefix:
        yield Part("prefixItems", reading.prefix)
    combined = (
        ("allOf", tuple(reading.all_of.values())),
        ("anyOf", reading.any_of),
        ("oneOf", reading.one_of),
    )
    yield from (Part(keyword, schemas, ordered=False) for keyword, schemas in combined if schemas)
