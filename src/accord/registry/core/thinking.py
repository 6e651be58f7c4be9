"""Questions whose answers take more than a moment: values that say all there is to know, so that anybody may answer them.

What is decided asks them through one function. Who drives the decision answers at once, or remembers what was answered
elsewhere, perhaps by another process, and lets the decision be made again.
"""

from typing import Any, Protocol, TypeVar

from accord.errors import AccordError

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Question(Protocol[T_co]):
    """Something to find out; equal questions have equal answers."""

    @property
    def is_quick(self) -> bool:
        """Whether the answer takes a few milliseconds at most, however nasty the question is."""

    def answer(self) -> T_co:
        """Find it out. Raises the AccordError that is the answer."""


class Ask(Protocol):
    """How a decision gets its answers."""

    def __call__(self, question: Question[T], /) -> T:
        """The answer. Raises the AccordError that is the answer, or Unanswered."""


class Unanswered(Exception):
    """The decision has to wait for the answer to ``question``."""

    def __init__(self, question: Question[object]) -> None:
        super().__init__("nobody has thought about this yet")
        self.question = question


def answer_at_once(question: Question[T], /) -> T:
    """Think about it here and now, however long it takes."""
    return question.answer()


class Answers:
    """What has been found out for one decision; quick questions are answered here."""

    def __init__(self) -> None:
        self._known: list[tuple[Question[Any], Any]] = []

    def __call__(self, question: Question[T], /) -> T:
        """The answer. Raises the AccordError that is the answer, or Unanswered."""
        outcome = self._outcome_of(question)
        if isinstance(outcome, AccordError):
            raise outcome
        return outcome

    def learn(self, question: Question[T], outcome: T | AccordError) -> None:
        """Remember what came of ``question``."""
        self._known.append((question, outcome))

    def _outcome_of(self, question: Question[T]) -> T | AccordError:
        for known, outcome in self._known:
            if known == question:
                answered: T | AccordError = outcome
                return answered
        if not question.is_quick:
            raise Unanswered(question)
        found = outcome_of(question)
        self.learn(question, found)
        return found


def outcome_of(question: Question[T]) -> T | AccordError:
    """The answer to ``question``, or the error that is the answer."""
    try:
        return question.answer()
    except AccordError as error:
        return error
