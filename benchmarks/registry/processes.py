"""Servers as processes of their own, tied to a core, and what they use of it."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

SERVER_CORE: Final = min(os.sched_getaffinity(0))
"""The core for servers."""
LOAD_CORE: Final = max(os.sched_getaffinity(0))
"""The core for all else: another one where there is another."""

_LOOPBACK = "127.0.0.1"
_PATIENCE_S = 60
_GRACE_S = 15
_POLL_S = 0.002


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on ``port``; ``started_s`` went from the start of its process to its first answer."""

    name: str
    port: int
    process: psutil.Process
    started_s: float

    def cpu_s(self) -> float:
        """The processor time that it and what it started have used, in seconds."""
        of_root = self.process.cpu_times()
        ended = of_root.children_user + of_root.children_system
        return float(ended) + sum(_cpu_s(process) for process in self._tree())

    def processes(self) -> int:
        """How many processes it is."""
        return len(self._tree())

    def memory_bytes(self) -> int:
        """The memory that it and what it started hold (resident)."""
        return sum(_memory_bytes(process) for process in self._tree())

    def peak_memory_bytes(self) -> int:
        """The most memory that each of its processes ever held (resident), added up."""
        return sum(_peak_memory_bytes(process) for process in self._tree())

    def fetch(self, path: str, posted: bytes | None = None) -> tuple[bytes, str]:
        """Body and content type of one answer. Raises RuntimeError unless it is a 200."""
        connection = http.client.HTTPConnection(_LOOPBACK, self.port, timeout=_PATIENCE_S)
        with contextlib.closing(connection):
            headers = {} if posted is None else {"content-type": "application/json"}
            connection.request("GET" if posted is None else "POST", path, posted, headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise RuntimeError(f"{self.name}: {path} was answered with {answer.status}: {body!r}")
            return body, answer.headers["content-type"]

    def _tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Run on ``core`` only; what is started meanwhile stays there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def accord(log: Path, *, first: str = "/") -> Iterator[Server]:
    """``accord serve`` over a SQLite file, as a user would start it; it has started when ``first`` can be read."""
    port = _free_port()
    arguments = ["-m", "accord.cli", "serve", "--log", f"sqlite:{log}", "--port", str(port)]
    with _running("accord", port, arguments, log.parent, first) as server:
        yield server


@contextmanager
def bare(folder: Path, body: bytes, media_type: str) -> Iterator[Server]:
    """The barest application on the same HTTP server: the same bytes to whoever asks."""
    port = _free_port()
    path = folder / f"bare-{port}.body"
    path.write_bytes(body)
    with _running(
        "bare", port, ["-m", "benchmarks.registry.bare", str(port), str(path), media_type], folder
    ) as server:
        yield server


@contextmanager
def work_folder() -> Iterator[Path]:
    """An empty folder under this one, on a disk as a log would be; gone afterwards."""
    folder = Path(".accord", "benchmarks", f"run-{os.getpid()}").absolute()
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(
    name: str, port: int, arguments: Sequence[str], folder: Path, first: str = "/"
) -> Iterator[Server]:
    talk = folder / f"{name}-{port}.talk"
    with talk.open("wb") as output, on_core(SERVER_CORE):
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], stdout=output, stderr=output)
    try:
        started_s = _first_answer(process, port, first, talk) - began
        yield Server(name, port, psutil.Process(process.pid), started_s)
    finally:
        process.terminate()
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_answer(process: subprocess.Popen[bytes], port: int, path: str, talk: Path) -> float:
    """When the server first answered 200. Raises RuntimeError if it never does."""
    deadline = time.perf_counter() + _PATIENCE_S
    while time.perf_counter() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=_PATIENCE_S)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", path)
            if connection.getresponse().status == http.HTTPStatus.OK:
                return time.perf_counter()
        time.sleep(_POLL_S)
    raise RuntimeError(f"the server did not start: {talk.read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((_LOOPBACK, 0))
        return int(taken.getsockname()[1])


def _cpu_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0
    return float(times.user + times.system)


def _memory_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _peak_memory_bytes(process: psutil.Process) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)
