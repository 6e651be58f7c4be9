"""A schema registry of one's own: Accord's, in a thread of this process, over real HTTP, and away when it is told to be."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Final, Protocol

from accord.client import Patience, ReaderReport, RegisteredSchema, Registry
from accord.errors import ConfigurationError
from accord.schemas import Schema, Subject

LOOPBACK: Final = "127.0.0.1"
ANSWER_S: Final = 10.0
CHUNK: Final = 65_536


class HasSchema(Protocol):
    """A contract, or anything else that says what is registered where."""

    @property
    def subject(self) -> Subject:
        """Where."""

    @property
    def schema(self) -> Schema:
        """What."""


class LoopbackRegistry:
    """A registry that answers at ``url``, and keeps nothing beyond its context. Make it with ``registry``."""

    def __init__(self, gate: "_Gate") -> None:
        self._gate = gate
        self._clients: list[Registry] = []
        self.url = gate.url
        """Where any client of a registry finds it."""

    def client(self, *, patience: Patience | None = None) -> Registry:
        """A client that remembers nothing yet; it asks once only, unless it is told to have patience."""
        client = Registry(self.url, patience=patience or Patience(tries=1))
        self._clients.append(client)
        return client

    def register(self, *contracts: HasSchema) -> list[RegisteredSchema]:
        """Register the schemas of contracts under their subjects."""
        with Registry(self.url) as client:
            return [client.register(contract.subject, contract.schema) for contract in contracts]

    def readers(self) -> list[ReaderReport]:
        """What was told here of who reads what; a consumer has told it when it is closed, or soon after its start."""
        with Registry(self.url) as client:
            return client.readers()

    def down(self) -> None:
        """Drop every connection and refuse new ones, until ``up``; what was registered stays."""
        self._gate.call(self._gate.shut)

    def up(self) -> None:
        """Answer again."""
        self._gate.call(self._gate.open)

    def answer_after(self, seconds: float) -> None:
        """Let every question wait so long from now on before it is looked at."""
        self._gate.delay_s = seconds

    def close(self) -> None:
        """Let go of the clients that were made here."""
        for client in self._clients:
            client.close()


@contextmanager
def registry() -> Iterator[LoopbackRegistry]:
    """A registry of one's own on a free port. Needs the extra ``server``; raises ConfigurationError without it."""
    try:
        from accord.registry.http.server import listen, run, url_of  # noqa: PLC0415 -- an extra
        from accord.registry.log.memory import in_memory  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the registry needs the Python package that provides '{error.name}', which is not installed",
            hint="pip install 'accord-kafka[server]'",
        ) from error
    inner = listen(LOOPBACK, 0)
    started: Future[tuple[_Gate, Callable[[], None]]] = Future()

    async def main() -> None:
        stop = asyncio.Event()
        gate = _Gate(asyncio.get_running_loop(), behind=int(url_of(inner).rpartition(":")[2]))
        await gate.open()
        try:
            await run(in_memory(), inner, stop=stop, started=lambda: started.set_result((gate, stop.set)))
        finally:
            await gate.close()

    def work() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001 -- it is raised again in the thread that waits
            if not started.done():
                started.set_exception(error)

    thread = threading.Thread(target=work, name="accord-testing-registry", daemon=True)
    thread.start()
    gate, stop = started.result(ANSWER_S)
    served = LoopbackRegistry(gate)
    try:
        yield served
    finally:
        served.close()
        gate.loop.call_soon_threadsafe(stop)
        thread.join(ANSWER_S)


class _Gate:
    """Stands before the registry on a port of its own, and lets everything through, slowly, or nobody in.

    It lives in ``loop``; ``call`` is for other threads.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, behind: int) -> None:
        self.loop = loop
        self.delay_s = 0.0
        self._behind = behind
        self._reserved = _bound(0)
        self._port: int = self._reserved.getsockname()[1]
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"http://{LOOPBACK}:{self._port}"

    def call(self, method: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something in the loop, and wait for it."""
        asyncio.run_coroutine_threadsafe(method(), self.loop).result(ANSWER_S)

    async def open(self) -> None:
        """Let everybody in."""
        if self._server is None:
            self._server = await asyncio.start_server(self._enter, sock=self._reserved)

    async def shut(self) -> None:
        """Refuse everybody, and drop who is in."""
        if self._server is not None:
            self._server.close()
            self._server = None
            # A socket that is bound and does not listen refuses connections, and keeps the port for us.
            self._reserved = _bound(self._port)
        for visit in self._visits:
            visit.cancel()
        if self._visits:
            await asyncio.wait(self._visits)

    async def close(self) -> None:
        """Be gone."""
        await self.shut()
        self._reserved.close()

    def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = self.loop.create_task(self._visit(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError, OSError), contextlib.ExitStack() as ends:
            ends.callback(writer.transport.abort)
            inner_reader, inner_writer = await asyncio.open_connection(LOOPBACK, self._behind)
            ends.callback(inner_writer.transport.abort)
            pumps = (self._pump(reader, inner_writer, slowly=True), self._pump(inner_reader, writer))
            await asyncio.gather(*pumps)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slowly: bool = False
    ) -> None:
        while chunk := await reader.read(CHUNK):
            if slowly and self.delay_s:
                await asyncio.sleep(self.delay_s)
            writer.write(chunk)
            await writer.drain()
        writer.close()


def _bound(port: int) -> socket.socket:
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.bind((LOOPBACK, port))
    return taken
