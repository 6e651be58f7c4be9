"""A log and the state that its records add up to, in step with each other."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Generic, TypeVar

from accord.registry.core.errors import LogEndsElsewhere
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

_TELL_EVERY_S: Final = 1.0

E = TypeVar("E")

logger = logging.getLogger(__name__)


class Replica(Generic[E]):
    """Writes events and learns what others wrote; only who holds ``writer`` may ask for either.

    ``encode`` makes a record of an event, ``apply`` lets an event count, both with the time of it; ``take`` lets a record
    count that was read.
    """

    def __init__(
        self,
        log: EventLog,
        *,
        encode: Callable[[E, int], Record],
        apply: Callable[[E, int], object],
        take: Callable[[LoggedRecord], None],
    ) -> None:
        self.writer = asyncio.Lock()
        self.position = START
        self.in_doubt = True
        """Whether the log may hold records that the state does not know of."""
        self._log = log
        self._encode = encode
        self._apply = apply
        self._take = take

    @property
    def log_name(self) -> str:
        """What the log is called."""
        return self._log.name

    async def read(self, after: Position) -> Sequence[LoggedRecord]:
        """The next records of the log behind ``after``, none at its end. Raises LogFailed."""
        async with self.writer:
            return await asyncio.to_thread(self._log.read, after)

    async def catch_up(self) -> None:
        """Learn what is new in the log. Raises LogFailed."""
        clock = asyncio.get_running_loop().time
        told, count = clock(), 0
        while news := await asyncio.to_thread(self._log.read, self.position):
            for logged in news:
                self._take(logged)
                self.position = logged.position
            count += len(news)
            if clock() - told >= _TELL_EVERY_S:
                told = clock()
                logger.info("read %d records of %s", count, self.log_name)
        self.in_doubt = False

    async def append(self, events: Sequence[E], at_ms: int) -> None:
        """Write and apply ``events``. Raises PositionTaken, LogFailed (nothing is written then), LogInDoubt."""
        if not events:
            return
        encoded = [self._encode(event, at_ms) for event in events]
        try:
            position = await asyncio.to_thread(self._log.append, encoded, after=self.position)
            for event in events:
                self._apply(event, at_ms)
            self.position = position
        except LogFailed:
            raise
        except BaseException as error:
            self.in_doubt = True
            if isinstance(error, LogInDoubt):
                # What did land must be seen by the next reader; if that fails too, the next write tries again.
                with suppress(LogFailed):
                    await self.catch_up()
            raise

    async def extend(
        self, new: Sequence[Record], after: Position, *, permit: Callable[[], None] = lambda: None
    ) -> Position:
        """Put records at the end of the log as they are, if ``permit`` raises nothing; says where the last one lies.

        Raises LogEndsElsewhere if the log does not end at ``after``, LogFailed (nothing is written then), LogInDoubt.
        """
        async with self.writer:
            if self.in_doubt:
                await self.catch_up()
            permit()
            if after != self.position:
                raise LogEndsElsewhere(after, self.position)
            self.in_doubt = True
            try:
                await asyncio.to_thread(self._log.append, new, after=after)
            except PositionTaken as error:
                raise LogEndsElsewhere(after, self.position) from error
            except LogFailed:
                self.in_doubt = False
                raise
            await self.catch_up()
            return self.position

    async def close(self) -> None:
        """Let go of the log."""
        await asyncio.to_thread(self._log.close)
