"""What is reported to one registry: the second log, its state, and the single writer between them.

Reports never wait for schemas, nor schemas for reports, but where both are on their way to one disk.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from accord.registry.log.port import EventLog, LogFailed, LoggedRecord, Position, PositionTaken, Record
from accord.registry.replica import Replica
from accord.registry.reports import records
from accord.registry.reports.commands import ReportCommand
from accord.registry.reports.decide import MOST_BYTES, decide
from accord.registry.reports.events import ReportEvent
from accord.registry.reports.state import KeptReport, ReportState

ATTEMPTS: Final = 5
"""How often a report is tried again because somebody else has written meanwhile."""

# Whoever reads or registers schemas waits while a batch is decided.
_LONGEST_S: Final = 0.002

Outcome: TypeAlias = Sequence[ReportEvent] | Exception

logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Waiting:
    command: ReportCommand
    done: asyncio.Future[Sequence[ReportEvent]]
    attempts: int = 0

    def finish(self, outcome: Outcome) -> None:
        if self.done.done():
            return
        if isinstance(outcome, Exception):
            self.done.set_exception(outcome)
        else:
            self.done.set_result(outcome)


class Ledger:
    """Reports are read from ``state``, at any time, and made through ``execute``; what is seen there is durable."""

    def __init__(self, log: EventLog, *, now_ms: Callable[[], int], most_bytes: int = MOST_BYTES) -> None:
        self.state = ReportState()
        self._now_ms = now_ms
        self._most_bytes = most_bytes
        self._replica = Replica[ReportEvent](
            log, encode=records.encode, apply=lambda event, _: self.state.apply(event), take=self._take
        )
        self._queue: deque[_Waiting] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._extending: set[asyncio.Task[Position]] = set()

    @property
    def ready(self) -> bool:
        """Whether the state is known to be all that the log holds."""
        return not self._replica.in_doubt

    @property
    def log_end(self) -> Position | None:
        """Where the last record of the log lies, None while that is not known."""
        return self._replica.position if self.ready else None

    async def start(self) -> None:
        """Read the log to its end. Raises LogFailed."""
        async with self._replica.writer:
            await self._replica.catch_up()

    async def execute(self, command: ReportCommand) -> Sequence[ReportEvent]:
        """Carry out ``command`` and say what happened; it is durable when this returns.

        Raises ReportNotFound, ReportsFull, LogFailed if nothing was written, LogInDoubt if that is not known. An asker who
        goes away does not stop a write that has begun.
        """
        waiting = _Waiting(command, asyncio.get_running_loop().create_future())
        # Who went away does not hear of the error.
        waiting.done.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._queue.append(waiting)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        await asyncio.wait((waiting.done,))
        return waiting.done.result()

    async def read_log(self, after: Position) -> Sequence[LoggedRecord]:
        """The next records of the log behind ``after``, none at its end. Raises LogFailed."""
        return await self._replica.read(after)

    async def extend_log(self, new: Sequence[Record], *, after: Position) -> Position:
        """Put records at the end of the log as they are, and learn from them; says where the last one lies.

        Raises LogEndsElsewhere if the log does not end at ``after``, LogFailed (nothing is written then), or LogInDoubt.
        """
        extending = asyncio.create_task(self._replica.extend(new, after))
        self._extending.add(extending)
        extending.add_done_callback(self._extending.discard)
        extending.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait((extending,))
        return extending.result()

    async def close(self) -> None:
        """Let writes that have begun come to their end, then let go of the log."""
        while tasks := {*self._extending, *([self._writing] if self._writing else [])}:
            await asyncio.wait(tasks)
        await self._replica.close()

    async def _write_all(self) -> None:
        try:
            while self._queue:
                began = time.monotonic()
                async with self._replica.writer:
                    await self._write_batch()
                # However much is reported, at least half of the disk and of this thread is for schemas.
                await asyncio.sleep(time.monotonic() - began)
        finally:
            self._writing = None

    async def _write_batch(self) -> None:
        decided: list[tuple[_Waiting, Outcome]] = []
        try:
            if self._replica.in_doubt:
                await self._replica.catch_up()
            at_ms = self._now_ms()
            decided = self._decide(at_ms)
            events = [event for _, outcome in decided for event in _events(outcome)]
            await self._replica.append(events, at_ms)
        except PositionTaken:
            with suppress(LogFailed):
                await self._replica.catch_up()
            self._decide_again([waiting for waiting, _ in decided])
        except Exception as error:  # noqa: BLE001 -- it is told to who asked
            for waiting in [waiting for waiting, _ in decided] or self._take_all():
                waiting.finish(error)
        else:
            for waiting, outcome in decided:
                waiting.finish(outcome)

    def _decide(self, at_ms: int) -> list[tuple[_Waiting, Outcome]]:
        """Decide what waits, each as if that before had happened; the state is as before when this returns."""
        ends = time.monotonic() + _LONGEST_S
        decided: list[tuple[_Waiting, Outcome]] = []
        undo: list[tuple[ReportEvent, KeptReport | None]] = []
        while self._queue and time.monotonic() < ends:
            waiting = self._queue.popleft()
            try:
                events = decide(self.state, waiting.command, at_ms=at_ms, most_bytes=self._most_bytes)
            except Exception as error:  # noqa: BLE001 -- it is told to who asked, and to nobody else in the batch
                decided.append((waiting, error))
                continue
            undo += [(event, self.state.apply(event)) for event in events]
            decided.append((waiting, events))
        for event, before in reversed(undo):
            self.state.put(event.kind, event.key, before)
        return decided

    def _take_all(self) -> list[_Waiting]:
        every = list(self._queue)
        self._queue.clear()
        return every

    def _decide_again(self, tried: Sequence[_Waiting]) -> None:
        """Somebody else has written meanwhile: decide anew; who has tried often enough is told."""
        for waiting in tried:
            waiting.attempts += 1
            if waiting.attempts == ATTEMPTS:
                words = f"others wrote to {self._replica.log_name} each of the {ATTEMPTS} times that this was tried"
                waiting.finish(LogFailed(words, hint="ask again"))
        self._queue.extendleft(waiting for waiting in reversed(tried) if not waiting.done.done())

    def _take(self, logged: LoggedRecord) -> None:
        try:
            event = records.decode(logged.record)
        except records.Undecodable as error:
            logger.warning(
                "skipped a record of the log: %s",
                error,
                extra={"position": logged.position, "key": logged.record.key.decode(errors="replace")},
            )
            return
        if event is not None:
            self.state.apply(event)


def _events(outcome: Outcome) -> Sequence[ReportEvent]:
    return () if isinstance(outcome, Exception) else outcome
