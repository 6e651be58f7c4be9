"""A broker in this process that fails when it is told to: the Kafka client's own mock cluster.

librdkafka brings it, and offers it to C only; the client's wheels ship librdkafka as a file of its own, which ctypes can
call. It speaks Kafka's protocol on a loopback port, so any client can use it, and it is up in some milliseconds. It is no
Kafka: docs/testing.md lists what it lacks.
"""

import ctypes
import difflib
from collections.abc import Collection, Mapping, Sequence
from ctypes import POINTER, c_char_p, c_int, c_int16, c_int32, c_size_t, c_void_p
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from confluent_kafka import Consumer, KafkaError, Producer
from confluent_kafka import TopicPartition as ClientPartition

from accord.errors import ConfigurationError
from accord.kafka.errors import BrokersUnavailable
from accord.kafka.record import OutgoingRecord, RawRecord
from accord.kafka.settings import KafkaSettings
from accord.kafka.topic import read_topic

ANSWER_S: Final = 10.0

REQUESTS: Final[Mapping[str, int]] = {
    "Produce": 0,
    "Fetch": 1,
    "ListOffsets": 2,
    "Metadata": 3,
    "OffsetCommit": 8,
    "OffsetFetch": 9,
    "FindCoordinator": 10,
    "JoinGroup": 11,
    "Heartbeat": 12,
    "LeaveGroup": 13,
    "SyncGroup": 14,
    "ApiVersions": 18,
    "InitProducerId": 22,
    "AddPartitionsToTxn": 24,
    "AddOffsetsToTxn": 25,
    "EndTxn": 26,
    "TxnOffsetCommit": 28,
    "ConsumerGroupHeartbeat": 68,
}
"""The requests that can fail, by the protocol's names, with its numbers."""

CONNECTION_LOST: Final = "CONNECTION_LOST"
"""In place of an error's name: the broker hangs up instead of answering."""

_EVERY_BROKER: Final = -1
_A_PRODUCER: Final = 0
_TEXT_LENGTH: Final = 512

# What is called, and with what; the first argument of each is the cluster, where nothing else is said.
_FUNCTIONS: Final[Mapping[str, tuple[Any, Sequence[Any]]]] = {
    "rd_kafka_conf_new": (c_void_p, ()),
    "rd_kafka_conf_set": (c_int, (c_void_p, c_char_p, c_char_p, c_char_p, c_size_t)),
    "rd_kafka_new": (c_void_p, (c_int, c_void_p, c_char_p, c_size_t)),
    "rd_kafka_destroy": (None, (c_void_p,)),
    "rd_kafka_mock_cluster_new": (c_void_p, (c_void_p, c_int)),
    "rd_kafka_mock_cluster_destroy": (None, (c_void_p,)),
    "rd_kafka_mock_cluster_bootstraps": (c_char_p, (c_void_p,)),
    "rd_kafka_mock_topic_create": (c_int, (c_void_p, c_char_p, c_int, c_int)),
    "rd_kafka_mock_topic_set_error": (None, (c_void_p, c_char_p, c_int)),
    "rd_kafka_mock_push_request_errors_array": (None, (c_void_p, c_int16, c_size_t, POINTER(c_int))),
    "rd_kafka_mock_clear_request_errors": (None, (c_void_p, c_int16)),
    "rd_kafka_mock_broker_set_down": (c_int, (c_void_p, c_int32)),
    "rd_kafka_mock_broker_set_up": (c_int, (c_void_p, c_int32)),
    "rd_kafka_mock_broker_set_rtt": (c_int, (c_void_p, c_int32, c_int)),
    "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, (c_void_p, c_int32)),
    "rd_kafka_mock_set_group_consumer_session_timeout_ms": (None, (c_void_p, c_int)),
    "rd_kafka_mock_set_group_consumer_heartbeat_interval_ms": (None, (c_void_p, c_int)),
}


class MockBrokerUnavailable(ConfigurationError):
    """This build of the Kafka client does not let its mock cluster be used."""


