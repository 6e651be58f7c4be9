"""Claims on their way to the registry."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from accord.client import ReaderReport, RegistryUnavailable
from accord.contracts.claims import left_over, outdated, publish
from accord.contracts.loading import load
from accord.contracts.model import Claim
from accord.contracts.tree import Folder
from accord.findings import Severity
from accord.schemas import Reference, Schema, SchemaType, Subject, Version
from accord.testing.clock import VirtualClock
from accord.testing.memory_registry import MemoryRegistry

ORDER = {
    "type": "record",
    "name": "Order",
    "fields": [
        {"name": "order_id", "type": "string"},
        {"name": "total_amount", "type": "double"},
        {
            "name": "customer",
            "type": {"type": "record", "name": "Customer", "fields": [{"name": "city", "type": "string"}]},
        },
    ],
}
BILLING = """\
service: billing
reads:
  - contract: orders.created
    versions: ">=1.0 <2"
    groups: [billing-v1]
    fields: [order_id, customer.city]
"""


@pytest.fixture
def registry() -> Iterator[MemoryRegistry]:
    memory = MemoryRegistry(VirtualClock())
    memory.add("orders.created-value", Schema(json.dumps(ORDER)))
    with memory.client:
        yield memory


def claims(folder: Path, text: str = BILLING, name: str = "billing") -> Sequence[Claim]:
    (folder / "consumers").mkdir(exist_ok=True)
    (folder / f"consumers/{name}.yaml").write_text(text)
    return load(Folder(folder)).claims


def test_a_claim_that_holds_is_no_finding(tmp_path: Path, registry: MemoryRegistry) -> None:
    assert not outdated(claims(tmp_path), registry.client)


def test_a_field_that_the_newest_version_has_not_is_named_where_it_stands(
    tmp_path: Path, registry: MemoryRegistry
) -> None:
    said = claims(tmp_path, BILLING.replace("customer.city", "customer.cty, gone"))
    near, far = outdated(said, registry.client)
    assert (near.rule, near.severity) == ("CONTRACT_CLAIM_FIELD_NOT_REGISTERED", Severity.ERROR)
    assert near.message == (
        "billing claims to read `customer.cty`, which version 1 of 'orders.created-value' does not have "
        "(did you mean `customer.city`?)"
    )
    assert (near.path, near.subject) == ("customer.cty", "orders.created-value")
    assert near.at is not None
    assert (near.at.file, near.at.line, near.at.column, near.at.width) == (
        "consumers/billing.yaml",
        6,
        24,
        12,
    )
    assert "did you mean" not in far.message


def test_only_the_newest_version_counts(tmp_path: Path, registry: MemoryRegistry) -> None:
    registry.add("orders.created-value", Schema(json.dumps({**ORDER, "fields": ORDER["fields"][:2]})))
    [finding] = outdated(claims(tmp_path), registry.client)
    assert "version 2" in finding.message


def test_a_subject_without_versions_is_a_warning(tmp_path: Path, registry: MemoryRegistry) -> None:
    said = claims(tmp_path, "service: billing\nreads:\n  - topic: payments\n    fields: [amount]\n")
    [finding] = outdated(said, registry.client)
    assert (finding.rule, finding.severity) == ("CONTRACT_CLAIM_SUBJECT_NOT_REGISTERED", Severity.WARNING)
    assert "'payments-value'" in finding.message


def test_what_a_schema_refers_to_belongs_to_it(tmp_path: Path, registry: MemoryRegistry) -> None:
    customer = {"title": "Customer", "type": "object", "properties": {"city": {"type": "string"}}}
    registry.add("customer", Schema(json.dumps(customer), SchemaType.JSON))
    order = {"type": "object", "properties": {"order_id": {}, "customer": {"$ref": "customer.json"}}}
    needs = (Reference("customer.json", Subject("customer"), Version(1)),)
    registry.add("orders.created-value", Schema(json.dumps(order), SchemaType.JSON, needs))
    assert not outdated(claims(tmp_path), registry.client)


def test_everything_that_is_claimed_is_told(tmp_path: Path, registry: MemoryRegistry) -> None:
    said = claims(tmp_path, f"{BILLING}  - subject: com.example.Paid\n    topic: payments\n")
    first, second = publish(said, registry.client, version="1.4.0")
    assert (first, second) == registry.reports.readers()
    assert first == ReaderReport(
        service="billing",
        subject="orders.created-value",
        origin="claim",
        groups=("billing-v1",),
        fields=("order_id", "customer.city"),
        versions=">=1.0 <2",
        contract="orders.created",
        version="1.4.0",
        reported_at_ms=first.reported_at_ms,
    )
    assert (second.subject, second.fields) == ("com.example.Paid", None)


def test_two_entries_about_one_subject_are_told_as_one(tmp_path: Path, registry: MemoryRegistry) -> None:
    said = claims(
        tmp_path, f"{BILLING}  - contract: orders.created\n    groups: [late]\n    fields: [created_at]\n"
    )
    [told] = publish(said, registry.client)
    assert (told.groups, told.fields) == (
        ("billing-v1", "late"),
        ("order_id", "customer.city", "created_at"),
    )


def test_what_is_claimed_no_longer_is_left_over(tmp_path: Path, registry: MemoryRegistry) -> None:
    for told in (
        ReaderReport(service="billing", subject="payments-value", origin="claim"),
        ReaderReport(service="billing", subject="payments-value", origin="observed"),
        ReaderReport(service="audit", subject="payments-value", origin="claim"),
    ):
        registry.client.report_reader(told)
    said = claims(tmp_path)
    publish(said, registry.client)
    assert [(one.service, one.subject, one.origin) for one in left_over(said, registry.client)] == [
        ("billing", "payments-value", "claim")
    ]


def test_without_a_registry_nothing_is_said_of_a_claim(tmp_path: Path, registry: MemoryRegistry) -> None:
    registry.down = True
    for asking in (outdated, publish, left_over):
        with pytest.raises(RegistryUnavailable):
            asking(claims(tmp_path), registry.client)
