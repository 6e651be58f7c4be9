"""A rollout and its way back, with a real cluster, real producers and a real consumer."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import accord
from accord.cli.main import run
from accord.cluster import Cluster
from accord.kafka import KafkaSettings, TopicSpec, admin
from accord.testing import LoopbackRegistry
from accord.testing import registry as serve

pytestmark = pytest.mark.kafka

RECORDS = 20


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


@dataclass(frozen=True, slots=True)
class OrderWithCoupon:
    order_id: str
    coupon: str = ""


V1 = '{"type": "record", "name": "Order", "fields": [{"name": "order_id", "type": "string"}]}'
V2 = V1.replace("]}", ', {"name": "coupon", "type": "string", "default": ""}]}')


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackRegistry]:
    with serve() as served:
        monkeypatch.setenv("ACCORD_REGISTRY", served.url)
        yield served


@pytest.fixture
def topic(kafka_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A topic with its dead letters, and a project about it."""
    name = f"orders-{uuid.uuid4()}"
    specs = [TopicSpec(name, 2, 3), TopicSpec(f"{name}-dlq", 1, 3)]
    admin.create_topics(KafkaSettings(kafka_cluster.bootstrap_servers), specs)
    monkeypatch.setenv("ACCORD_KAFKA", kafka_cluster.bootstrap_servers)
    monkeypatch.chdir(tmp_path)
    return name


def say(topic: str, schema: str) -> None:
    """Let the project say so."""
    Path(f"{topic}.avsc").write_text(schema, encoding="utf-8")


def send(servers: str, registry: LoopbackRegistry, contract: accord.Contract[Any], *events: object) -> None:
    with accord.Producer(servers, registry.client()) as producer:
        for number, event in enumerate(events):
            producer.send(contract, event, key=str(number))


def read(servers: str, registry: LoopbackRegistry, contract: accord.Contract[Any], count: int) -> int:
    """Handle so many records; answers how many."""
    seen = 0
    with accord.Consumer(
        servers,
        registry.client(),
        group=f"billing-{contract.topic}",
        contracts=[contract],
        service="billing",
        start="earliest",
    ) as consumer:
        for record in consumer:
            with record:
                seen += 1
            if seen == count:
                consumer.stop()
    return seen


def test_a_schema_goes_to_production_and_back(
    kafka_cluster: Cluster, registry: LoopbackRegistry, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    servers, subject = kafka_cluster.bootstrap_servers, f"{topic}-value"
    rollout = ["rollout", topic, "--env", "prod", "--yes", "--max-lag", "0"]
    deployed = ["record-deployment", "--service", "shop", "--writes", subject, "--to", "prod"]
    old = accord.contract(topic, Order, schema=V1)
    new = accord.contract(topic, OrderWithCoupon, schema=V2)

    say(topic, V1)
    registry.register(old)
    assert run([*deployed, "--version", "1.0"]) == 0
    send(servers, registry, old, *(Order(f"o-{number}") for number in range(RECORDS)))
    assert read(servers, registry, old, RECORDS) == RECORDS
    capsys.readouterr()

    say(topic, V2)
    assert run(rollout) == 1
    assert "shop 1.0 does not write version 2 yet" in capsys.readouterr().err
    registry.register(new)
    send(servers, registry, new, *(OrderWithCoupon(f"o-{number}", "x") for number in range(5)))
    assert run([*deployed, "--version", "2.0"]) == 0
    assert run(rollout) == 1
    assert f"billing-{topic} is 5 records behind" in capsys.readouterr().err
    assert read(servers, registry, new, 5) == 5
    assert run(rollout) == 0
    assert "0 new dead letters" in capsys.readouterr().err

    assert run([*rollout, "--roll-back", "--erase", subject]) == 1
    assert "shop 2.0 -> 1.0" in capsys.readouterr().err
    say(topic, V1)
    assert run([*deployed, "--version", "1.0"]) == 0
    assert run([*rollout, "--roll-back", "--erase", subject]) == 0
    told = capsys.readouterr().err
    assert (
        f"version 2 is hidden, and whoever has a record of it still reads it: 5 records on {topic} carry it"
        in told
    )
    client = registry.client()
    assert client.versions(subject) == [1]
    assert client.versions(subject, deleted=True) == [1, 2]


def test_a_version_that_nobody_wrote_is_deleted_for_good(
    kafka_cluster: Cluster, registry: LoopbackRegistry, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    subject = f"{topic}-value"
    rollout = ["rollout", subject, "--env", "prod", "--yes"]
    old = accord.contract(topic, Order, schema=V1)
    registry.register(old)
    send(kafka_cluster.bootstrap_servers, registry, old, *(Order(f"o-{number}") for number in range(RECORDS)))
    say(topic, V2)
    assert run([*rollout, "--until", "register"]) == 0

    assert run([*rollout, "--roll-back", "--erase", subject, "--scan", str(RECORDS - 1)]) == 0
    assert (
        f"none of the first {RECORDS - 1} records carries it, and there are more" in capsys.readouterr().err
    )
    assert registry.client().versions(subject, deleted=True) == [1, 2]
    assert run([*rollout, "--roll-back", "--erase", subject]) == 0
    assert f"is deleted for good: none of all {RECORDS} records carries it" in capsys.readouterr().err
    assert registry.client().versions(subject, deleted=True) == [1]


def test_a_reader_is_warned_of_records_that_are_on_the_topic(
    kafka_cluster: Cluster, registry: LoopbackRegistry, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    subject = f"{topic}-value"
    old = accord.contract(topic, Order, schema=V1)
    registry.register(old)
    needy = V2.replace(', "default": ""', "")
    registry.client().set_compatibility(subject, accord.CompatibilityLevel.NONE)
    registry.register(accord.contract(topic, OrderWithCoupon, schema=needy))
    Path("consumers").mkdir()
    claim = f"service: billing\nreads:\n  - subject: {subject}\n    topic: {topic}\n    fields: [order_id, coupon]\n"
    Path("consumers/billing.yaml").write_text(claim, encoding="utf-8")
    servers = kafka_cluster.bootstrap_servers
    ask = ["can-i-deploy", "--service", "billing", "--version", "2.0", "--to", "prod", "--kafka", servers]

    assert run(ask) == 0
    send(servers, registry, old, Order("o-1"))
    assert run(ask) == 1
    assert "DEPLOY_READER_CANNOT_READ" in capsys.readouterr().out
