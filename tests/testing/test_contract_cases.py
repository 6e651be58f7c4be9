"""Contract tests in a run of pytest, and examples in the consumer's real handler."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

import accord

# A run of pytest in this process throws away the modules that it was the first to import.
import accord.contracts.loading
from accord.errors import ConfigurationError
from accord.testing import ContractBroken, Harness, examples_of
from accord.testing.contracts import contract_cases

pytest_plugins = ["pytester"]

SCHEMA = """{"type": "record", "name": "OrderCreated", "fields": [
  {"name": "order_id", "type": "string"},
  {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
  {"name": "coupon", "type": "string", "default": ""}
]}"""
CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: orders
name: Orders
version: 1.0.0
status: active
schema:
  - name: OrderCreated
    physicalName: orders
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: OrderCreated.avsc
customProperties:
  - property: kafka
    vendor: accord
    value:
      partitions: 1
"""
CLAIM = """\
service: billing
reads:
  - contract: orders
    fields: [order_id, total]
    examples:
      - {order_id: o-1, total: "12.50"}
      - {order_id: o-2, total: "0.00", coupon: WELCOME}
"""
TEST = """
def test_every_consumer_gets_what_it_needs(accord_contract_case):
    accord_contract_case.check()
"""


@dataclass(frozen=True, slots=True)
class OrderCreated:
    order_id: str
    total: Decimal
    coupon: str = ""


ORDERS = accord.contract("orders", OrderCreated, schema=SCHEMA)


def write(folder: Path, **changes: str) -> Path:
    files = {"OrderCreated.avsc": SCHEMA, "orders.odcs.yaml": CONTRACT, "consumers/billing.yaml": CLAIM}
    for path, text in (files | changes).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def test_there_is_one_test_for_each_consumer_contract_and_example(pytester: pytest.Pytester) -> None:
    write(pytester.path / "contracts", **{"consumers/billing.yaml": CLAIM.replace('"12.50"', "many")})
    pytester.makeini("[pytest]\naccord_project = contracts")
    pytester.makepyfile(TEST)

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-v")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        ["*[[]billing-orders-schema[]] PASSED*", "*[[]billing-orders-its example 1[]] FAILED*"]
    )


def test_one_that_does_not_hold_tells_both_sides(tmp_path: Path) -> None:
    changed = write(tmp_path, **{"OrderCreated.avsc": SCHEMA.replace('"total"', '"amount"')})
    [case] = [case for case in contract_cases(changed) if case.id == "billing-orders-schema"]

    with pytest.raises(ContractBroken, match="billing needs `total`, and OrderCreated") as told:
        case.check()

    assert [finding.rule for finding in told.value.findings] == ["TEST_FIELD_MISSING"]


def test_files_that_cannot_be_read_are_no_success(tmp_path: Path) -> None:
    [files] = contract_cases(write(tmp_path, **{"OrderCreated.avsc": "{"}))

    assert files.id == "the project's files"
    with pytest.raises(ContractBroken, match="OrderCreated"):
        files.check()


def test_what_the_project_says_about_its_files_counts(tmp_path: Path) -> None:
    write(tmp_path / "contracts")
    write(tmp_path / "changes")
    settings = tmp_path / "accord.toml"
    settings.write_text('[project]\npaths = ["contracts"]\n', encoding="utf-8")

    assert len(contract_cases(tmp_path)) == 3

    settings.write_text('[project]\npathes = ["contracts"]\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="did you mean 'paths'"):
        contract_cases(tmp_path)
    settings.write_text("[project", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        contract_cases(tmp_path)


def test_the_consumers_real_handler_has_its_examples(tmp_path: Path) -> None:
    billed: list[tuple[str, Decimal, str]] = []
    harness = Harness()
    harness.consume(
        [ORDERS],
        lambda record: billed.append((record.value.order_id, record.value.total, record.value.coupon)),
        group="billing",
    )

    harness.given(ORDERS, *examples_of(ORDERS, service="billing", project=write(tmp_path)))
    harness.run()

    assert billed == [("o-1", Decimal("12.50"), ""), ("o-2", Decimal("0.00"), "WELCOME")]
    assert harness.dead_letters(ORDERS) == []


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (CLAIM.replace("o-2,", "2,"), "billing is no event of orders-value"),
        (CLAIM.replace('o-1, total: "12.50"', "o-1"), "total"),
        (CLAIM.replace("billing", "search"), "states no example for orders-value"),
    ],
)
def test_what_is_no_example_is_told(tmp_path: Path, claim: str, told: str) -> None:
    with pytest.raises(accord.ConfigurationError, match=told):
        examples_of(ORDERS, service="billing", project=write(tmp_path, **{"consumers/billing.yaml": claim}))
