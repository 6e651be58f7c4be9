from collections.abc import Callable

import pytest

from accord.contracts.model import DeadLetters, DeclaredReader, Key, Project, Role
from accord.schemas import CompatibilityLevel, Subject

LoadContract = Callable[..., Project]
LoadFiles = Callable[..., Project]


def rules_of(project: Project) -> list[str]:
    return [finding.rule for finding in project.findings]


def test_a_contract_without_a_block_has_the_defaults(load_contract: LoadContract) -> None:
    project = load_contract()

    assert project.findings == ()
    [contract] = project.contracts
    assert (contract.id, contract.topic, contract.version) == ("orders.created", "orders.created", "1.0.0")
    assert contract.compatibility is CompatibilityLevel.BACKWARD
    assert contract.key == Key("string", None, CompatibilityLevel.NONE, None)
    assert (contract.partitions, contract.replicas, contract.config) == (None, None, {})
    assert [event.schema.subject for event in contract.events] == ["orders.created-value"]
    assert list(project.schemas) == ["orders.created-value"]
    assert project.contract_of(Subject("orders.created-value")) is contract


def test_the_block_says_everything_about_the_topic(load_contract: LoadContract) -> None:
    project = load_contract(
        "partitions: 12",
        "replicas: 3",
        "config: {min.insync.replicas: 2, cleanup.policy: delete, preallocate: true}",
        "key: {type: string, field: order_id}",
        "compatibility: FULL_TRANSITIVE",
        "dlq: {topic: orders.dead, retention: 14d, partitions: 1}",
        "retry: [1m, 10m]",
        "consumers:",
        "  billing: {groups: [billing-v1], fields: [order_id], versions: '>=1 <2', examples: [{order_id: a}]}",
        "  audit: {retry: [5s]}",
        "alerts: {consumerLag: 10m, bytesIn: {aboveBaseline: 2.5x}}",
        "roles: [{role: platform, access: manage, prefix: orders.}]",
        "quotas: {billing: {consumer_byte_rate: 1048576}}",
        "examples: {OrderCreated: [{order_id: o-1, total: 1.5}]}",
        "allow: [{rule: SOME_RULE, path: total, reason: agreed, until: 2027-01-31}]",
    )

    assert project.findings == ()
    [contract] = project.contracts
    assert (contract.partitions, contract.replicas) == (12, 3)
    assert contract.config == {"min.insync.replicas": "2", "cleanup.policy": "delete", "preallocate": "true"}
    assert contract.key.field == "order_id"
    assert contract.compatibility is CompatibilityLevel.FULL_TRANSITIVE
    assert contract.dead_letters == DeadLetters("orders.dead", 14 * 86_400_000, 1)
    billing, audit = contract.readers
    assert billing == DeclaredReader(
        "billing",
        ("billing-v1",),
        ("order_id",),
        ">=1 <2",
        (60_000, 600_000),
        ({"order_id": "a"},),
        billing.at,
    )
    assert (audit.fields, audit.retry_ms) == (None, (5_000,))
    assert contract.alerts.consumer_lag_ms == 600_000
    assert contract.alerts.bytes_in_above_baseline == 2.5
    assert contract.roles == (Role("platform", "manage", "orders."),)
    assert contract.quotas == {"billing": {"consumer_byte_rate": "1048576"}}
    assert contract.events[0].examples == ({"order_id": "o-1", "total": 1.5},)
    [allowance] = contract.allowances
    assert (allowance.rule, allowance.path, allowance.until) == ("SOME_RULE", "total", "2027-01-31")


def test_the_standards_own_words_have_their_effects(load_contract: LoadContract, contract: str) -> None:
    project = load_contract(
        contract=contract
        + """\
domain: orders
description: {purpose: What was ordered.}
team: {name: team-orders}
support: [{channel: "#team-orders", tool: slack}]
servers:
  - {server: production, type: kafka, environment: prod, host: "kafka-1:9092,kafka-2:9092"}
  - {server: lake, type: s3, location: somewhere}
roles:
  - {role: order-service, access: write}
  - {role: billing, access: READ}
slaProperties:
  - {property: latency, value: 10, unit: min}
  - {property: retention, value: 7, unit: d}
  - {property: availability, value: 99.9, unit: percent}
"""
    )

    assert project.findings == ()
    [read] = project.contracts
    assert (read.owner, read.domain, read.description) == ("team-orders", "orders", "What was ordered.")
    assert read.channels == ("#team-orders",)
    assert read.servers == {"prod": "kafka-1:9092,kafka-2:9092"}
    assert read.roles == (Role("order-service", "write"), Role("billing", "read"))
    assert read.config == {"retention.ms": str(7 * 86_400_000)}
    assert read.alerts.consumer_lag_ms == 600_000


def test_an_alert_in_the_block_narrows_the_promised_latency(
    load_contract: LoadContract, contract: str
) -> None:
    promised = contract + "slaProperties: [{property: latency, value: 10, unit: min}]\n"

    [read] = load_contract("alerts: {consumerLag: 2m}", contract=promised).contracts

    assert read.alerts.consumer_lag_ms == 120_000


@pytest.mark.parametrize("version", ["v3.0.0", "v3.0.2", "v3.1.0", "v3.2.0"])
def test_contracts_of_earlier_versions_of_the_standard_are_read(
    load_contract: LoadContract, contract: str, version: str
) -> None:
    older = contract.replace("v3.2.0", version) + "team: [{username: alice, role: owner}]\n"
    block = "customProperties: [{property: kafka, value: {partitions: 4}}]\n"

    project = load_contract(contract=older + block)

    assert project.findings == ()
    assert (project.contracts[0].owner, project.contracts[0].partitions) == ("alice", 4)


