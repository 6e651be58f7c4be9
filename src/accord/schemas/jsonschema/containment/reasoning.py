"""How the parts of a proof ask each other.

Whatever needs something proven first is a generator: it yields the question and is sent the answer. So a proof goes
as deep as it has to without one function calling the next.
"""

from collections.abc import Generator, Sequence
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import Known, World
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.reading import Reading

Found = TypeVar("Found")


class Question(NamedTuple):
    """Whether every value of which that much is ``known`` is valid under ``goal``; for None, whether there is none.

    ``inside`` is said of a value that is a part of the one before: only then a proof may lean on itself.
    """

    known: Known
    goal: Subschema | None
    inside: bool


Answer: TypeAlias = Sequence[Gap]
"""What stands in the way; nothing if the answer is yes."""

Steps: TypeAlias = Generator[Question, Answer, Found]
"""What asks questions on the way to what it finds."""


class Reasoning(Protocol):
    """What a part of a proof can look up."""

    def world(self, known: Known) -> World:
        """What follows from what is known."""

    def read(self, schema: Subschema) -> Reading:
        """What a schema asks for."""

    def same(self, one: Subschema, other: Subschema) -> bool:
        """Whether both schemas are known to take the same values."""

    def surely_takes(self, goal: Subschema, fact: Subschema) -> bool:
        """Whether ``goal`` is known, without a question, to take whatever ``fact`` takes."""

    def takes(self, schema: Subschema, value: JsonValue) -> bool | None:
        """Whether the value is valid under the schema, None where that is not known."""

    def matches(self, pattern: str, text: str) -> bool | None:
        """Whether the pattern matches in the text, None where that is not known."""


def prove(known: Known, goal: Subschema, *, inside: bool = False) -> Steps[Answer]:
    """Why not every value of which that much is known is valid under ``goal``; empty if it is."""
    return (yield Question(known, goal, inside))


def excludes(known: Known, *, inside: bool = False) -> Steps[bool]:
    """Whether it is certain that there is no such value."""
    answer = yield Question(known, None, inside)
    return not answer


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


def surely_applied(proof: Reasoning, world: World, reading: Reading) -> Steps[list[Reading]]:
    """The schema and those that it applies to the same value, each of which the value is surely valid under."""
    waiting, found = [reading], dict[Subschema, Reading]()
    while waiting:
        one = waiting.pop()
        if one.schema in found:
            continue
        found[one.schema] = one
        waiting += map(proof.read, one.all_of.values())
        for branch in (*one.any_of, *one.one_of):
            if not (yield from prove(world.known, branch)):
                waiting.append(proof.read(branch))
    return list(found.values())
