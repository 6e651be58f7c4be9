import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any, Self, TypeVar
from urllib.parse import unquote

import httpx2
import pytest

from accord.registry.core.policy import Policy
from accord.registry.http.app import create_app
from accord.registry.log.memory import MemoryLog
from accord.registry.log.port import EventLog
from accord.registry.node import DEFAULT_POLICY, RegistryNode

T = TypeVar("T")
V1 = "application/vnd.schemaregistry.v1+json"


class Api:
    """The REST API over a log, in this process; the clock stands still."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def ask(
        self, line: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """``line`` is method and path; a body that is bytes goes out as it is, anything else as JSON."""
        method, path = line.split(" ", 1)
        content: dict[str, Any] = (
            {"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        )
        sent = {"content-type": V1} | dict(headers or {}) if content else headers
        return await self._client.request(method, path, headers=sent, **content)


Talk = Callable[[Api], Coroutine[Any, Any, T]]


@pytest.fixture
def over() -> Callable[[EventLog, Talk[Any]], Any]:
    """Run a talk with the API over a log."""

    def run(log: EventLog, talk: Talk[T]) -> T:
        async def main() -> T:
            node = RegistryNode(log, now_ms=lambda: 1_700_000_000_000)
            await node.start()
            transport = httpx2.ASGITransport(create_app(node), raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url="http://registry") as client:
                answer = await talk(Api(client))
            await node.close()
            return answer

        return asyncio.run(main())

    return run


@pytest.fixture
def api(over: Callable[[EventLog, Talk[Any]], Any]) -> Callable[[Talk[Any]], Any]:
    """Run a talk with the API over an empty registry."""
    return lambda talk: over(MemoryLog(), talk)


class InProcess:
    """The REST API over a log, in this process, one request at a time; what is sent arrives as it is."""

    def __init__(self, log: EventLog, *, policy: Policy = DEFAULT_POLICY) -> None:
        self._loop = asyncio.new_event_loop()
        self.node = RegistryNode(log, now_ms=lambda: 1_700_000_000_000, policy=policy)
        self._app = create_app(self.node)

    def __enter__(self) -> Self:
        self._loop.run_until_complete(self.node.start())
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.run_until_complete(self.node.close())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def ask(
        self, line: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """``line`` is method and path; a body that is bytes goes out as it is, anything else as JSON."""
        method, target = line.split(" ", 1)
        path, _, query = target.partition("?")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {"content-type": V1} if body is not None else {}
        sent = [
            (name.encode(), value.encode("latin-1")) for name, value in (named | dict(headers or {})).items()
        ]
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": [(b"content-length", str(len(content)).encode()), *sent],
            "client": ("127.0.0.1", 1),
            "server": ("registry", 80),
        }
        return self._loop.run_until_complete(self._answer(scope, content))

    async def _answer(self, scope: dict[str, Any], content: bytes) -> httpx2.Response:
        answer: list[Any] = []
        chunks: list[bytes] = []

        asked = [{"type": "http.request", "body": content, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return asked.pop() if asked else await asyncio.Future()  # the asker stays

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.append(message)
            else:
                chunks.append(message.get("body", b""))

        await self._app(scope, receive, send)
        ((status, headers),) = [(message["status"], message["headers"]) for message in answer]
        request = httpx2.Request(scope["method"], "http://registry/")
        response = httpx2.Response(status, headers=headers, content=b"".join(chunks), request=request)
        response.elapsed = timedelta(0)
        return response


@pytest.fixture(scope="session")
def in_process() -> type[InProcess]:
    """A registry over a log: ``with in_process(log) as registry: registry.ask("GET /subjects")``."""
    return InProcess