class MockBroker:
    """Brokers at ``bootstrap_servers``, with faults to order. Close it, or use it as a context manager.

    Give ``kafka`` to clients of this project: consumers that get the bare address speak the older group protocol, in which
    the second member of a group waits most of a minute here. A topic that nobody created is made on first sight, with four
    partitions. Raises MockBrokerUnavailable.
    """

    def __init__(self, *, brokers: int = 1) -> None:
        self._library = _library()
        self._writer: Producer | None = None
        self._handle: int | None = self._new_handle()
        self._cluster = c_void_p(self._library.rd_kafka_mock_cluster_new(self._handle, brokers))
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 0)
        self._library.rd_kafka_mock_set_group_consumer_heartbeat_interval_ms(self._cluster, 200)
        servers: bytes = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster)
        self.bootstrap_servers = servers.decode()
        """The addresses, for any Kafka client."""
        self.kafka = KafkaSettings(self.bootstrap_servers, consumer={"group.protocol": "consumer"})
        """The way to the brokers, for clients of this project."""

    def create_topic(self, name: str, *, partitions: int = 1) -> None:
        """Make a topic. Raises ConfigurationError if it is there."""
        error = self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1)
        if error:
            raise ConfigurationError(
                f"the topic '{name}' cannot be made: {KafkaError(error).str()}",
                hint="create each topic once, and before a client asks for it",
            )

    def forget_topic(self, name: str) -> None:
        """Deny from now on that there is such a topic."""
        code = KafkaError.UNKNOWN_TOPIC_OR_PART
        self._library.rd_kafka_mock_topic_set_error(self._cluster, name.encode(), code)

    def fail(self, request: str, error: str, *, times: int = 1) -> None:
        """Answer the next ``times`` requests of a kind with an error; further ones that are ordered come after these.

            broker.fail("Produce", "MSG_SIZE_TOO_LARGE", times=2)

        ``request`` is one of ``REQUESTS``; ``error`` Kafka's name of an error, or ``CONNECTION_LOST``. Raises
        ConfigurationError for a name that is none.
        """
        errors = (c_int * times)(*[_error(error)] * times)
        self._library.rd_kafka_mock_push_request_errors_array(self._cluster, _request(request), times, errors)

    def stop_failing(self, request: str) -> None:
        """Forget the errors that were ordered for requests of a kind."""
        self._library.rd_kafka_mock_clear_request_errors(self._cluster, _request(request))

    def down(self, broker: int | None = None) -> None:
        """Drop the connections of one broker (they count from 1), or of all, and let nobody connect."""
        self._library.rd_kafka_mock_broker_set_down(self._cluster, broker or _EVERY_BROKER)

    def up(self, broker: int | None = None) -> None:
        """Let clients connect again."""
        self._library.rd_kafka_mock_broker_set_up(self._cluster, broker or _EVERY_BROKER)

    def answer_after(self, seconds: float) -> None:
        """Let every answer take so long from now on; whole milliseconds count."""
        self._library.rd_kafka_mock_broker_set_rtt(self._cluster, _EVERY_BROKER, round(seconds * 1000))

    def forget_silent_members(self, *, after_s: float) -> None:
        """Take the partitions of a group's member that has sent no heartbeat for so long."""
        milliseconds = round(after_s * 1000)
        self._library.rd_kafka_mock_set_group_consumer_session_timeout_ms(self._cluster, milliseconds)

    def committed(self, group: str, topic: str) -> dict[int, int]:
        """The next offset, by partition, that the group has committed."""
        client = Consumer(self.kafka.client_config(fixed={"group.id": group}))
        try:
            partitions = client.list_topics(topic, ANSWER_S).topics[topic].partitions
            answers = client.committed([ClientPartition(topic, number) for number in partitions], ANSWER_S)
        finally:
            client.close()
        return {answer.partition: answer.offset for answer in answers if answer.offset >= 0}

    def write(self, *records: OutgoingRecord) -> None:
        """Put records on their topics as they are. Raises BrokersUnavailable if that takes long."""
        if self._writer is None:
            # Not idempotent: such a producer would take half a second to begin.
            self._writer = Producer(self.kafka.client_config({"linger.ms": 0}))
        for record in records:
            self._writer.produce(record.topic, record.value, record.key, headers=list(record.headers))
        if self._writer.flush(ANSWER_S):
            raise BrokersUnavailable(
                f"the mock broker took no records for {ANSWER_S:g} s", hint="is it down?"
            )

    def records(self, topic: str) -> list[RawRecord]:
        """All that is on a topic, in order within a partition."""
        return list(read_topic(self.bootstrap_servers, topic))

    def close(self) -> None:
        """Answer nobody any more; clients should be closed before."""
        self._writer = None
        if self._handle is not None:
            self._library.rd_kafka_mock_cluster_destroy(self._cluster)
            self._library.rd_kafka_destroy(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _new_handle(self) -> int:
        """A client that the cluster belongs to; it never connects to anything."""
        text = ctypes.create_string_buffer(_TEXT_LENGTH)
        configuration = self._library.rd_kafka_conf_new()
        for name, value in ((b"log_level", b"0"), (b"bootstrap.servers", b"127.0.0.1:9")):
            self._library.rd_kafka_conf_set(configuration, name, value, text, _TEXT_LENGTH)
        handle: int | None = self._library.rd_kafka_new(_A_PRODUCER, configuration, text, _TEXT_LENGTH)
        if handle is None:
            raise MockBrokerUnavailable(
                f"the Kafka client cannot start its mock cluster: {text.value.decode(errors='replace')}"
            )
        return handle


@cache
def _library() -> ctypes.CDLL:
    """librdkafka, with the types of what is called. Raises MockBrokerUnavailable."""
    for path in _library_files():
        library = ctypes.CDLL(str(path))
        for name, (answer, arguments) in _FUNCTIONS.items():
            function = getattr(library, name, None)
            if function is None:
                raise _unavailable(f"{path.name} has no function {name}")
            function.restype, function.argtypes = answer, arguments
        return library
    raise _unavailable("it does not ship its library as a file of its own")


def _library_files() -> list[Path]:
    found = find_spec("confluent_kafka")
    assert found is not None  # noqa: S101 -- it is imported above
    assert found.origin is not None  # noqa: S101 -- it is a package with an __init__.py
    package = Path(found.origin).parent
    places = (
        (package.parent / "confluent_kafka.libs", "librdkafka*"),
        (package / ".dylibs", "librdkafka*"),
    )
    return [path for folder, pattern in places for path in sorted(folder.glob(pattern))]


def _unavailable(why: str) -> MockBrokerUnavailable:
    return MockBrokerUnavailable(
        f"the mock broker cannot be used with this build of confluent-kafka: {why}",
        hint="use its wheel for Linux or macOS, or a real Kafka: `accord cluster up`, or the fixture accord_cluster",
    )


def _request(name: str) -> int:
    if name not in REQUESTS:
        raise _unknown("request", name, REQUESTS)
    return REQUESTS[name]


def _error(name: str) -> int:
    if name == CONNECTION_LOST:
        return int(KafkaError._TRANSPORT)  # noqa: SLF001 -- its public name
    code = getattr(KafkaError, name, None)
    if not isinstance(code, int) or code <= 0:
        raise _unknown(
            "error", name, [CONNECTION_LOST, *(known for known in vars(KafkaError) if known.isupper())]
        )
    return code


def _unknown(what: str, name: str, known: Collection[str]) -> ConfigurationError:
    near = difflib.get_close_matches(name, known, n=1)
    return ConfigurationError(
        f"Kafka's protocol has no {what} '{name}' that the mock broker knows",
        hint=f"did you mean '{near[0]}'?" if near else f"such as {', '.join(sorted(known)[:3])}",
    )
