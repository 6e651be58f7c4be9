"""What was found out of two parts of schemas, kept for whoever asks the same again."""

from collections.abc import Hashable
from typing import Final


class Memory:
    """Remembers up to ``most`` questions that were answered with yes, and how many steps that took.

    When it is full it forgets them all: what is asked again is soon found out again.
    """

    def __init__(self, most: int) -> None:
        self._most: Final = most
        self._steps: dict[Hashable, int] = {}

    def steps(self, question: Hashable) -> int | None:
        """How many steps the answer took; None where it is not remembered."""
        return self._steps.get(question)

    def remember(self, question: Hashable, steps: int) -> None:
        """Keep that the answer is yes."""
        if len(self._steps) >= self._most:
            self._steps.clear()
        self._steps[question] = steps
