import json
from pathlib import Path

import pytest

from accord.cli.main import run
from accord.client import Registry
from accord.cluster import Cluster
from accord.contracts.importing.topics import look_at_topics
from accord.kafka import KafkaSettings, OutgoingRecord, TopicSpec, admin, write_topic
from accord.schemas import CompatibilityLevel, Schema
from accord.testing import registry as a_registry

ORDER = '{"type":"record","name":"OrderCreated","fields":[{"name":"id","type":"string"}]}'
KEEP = {"min.insync.replicas": "2"}

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def kafka(kafka_cluster: Cluster) -> KafkaSettings:
    settings = KafkaSettings(kafka_cluster.bootstrap_servers)
    admin.create_topics(
        settings,
        [
            TopicSpec("imported.orders", 4, 3, {**KEEP, "retention.ms": "86400000"}),
            TopicSpec("imported.orders-dlq", 2, 3, {**KEEP, "retention.ms": "1209600000"}),
            TopicSpec("imported.orders.billing.retry.1m", 4, 3, {**KEEP, "retention.ms": "86460000"}),
        ],
    )
    write_topic(settings, [OutgoingRecord("imported.orders", b"k", b"v")])
    admin.reset_group_to_start(settings, "billing", "imported.orders")
    return settings


def test_topics_come_with_what_is_set_on_them_and_who_reads_them(kafka: KafkaSettings) -> None:
    found = {topic.name: topic for topic in look_at_topics(kafka)}

    orders = found["imported.orders"]
    assert (orders.partitions, orders.replicas) == (4, 3)
    assert orders.config == {**KEEP, "retention.ms": "86400000"}
    assert orders.groups == ("billing",)
    assert not any(name.startswith("_") for name in found)


def test_a_plan_changes_nothing_of_what_was_imported(
    kafka: KafkaSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with a_registry() as served, Registry(served.url) as client:
        client.register("imported.orders-value", Schema(ORDER))
        client.set_compatibility("imported.orders-value", CompatibilityLevel.FULL)
        client.set_compatibility("imported.orders-key", CompatibilityLevel.NONE)
        places = ["--registry", served.url, "--kafka", kafka.bootstrap_servers]

        assert run(["import", *places]) == 0
        capsys.readouterr()
        # The environment that the import wrote down is the only one, so it needs no name.
        assert run(["plan", "--format", "json", "--detailed-exitcode"]) == 0

    assert json.loads(capsys.readouterr().out)["steps"] == []
    text = (tmp_path / "contracts" / "imported.orders.odcs.yaml").read_text(encoding="utf-8")
    assert "  topic: imported.orders-dlq\n" in text
    assert "    retry: [1m]\n" in text
