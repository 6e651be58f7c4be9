"""Processes beside this one that think about what may take long; one that takes too long or too much memory is ended.

A thread would not do: whatever holds the interpreter there, such as a regular expression that backtracks for an hour,
holds up everybody, and nothing can stop it.
"""

import json
import subprocess
import sys
import time
from asyncio import get_running_loop
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import Pipe
from typing import Any, Final, TypeVar

from accord.errors import AccordError
from accord.registry.core.thinking import Question

T = TypeVar("T")

CHECK_TIMEOUT_S: Final = 10.0
"""How long one question may take, unless the operator says otherwise."""

# Two, so that one hard question does not hold up all others; more would take turns on the cores of small machines.
_WORKERS: Final = 2

# Not a module to run: a worker must find the modules that this process has found, wherever they lie.
_BOOT: Final = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from accord.registry import worker; worker.main()"


class TooMuchWork(AccordError):
    """The work was ended, because it took more time or memory than one schema may take."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(
            f"Working on this schema takes more than {limit_s:g} s, or too much memory",
            hint="make it simpler: split it into parts that refer to each other, and look for alternatives that multiply "
            "and for patterns that repeat a repetition; who runs the registry can raise --check-timeout",
        )


class Busy(AccordError):
    """Others have kept all workers busy for as long as one question may take."""

    def __init__(self) -> None:
        super().__init__(
            "The registry is busy with other large schemas",
            hint="ask again in some seconds; nothing was changed",
        )


class Workers:
    """Answers questions elsewhere, a few at a time. The first question to each worker waits until that has started."""

    def __init__(self, *, limit_s: float = CHECK_TIMEOUT_S) -> None:
        self._limit_s = limit_s
        self._threads = ThreadPoolExecutor(_WORKERS, thread_name_prefix="accord-registry-worker")
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._is_closed = False

    async def outcome_of(self, question: Question[T]) -> T | AccordError:
        """The answer, or the error that is the answer; TooMuchWork is one. Raises Busy."""
        ask = partial(self._outcome_of, question, time.monotonic())
        return await get_running_loop().run_in_executor(self._threads, ask)

    def close(self) -> None:
        """End them all, also those that are thinking."""
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in list(self._all):
            worker.kill()
        self._threads.shutdown()
        for worker in self._idle:
            worker.end()

    def _outcome_of(self, question: Question[T], asked_at: float) -> T | AccordError:
        if time.monotonic() - asked_at > self._limit_s:
            raise Busy
        worker = self._waiting() or self._started()
        try:
            outcome: T | AccordError | Fault = worker.ask(question)
        except (EOFError, OSError):
            self._give_up(worker)
            return TooMuchWork(self._limit_s)
        self._idle.append(worker)
        if isinstance(outcome, Fault):
            raise outcome
        return outcome

    def _waiting(self) -> "_Worker | None":
        """A worker that has nothing to do; one that somebody has ended meanwhile is none."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            self._give_up(worker)
        return None

    def _started(self) -> "_Worker":
        worker = _Worker(self._limit_s)
        self._all.add(worker)
        if self._is_closed:
            # It came too late to be ended with the others.
            worker.kill()
        return worker

    def _give_up(self, worker: "_Worker") -> None:
        self._all.discard(worker)
        worker.end()


class Fault(Exception):
    """An error of ours in a worker; it says where."""


class _Worker:
    """One process; it ends when this one does, and when a question takes too long."""

    def __init__(self, limit_s: float) -> None:
        self._pipe, theirs = Pipe()
        with theirs:
            places: Sequence[object] = sys.path
            # Imports pass over whatever else lies there.
            path = json.dumps([place for place in places if isinstance(place, str)])
            arguments = path, str(theirs.fileno()), str(limit_s)
            # A session of its own: Ctrl-C is for the server, which lets its askers finish.
            self._process = subprocess.Popen(  # noqa: S603 -- this very interpreter, with arguments made here
                [sys.executable, "-P", "-c", _BOOT, *arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def ask(self, question: Question[T]) -> Any:  # noqa: ANN401 -- whatever the answer is
        """What came of it. Raises EOFError or OSError if the process has ended."""
        self._pipe.send(question)
        return self._pipe.recv()

    def kill(self) -> None:
        """End the process, whatever it does; who waits for an answer gets EOFError."""
        self._process.kill()

    def end(self) -> None:
        """End the process, and let go of what belongs to it."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()
