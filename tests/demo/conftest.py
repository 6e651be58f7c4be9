"""The shop's services as they run, in this process: on a registry of our own and the Kafka client's mock broker."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import confluent_kafka
import httpx2
import pytest
from starlette.applications import Starlette

import accord
from accord.demo.shop.events import VERSIONS
from accord.demo.shop.settings import Settings
from accord.registry.http.server import serve

TOPIC = VERSIONS[1].topic


class Broker:
    """The Kafka client's mock cluster of one; topics have four partitions and are made on first sight."""

    def __init__(self) -> None:
        self._owner = confluent_kafka.Producer({"test.mock.num.brokers": 1, "log_level": 0})
        self._owner.list_topics(f"{TOPIC}-dlq", 10)
        broker = self._owner.list_topics(TOPIC, 10).brokers[1]
        self.bootstrap_servers = f"{broker.host}:{broker.port}"

    def end(self) -> None:
        """Answer nobody any more."""
        del self._owner


class Caller:
    """Somebody who talks HTTP to a running application."""

    def __init__(self, runner: asyncio.Runner, client: httpx2.AsyncClient) -> None:
        self._runner = runner
        self._client = client

    def ask(self, method: str, path: str, *, content: bytes = b"") -> httpx2.Response:
        return self._runner.run(self._client.request(method, path, content=content))

    def get(self, path: str) -> httpx2.Response:
        return self.ask("GET", path)

    def post(self, path: str, content: bytes) -> httpx2.Response:
        return self.ask("POST", path, content=content)


@contextmanager
def running(app: Starlette) -> Iterator[Caller]:
    """The application from its start to its end, without a server around it."""
    transport = httpx2.ASGITransport(app)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        runner.run(stack.enter_async_context(app.router.lifespan_context(app)))
        try:
            client = httpx2.AsyncClient(transport=transport, base_url="http://shop")
            yield Caller(runner, runner.run(stack.enter_async_context(client)))
        finally:
            runner.run(stack.aclose())


@pytest.fixture(scope="module")
def broker() -> Broker:
    return Broker()


@pytest.fixture(scope="module")
def registry_url() -> Iterator[str]:
    """A registry that holds both versions of the event."""
    with serve() as server, accord.Registry(server.url) as registry:
        for contract in VERSIONS.values():
            registry.register(contract.subject, contract.schema)
        yield server.url


@pytest.fixture(scope="module")
def settings(
    broker: Broker, registry_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], Settings]:
    """What a service is told that is built against a version of the event."""
    database: Path = tmp_path_factory.mktemp("billing") / "billing.db"

    def told(event_version: int) -> Settings:
        return Settings(broker.bootstrap_servers, registry_url, 0, event_version, "billing", database)

    return told
