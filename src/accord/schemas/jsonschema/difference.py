"""What stands between two JSON Schemas, with what it lies between."""

from dataclasses import dataclass, field

from accord.schemas.jsonschema.model import Node
from accord.schemas.rules import Difference


@dataclass(frozen=True, slots=True)
class JsonSchemaDifference(Difference):
    """A difference with the nodes that it lies between, None where a side has nothing at that place.

    ``error_type`` is always set, to the name of its ``Kind``. The ``facts`` are ``keyword`` (the keyword that it is
    about), ``name`` (the property, dependency or item), ``reader_value`` and ``writer_value`` (what stands under the
    keyword, as compact JSON), "" where there is none.
    """

    reader_node: Node | None = field(kw_only=True)
    writer_node: Node | None = field(kw_only=True)
