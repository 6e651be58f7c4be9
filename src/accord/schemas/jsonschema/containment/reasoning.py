"""What the parts of a proof ask of the whole of it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import Known, World
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Reading


class Reasoning(Protocol):
    """A proof in the making."""

    def prove(self, known: Known, goal: Subschema, *, inside: bool = False) -> Sequence[Gap]:
        """Why not every value of which that much is known is valid under ``goal``; empty if it is.

        ``inside`` is said of a value that is a part of the one before: only then a proof may lean on itself.
        """

    def excludes(self, known: Known, *, inside: bool = False) -> bool:
        """Whether it is certain that there is no such value."""

    def world(self, known: Known) -> World:
        """What follows from what is known."""

    def read(self, schema: Subschema) -> Reading:
        """What a schema asks for."""

    def same(self, one: Subschema, other: Subschema) -> bool:
        """Whether both schemas are known to take the same values."""

    def takes(self, schema: Subschema, value: JsonValue) -> bool | None:
        """Whether the value is valid under the schema, None where that is not known."""

    def matches(self, pattern: str, text: str) -> bool | None:
        """Whether the pattern matches in the text, None where that is not known."""


def gap(
    kind: GapKind,
    reading: Reading,
    world: World,
    keyword: str,
    reason: str,
    *steps: str | int,
    name: str = "",
) -> Gap:
    """A gap at a keyword of the schema that was read."""
    writer = world.known.at
    return Gap(kind, reading.schema, reading.spelled(keyword), reason, writer, name, steps)


def surely_applied(proof: Reasoning, world: World, reading: Reading) -> Iterator[Reading]:
    """The schema and those that it applies to the same value, each of which the value is surely valid under."""
    waiting, seen = [reading], set[Subschema]()
    while waiting:
        one = waiting.pop()
        if one.schema in seen:
            continue
        seen.add(one.schema)
        yield one
        waiting += map(proof.read, one.all_of.values())
        branches = (*one.any_of, *one.one_of)
        waiting += (proof.read(branch) for branch in branches if not proof.prove(world.known, branch))
