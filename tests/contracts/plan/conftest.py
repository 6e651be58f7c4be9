"""A project of files in memory, and a cluster that is no more than what was done to it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from textwrap import dedent

import pytest

from accord.client import NotFound, Registry, RegistryRefused
from accord.contracts.loading import load
from accord.contracts.model import Project, ProjectSettings
from accord.contracts.plan.ports import Cluster, ObservedTopic
from accord.kafka import Acl, TopicSpec
from accord.testing import LoopbackRegistry
from accord.testing import registry as a_registry

ORDER = '{"type": "record", "name": "OrderCreated", "fields": [{"name": "id", "type": "string"}]}'
CONTRACT = """\
    apiVersion: v3.2.0
    kind: DataContract
    id: orders.created
    name: Orders created
    version: 1.0.0
    status: active
    team: {name: team-orders}
    schema:
      - name: OrderCreated
        physicalName: orders.created
        physicalType: topic
        authoritativeDefinitions:
          - {type: implementation, url: schemas/OrderCreated.avsc}
    roles:
      - {role: order-service, access: write}
      - {role: billing, access: read}
    slaProperties:
      - {property: retention, value: 7, unit: d}
    customProperties:
      - property: kafka
        vendor: accord
        value:
          partitions: 6
          replicas: 3
          config: {min.insync.replicas: 2}
          compatibility: BACKWARD
          dlq: {topic: orders.created-dlq, retention: 14d}
          consumers: {billing: {groups: [billing-v1], fields: [id], retry: [1m]}}
    """


class Files:
    """A tree of texts."""

    name = "memory"

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def paths(self) -> list[str]:
        return sorted(self._texts)

    def read(self, path: str) -> bytes:
        return self._texts[path].encode()


class ClusterInMemory:
    """Three brokers; ``reasons`` are what they say against topics, by name."""

    address = "kafka.test:9092"

    def __init__(self, *, authorizer: bool) -> None:
        self._topics: dict[str, ObservedTopic] = {}
        self._acls: set[Acl] | None = set() if authorizer else None

    def identity(self) -> str:
        return "cluster-1"

    def brokers(self) -> Sequence[int]:
        return [1, 2, 3]

    def topic_names(self) -> Collection[str]:
        return list(self._topics)

    def topics(self, names: Collection[str]) -> Sequence[ObservedTopic]:
        return [self._topics[name] for name in sorted(names)]

    def acls(self) -> Sequence[Acl] | None:
        return None if self._acls is None else sorted(self._acls)

    def reason_against_topic(self, topic: TopicSpec) -> str:
        if topic.replication > len(self.brokers()):
            return "there are not enough brokers"
        return self.reason_against_settings(topic.name, topic.config, ())

    def reason_against_settings(
        self, topic: str, changed: Mapping[str, str], removed: Collection[str]
    ) -> str:
        del topic, removed
        value = changed.get("retention.ms", "0")
        return "" if value.lstrip("-").isdecimal() else f"retention.ms cannot be {value}"

    def create_topic(self, topic: TopicSpec) -> None:
        if topic.name not in self._topics:
            partitions, copies = max(topic.partitions, 1), topic.replication if topic.replication > 0 else 3
            placed = tuple(tuple(1 + (one + copy) % 3 for copy in range(copies)) for one in range(partitions))
            self._topics[topic.name] = ObservedTopic(topic.name, placed, dict(topic.config))

    def add_partitions(self, topic: str, total: int) -> None:
        there = self._topics[topic]
        more = (there.replicas[0],) * (total - there.partitions)
        self._topics[topic] = replace(there, replicas=(*there.replicas, *more))

    def change_settings(self, topic: str, changed: Mapping[str, str], removed: Collection[str]) -> None:
        there = self._topics[topic]
        kept = {name: value for name, value in there.overrides.items() if name not in removed}
        self._topics[topic] = replace(there, overrides={**kept, **changed})

    def delete_topic(self, topic: str) -> None:
        self._topics.pop(topic, None)

    def allow(self, acls: Collection[Acl]) -> None:
        assert self._acls is not None
        self._acls |= set(acls)

    def revoke(self, acls: Collection[Acl]) -> None:
        assert self._acls is not None
        self._acls -= set(acls)


@pytest.fixture
def cluster() -> Cluster:
    return ClusterInMemory(authorizer=True)


@pytest.fixture
def open_cluster() -> Cluster:
    """One without an authorizer."""
    return ClusterInMemory(authorizer=False)


@pytest.fixture(scope="session")
def served() -> Iterator[LoopbackRegistry]:
    with a_registry() as registry:
        yield registry


@pytest.fixture
def registry(served: LoopbackRegistry) -> Iterator[Registry]:
    """An empty one: to start another takes longer than most tests here."""
    with Registry(served.url) as client:
        yield client
        for permanent in (False, True):
            while subjects := client.subjects(deleted=permanent):
                for subject in subjects:
                    # One that others refer to goes after them.
                    with suppress(RegistryRefused):
                        client.delete_subject(subject, permanent=permanent)
        for name in ("orders.created-key", "orders.created-value"):
            with suppress(NotFound):
                client.delete_config(name)


@pytest.fixture
def project_of() -> Callable[..., Project]:
    """Load a project: the contract of orders.created with ``changes`` (what: instead), and files besides."""

    def of(
        changes: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
        settings: ProjectSettings | None = None,
    ) -> Project:
        contract = dedent(CONTRACT)
        for old, new in (changes or {}).items():
            assert old in contract, old
            contract = contract.replace(old, new)
        texts = {"contracts/orders.created.odcs.yaml": contract, "contracts/schemas/OrderCreated.avsc": ORDER}
        return load(Files({**texts, **(files or {})}), settings=settings or ProjectSettings())

    return of
