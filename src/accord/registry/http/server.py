"""The registry as a running server: in this process until it is told to stop, or beside it in a thread."""

import asyncio
import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn

from accord.errors import ConfigurationError
from accord.registry.core.policy import Policy
from accord.registry.http.app import Registry, create_app
from accord.registry.http.connection import Connection
from accord.registry.log.memory import in_memory
from accord.registry.log.port import Logs
from accord.registry.node import DEFAULT_POLICY, RegistryNode
from accord.registry.workers import CHECK_TIMEOUT_S

LOOPBACK: Final = "127.0.0.1"

_GRACE_S: Final = 10
_BACKLOG: Final = 2048


class CannotListen(ConfigurationError):
    """The address is taken, or is none of this machine."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A registry that answers under ``url``."""

    url: str


def listen(host: str, port: int) -> socket.socket:
    """Take an address, 0 for any free port; who connects waits until it is served. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once instead of waiting for more to send (TCP_NODELAY).
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        # Two may bind the same address as long as neither listens, and uvloop says nothing if it then cannot.
        taken.listen(_BACKLOG)
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotListen(
                f"port {port} on {host} is taken",
                hint=f"stop what listens there (ss -ltnp 'sport = :{port}' names it), or choose another with --port",
            ) from error
        raise CannotListen(
            f"cannot listen on {host} port {port}: {error.strerror or error}",
            hint="name an address of this machine with --host, and a port that this user may use with --port",
        ) from error
    return taken


def url_of(taken: socket.socket) -> str:
    """The URL under which ``taken`` is reached."""
    host, port, *_ = taken.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def run(
    logs: Logs,
    taken: socket.socket,
    *,
    stop: asyncio.Event,
    started: Callable[[], None],
    policy: Policy = DEFAULT_POLICY,
    legacy_error_codes: bool = False,
    check_timeout_s: float = CHECK_TIMEOUT_S,
) -> None:
    """Serve ``logs`` on ``taken`` until ``stop`` is set, then answer what was asked and let go of all of it.

    ``started`` is called when answers are given. A check that takes longer than ``check_timeout_s`` is ended. Raises
    LogFailed if a log cannot be read.
    """
    node = RegistryNode(
        logs, now_ms=lambda: time.time_ns() // 1_000_000, policy=policy, check_timeout_s=check_timeout_s
    )
    try:
        await node.start()
        server = _Server(create_app(node, legacy_error_codes=legacy_error_codes), started)
        stopping = asyncio.create_task(server.stop_at(stop))
        try:
            await server.serve(sockets=[taken])
        finally:
            stopping.cancel()
    finally:
        taken.close()
        await node.close()


@contextmanager
def serve(
    logs: Logs | None = None,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    check_timeout_s: float = CHECK_TIMEOUT_S,
) -> Iterator[RunningServer]:
    """A registry in a thread of this process, on a free port unless one is named; keeps nothing unless given logs."""
    taken = listen(host, port)
    url = url_of(taken)
    loop = asyncio.new_event_loop()
    stop, started = asyncio.Event(), threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            loop.run_until_complete(
                run(
                    logs or in_memory(),
                    taken,
                    stop=stop,
                    started=started.set,
                    check_timeout_s=check_timeout_s,
                )
            )
        except BaseException as error:  # noqa: BLE001 -- it is raised again in the thread that waits
            failures.append(error)
        finally:
            loop.close()
            started.set()

    thread = threading.Thread(target=work, name="accord-registry")
    thread.start()
    try:
        started.wait()
        if not failures:
            yield RunningServer(url)
    finally:
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)
        thread.join()
    if failures:
        raise failures[0]


class _Server(uvicorn.Server):
    """Says when it has started, stops when it is told, and leaves signals to whoever owns the process."""

    def __init__(self, app: Registry, started: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=Connection,
                lifespan="off",
                ws="none",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                backlog=_BACKLOG,
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        self._tell_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell_started()

    async def on_tick(self, counter: int) -> bool:
        """Uvicorn calls this ten times a second."""
        if counter % 10 == 0:
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.tick()
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def stop_at(self, stop: asyncio.Event) -> None:
        """Begin to stop when ``stop`` is set."""
        await stop.wait()
        self.should_exit = True
