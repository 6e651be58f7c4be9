"""Whether every value that one schema takes is taken by another."""

from collections.abc import Hashable
from typing import Final

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.derivation import derivation, impossibility
from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.ground import Ground
from accord.schemas.jsonschema.containment.known import Known, World
from accord.schemas.jsonschema.containment.ledger import Ledger
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.meter import Meter
from accord.schemas.jsonschema.containment.reading import ANYTHING, Reading, read
from accord.schemas.jsonschema.containment.reasoning import Answer, Question, Steps
from accord.schemas.jsonschema.containment.validity import Validity
from accord.schemas.jsonschema.contents import Content
from accord.schemas.jsonschema.memory import Memory

# Enough for oneOfs of a hundred branches on both sides that are told apart by a property, and half a second of work.
_MOST_STEPS: Final = 60_000
_PER_QUESTION: Final = 3
# Some hundred bytes each: what is shown of some hundred versions of a dozen schemas.
_SHOWN: Final = Memory(16_000)


class Proof:
    """Looks for proofs about all schemas on the ``grounds``; ``root`` is the one in question.

    A proof about recursive schemas leans on itself: what is to be shown of a value may be taken as given of the values
    in it. What was shown once of schemas of the same contents is not shown again. Once it ``is_exhausted``, nothing more
    is shown, and that is all it has to say.
    """

    def __init__(self, root: Subschema, *grounds: Ground) -> None:
        self._root = root
        self._readings = dict[Subschema, Reading]()
        self._contents = dict[Subschema, Content]()
        for ground in grounds:
            self._readings.update(ground.readings)
            self._contents.update(ground.contents)
        self._meter = Meter(_MOST_STEPS)
        self._validity = Validity(self.read, self._meter)
        self._worlds: dict[Known, World] = {}
        self._ledger = Ledger()
        self._asked: list[Hashable | None] = []

    @property
    def is_exhausted(self) -> bool:
        """Whether it was given up."""
        return self._meter.is_empty

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
        """See ``Reasoning``; once there is no time left, nothing follows any more."""
        if self.is_exhausted:
            return World(Known(frozenset(), at=known.at), self.read, self._validity, self._meter)
        if known not in self._worlds:
            self._worlds[known] = World(known, self.read, self._validity, self._meter)
        return self._worlds[known]

    def read(self, schema: Subschema) -> Reading:
        """See ``Reasoning``."""
        if schema not in self._readings:
            self._readings[schema] = read(schema)
        return self._readings[schema]

    def same(self, one: Subschema, other: Subschema) -> bool:
        """See ``Reasoning``."""
        self._meter.look_up()
        mine = self._contents.get(one)
        return one is other or (mine is not None and mine == self._contents.get(other))

    def surely_takes(self, goal: Subschema, fact: Subschema) -> bool:
        """See ``Reasoning``."""
        self._meter.look_up()
        mine, theirs = self._contents.get(fact), self._contents.get(goal)
        if mine is None or theirs is None:
            return fact is goal
        return mine == theirs or _SHOWN.steps((mine, theirs)) is not None

    def takes(self, schema: Subschema, value: JsonValue) -> bool | None:
        """See ``Reasoning``."""
        return self._validity.takes(schema, value)

    def matches(self, pattern: str, text: str) -> bool | None:
        """See ``Reasoning``."""
        return self._validity.matches(pattern, text)

    def _answer(self, question: Question) -> Answer:
        """Answer a question, and before it whatever that takes."""
        goals: list[Steps[Answer]] = []
        answer = self._begun(question, goals)
        while goals:
            if self.is_exhausted:
                return (self._given_up(),)
            try:
                asked = next(goals[-1]) if answer is None else goals[-1].send(answer)
            except StopIteration as end:
                goals.pop()
                answer = end.value
                self._close(end.value)
            else:
                answer = self._begun(asked, goals)
        return answer or ()

    def _close(self, gaps: Answer) -> None:
        """Enter the answer to the newest open question; a yes that leans on nothing is remembered."""
        question = self._asked.pop()
        is_shown = self._ledger.close(gaps)
        if is_shown and question is not None and not self.is_exhausted:
            _SHOWN.remember(question, 1)

    def _in_contents(self, known: Known, goal: Subschema | None) -> Hashable | None:
        """The question for all that have the same contents; None where they are not known."""
        contents = self._contents
        asked = None if goal is None else contents.get(goal)
        if goal is not None and asked is None:
            return None
        facts = frozenset(map(contents.get, known.facts))
        denied = frozenset(map(contents.get, known.denied))
        if None in facts or None in denied:
            return None
        if len(facts) == 1 and not denied and known.kinds == ANYTHING and not known.present:
            return (*facts, asked)
        return facts, denied, known.kinds, known.present, asked

    def _begun(self, asked: Question, goals: list[Steps[Answer]]) -> Answer | None:
        """The answer if there is one; otherwise the question becomes the next goal."""
        known, goal, inside = asked
        self._meter.look_up(len(known.facts) + len(known.denied))
        key, level = (known, goal), self._ledger.level + inside
        answer = self._ledger.answer(key, level)
        if answer is not None:
            return answer
        if self.is_exhausted or self._ledger.is_circular(key, level):
            return (self._given_up(),)
        question = self._in_contents(known, goal)
        if question is not None and _SHOWN.steps(question) is not None:
            return ()
        self._asked.append(question)
        self._meter.spend(_PER_QUESTION)
        world = self.world(known)
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
