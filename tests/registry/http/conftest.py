import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

import httpx2
import pytest

from accord.registry.http.app import create_app
from accord.registry.log.memory import MemoryLog
from accord.registry.log.port import EventLog
from accord.registry.node import RegistryNode

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
