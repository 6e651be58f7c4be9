"""Watching one target take inputs: what is a finding, and what is kept of it."""

import hashlib
import resource
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from accord.errors import AccordError
from fuzz.target import Target, Wrong

LONGEST_S: Final = 2.0
"""The seconds of CPU that one input may take."""

# What is still running then does not come back to Python: the process ends, and its last input stays.
_DEAD_S: Final = 60
_MEMORY_BYTES: Final = 4 << 30


class TooSlow(BaseException):
    """An input took too long; nothing that is fuzzed catches this."""


def limit_memory() -> None:
    """Let this process have so much memory, and no more."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


class Watch:
    """Feeds inputs to a target and writes those that are findings to ``folder``, the smallest of each kind.

    An input that ends the process stays behind as ``TARGET-last``.
    """

    def __init__(self, target: Target, folder: Path) -> None:
        self.inputs = 0
        self._target = target
        self._folder = folder
        self._sizes: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._last = (folder / f"{target.name}-last").open("wb", buffering=0)

    @property
    def found(self) -> int:
        """How many kinds of findings there are."""
        return len(self._sizes)

    def feed(self, data: bytes) -> None:
        """Give it one input."""
        self._last.seek(0)
        self._last.truncate()
        self._last.write(data)
        self.inputs += 1
        error = attempt(self._target, data)
        if error is not None:
            self._keep(error, data)

    def end(self) -> None:
        """Say how it went."""
        self._last.close()
        Path(self._last.name).unlink()
        print(f"{self._target.name}: {self.inputs} inputs, {self.found} kinds of findings", flush=True)

    def _keep(self, error: BaseException, data: bytes) -> None:
        kind = kind_of(error)
        if len(data) >= self._sizes.get(kind, sys.maxsize):
            return
        self._sizes[kind] = len(data)
        digest = hashlib.sha256(kind.encode()).hexdigest()[:8]
        file = self._folder / f"{self._target.name}-{type(error).__name__}-{digest}"
        file.write_bytes(data)
        print(f"{self._target.name}: {kind}: {str(error)[:200]!r}\n  {file}", flush=True)


def attempt(target: Target, data: bytes) -> BaseException | None:
    """Run ``target`` on ``data``; what it raises that it must not."""
    try:
        with _limited():
            target.run(data)
    except target.expected as error:
        return _unclear(error)
    except (Exception, TooSlow) as error:  # noqa: BLE001 -- whatever it is, it is what is looked for
        return error
    return None


def kind_of(error: BaseException) -> str:
    """The same for what is probably the same fault: the error and where it was raised."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "accord" in frame.filename]
    where = "" if not frames else f" in {Path(frames[-1].filename).stem}"
    inside = "" if not frames or isinstance(error, TooSlow) else f".{frames[-1].name}"
    return f"{type(error).__name__}{where}{inside}"


def _unclear(error: Exception) -> BaseException | None:
    if isinstance(error, AccordError) and error.message:
        return None
    return Wrong(f"a refusal without a message: {error!r}")


@contextmanager
def _limited() -> Iterator[None]:
    """CPU runs out after LONGEST_S, everything after _DEAD_S."""
    signal.signal(signal.SIGPROF, _out_of_time)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    signal.setitimer(signal.ITIMER_REAL, _DEAD_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _out_of_time(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow(f"over {LONGEST_S} s of CPU")
