"""The examples of rules about contract tests break them, or do not, as far as one contract file can show it."""

from pathlib import Path

import pytest

from accord.contracts.loading import load
from accord.contracts.readers import known_readers
from accord.contracts.rules import ContractRule
from accord.contracts.testing import cases_of
from accord.contracts.testing.rules import RULES
from accord.contracts.tree import Folder

SCHEMA = """{"type": "record", "name": "OrderCreated", "fields": [
  {"name": "order_id", "type": "string"}, {"name": "total_amount", "type": "double"}
]}"""


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if rule.language == "yaml"],
    ids=lambda rule: rule.id,
)
def test_what_is_refused_breaks_the_rule_and_what_is_fine_breaks_none(
    rule: ContractRule, tmp_path: Path
) -> None:
    (tmp_path / "OrderCreated.avsc").write_text(SCHEMA, encoding="utf-8")

    def broken(text: str) -> list[str]:
        (tmp_path / "orders.odcs.yaml").write_text(text, encoding="utf-8")
        project = load(Folder(tmp_path))
        return [one.rule for case in cases_of(project, known_readers(project, None)) for one in case.run()]

    assert broken(rule.bad) == [rule.id]
    assert broken(rule.good) == []
