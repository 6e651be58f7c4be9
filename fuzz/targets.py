"""All targets by name."""

from collections.abc import Mapping
from typing import Final

from accord.schemas.formats import format_of
from accord.schemas.model import SchemaType
from fuzz import records, rest, schemas, values
from fuzz.target import Target

TARGETS: Final[Mapping[str, Target]] = {
    target.name: target for target in (*schemas.TARGETS, *records.TARGETS, *values.TARGETS, *rest.TARGETS)
}

for _type in SchemaType:
    # Left to itself it comes with the first schema, and what is loaded then is not observed.
    format_of(_type)
