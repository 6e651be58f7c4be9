"""Writes that are decided together, one after the other, so that all of them wait for the disk once (group commit)."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self, TypeAlias

from accord.registry.core.commands import Command, RegisterSchema
from accord.registry.core.decide import decide
from accord.registry.core.events import Event, SchemaRegistered
from accord.registry.core.state import RegistryState
from accord.registry.core.thinking import Answers, Question, Unanswered
from accord.schemas import SchemaId, Subject

Outcome: TypeAlias = Sequence[Event] | Exception
"""What a command leads to: events, none if all is as asked already, or the error that is its answer."""

# Readers wait while a batch is decided.
_LONGEST_S: Final = 0.005


@dataclass(slots=True, eq=False)
class Write:
    """A command that somebody waits for, and what has been found out for it."""

    command: Command
    answers: Answers
    done: asyncio.Future[Sequence[Event]]
    attempts: int = 0

    def finish(self, outcome: Outcome) -> None:
        """Tell who waits."""
        if self.done.done():
            return
        if isinstance(outcome, Exception):
            self.done.set_exception(outcome)
        else:
            self.done.set_result(outcome)


@dataclass(slots=True)
class WriteQueue:
    """Writes in the order in which they came; per subject, none overtakes one that has to be thought about."""

    _waiting: deque[Write] = field(default_factory=deque)
    _behind: dict[Subject | None, list[Write]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, write: Write) -> None:
        """Let ``write`` wait for its turn."""
        self._waiting.append(write)

    def put_back(self, writes: Sequence[Write]) -> None:
        """Let ``writes`` have the next turn."""
        self._waiting.extendleft(reversed(writes))

    def take_all(self) -> list[Write]:
        """Everything that waits for its turn."""
        writes = list(self._waiting)
        self._waiting.clear()
        return writes

    def go_on(self, write: Write) -> None:
        """Let ``write``, which was thought about, have the next turn, and then what waited behind it."""
        self.put_back([write, *self._behind.pop(_place(write))])

    def decide(
        self, state: RegistryState, *, at_ms: int
    ) -> tuple[list[tuple[Write, Outcome]], list[tuple[Write, Question[object]]]]:
        """Decide the next writes, each as if those before it had happened; ``state`` is as before when this returns.

        Says what comes of them, and which need an answer first: what is registered under the same subjects waits for
        them.
        """
        ends = time.monotonic() + _LONGEST_S
        decided: list[tuple[Write, Outcome]] = []
        unanswered: list[tuple[Write, Question[object]]] = []
        with _Rehearsal(state, at_ms) as rehearsal:
            while self._waiting and not rehearsal.is_over and time.monotonic() < ends:
                write = self._waiting.popleft()
                if write.done.done():
                    continue
                behind = self._behind.get(_place(write))
                if behind is not None:
                    behind.append(write)
                    continue
                try:
                    events = decide(state, write.command, write.answers)
                    rehearsal.play(events)
                except Unanswered as waiting:
                    self._behind[_place(write)] = []
                    unanswered.append((write, waiting.question))
                except Exception as error:  # noqa: BLE001 -- it is told to who asked, and to nobody else in the batch
                    decided.append((write, error))
                else:
                    decided.append((write, events))
        return decided, unanswered


class _Rehearsal:
    """Applies events for the time being: what is not durable must not be seen by readers."""

    def __init__(self, state: RegistryState, at_ms: int) -> None:
        self._state = state
        self._at_ms = at_ms
        self._played: list[tuple[SchemaRegistered, SchemaId]] = []
        self.is_over = False
        """Whether something happens that could not be taken back; nothing can be decided after it for now."""

    def play(self, events: Sequence[Event]) -> None:
        """Let ``events`` count for the decisions that follow."""
        if not events:
            return
        event = events[0]
        if len(events) > 1 or not isinstance(event, SchemaRegistered) or self._holds_version_of(event):
            self.is_over = True
            return
        highest = self._state.ids(event.subject).highest
        self._state.apply(event, self._at_ms)
        self._played.append((event, highest))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for event, highest in reversed(self._played):
            self._state.take_back(event, highest=highest)

    def _holds_version_of(self, event: SchemaRegistered) -> bool:
        return self._state.version(event.subject, event.version) is not None


def _place(write: Write) -> Subject | None:
    """Where ``write`` registers a schema, None if it does something else."""
    return write.command.subject if isinstance(write.command, RegisterSchema) else None
