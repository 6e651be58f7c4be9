"""A mock broker with the shop's topics, a registry that is no more than its answers, and consumers in threads."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest

import accord
from accord.client import Patience
from accord.kafka import KafkaSettings, TopicPartition
from accord.schemas import Schema
from accord.testing import MockBroker, MockBrokerUnavailable
from accord.testing.memory_reports import MemoryReports

WITHIN_S = 20.0


def until(condition: Callable[[], object], within_s: float = WITHIN_S) -> None:
    """Look again and again until ``condition`` is true; fail if that takes too long."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


class MockCluster(MockBroker):
    """The mock broker, with what these tests order by name."""

    PRODUCE = "Produce"

    NOT_ENOUGH_REPLICAS = "NOT_ENOUGH_REPLICAS"
    MSG_SIZE_TOO_LARGE = "MSG_SIZE_TOO_LARGE"
    TOPIC_AUTHORIZATION_FAILED = "TOPIC_AUTHORIZATION_FAILED"

    def settings(self, **producer: Any) -> KafkaSettings:
        """The way to the broker, with more properties for producers."""
        return replace(
            self.kafka, producer={name.replace("_", "."): value for name, value in producer.items()}
        )

    def set_down(self, *, down: bool) -> None:
        """Let nobody connect any more, or again."""
        (self.down if down else self.up)()

    def forget_silent_members_after(self, milliseconds: int) -> None:
        """How long a group waits for a member's heartbeat."""
        self.forget_silent_members(after_s=milliseconds / 1000)


@pytest.fixture
def mock() -> Iterator[MockCluster]:
    """A broker with the topics ``orders`` (three partitions) and ``orders-dlq``."""
    try:
        cluster = MockCluster()
    except MockBrokerUnavailable as error:
        pytest.skip(error.message)
    with cluster:
        cluster.create_topic("orders", partitions=3)
        cluster.create_topic("orders-dlq")
        yield cluster


class FakeRegistry:
    """Answers for the schemas that it was given, or, while it is down, not at all."""

    def __init__(self) -> None:
        self.down = False
        self.asked = 0
        self.reports = MemoryReports()
        """What it was told of readers, which is asked for by nobody."""
        self._schemas: dict[int, tuple[str, Schema]] = {}
        self.client = self.new_client()

    def new_client(self) -> accord.Registry:
        """A client that remembers nothing yet."""
        return accord.Registry(
            "http://registry.example",
            transport=httpx2.MockTransport(self._answer),
            patience=Patience(tries=1),
        )

    def add(self, subject: str, schema: Schema) -> int:
        """Register a schema; answers its id."""
        number = len(self._schemas) + 1
        self._schemas[number] = (subject, schema)
        return number

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/accord/v1/readers" and not self.down:
            status, told = self.reports.answer("POST", "readers", {}, request.content, 1)
            return httpx2.Response(status, content=told)
        self.asked += 1
        if self.down:
            raise httpx2.ConnectError("connection refused")
        if request.url.path.endswith("/versions/latest"):
            return self._latest(request.url.path.split("/")[2])
        if request.method == "GET":
            known = self._schemas.get(int(request.url.path.rpartition("/")[2]))
            if known is not None:
                return httpx2.Response(200, json={"schema": known[1].text})
        else:
            text = json.loads(request.content)["schema"]
            for number, (subject, schema) in self._schemas.items():
                if request.url.path == f"/subjects/{subject}" and schema.text == text:
                    body = {"subject": subject, "version": number, "id": number, "schema": text}
                    return httpx2.Response(200, json=body)
        return httpx2.Response(404, json={"error_code": 40403, "message": "Schema not found"})

    def _latest(self, subject: str) -> httpx2.Response:
        for number, (place, schema) in reversed(self._schemas.items()):
            if place == subject:
                kind = {"schemaType": schema.type.value}
                body = {"subject": subject, "version": number, "id": number, "schema": schema.text, **kind}
                return httpx2.Response(200, json=body)
        return httpx2.Response(404, json={"error_code": 40401, "message": "Subject not found"})


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@dataclass
class Member:
    """A consumer whose loop runs in a thread, with what it has handled and what ended it."""

    consumer: accord.Consumer
    handle: Callable[[accord.Record], object]
    handled: list[accord.Record] = field(default_factory=list)
    ended_with: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            with self.consumer:
                for record in self.consumer:
                    with record:
                        self.handle(record)
                        self.handled.append(record)
        except BaseException as error:  # noqa: BLE001 -- the test looks at it
            self.ended_with.append(error)

    @property
    def stats(self) -> accord.ConsumerStats:
        return self.consumer.stats()

    @property
    def settled(self) -> int:
        """Records that are done or safely put aside."""
        stats = self.stats
        return stats.done + sum(stats.dead_lettered.values())

    def close(self) -> None:
        self.consumer.stop()
        self.thread.join(60)
        assert not self.thread.is_alive(), "the consumer did not end"


Join = Callable[..., Member]


@pytest.fixture
def join(mock: MockCluster, registry: FakeRegistry) -> Iterator[Join]:
    """Start a member of the group ``billing``; it ends with the test."""
    members: list[Member] = []

    def start(
        *contracts: accord.Contract,
        handle: Callable[[accord.Record], object] = lambda _: None,
        producer: dict[str, Any] | None = None,
        **choices: Any,
    ) -> Member:
        settings = mock.settings(**(producer or {}))
        choices = {"retry": accord.Retry(3, accord.Backoff(first_s=0.05)), "budget_s": 5.0, **choices}
        consumer = accord.Consumer(
            settings, registry.new_client(), group="billing", contracts=contracts, **choices
        )
        members.append(Member(consumer, handle))
        return members[-1]

    yield start
    for member in members:
        member.close()


@pytest.fixture
def patiently() -> Callable[[Callable[[], object]], None]:
    """Wait until something comes true."""
    return until


@pytest.fixture
def place() -> Callable[[int], TopicPartition]:
    """A partition of ``orders``."""
    return lambda number: TopicPartition("orders", number)
