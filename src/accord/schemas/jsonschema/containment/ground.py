"""What a proof stands on: a schema with all that it leads to, worked out once, however many proofs are about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from accord.schemas.jsonschema.containment.circles import circular
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.likeness import alike
from accord.schemas.jsonschema.containment.reach import Reach, reach_of
from accord.schemas.jsonschema.containment.reading import Reading
from accord.schemas.jsonschema.contents import Content


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The schema ``root`` and whatever it leads to.

    ``senseless`` are the schemas that lead back to themselves without a step into the value; their ``readings`` say that
    nothing is known of them. Schemas with the same ``contents`` take the same values.
    """

    root: Subschema
    reach: Reach
    senseless: frozenset[Subschema]
    readings: Mapping[Subschema, Reading]
    contents: Mapping[Subschema, Content]


def ground_of(root: Subschema) -> Ground:
    """The ground of proofs about ``root``."""
    reach = reach_of(root)
    senseless = circular(reach)
    readings = {one: reading for one, (reading, _) in reach.items()}
    readings.update((one, Reading(one, opaque=[""])) for one in senseless)
    return Ground(root, reach, senseless, readings, alike(reach))
