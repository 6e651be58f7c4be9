"""What runs on three real brokers is known to whoever asks the registry."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

import accord
from accord.cli.main import run
from accord.cluster import Cluster
from accord.kafka import KafkaSettings, TopicSpec, admin
from accord.registry.http.server import serve
from accord.registry.log.sqlite import open_sqlite

pytestmark = pytest.mark.kafka

Until = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Customer:
    city: str


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    customer: Customer


@pytest.fixture
def kafka(kafka_cluster: Cluster) -> KafkaSettings:
    return KafkaSettings(kafka_cluster.bootstrap_servers)


@pytest.fixture
def orders(kafka: KafkaSettings) -> Iterator[accord.Contract[Order]]:
    contract = accord.contract(f"readers-{uuid.uuid4().hex[:8]}", Order)
    topics = [contract.topic, contract.dead_letter_topic]
    admin.create_topics(kafka, [TopicSpec(topic, partitions=1, replication=3) for topic in topics])
    yield contract
    admin.delete_topics(kafka, topics)


def test_an_application_that_starts_is_a_known_reader(
    kafka: KafkaSettings,
    orders: accord.Contract[Order],
    patiently: Until,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path_factory.mktemp("registry") / "registry.db"
    with serve(open_sqlite(file)) as server, accord.Registry(server.url) as registry:
        registry.register(orders.subject, orders.schema)
        app = accord.App(kafka, registry, service="billing", budget_s=10.0)
        app.on(orders, group="billing-v1")(lambda _: None)
        app.on(orders, group="billing-audit")(lambda _: None)
        with app.running():
            patiently(lambda: [one for one in registry.readers() if len(one.groups) == 2])
        with accord.ExactlyOnce(
            kafka, registry, group="copy", contracts=[orders], publishes=[], transactional_id="copy-1"
        ):
            patiently(lambda: registry.readers(service="copy"))

    # A registry that starts again knows them still.
    with serve(open_sqlite(file)) as server:
        assert run(["--quiet", "readers", "list", "--registry", server.url, "--format", "json"]) == 0
    billing, copy = json.loads(capsys.readouterr().out)
    assert (billing["service"], billing["groups"]) == ("billing", ["billing-audit", "billing-v1"])
    assert (copy["service"], copy["groups"]) == ("copy", ["copy"])
    for reader in (billing, copy):
        assert (reader["subject"], reader["origin"]) == (orders.subject, "observed")
        assert reader["fields"] == ["order_id", "customer.city"]
