"""The Kafka client's own mock cluster, driven through its C interface: brokers in this process, with faults to order."""

import ctypes
import json
import threading
import time
from collections.abc import Callable, Iterator
from ctypes import c_char_p, c_int, c_int16, c_int32, c_size_t, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import confluent_kafka
import httpx2
import pytest

import accord
from accord.client import Patience
from accord.kafka import KafkaSettings, OutgoingRecord, RawRecord, TopicPartition, read_topic
from accord.schemas import Schema

WITHIN_S = 20.0


def until(condition: Callable[[], object], within_s: float = WITHIN_S) -> None:
    """Look again and again until ``condition`` is true; fail if that takes too long."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


class MockCluster:
    """One broker. Ask for faults by the numbers of Kafka's protocol."""

    PRODUCE = 0

    NOT_ENOUGH_REPLICAS = 19
    MSG_SIZE_TOO_LARGE = 10
    TOPIC_AUTHORIZATION_FAILED = 29

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._writer: confluent_kafka.Producer | None = None
        configuration = self._call("rd_kafka_conf_new", c_void_p)
        error = ctypes.create_string_buffer(512)
        for name, value in ((b"log_level", b"0"), (b"bootstrap.servers", b"127.0.0.1:9")):
            self._call("rd_kafka_conf_set", c_int, c_void_p(configuration), name, value, error, c_size_t(512))
        handle = self._call("rd_kafka_new", c_void_p, c_int(0), c_void_p(configuration), error, c_size_t(512))
        self._handle = c_void_p(handle)
        self._cluster = c_void_p(self._call("rd_kafka_mock_cluster_new", c_void_p, self._handle, c_int(1)))
        self._call("rd_kafka_mock_group_initial_rebalance_delay_ms", None, self._cluster, c_int32(0))
        self._call("rd_kafka_mock_set_group_consumer_heartbeat_interval_ms", None, self._cluster, c_int(200))
        servers: bytes = self._call("rd_kafka_mock_cluster_bootstraps", c_char_p, self._cluster)
        self.bootstrap_servers = servers.decode()

    def settings(self, **producer: Any) -> KafkaSettings:
        """The way to the broker. Its older group protocol makes a group's next member wait most of a minute."""
        return KafkaSettings(
            self.bootstrap_servers,
            consumer={"group.protocol": "consumer"},
            producer={name.replace("_", "."): value for name, value in producer.items()},
        )

    def forget_topic(self, name: str) -> None:
        """Deny from now on that there is such a topic."""
        self._call("rd_kafka_mock_topic_set_error", None, self._cluster, name.encode(), c_int(3))

    def create_topic(self, name: str, *, partitions: int = 3) -> None:
        self._call(
            "rd_kafka_mock_topic_create", c_int, self._cluster, name.encode(), c_int(partitions), c_int(1)
        )

    def fail(self, request: int, error: int, *, times: int) -> None:
        """Answer the next requests of a kind with an error."""
        errors = (c_int * times)(*[error] * times)
        self._call(
            "rd_kafka_mock_push_request_errors_array",
            None,
            self._cluster,
            c_int16(request),
            c_size_t(times),
            errors,
        )

    def stop_failing(self, request: int) -> None:
        """Forget the errors that were ordered."""
        self._call("rd_kafka_mock_clear_request_errors", None, self._cluster, c_int16(request))

    def forget_silent_members_after(self, milliseconds: int) -> None:
        """How long a group waits for a member's heartbeat."""
        name = "rd_kafka_mock_set_group_consumer_session_timeout_ms"
        self._call(name, None, self._cluster, c_int(milliseconds))

    def set_down(self, *, down: bool) -> None:
        """Let nobody connect any more, or again."""
        name = "rd_kafka_mock_broker_set_down" if down else "rd_kafka_mock_broker_set_up"
        self._call(name, c_int, self._cluster, c_int32(-1))

    def committed(self, group: str, topic: str) -> dict[int, int]:
        """The next offset by partition that the group has committed."""
        client = confluent_kafka.Consumer({"bootstrap.servers": self.bootstrap_servers, "group.id": group})
        partitions = client.list_topics(topic, 10).topics[topic].partitions
        places = [confluent_kafka.TopicPartition(topic, number) for number in partitions]
        answers = client.committed(places, 10)
        client.close()
        return {answer.partition: answer.offset for answer in answers if answer.offset >= 0}

    def write(self, *records: OutgoingRecord) -> None:
        """Put records on their topics, at once: an idempotent producer would take half a second to begin."""
        if self._writer is None:
            self._writer = confluent_kafka.Producer(
                {"bootstrap.servers": self.bootstrap_servers, "linger.ms": 0}
            )
        for record in records:
            self._writer.produce(record.topic, record.value, record.key, headers=list(record.headers))
        assert self._writer.flush(10) == 0

    def records(self, topic: str) -> list[RawRecord]:
        """All that is on a topic."""
        return list(read_topic(self.bootstrap_servers, topic))

    def close(self) -> None:
        self._call("rd_kafka_mock_cluster_destroy", None, self._cluster)
        self._call("rd_kafka_destroy", None, self._handle)

    def _call(self, name: str, answer: Any, *arguments: Any) -> Any:
        function = getattr(self._library, name)
        function.restype = answer
        return function(*arguments)


@pytest.fixture(scope="session")
def librdkafka() -> ctypes.CDLL:
    site_packages = Path(confluent_kafka.__file__).parents[1]
    found = [
        *site_packages.glob("confluent_kafka.libs/librdkafka*"),
        *site_packages.glob("confluent_kafka/.dylibs/librdkafka*"),
    ]
    if not found:
        pytest.skip("this build of the Kafka client does not ship its library as a file of its own")
    return ctypes.CDLL(str(found[0]))


@pytest.fixture
def mock(librdkafka: ctypes.CDLL) -> Iterator[MockCluster]:
    """A broker with the topics ``orders`` (three partitions) and ``orders-dlq``."""
    cluster = MockCluster(librdkafka)
    cluster.create_topic("orders")
    cluster.create_topic("orders-dlq", partitions=1)
    yield cluster
    cluster.close()


class FakeRegistry:
    """Answers for the schemas that it was given, or, while it is down, not at all."""

    def __init__(self) -> None:
        self.down = False
        self.asked = 0
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
                body = {"subject": subject, "version": number, "id": number, "schema": schema.text}
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
