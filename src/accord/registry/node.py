"""One registry: its logs, the states that their records add up to, and the single writers between them."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

from accord.registry.batch import Outcome, Write, WriteQueue
from accord.registry.core.commands import Command
from accord.registry.core.errors import IdHeld
from accord.registry.core.events import Event
from accord.registry.core.policy import Policy
from accord.registry.core.state import RegistryState
from accord.registry.core.thinking import Answers, Question, Unanswered
from accord.registry.ledger import Ledger
from accord.registry.log import records
from accord.registry.log.port import LogFailed, LoggedRecord, Logs, Position, PositionTaken, Record
from accord.registry.replica import Replica
from accord.registry.workers import CHECK_TIMEOUT_S, Workers

ATTEMPTS: Final = 5
"""How often a write is decided anew because somebody else has written meanwhile."""

DEFAULT_POLICY: Final = Policy()

T = TypeVar("T")

logger = logging.getLogger(__name__)


class RegistryNode:
    """Reads come from ``state``, at any time; writes go through ``execute``, decided one after the other.

    The state changes on the event loop only, and only while the writer is held. What readers see there is durable.
    """

    def __init__(
        self,
        logs: Logs,
        *,
        now_ms: Callable[[], int],
        policy: Policy = DEFAULT_POLICY,
        check_timeout_s: float = CHECK_TIMEOUT_S,
    ) -> None:
        self.state = RegistryState(policy)
        self.ledger = Ledger(logs.accord, now_ms=now_ms)
        self._now_ms = now_ms
        self._replica = Replica[Event](
            logs.schemas, encode=records.encode, apply=self.state.apply, take=self._take
        )
        self._queue = WriteQueue()
        self._is_writing = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._workers = Workers(limit_s=check_timeout_s)

    @property
    def log_name(self) -> str:
        """What the log is called."""
        return self._replica.log_name

    @property
    def ready(self) -> bool:
        """Whether what is known here is all that both logs hold."""
        return not self._replica.in_doubt and self.ledger.ready

    async def start(self) -> None:
        """Read both logs to their ends. Raises LogFailed."""
        async with self._replica.writer:
            await self._replica.catch_up()
        await self.ledger.start()

    async def execute(self, command: Command, answers: Answers | None = None) -> Sequence[Event]:
        """Carry out ``command`` and say what happened; it is durable when this returns.

        ``answers`` are what has been found out for it. Raises RegistryError if it cannot be carried out, TooMuchWork,
        Busy, LogFailed if nothing was written, LogInDoubt if that is not known. An asker who goes away does not stop a
        write that has begun.
        """
        write = Write(command, answers or Answers(), asyncio.get_running_loop().create_future())
        # Who went away does not hear of the error.
        write.done.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._queue.add(write)
        self._go_on_writing()
        await asyncio.wait((write.done,))
        return write.done.result()

    async def read_log(self, after: Position) -> Sequence[LoggedRecord]:
        """The next records of the log behind ``after``, none at its end. Raises LogFailed."""
        return await self._replica.read(after)

    async def extend_log(self, new: Sequence[Record], *, after: Position) -> Position:
        """Put records at the end of the log as they are, and learn from them; says where the last one lies.

        Raises ReadOnly, LogEndsElsewhere if the log does not end at ``after``, LogFailed (nothing is written then), or
        LogInDoubt.
        """
        extending = self._begin(
            self._replica.extend(new, after, permit=lambda: self.state.require_writable(None))
        )
        extending.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait((extending,))
        return extending.result()

    async def think(self, question: Question[T], answers: Answers | None = None) -> T:
        """The answer to ``question``, which ``answers`` remember; a worker finds it out if that may take long.

        Raises the AccordError that is the answer, TooMuchWork, or Busy.
        """
        answers = answers or Answers()
        try:
            return answers(question)
        except Unanswered:
            answers.learn(question, await self._workers.outcome_of(question))
            return answers(question)

    async def close(self) -> None:
        """Let writes that have begun come to their end, then let go of the log."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        await asyncio.to_thread(self._workers.close)
        await self.ledger.close()
        await self._replica.close()

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Do ``work`` beside all else, and to its end."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _go_on_writing(self) -> None:
        if not self._is_writing:
            self._is_writing = True
            self._begin(self._write_all())

    async def _write_all(self) -> None:
        try:
            while self._queue:
                async with self._replica.writer:
                    await self._write_batch()
                # Readers take turns with batches that write nothing, too.
                await asyncio.sleep(0)
        finally:
            self._is_writing = False

    async def _write_batch(self) -> None:
        try:
            if self._replica.in_doubt:
                await self._replica.catch_up()
        except Exception as error:  # noqa: BLE001 -- it is told to who asked
            for write in self._queue.take_all():
                write.finish(error)
            return
        at_ms = self._now_ms()
        decided, unanswered = self._queue.decide(self.state, at_ms=at_ms)
        for write, question in unanswered:
            self._begin(self._think_first(write, question))
        try:
            events = [event for _, outcome in decided for event in _events(outcome)]
            await self._replica.append(events, at_ms)
        except PositionTaken:
            with suppress(LogFailed):
                await self._replica.catch_up()
            self._decide_again([write for write, _ in decided])
        except Exception as error:  # noqa: BLE001 -- it is told to who asked
            for write, _ in decided:
                write.finish(error)
        else:
            for write, outcome in decided:
                write.finish(outcome)

    async def _think_first(self, write: Write, question: Question[object]) -> None:
        try:
            await self.think(question, write.answers)
        except Exception as error:  # noqa: BLE001 -- it is told to who asked
            write.finish(error)
        self._queue.go_on(write)
        self._go_on_writing()

    def _decide_again(self, writes: Sequence[Write]) -> None:
        """Somebody else has written meanwhile: decide anew; who has tried often enough is told."""
        for write in writes:
            write.attempts += 1
            if write.attempts == ATTEMPTS:
                write.finish(
                    LogFailed(
                        f"others wrote to {self.log_name} each of the {ATTEMPTS} times that this was tried",
                        hint="ask again",
                    )
                )
        self._queue.put_back([write for write in writes if not write.done.done()])

    def _take(self, logged: LoggedRecord) -> None:
        try:
            event = records.decode(logged.record)
            if event is not None:
                self.state.apply(event, logged.record.timestamp_ms)
        except (records.Undecodable, IdHeld) as error:
            given = records.id_given(logged.record)
            if given is not None:
                # What it says cannot be served, and data may have its id all the same.
                self.state.apply(given, logged.record.timestamp_ms)
            logger.warning(
                "skipped a record of the log: %s",
                error,
                extra={"position": logged.position, "key": logged.record.key.decode(errors="replace")},
            )


def _events(outcome: Outcome) -> Sequence[Event]:
    return () if isinstance(outcome, Exception) else outcome
