"""One registry: the log, the state that its records add up to, and the single writer between them."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar

from accord.registry.core.commands import Command
from accord.registry.core.decide import decide
from accord.registry.core.errors import IdHeld, LogEndsElsewhere
from accord.registry.core.events import Event
from accord.registry.core.policy import Policy
from accord.registry.core.state import RegistryState
from accord.registry.log import records
from accord.registry.log.port import (
    START,
    EventLog,
    LogFailed,
    LoggedRecord,
    LogInDoubt,
    Position,
    PositionTaken,
    Record,
)

ATTEMPTS: Final = 5
"""How often a write is decided anew because somebody else has written meanwhile."""

# Two, so that one large schema does not hold up all others; more would only take turns with the event loop.
_THINKERS: Final = 2

DEFAULT_POLICY: Final = Policy()

T = TypeVar("T")

logger = logging.getLogger(__name__)


class RegistryNode:
    """Reads come from ``state``, at any time; writes go through ``execute``, one after the other.

    The state changes on the event loop only, and only while the writer is held: it never changes under a reader
    there, nor under a decision that is being made elsewhere.
    """

    def __init__(self, log: EventLog, *, now_ms: Callable[[], int], policy: Policy = DEFAULT_POLICY) -> None:
        self.state = RegistryState(policy)
        self._log = log
        self._now_ms = now_ms
        self._position = START
        # In doubt means: the log may hold records that the state does not know of.
        self._in_doubt = True
        self._writer = asyncio.Lock()
        self._writes: set[asyncio.Task[Any]] = set()
        self._thinkers = ThreadPoolExecutor(_THINKERS, thread_name_prefix="accord-registry-thinking")

    @property
    def log_name(self) -> str:
        """What the log is called."""
        return self._log.name

    @property
    def ready(self) -> bool:
        """Whether the state is known to be all that the log holds."""
        return not self._in_doubt

    async def start(self) -> None:
        """Read the log to its end. Raises LogFailed."""
        async with self._writer:
            await self._catch_up()

    async def execute(self, command: Command) -> Sequence[Event]:
        """Carry out ``command`` and say what happened; it is durable when this returns.

        Raises RegistryError if it cannot be, LogFailed if nothing was written, LogInDoubt if that is not known.
        An asker who goes away does not stop a write that has begun.
        """
        return await self._undisturbed(self._write(command))

    async def read_log(self, after: Position) -> Sequence[LoggedRecord]:
        """The next records of the log behind ``after``, none at its end. Raises LogFailed."""
        async with self._writer:
            return await asyncio.to_thread(self._log.read, after)

    async def extend_log(self, new: Sequence[Record], *, after: Position) -> Position:
        """Put records at the end of the log as they are, and learn from them; says where the last one lies.

        Raises ReadOnly, LogEndsElsewhere if the log does not end at ``after``, LogFailed (nothing is written then), or
        LogInDoubt.
        """
        return await self._undisturbed(self._extend(new, after))

    async def think(self, work: Callable[[], T]) -> T:
        """Do what may take long beside the event loop. The state may change meanwhile, unless the writer is held."""
        return await asyncio.get_running_loop().run_in_executor(self._thinkers, work)

    async def close(self) -> None:
        """Let writes that have begun come to their end, then let go of the log."""
        await asyncio.gather(*self._writes, return_exceptions=True)
        await asyncio.to_thread(self._thinkers.shutdown, cancel_futures=True)
        await asyncio.to_thread(self._log.close)

    async def _undisturbed(self, work: Coroutine[Any, Any, T]) -> T:
        """See ``work`` through, even if who waits for it goes away."""
        write = asyncio.create_task(work)
        self._writes.add(write)
        write.add_done_callback(self._writes.discard)
        return await asyncio.shield(write)

    async def _extend(self, new: Sequence[Record], after: Position) -> Position:
        async with self._writer:
            if self._in_doubt:
                await self._catch_up()
            self.state.require_writable(None)
            if after != self._position:
                raise LogEndsElsewhere(after, self._position)
            self._in_doubt = True
            try:
                await asyncio.to_thread(self._log.append, new, after=after)
            except PositionTaken as error:
                raise LogEndsElsewhere(after, self._position) from error
            except LogFailed:
                self._in_doubt = False
                raise
            await self._catch_up()
            return self._position

    async def _write(self, command: Command) -> Sequence[Event]:
        async with self._writer:
            for _ in range(ATTEMPTS):
                if self._in_doubt:
                    await self._catch_up()
                events = await self.think(partial(decide, self.state, command))
                try:
                    if not events or await self._append(events):
                        return events
                except LogInDoubt:
                    # What did land must be seen by the next reader; if that fails too, the next write tries again.
                    with suppress(LogFailed):
                        await self._catch_up()
                    raise
        raise LogFailed(
            f"others wrote to {self.log_name} each of the {ATTEMPTS} times that this was tried",
            hint="ask again",
        )

    async def _append(self, events: Sequence[Event]) -> bool:
        """Write and apply ``events``; False if somebody else wrote first."""
        at_ms = self._now_ms()
        encoded = [records.encode(event, at_ms) for event in events]
        in_doubt = True
        try:
            position = await asyncio.to_thread(self._log.append, encoded, after=self._position)
            in_doubt = False
        except PositionTaken:
            return False
        except LogFailed:
            in_doubt = False
            raise
        finally:
            self._in_doubt = in_doubt
        for event in events:
            self.state.apply(event, at_ms)
        self._position = position
        return True

    async def _catch_up(self) -> None:
        while news := await asyncio.to_thread(self._log.read, self._position):
            for logged in news:
                self._take(logged)
        self._in_doubt = False

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
        self._position = logged.position
