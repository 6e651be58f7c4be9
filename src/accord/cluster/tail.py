"""Reads log files as they grow."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

POLL_S = 0.2


class Tail:
    """A log file and how far it was read; the file need not exist yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity = 0
        self._read_bytes = 0

    def read(self) -> list[str]:
        """The whole lines since the last call; the first call answers all that are there.

        A file that is set aside and begun anew, as a broker's is at each start, is read from its new beginning.
        """
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return []
        if found.st_ino != self._identity or found.st_size < self._read_bytes:
            self._identity, self._read_bytes = found.st_ino, 0
        if found.st_size == self._read_bytes:
            return []
        with self._path.open("rb") as file:
            file.seek(self._read_bytes)
            added = file.read()
        whole = added[: added.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        return whole.decode(errors="replace").splitlines()


def follow(tails: Mapping[int, Tail]) -> Iterator[tuple[int, str]]:
    """Every further line, with the key of its file; waits for more without end."""
    while True:
        said = [(key, line) for key, tail in tails.items() for line in tail.read()]
        yield from said
        if not said:
            time.sleep(POLL_S)
