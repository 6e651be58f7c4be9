import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest


class ServeProcess:
    """``accord serve`` as a process of its own, with what it says."""

    def __init__(self, process: subprocess.Popen[bytes], words: Path) -> None:
        self._process = process
        self._words = words
        self.url = ""

    @property
    def said(self) -> str:
        """All that it has said so far."""
        return self._words.read_text()

    def wait_until_it_serves(self) -> None:
        """Return when it has told its URL and answers there."""
        deadline = time.monotonic() + 30
        while not (told := re.search(r"serving (http://\S+) from", self.said)):
            assert self._process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.02)
        self.url = told[1]
        assert httpx2.get(f"{self.url}/readyz").status_code == 200

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal and return its exit code."""
        self._process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Its exit code, when it has ended by itself."""
        return self._process.wait(30)


@pytest.fixture
def accord_serve(tmp_path: Path) -> Iterator[Callable[..., ServeProcess]]:
    """Start ``accord serve`` in an empty folder, on a free port unless one is named."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, port: int = 0) -> ServeProcess:
        words = tmp_path / f"words-{len(processes)}.txt"
        command = [sys.executable, "-m", "accord.cli", "serve", "--port", str(port), *arguments]
        with words.open("wb") as sink:
            process = subprocess.Popen(
                command, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
            )
        processes.append(process)
        return ServeProcess(process, words)

    yield start
    for process in processes:
        process.kill()
        process.wait()
