"""What each rule of loading shows as refused is refused by it, and what it shows as fine is fine."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from accord.contracts.loading import load
from accord.contracts.loading.rules import DEAD_LETTERS_CONTRADICTORY, FILE_NOT_UTF8, FILE_UNREADABLE, RULES
from accord.contracts.model import Project
from accord.contracts.rules import ContractRule
from accord.contracts.tree import Folder

LoadFiles = Callable[..., Project]

ORDER = '{"type": "record", "name": "OrderCreated", "fields": [{"name": "order_id", "type": "string"}]}'
MONEY = '{"type": "record", "name": "Money", "namespace": "com.example", "fields": []}'
CUSTOMER = '{"type": "record", "name": "Customer", "fields": [{"name": "last", "type": ["null", "Order"]}]}'
NAMES = {"avro": "Order.avsc", "json": "Order.json", "yaml": "orders.odcs.yaml"}
JSON_CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: orders
version: 1.0.0
schema:
  - {name: Order, physicalName: orders, authoritativeDefinitions: [{type: implementation, url: Order.json}]}
customProperties:
  - {property: kafka, vendor: accord, value: {subjectNaming: RecordNameStrategy}}
"""
SHARING = """\
apiVersion: v3.2.0
kind: DataContract
id: payments
version: 1.0.0
status: active
schema:
  - {name: Order, physicalName: payments, authoritativeDefinitions: [{type: implementation, url: Payment.avsc}]}
customProperties:
  - {property: kafka, vendor: accord, value: {dlq: {topic: dead-letters, retention: 14d}}}
"""
BESIDE: Mapping[str, Mapping[str, str]] = {
    "CONTRACT_SUBJECT_TWICE": {"orders.created-value.avsc": ORDER},
    "CONTRACT_REFERENCE_AMBIGUOUS": {"a/Money.avsc": MONEY, "b/Moneys.avsc": MONEY + "\n"},
    "CONTRACT_REFERENCE_CYCLE": {"Customer.avsc": CUSTOMER},
    "CONTRACT_EVENT_WITHOUT_NAME": {"orders.odcs.yaml": JSON_CONTRACT},
    "CONTRACT_DEAD_LETTERS_CONTRADICTORY": {"payments.odcs.yaml": SHARING, "Payment.avsc": ORDER},
    "CONTRACT_SEVERAL_TOPICS": {"OrderShipped.avsc": ORDER.replace("OrderCreated", "OrderShipped")},
}
TWICE = {"CONTRACT_TOPIC_TWICE", "CONTRACT_ID_TWICE"}
OF_FILES = (FILE_NOT_UTF8, FILE_UNREADABLE)


def files(rule: ContractRule, text: str, *, broken: bool) -> dict[str, str]:
    beside = BESIDE.get(rule.id, {}) if broken or rule.language != "avro" else {}
    if not broken and rule.id in {"CONTRACT_SUBJECT_TWICE", "CONTRACT_SEVERAL_TOPICS"}:
        beside = {}
    contract = {"OrderCreated.avsc": ORDER} if rule.language == "yaml" else {}
    again = {"again.odcs.yaml": text} if broken and rule.id in TWICE else {}
    return {**contract, **beside, **again, NAMES[rule.language]: text}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in OF_FILES], ids=lambda rule: rule.id)
def test_a_rule_shows_what_it_is_about(load_files: LoadFiles, rule: ContractRule) -> None:
    bad = load_files(files(rule, rule.bad, broken=True))
    good = load_files(files(rule, rule.good, broken=False))

    assert rule.id in {finding.rule for finding in bad.findings}
    assert [finding.message for finding in good.findings] == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("dlq: {topic: dead-letters, retention: 14d}", []),
        ("dlq: {topic: dead-letters}", ["retention"]),
        ("dlq: {topic: dead-letters, retention: 14d, partitions: 3}", ["number of partitions"]),
        ("dlq: {retention: 7d}", []),
    ],
)
def test_dead_letters_may_share_a_topic_of_which_all_say_the_same(
    load_files: LoadFiles, said: str, told: list[str]
) -> None:
    contract = DEAD_LETTERS_CONTRADICTORY.good.replace("dlq: {topic: dead-letters, retention: 14d}", said)
    beside = {"payments.odcs.yaml": SHARING, "Payment.avsc": ORDER, "OrderCreated.avsc": ORDER}

    project = load_files({"orders.odcs.yaml": contract, **beside})

    assert [finding.message.partition("says another ")[2] for finding in project.findings] == told


def test_every_rule_has_an_id_of_its_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.id.startswith("CONTRACT_") for rule in RULES)


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "Order.avsc").symlink_to(tmp_path / "nowhere.avsc")

    [finding] = load(Folder(tmp_path)).findings

    assert finding.rule == FILE_UNREADABLE.id
    assert finding.message == f"{tmp_path / 'Order.avsc'} cannot be read: No such file or directory"
