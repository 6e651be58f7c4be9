"""A closed loop of HTTP/1.1 requests over kept connections: each asks again as soon as it is answered.

Requests are made of bytes ahead of time and answers are only looked at as far as their length, so that one core asks
faster than a Python server on another answers.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import cast

import uvloop

Requests = Callable[[int], Iterator[bytes]]
"""What the connection of a number, from 0, asks, one after the other."""

_LOOPBACK = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_PATIENCE_S = 30
_JSON = "application/vnd.schemaregistry.v1+json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: the latency of each answer that was expected, sorted, and the number of each other one."""

    seconds: float
    cpu_s: float
    latencies_us: list[int] = field(repr=False)
    errors: Mapping[str, int]

    @property
    def rate(self) -> float:
        """Expected answers a second."""
        return len(self.latencies_us) / self.seconds

    def latency_us(self, share: float) -> int:
        """The latency that ``share`` of the answers did not exceed; 0 if there were none."""
        if not self.latencies_us:
            return 0
        return self.latencies_us[min(int(len(self.latencies_us) * share), len(self.latencies_us) - 1)]


def get(path: str) -> bytes:
    """The bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nhost: {_LOOPBACK}\r\naccept: {_JSON}\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """The bytes of a POST of JSON."""
    head = f"POST {path} HTTP/1.1\r\nhost: {_LOOPBACK}\r\naccept: {_JSON}\r\ncontent-type: {_JSON}\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def shared(requests: Iterator[bytes]) -> Requests:
    """All connections ask what is next in one row."""
    return lambda _connection: requests


def drive(port: int, requests: Requests, *, connections: int, seconds: float, expected: int = 200) -> Outcome:
    """Ask the server on ``port`` for ``seconds``, or until there are no more requests.

    A status that is not ``expected``, an answer that is none and a connection that was lost are errors; a lost
    connection is not opened again. Raises OSError if there is no server.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_drive(port, requests, connections, seconds, expected))


async def _drive(port: int, requests: Requests, connections: int, seconds: float, expected: int) -> Outcome:
    loop = asyncio.get_running_loop()
    run = _Run(b"HTTP/1.1 %d " % expected, connections)
    askers = []
    for number in range(connections):
        opened = loop.create_connection(partial(_Asker, run, requests(number)), _LOOPBACK, port)
        _, asker = await opened
        askers.append(asker)
    began, began_cpu = time.perf_counter_ns(), time.process_time()
    run.ends = began + int(seconds * 1e9)
    for asker in askers:
        asker.ask(time.perf_counter_ns())
    try:
        async with asyncio.timeout(seconds + _PATIENCE_S):
            await run.over.wait()
    except TimeoutError:
        run.errors["no answer"] += run.busy
    took_s, cpu_s = (time.perf_counter_ns() - began) / 1e9, time.process_time() - began_cpu
    for asker in askers:
        asker.close()
    return Outcome(took_s, cpu_s, sorted(each // 1000 for each in run.latencies_ns), dict(run.errors))


class _Run:
    """What all connections of a run share."""

    def __init__(self, expected: bytes, connections: int) -> None:
        self.expected = expected
        self.busy = connections
        self.ends = 0
        self.latencies_ns: list[int] = []
        self.errors: Counter[str] = Counter()
        self.over = asyncio.Event()

    def leave(self) -> None:
        """One connection asks no more."""
        self.busy -= 1
        if not self.busy:
            self.over.set()


class _Asker(asyncio.Protocol):
    """One connection."""

    def __init__(self, run: _Run, requests: Iterator[bytes]) -> None:
        self._run = run
        self._requests = requests
        self._transport: asyncio.WriteTransport | None = None
        self._received = b""
        self._asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def ask(self, now: int) -> None:
        """Send the next request, at ``now``, if there is one."""
        assert self._transport is not None  # noqa: S101 -- connections are open before the first request
        request = next(self._requests, None)
        if request is None:
            self._leave()
            return
        self._asked = now
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._received:
            data = self._received + data
        whole = _length(data)
        if whole is None or len(data) < whole:
            self._received = data
            return
        self._received = b""
        run, now = self._run, time.perf_counter_ns()
        if not data.startswith(run.expected):
            run.errors[data.partition(b"\r\n")[0].decode("latin-1")] += 1
        else:
            run.latencies_ns.append(now - self._asked)
        if now < run.ends:
            self.ask(now)
        else:
            self._leave()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._asked:
            self._run.errors["connection lost" if exc is None else f"connection lost: {exc}"] += 1
            self._leave()

    def close(self) -> None:
        """Let go of the connection."""
        if self._transport is not None:
            self._transport.close()

    def _leave(self) -> None:
        self._asked = 0
        self._run.leave()


def _length(data: bytes) -> int | None:
    """How long the answer that begins ``data`` is in all, None while its head is not complete."""
    head = data.find(_HEAD_END)
    if head < 0:
        return None
    found = data.find(_LENGTH, 0, head)
    if found < 0:
        found = data[:head].lower().find(_LENGTH)
        if found < 0:
            return len(data)
    start = found + len(_LENGTH)
    return head + len(_HEAD_END) + int(data[start : data.find(b"\r", start)])
