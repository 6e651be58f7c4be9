"""The examples of rules are what they say, as far as loading alone can judge them; those of lint have a test of their own."""

from collections.abc import Mapping
from typing import Final

import pytest

from accord.contracts import catalogue
from accord.contracts.loading import load
from accord.contracts.loading.rules import RULES
from accord.contracts.rules import ContractRule
from accord.findings import Finding

ENDINGS: Final = {"avro": "avsc", "json": "json", "protobuf": "proto", "yaml": "odcs.yaml"}
EVENT: Final = (
    '{"type": "record", "name": "OrderCreated", "fields": [{"name": "order_id", "type": "string"}]}'
)
NEED_MORE_THAN_A_FILE: Final = {
    "CONTRACT_FILE_NOT_UTF8",
    "CONTRACT_FILE_UNREADABLE",
    "CONTRACT_DEAD_LETTERS_CONTRADICTORY",
    "CONTRACT_TOPIC_TWICE",
    "CONTRACT_ID_TWICE",
    "CONTRACT_SUBJECT_TWICE",
    "CONTRACT_EVENT_WITHOUT_NAME",
    "CONTRACT_SCHEMA_FORMAT_UNKNOWN",
    "CONTRACT_REFERENCE_AMBIGUOUS",
    "CONTRACT_REFERENCE_CYCLE",
}


class MemoryTree:
    """A project that is in no folder."""

    name = "memory"

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def paths(self) -> list[str]:
        return sorted(self._files)

    def read(self, path: str) -> bytes:
        return self._files[path].encode()


def loaded(rule: ContractRule, text: str) -> tuple[Finding, ...]:
    files = {f"example.{ENDINGS.get(rule.language, 'txt')}": text}
    if rule.language == "yaml":
        files["OrderCreated.avsc"] = EVENT
    return load(MemoryTree(files)).findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_example_loads(rule: ContractRule) -> None:
    assert [finding.message for finding in loaded(rule, rule.good)] == []


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.id not in NEED_MORE_THAN_A_FILE], ids=lambda rule: rule.id
)
def test_the_bad_example_breaks_the_rule(rule: ContractRule) -> None:
    found = loaded(rule, rule.bad)
    assert rule.id in {finding.rule for finding in found}
    assert all(finding.at is not None for finding in found)


@pytest.mark.parametrize("rule", catalogue.RULES, ids=lambda rule: rule.id)
def test_a_rule_has_all_that_its_page_tells(rule: ContractRule) -> None:
    assert all((rule.purpose, rule.message, rule.why, rule.remedy, rule.bad, rule.good))
    assert rule.purpose.endswith(".")
    assert rule.why.rstrip("`").endswith((".", "?"))
