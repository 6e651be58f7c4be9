import pytest

from accord.cli.main import run
from accord.schemas import catalogue


@pytest.mark.parametrize("rule", [rule.id for rule in catalogue.RULES])
def test_every_rule_is_explained(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", rule.lower()]) == 0

    told = capsys.readouterr().out
    assert told.startswith(rule)
    assert "WHAT TO DO" in told


def test_all_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0

    told = capsys.readouterr().out
    assert all(rule.id in told for rule in catalogue.RULES)


def test_a_misspelt_rule_is_corrected(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "AVRO_NAME_CHNGED"]) == 2

    assert "did you mean AVRO_NAME_CHANGED?" in capsys.readouterr().err
