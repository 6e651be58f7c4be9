"""The end of a log file, and what is added to it."""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

POLL_S = 0.2


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a file; none if it does not exist."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, maxlen=count)]
    except FileNotFoundError:
        return []


def follow(files: Mapping[int, Path]) -> Iterator[tuple[int, str]]:
    """Every line that is added from now on, with the key of its file; waits for more without end.

    A file that is set aside and begun anew, as a broker's is at each start, is followed into its new life.
    """
    tails = {key: _Tail(path) for key, path in files.items()}
    while True:
        said = [(key, line) for key, tail in tails.items() for line in tail.added()]
        yield from said
        if not said:
            time.sleep(POLL_S)


class _Tail:
    """One file that is followed: which file it is, and how far it was read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity, self._read_bytes = _stamp(path)

    def added(self) -> list[str]:
        """The whole lines that were added since the last call."""
        identity, size = _stamp(self._path)
        if identity != self._identity or size < self._read_bytes:
            self._identity, self._read_bytes = identity, 0
        if size == self._read_bytes:
            return []
        with self._path.open("rb") as file:
            file.seek(self._read_bytes)
            added = file.read()
        whole = added[: added.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        return whole.decode(errors="replace").splitlines()


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_size
