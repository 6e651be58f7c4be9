"""Handlers that do not come back: a consumer whose heartbeat is healthy would hold their partitions for ever."""

import logging
import sys
import time
import traceback
from collections.abc import Callable
from typing import Final

from accord.streams.errors import HandlerStuck
from accord.streams.flow import Flow
from accord.streams.lanes import Run

logger = logging.getLogger(__name__)

MAX_STACK_LINES: Final = 40


class Watchdog:
    """Looks, now and then, at the records in hand; one of them for longer than ``max_handler_s`` is the end of ``flow``."""

    def __init__(
        self, flow: Flow, *, max_handler_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._flow = flow
        self._max_handler_s = max_handler_s
        self._clock = clock
        self._since: dict[tuple[int, int], float] = {}
        """Since when a record is in hand: which taking of a run it is, and its index."""

    def look(self) -> None:
        """Look. Whoever calls it does so more often than ``max_handler_s``."""
        now = self._clock()
        in_hand = [run for run in self._flow.out() if run.in_hand]
        since = {(run.turn, run.hand): self._since.get((run.turn, run.hand), now) for run in in_hand}
        self._since = since
        for run in in_hand:
            began = since.get((run.turn, run.hand), now)
            if now - began > self._max_handler_s:
                self._give_up(run, now - began)

    def _give_up(self, run: Run, seconds: float) -> None:
        run.given_up = True
        offset = run.messages[run.hand].offset()
        stack = _stack_of(run.thread)
        logger.error(
            "a handler does not come back:\n%s",
            stack,
            extra={"partition": str(run.partition), "offset": offset, "seconds": round(seconds, 1)},
        )
        self._flow.fail(
            HandlerStuck(
                f"the handler of {run.partition}@{offset} has not come back for {seconds:.0f} s",
                hint="give what it waits for a timeout; the log shows where it is. max_handler_s says how long it may take",
            )
        )


def _stack_of(thread: int) -> str:
    frame = sys._current_frames().get(thread)  # noqa: SLF001 -- the interpreter offers no other way
    if frame is None:
        return "its thread has ended"
    return "".join(traceback.format_stack(frame)[-MAX_STACK_LINES:])