def test_a_contract_may_be_json(load_files: LoadFiles, order: str) -> None:
    text = """\
{"apiVersion": "v3.2.0", "kind": "DataContract", "id": "orders", "version": "1.0.0", "status": "active",
 "schema": [{"name": "Order", "physicalName": "orders",
             "authoritativeDefinitions": [{"type": "implementation", "url": "Order.avsc"}]}],
 "customProperties": [{"property": "kafka", "vendor": "accord", "value": {"partitions": 0}}]}
"""

    project = load_files({"contracts/orders.odcs.json": text, "contracts/Order.avsc": order})

    [finding] = project.findings
    assert finding.rule == "CONTRACT_VALUE_INVALID"
    assert finding.at is not None
    assert (finding.at.line, finding.at.column) == (4, 89)
    assert len(project.contracts) == 1


def test_a_contract_about_something_else_than_a_topic_is_none_of_ours(
    load_contract: LoadContract, contract: str
) -> None:
    table = contract.replace("physicalType: topic", "physicalType: table")

    project = load_contract(contract=table)

    assert project.contracts == ()
    assert project.findings == ()


@pytest.mark.parametrize(
    "url", ["schemas/OrderCreated.avsc", "contracts/schemas/OrderCreated.avsc", "./schemas/OrderCreated.avsc"]
)
def test_a_schema_file_is_named_from_the_contract_or_from_the_root(
    load_files: LoadFiles, contract: str, order: str, url: str
) -> None:
    project = load_files(
        {
            "contracts/orders.odcs.yaml": contract.replace("OrderCreated.avsc", url),
            "contracts/schemas/OrderCreated.avsc": order,
        }
    )

    assert project.findings == ()
    assert (
        project.schemas[Subject("orders.created-value")].source.path == "contracts/schemas/OrderCreated.avsc"
    )


TWO_EVENTS = """\
  - name: OrderCancelled
    physicalName: orders.created
    authoritativeDefinitions: [{type: implementation, url: OrderCancelled.avsc}]
"""


@pytest.mark.parametrize(
    ("block", "subjects"),
    [
        ((), ["orders.created-com.example.OrderCreated", "orders.created-com.example.OrderCancelled"]),
        (("subjectNaming: RecordNameStrategy",), ["com.example.OrderCreated", "com.example.OrderCancelled"]),
    ],
)
def test_several_events_on_a_topic_have_subjects_of_their_own(
    load_contract: LoadContract, contract: str, order: str, block: tuple[str, ...], subjects: list[str]
) -> None:
    cancelled = order.replace("OrderCreated", "OrderCancelled")

    project = load_contract(*block, contract=contract + TWO_EVENTS, files={"OrderCancelled.avsc": cancelled})

    assert project.findings == ()
    assert [event.schema.subject for event in project.contracts[0].events] == subjects


def test_several_events_cannot_share_the_subject_of_the_topic(
    load_contract: LoadContract, contract: str, order: str
) -> None:
    cancelled = order.replace("OrderCreated", "OrderCancelled")

    project = load_contract(
        "subjectNaming: TopicNameStrategy",
        contract=contract + TWO_EVENTS,
        files={"OrderCancelled.avsc": cancelled},
    )

    assert rules_of(project) == ["CONTRACT_SUBJECT_TWICE"]


def test_keys_may_have_a_schema_of_their_own(load_contract: LoadContract) -> None:
    key = '{"type": "record", "name": "OrderKey", "fields": [{"name": "id", "type": "string"}]}'

    project = load_contract("key: {schema: OrderKey.avsc, compatibility: FULL}", files={"OrderKey.avsc": key})

    assert project.findings == ()
    [contract] = project.contracts
    assert (contract.key.type, contract.key.compatibility) == ("avro", CompatibilityLevel.FULL)
    assert contract.key.schema is project.schemas[Subject("orders.created-key")]
    assert project.contract_of(Subject("orders.created-key")) is contract


def test_the_default_of_replicas_is_the_projects(load_files: LoadFiles, contract: str, order: str) -> None:
    files = {"orders.odcs.yaml": contract, "OrderCreated.avsc": order}

    assert load_files(files, replicas=3).contracts[0].replicas == 3


def test_a_place_in_the_block_is_found_again(load_contract: LoadContract) -> None:
    [contract] = load_contract("partitions: 12", "consumers:", "  billing: {groups: [g]}").contracts

    at = contract.locate(f"{contract.block}/partitions")
    nearest = contract.locate(f"{contract.block}/consumers/billing/groups/0/nothing")

    assert (at.line, at.column, at.excerpt, at.width) == (18, 19, "      partitions: 12", 2)
    assert (nearest.line, nearest.column) == (20, 28)


@pytest.mark.parametrize(
    "change", [("", "\ufeff"), ("\n", "\r\n"), ("status: active", "status: active # onward é")]
)
def test_files_as_other_editors_write_them_are_read(
    load_contract: LoadContract, contract: str, change: tuple[str, str]
) -> None:
    old, new = change
    text = contract.replace(old, new) if old else new + contract

    project = load_contract(contract=text)

    assert project.findings == ()
    assert project.contracts[0].locate("/id").excerpt == "id: orders.created"
