"""What stands in the way of a proof."""

from dataclasses import dataclass
from enum import Enum

from accord.schemas.jsonschema.containment.library import Subschema


class GapKind(Enum):
    """What sort of obstacle it is."""

    NARROWER = "a keyword asks for more than is known of a value"
    MISSING = "a property is required that need not be there"
    OPEN = "anything may stand under a name that now has a schema"
    FORBIDDEN = "a property may be there that is not allowed"
    AMBIGUOUS = "a value may be valid under two branches of a oneOf"
    OPAQUE = "it is not known what a keyword asks for"
    UNFINISHED = "the proof was given up"


@dataclass(frozen=True, slots=True)
class Gap:
    """A place in the ``reader``'s schema that refuses, or may refuse, what the writer's allows.

    ``keyword`` is spelled as in the text; ``steps`` lead on from it to the place. ``name`` is the property it is about,
    if any, ``reason`` says in words what it asks for and what a value may be instead. ``writer`` is what the writer's schema has
    at that place.
    """

    kind: GapKind
    reader: Subschema
    keyword: str
    reason: str
    writer: Subschema | None = None
    name: str = ""
    steps: tuple[str | int, ...] = ()
