"""Settings, partitions and ACLs of a real cluster, as an operator changes them."""

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from accord.cli.settings import java_home, user_cache
from accord.cluster import Cluster, ClusterSpec, plan, storage
from accord.contracts.plan.cluster import KafkaCluster
from accord.errors import ConfigurationError
from accord.kafka import (
    Acl,
    AuthorizerMissing,
    KafkaRefused,
    KafkaSettings,
    TopicNotFound,
    TopicSpec,
    admin,
)
from accord.kafka.admin import BROKERS_CHOICE, AclOperation, Permission, ResourceKind

pytestmark = pytest.mark.kafka


@pytest.fixture
def kafka(kafka_cluster: Cluster) -> KafkaSettings:
    return KafkaSettings(kafka_cluster.bootstrap_servers)


T = TypeVar("T")


def settled(ask: Callable[[], T], expected: T) -> T:
    """The answer, once it is as expected or time is up: brokers hear of a change one after the other."""
    deadline = time.monotonic() + 20
    while (answer := ask()) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


@pytest.fixture
def topic(kafka: KafkaSettings) -> Iterator[str]:
    name = f"administration-{uuid.uuid4()}"
    admin.create_topics(kafka, [TopicSpec(name, 3, 3, {"min.insync.replicas": "2"})])
    yield name
    admin.delete_topics(kafka, [name])


def test_only_what_is_set_on_the_topic_itself_is_an_override(kafka: KafkaSettings, topic: str) -> None:
    assert admin.topic_overrides(kafka, [topic]) == {topic: {"min.insync.replicas": "2"}}


def test_settings_are_changed_and_taken_back_and_the_others_stay(kafka: KafkaSettings, topic: str) -> None:
    admin.alter_topic_config(kafka, topic, changed={"retention.ms": "1000", "segment.bytes": "1048576"})
    admin.alter_topic_config(kafka, topic, changed={"retention.ms": "2000"}, removed=["segment.bytes"])
    expected = {topic: {"min.insync.replicas": "2", "retention.ms": "2000"}}
    assert settled(lambda: admin.topic_overrides(kafka, [topic]), expected) == expected


def test_a_check_of_settings_changes_none(kafka: KafkaSettings, topic: str) -> None:
    admin.alter_topic_config(kafka, topic, changed={"retention.ms": "1000"}, only_check=True)
    assert admin.topic_overrides(kafka, [topic]) == {topic: {"min.insync.replicas": "2"}}


@pytest.mark.parametrize("only_check", [True, False])
@pytest.mark.parametrize("setting", [{"retention.ms": "a week"}, {"retention.days": "7"}])
def test_settings_that_the_brokers_do_not_know_are_refused(
    kafka: KafkaSettings, topic: str, setting: dict[str, str], *, only_check: bool
) -> None:
    with pytest.raises(ConfigurationError):
        admin.alter_topic_config(kafka, topic, changed=setting, only_check=only_check)


def test_settings_of_no_topic_are_not_found(kafka: KafkaSettings) -> None:
    with pytest.raises(TopicNotFound):
        admin.topic_overrides(kafka, ["administration-nowhere"])


def test_partitions_are_added_and_never_taken_away(kafka: KafkaSettings, topic: str) -> None:
    admin.add_partitions(kafka, topic, 5)
    assert settled(lambda: len(admin.describe_topics(kafka, [topic])[0].partitions), 5) == 5
    with pytest.raises(KafkaRefused):
        admin.add_partitions(kafka, topic, 4)


def test_brokers_choose_what_nobody_says(kafka: KafkaSettings) -> None:
    name = f"administration-{uuid.uuid4()}"
    admin.create_topics(kafka, [TopicSpec(name, BROKERS_CHOICE, BROKERS_CHOICE)])
    described = settled(
        lambda: [len(one.replicas) for one in admin.describe_topics(kafka, [name])[0].partitions], [3]
    )
    assert described == [3]
    admin.delete_topics(kafka, [name])


def test_brokers_say_ahead_why_they_would_not_make_a_topic(kafka: KafkaSettings) -> None:
    name = f"administration-{uuid.uuid4()}"
    assert "replication" in admin.reason_against(kafka, TopicSpec(name, 1, 7)).lower()
    assert "retention.ms" in admin.reason_against(kafka, TopicSpec(name, 1, 1, {"retention.ms": "a week"}))
    assert admin.reason_against(kafka, TopicSpec(name, 1, 1)) == ""
    with pytest.raises(TopicNotFound):
        admin.describe_topics(kafka, [name])


def test_acls_are_made_listed_and_removed_one_by_one(kafka: KafkaSettings) -> None:
    name = f"administration-{uuid.uuid4()}"
    acls = [
        Acl("User:billing", AclOperation.READ, ResourceKind.TOPIC, name),
        Acl("User:billing", AclOperation.READ, ResourceKind.GROUP, name),
        Acl("User:billing", AclOperation.WRITE, ResourceKind.TRANSACTIONAL_ID, name, prefixed=True),
        Acl(
            "User:other",
            AclOperation.ALL,
            ResourceKind.TOPIC,
            name,
            host="10.0.0.1",
            permission=Permission.DENY,
        ),
    ]
    admin.create_acls(kafka, acls)
    admin.create_acls(kafka, acls)

    def there() -> list[Acl]:
        return [acl for acl in admin.describe_acls(kafka) if acl.name == name]

    assert settled(there, sorted(acls)) == sorted(acls)
    admin.delete_acls(kafka, acls[1:])
    admin.delete_acls(kafka, acls[1:])
    assert settled(there, acls[:1]) == acls[:1]
    admin.delete_acls(kafka, acls)
    admin.create_acls(kafka, [])
    admin.delete_acls(kafka, [])


def test_the_brokers_are_known_by_their_ids(kafka: KafkaSettings) -> None:
    assert admin.brokers(kafka) == [1, 2, 3]


def test_brokers_without_an_authorizer_say_so(
    tmp_path: Path, free_port_base: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = plan.server_properties

    def without_authorizer(node: plan.Node, spec: ClusterSpec) -> dict[str, str]:
        left_out = {"authorizer.class.name", "super.users"}
        return {name: value for name, value in usual(node, spec).items() if name not in left_out}

    monkeypatch.setattr(storage, "server_properties", without_authorizer)
    spec = ClusterSpec(brokers=1, port_base=free_port_base(1))
    cluster = Cluster(tmp_path, cache=user_cache(), spec=spec, java_home=java_home())
    cluster.up()
    try:
        kafka = KafkaSettings(cluster.bootstrap_servers)
        acl = Acl("User:billing", AclOperation.READ, ResourceKind.TOPIC, "orders")
        with pytest.raises(AuthorizerMissing):
            admin.describe_acls(kafka)
        with pytest.raises(AuthorizerMissing):
            admin.create_acls(kafka, [acl])
        with pytest.raises(AuthorizerMissing):
            admin.delete_acls(kafka, [acl])
        assert KafkaCluster(kafka).acls() is None
    finally:
        cluster.down(delete=True)
