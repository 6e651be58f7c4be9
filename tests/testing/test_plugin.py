"""What pytest loads by itself in every run of everybody who has Accord installed."""

import subprocess
import sys

import pytest

from accord.cluster import Cluster
from accord.kafka import KafkaSettings, TopicSpec, admin, mock, read_topic, send_raw
from accord.testing import LoopbackRegistry, MockBroker, OutgoingRecord

pytest_plugins = ["pytester"]


def test_being_there_loads_nothing_of_what_the_fixtures_need() -> None:
    program = (
        "import sys, pytest; known = set(sys.modules); import accord.testing.plugin; "
        "print(*set(sys.modules) - known)"
    )

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert set(answer.stdout.split()) == {"accord", "accord.testing", "accord.testing.plugin"}


def test_the_broker_and_the_registry_work_together(
    accord_broker: MockBroker, accord_registry: LoopbackRegistry
) -> None:
    accord_broker.write(OutgoingRecord("orders", None, b"1"))

    assert accord_registry.client().subjects() == []
    assert len(accord_broker.records("orders")) == 1


def test_where_the_mock_broker_is_missing_its_tests_are_skipped(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile("def test_it(accord_broker): raise AssertionError")
    monkeypatch.setattr(mock, "_library_files", list)
    mock._library.cache_clear()

    pytester.inline_run("-p", "no:cacheprovider").assertoutcome(skipped=1)


@pytest.mark.kafka
def test_the_cluster_is_a_real_one(accord_cluster: Cluster) -> None:
    admin.create_topics(KafkaSettings(accord_cluster.bootstrap_servers), [TopicSpec("orders")])
    send_raw(accord_cluster.bootstrap_servers, [OutgoingRecord("orders", b"k", b"v")])

    assert [record.value for record in read_topic(accord_cluster.bootstrap_servers, "orders")] == [b"v"]
