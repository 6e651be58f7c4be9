from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import pytest

from accord.client import Registry
from accord.contracts.importing import FoundTopic
from accord.contracts.plan.ports import ObservedTopic
from accord.schemas import CompatibilityLevel, Reference, Schema, SchemaType, Subject, Version
from accord.testing import LoopbackRegistry
from accord.testing import registry as a_registry

MONEY = '{"type":"record","name":"Money","namespace":"com.example","fields":[{"name":"cents","type":"long"}]}'
ORDER = (
    '{"type":"record","name":"OrderCreated","namespace":"com.example","fields":['
    '{"name":"id","type":"string"},{"name":"total","type":"Money"}]}'
)
KEY = '{"type":"record","name":"OrderKey","fields":[{"name":"id","type":"string"}]}'
AMOUNT = '{"type":"object","properties":{"cents":{"type":"integer"}}}'
PAYMENT = (
    '{"type":"object","title":"Payment","properties":{"amount":{"$ref":"amount.json"}},"multipleOf":1.50}'
)
PROTO_MONEY = 'syntax = "proto3";\npackage shop;\n\nmessage Money {\n  int64 cents = 1;\n}\n'
SHIPMENT = (
    'syntax = "proto3";\npackage shop;\n\nimport "common/money.proto";\n\n'
    "message Shipment {\n  shop.Money cost = 1;\n}\n"
)


def reference(name: str, subject: str) -> Reference:
    return Reference(name, Subject(subject), Version(1))


REGISTERED = {
    "com.example.Money": Schema(MONEY),
    "orders-key": Schema(KEY),
    "orders-value": Schema(ORDER, references=(reference("com.example.Money", "com.example.Money"),)),
    "amount": Schema(AMOUNT, SchemaType.JSON),
    "payments-value": Schema(PAYMENT, SchemaType.JSON, (reference("amount.json", "amount"),)),
    "common/money.proto": Schema(PROTO_MONEY, SchemaType.PROTOBUF),
    "shipments-value": Schema(
        SHIPMENT, SchemaType.PROTOBUF, (reference("common/money.proto", "common/money.proto"),)
    ),
    "mixed-com.example.A": Schema(MONEY.replace("Money", "A")),
    "mixed-com.example.B": Schema(MONEY.replace("Money", "B")),
    "com.example.Alone": Schema(MONEY.replace("Money", "Alone")),
}
LEVELS = {
    "orders-value": CompatibilityLevel.FULL,
    "orders-key": CompatibilityLevel.NONE,
    "payments-value": CompatibilityLevel.BACKWARD_TRANSITIVE,
    "payments-key": CompatibilityLevel.NONE,
    "shipments-value": CompatibilityLevel.NONE,
    "shipments-key": CompatibilityLevel.NONE,
    "mixed-com.example.A": CompatibilityLevel.FORWARD,
    "mixed-com.example.B": CompatibilityLevel.FORWARD,
    "mixed-key": CompatibilityLevel.NONE,
}
TOPICS = (
    FoundTopic("mixed", 1, 3),
    FoundTopic(
        "orders",
        6,
        3,
        {"retention.ms": "86400000", "min.insync.replicas": "2", "cleanup.policy": "compact,delete"},
        ("audit", "billing-v1"),
    ),
    FoundTopic("orders-dlq", 1, 3, {"min.insync.replicas": "2", "retention.ms": "1209600000"}),
    FoundTopic("orders.billing-v1.retry.1m", 6, 3, {"min.insync.replicas": "2", "retention.ms": "86460000"}),
    FoundTopic("payments", 3, 3, {}, ("ledger",)),
    FoundTopic("payments-dlq", 3, 3, {"cleanup.policy": "compact"}),
    FoundTopic("shipments", 3, 1),
)


@pytest.fixture
def served() -> Iterator[LoopbackRegistry]:
    """A registry with schemas of each format, references and levels."""
    with a_registry() as one:
        client = one.client()
        for subject, schema in REGISTERED.items():
            client.register(subject, schema)
        for subject, level in LEVELS.items():
            client.set_compatibility(subject, level)
        yield one


@pytest.fixture
def registry(served: LoopbackRegistry) -> Registry:
    return served.client()


@dataclass
class ClusterAsFound:
    """A cluster that has these topics, and that nobody may change."""

    found: Sequence[FoundTopic]
    address: str = "kafka.test:9092"

    def identity(self) -> str:
        return "cluster-1"

    def brokers(self) -> Sequence[int]:
        return [1, 2, 3]

    def topic_names(self) -> Collection[str]:
        return [topic.name for topic in self.found]

    def topics(self, names: Collection[str]) -> Sequence[ObservedTopic]:
        return [
            ObservedTopic(topic.name, ((1, 2, 3)[: topic.replicas],) * topic.partitions, topic.config)
            for topic in self.found
            if topic.name in names
        ]

    def acls(self) -> None:
        return None

    def reason_against_topic(self, topic: object) -> str:
        del topic
        return ""

    def reason_against_settings(self, *change: object) -> str:
        del change
        return ""

    def _refuse(self, *change: object) -> NoReturn:
        raise AssertionError(change)

    create_topic = add_partitions = change_settings = delete_topic = allow = revoke = _refuse


@pytest.fixture
def cluster() -> ClusterAsFound:
    return ClusterAsFound(TOPICS)


@pytest.fixture
def topics() -> Sequence[FoundTopic]:
    return TOPICS
