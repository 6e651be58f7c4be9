"""``accord records`` on a real Kafka: what the mock broker has not, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from accord.cluster import Cluster
from accord.kafka import KafkaSettings, OutgoingRecord, TopicSpec, admin, read_topic, write_topic

pytestmark = pytest.mark.kafka

Accord = Callable[..., subprocess.Popen[str]]
MIDDLE = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def topic(kafka_cluster: Cluster) -> str:
    # Some of the records are older than what is kept by default.
    spec = TopicSpec(f"records-{uuid.uuid4()}", partitions=2, replication=3, config={"retention.ms": "-1"})
    admin.create_topics(KafkaSettings(kafka_cluster.bootstrap_servers), [spec])
    return spec.name


@pytest.fixture
def accord(kafka_cluster: Cluster) -> Accord:
    places = ("--kafka", kafka_cluster.bootstrap_servers, "--registry", "none")
    program = (sys.executable, "-m", "accord.cli", "records", *places)

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            (*program, *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    return start


def write_hourly(kafka_cluster: Cluster, topic: str, *, records: int) -> None:
    def record(number: int) -> OutgoingRecord:
        moment = MIDDLE + timedelta(hours=number - records // 2)
        return OutgoingRecord(
            topic, str(number).encode(), str(number).encode(), (), int(moment.timestamp() * 1000)
        )

    write_topic(kafka_cluster.bootstrap_servers, map(record, range(records)))


@pytest.mark.parametrize(
    ("begin", "first"), [("2026-03-01T12:00:00Z", 5), ("2026-03-01T14:30:00+01:00", 7), ("2030-01-01", 10)]
)
def test_from_a_time_on(kafka_cluster: Cluster, topic: str, accord: Accord, begin: str, first: int) -> None:
    write_hourly(kafka_cluster, topic, records=10)

    out, err = accord("tail", topic, "--from", begin, "--format", "value").communicate(timeout=60)

    assert sorted(map(json.loads, out.split())) == [str(number) for number in range(first, 10)], err


def test_what_comes_is_shown_until_ctrl_c(kafka_cluster: Cluster, topic: str, accord: Accord) -> None:
    tail = accord("tail", topic, "--follow", "--from", "earliest", "--format", "value")
    assert tail.stdout is not None
    for number in range(3):
        write_topic(kafka_cluster.bootstrap_servers, [OutgoingRecord(topic, b"k", str(number).encode())])
        assert tail.stdout.readline() == f'"{number}"\n'

    tail.send_signal(signal.SIGINT)
    _, err = tail.communicate(timeout=30)

    assert tail.returncode == 130
    assert err.strip().splitlines()[-1] == "interrupted"
    assert admin.committed_offsets(KafkaSettings(kafka_cluster.bootstrap_servers), "accord") == {}


def test_a_reader_that_leaves_is_no_fault(kafka_cluster: Cluster, topic: str, accord: Accord) -> None:
    write_hourly(kafka_cluster, topic, records=5000)
    tail = accord("tail", topic, "--until-end")
    assert tail.stdout is not None
    tail.stdout.readline()

    tail.stdout.close()
    tail.stdout = None
    _, err = tail.communicate(timeout=30)

    assert (tail.returncode, err) == (0, "")


def test_a_topic_that_is_not_there_is_refused_and_not_made(accord: Accord) -> None:
    for arguments in (("tail", "nowhere", "--until-end"), ("produce", "nowhere", "--raw", "--value", "x")):
        command = accord(*arguments)
        _, err = command.communicate(timeout=60)

        assert command.returncode == 2
        assert "there is no topic 'nowhere'" in err


def test_what_is_written_is_there_for_good(kafka_cluster: Cluster, topic: str, accord: Accord) -> None:
    began = time.time()
    out, err = accord("produce", topic, "--raw", "--key", "k", "--header", "a=b").communicate(
        "one\ntwo\n", 60
    )

    records = list(read_topic(kafka_cluster.bootstrap_servers, topic))

    assert out.split() == [f"{topic}[{record.partition}]@{record.offset}" for record in records], err
    assert [(record.key, record.value, record.headers) for record in records] == [
        (b"k", b"one", (("a", b"b"),)),
        (b"k", b"two", (("a", b"b"),)),
    ]
    assert records[0].timestamp_ms / 1000 >= began - 1
