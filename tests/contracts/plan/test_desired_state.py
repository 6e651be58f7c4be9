"""What a project wants of cluster and registry."""

from collections.abc import Callable

import pytest

from accord.contracts.model import Project, ProjectSettings
from accord.contracts.plan.desired import Desired, DesiredTopic, desired_state
from accord.contracts.plan.grants import Grant
from accord.errors import ConfigurationError
from accord.kafka.admin import AclOperation, ResourceKind
from accord.schemas import CompatibilityLevel

Load = Callable[..., Project]
BLOCK = "compatibility: BACKWARD"


def topic(desired: Desired, name: str) -> DesiredTopic:
    return next(topic for topic in desired.topics if topic.name == name)


def rights(desired: Desired, principal: str) -> set[tuple[str, str, str]]:
    return {
        (grant.kind.value, grant.name + "*" * grant.prefixed, operation.value)
        for grant in desired.grants
        for operation in grant.operations
        if grant.principal == principal
    }


def test_records_are_put_aside_to_topics_that_are_made_before_their_own(project_of: Load) -> None:
    assert [(one.name, one.purpose) for one in desired_state(project_of()).topics] == [
        ("orders.created-dlq", "dead letters"),
        ("orders.created.billing-v1.retry.1m", "retry"),
        ("orders.created", "events"),
    ]


def test_retention_comes_from_the_promise_and_dead_letters_have_their_own(project_of: Load) -> None:
    desired = desired_state(project_of())
    assert topic(desired, "orders.created").config == {
        "min.insync.replicas": "2",
        "retention.ms": str(7 * 86_400_000),
    }
    assert topic(desired, "orders.created-dlq").config == {
        "min.insync.replicas": "2",
        "retention.ms": str(14 * 86_400_000),
    }


def test_a_retry_topic_keeps_records_for_as_long_as_the_topic_and_the_wait_beside(project_of: Load) -> None:
    config = topic(desired_state(project_of()), "orders.created.billing-v1.retry.1m").config
    assert config["retention.ms"] == str(7 * 86_400_000 + 60_000)


def test_a_retry_topic_of_a_topic_that_keeps_for_ever_keeps_for_ever(project_of: Load) -> None:
    project = project_of(
        {"- {property: retention, value: 7, unit: d}": "[]", "{min.insync.replicas: 2}": "{retention.ms: -1}"}
    )
    config = topic(desired_state(project), "orders.created.billing-v1.retry.1m").config
    assert config == {"retention.ms": "-1"}


def test_where_records_are_put_aside_begins_like_the_topic_and_may_grow_otherwise(project_of: Load) -> None:
    topics = desired_state(project_of()).topics
    assert [(one.partitions, one.at_first, one.replicas) for one in topics] == [
        (None, 6, 3),
        (None, 6, 3),
        (6, None, 3),
    ]


def test_what_nobody_names_is_left_to_the_brokers(project_of: Load) -> None:
    desired = desired_state(project_of({"partitions: 6": ""}))
    assert topic(desired, "orders.created").partitions is None


def test_who_writes_may_write_and_look(project_of: Load) -> None:
    assert rights(desired_state(project_of()), "User:order-service") == {
        ("topic", "orders.created", "WRITE"),
        ("topic", "orders.created", "DESCRIBE"),
        ("transactional-id", "order-service-*", "WRITE"),
        ("transactional-id", "order-service-*", "DESCRIBE"),
    }


def test_who_reads_may_use_its_groups_and_put_records_aside(project_of: Load) -> None:
    assert rights(desired_state(project_of()), "User:billing") == {
        ("topic", "orders.created", "READ"),
        ("topic", "orders.created", "DESCRIBE"),
        ("group", "billing-v1", "READ"),
        ("group", "billing-v1", "DESCRIBE"),
        ("topic", "orders.created-dlq", "WRITE"),
        ("topic", "orders.created-dlq", "DESCRIBE"),
        ("topic", "orders.created.billing-v1.retry.1m", "READ"),
        ("topic", "orders.created.billing-v1.retry.1m", "WRITE"),
        ("topic", "orders.created.billing-v1.retry.1m", "DESCRIBE"),
        ("transactional-id", "billing-*", "WRITE"),
        ("transactional-id", "billing-*", "DESCRIBE"),
    }


def test_who_manages_may_change_the_topic_and_read_none_of_it(project_of: Load) -> None:
    project = project_of({"- {role: billing, access: read}": "- {role: ops, access: manage}"})
    allowed = rights(desired_state(project), "User:ops")
    assert ("topic", "orders.created", "ALTER_CONFIGS") in allowed
    assert not {("topic", "orders.created", one) for one in ("READ", "WRITE", "ALL")} & allowed


