"""Whether every value that one schema takes is taken by another."""

from functools import cached_property
from typing import Final

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.circles import circular
from accord.schemas.jsonschema.containment.derivation import derivation, impossibility
from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.known import Known, World
from accord.schemas.jsonschema.containment.ledger import Ledger
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.likeness import Likeness
from accord.schemas.jsonschema.containment.reach import Reach
from accord.schemas.jsonschema.containment.reading import Reading, read
from accord.schemas.jsonschema.containment.reasoning import Answer, Question, Steps
from accord.schemas.jsonschema.containment.validity import Validity

# Enough for oneOfs of some forty branches on both sides, and about a second of work.
_MOST_STEPS: Final = 20_000
# A step counts once more for so many schemas that hold for a value at the same time.
_HEAVY: Final = 8


class Proof:
    """Looks for proofs about all schemas in ``reach``, of which ``root`` is the one in question.

    A proof about recursive schemas leans on itself: what is to be shown of a value may be taken as given of the values
    in it. Once it ``is_exhausted``, nothing more is shown, and that is all it has to say.
    """

    def __init__(self, root: Subschema, reach: Reach) -> None:
        self._root = root
        self._readings = {one: reading for one, (reading, _) in reach.items()}
        self._validity = Validity(self.read)
        self.reach = reach
        self.senseless = circular(self.reach)
        self._readings.update((one, Reading(one, opaque=[""])) for one in self.senseless)
        self._worlds: dict[Known, World] = {}
        self._ledger = Ledger()
        self._left = _MOST_STEPS

    @property
    def is_exhausted(self) -> bool:
        """Whether it was given up."""
        return self._left <= 0

    def gaps(self, writer: Subschema, reader: Subschema) -> tuple[Gap, ...]:
        """Why ``reader`` does not take whatever ``writer`` takes; empty if it does."""
        known = Known(frozenset({writer}), at=writer)
        answer = self._answer(Question(known, reader, inside=False))
        if self.is_exhausted:
            return (self._given_up(),)
        told = {(one.kind, one.reader, one.keyword, one.steps, one.name): one for one in reversed(answer)}
        return tuple(reversed(told.values()))

    def is_impossible(self, schema: Subschema) -> bool:
        """Whether it is certain that no value is valid under ``schema``."""
        return not self._answer(Question(Known(frozenset({schema})), None, inside=False))

    def world(self, known: Known) -> World:
        """See ``Reasoning``."""
        if known not in self._worlds:
            self._worlds[known] = World(known, self.read, self._validity)
        return self._worlds[known]

    def read(self, schema: Subschema) -> Reading:
        """See ``Reasoning``."""
        if schema not in self._readings:
            self._readings[schema] = read(schema)
        return self._readings[schema]

    def same(self, one: Subschema, other: Subschema) -> bool:
        """See ``Reasoning``."""
        return self._likeness.same(one, other)

    def takes(self, schema: Subschema, value: JsonValue) -> bool | None:
        """See ``Reasoning``."""
        return self._validity.takes(schema, value)

    def matches(self, pattern: str, text: str) -> bool | None:
        """See ``Reasoning``."""
        self._left -= 1
        return self._validity.matches(pattern, text)

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(self.reach)

    def _answer(self, question: Question) -> Answer:
        """Answer a question, and before it whatever that takes."""
        goals: list[Steps[Answer]] = []
        answer = self._begun(question, goals)
        while goals:
            try:
                asked = next(goals[-1]) if answer is None else goals[-1].send(answer)
            except StopIteration as end:
                goals.pop()
                answer = end.value
                self._ledger.close(end.value)
            else:
                answer = self._begun(asked, goals)
        return answer or ()

    def _begun(self, question: Question, goals: list[Steps[Answer]]) -> Answer | None:
        """The answer if there is one; otherwise the question becomes the next goal."""
        known, goal, inside = question
        key, level = (known, goal), self._ledger.level + inside
        answer = self._ledger.answer(key, level)
        if answer is not None:
            return answer
        if self.is_exhausted or self._ledger.is_circular(key, level):
            return (self._given_up(),)
        world = self.world(known)
        self._left -= 1 + len(world.readings) // _HEAVY
        self._ledger.open(key, level)
        goals.append(self._steps(world, goal))
        return None

    def _steps(self, world: World, goal: Subschema | None) -> Steps[Answer]:
        if goal is not None:
            return (yield from derivation(self, world, goal))
        impossible = yield from impossibility(self, world)
        return () if impossible else (self._given_up(),)

    def _given_up(self) -> Gap:
        reason = "the schemas are too large to tell"
        return Gap(GapKind.UNFINISHED, self._root, "", reason)