def test_a_role_of_the_block_may_be_about_every_topic_that_begins_so(project_of: Load) -> None:
    project = project_of({BLOCK: f"{BLOCK}\n      roles: [{{role: audit, access: read, prefix: orders.}}]"})
    assert ("topic", "orders.*", "READ") in rights(desired_state(project), "User:audit")


def test_a_principal_with_its_type_stays_what_it_is(project_of: Load) -> None:
    project = project_of({"role: order-service": 'role: "User:CN=orders"'})
    assert ("topic", "orders.created", "WRITE") in rights(desired_state(project), "User:CN=orders")


def test_what_several_contracts_say_of_a_principal_is_one_grant(project_of: Load) -> None:
    project = project_of({"role: billing, access: read": "role: order-service, access: read"})
    grants = [
        grant
        for grant in desired_state(project).grants
        if (grant.kind, grant.name) == (ResourceKind.TOPIC, "orders.created")
    ]
    assert grants == [
        Grant(
            "User:order-service",
            ResourceKind.TOPIC,
            "orders.created",
            (AclOperation.DESCRIBE, AclOperation.READ, AclOperation.WRITE),
            contract="orders.created",
        )
    ]


def test_a_claim_counts_like_a_reader_of_the_contract(project_of: Load) -> None:
    claim = "service: search\nreads:\n  - {contract: orders.created, groups: [search-v1], fields: [id], retry: [5s]}\n"
    desired = desired_state(project_of(files={"consumers/search.yaml": claim}))
    assert "orders.created.search-v1.retry.5s" in {one.name for one in desired.topics}


def test_a_reader_of_a_topic_elsewhere_has_its_retry_topics_to_itself(project_of: Load) -> None:
    claim = "service: search\nreads:\n  - {topic: payments, groups: [search-v1], retry: [5s]}\n"
    project = project_of(files={"consumers/search.yaml": claim})
    desired = desired_state(project)
    retries = topic(desired, "payments.search-v1.retry.5s")
    assert (retries.partitions, retries.replicas, retries.at_first, dict(retries.config)) == (
        None,
        None,
        None,
        {},
    )
    assert retries.locate("partitions") == project.claims[0].reader.at
    assert rights(desired, "User:search") == {
        ("topic", "payments.search-v1.retry.5s", "READ"),
        ("topic", "payments.search-v1.retry.5s", "WRITE"),
        ("topic", "payments.search-v1.retry.5s", "DESCRIBE"),
    }
    assert "payments" not in desired.names.topics


def test_plain_keys_have_a_level_and_no_schema(project_of: Load) -> None:
    desired = desired_state(project_of())
    assert {subject: wanted.level for subject, wanted in desired.levels.items()} == {
        "orders.created-key": CompatibilityLevel.NONE,
        "orders.created-value": CompatibilityLevel.BACKWARD,
    }
    assert [file.subject for file in desired.schemas] == ["orders.created-value"]


def test_schemas_come_after_those_that_they_refer_to(project_of: Load) -> None:
    order = """{"type": "record", "name": "OrderCreated", "fields": [
        {"name": "id", "type": "string"}, {"name": "money", "type": "Money"}]}"""
    money = '{"type": "record", "name": "Money", "fields": [{"name": "amount", "type": "long"}]}'
    project = project_of(
        files={"contracts/schemas/OrderCreated.avsc": order, "contracts/schemas/Money.avsc": money}
    )
    assert not project.findings
    assert [file.subject for file in desired_state(project).schemas] == [
        "Money-value",
        "orders.created-value",
    ]


def test_a_bare_folder_of_schemas_wants_nothing_of_a_cluster(project_of: Load) -> None:
    project = project_of(settings=ProjectSettings(paths=("contracts/schemas",)))
    desired = desired_state(project)
    assert [file.subject for file in desired.schemas] == ["OrderCreated-value"]
    assert not desired.levels
    assert not desired.needs_kafka


def test_a_retired_contract_wants_nothing_and_its_names_stay_ours(project_of: Load) -> None:
    desired = desired_state(project_of({"status: active": "status: retired"}))
    assert not desired.topics
    assert not desired.grants
    assert not desired.schemas
    assert desired.retired_topics == (
        "orders.created",
        "orders.created-dlq",
        "orders.created.billing-v1.retry.1m",
    )
    assert desired.retired_subjects == ("orders.created-value",)


@pytest.mark.parametrize("group", ["a" * 240, "billing v1"])
def test_a_group_that_no_retry_topic_can_be_called_by_is_refused(project_of: Load, group: str) -> None:
    with pytest.raises(ConfigurationError, match="retry topic of group"):
        desired_state(project_of({"groups: [billing-v1]": f'groups: ["{group}"]'}))
