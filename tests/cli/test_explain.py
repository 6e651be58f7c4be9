import pytest

from accord.cli.main import run
from accord.contracts import catalogue as contract_rules
from accord.contracts.rules import ContractRule
from accord.findings import Severity
from accord.schemas import CompatibilityLevel, catalogue
from accord.transfer import doctor


@pytest.mark.parametrize("rule", [rule.id for rule in catalogue.RULES])
def test_every_rule_is_explained(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", rule.lower()]) == 0

    told = capsys.readouterr().out
    assert told.startswith(f"{rule}\n")
    headings = ["EXAMPLE", "WHAT IT MEANS", "ON THE WIRE", "WHO BREAKS", "WHAT TO DO", "WHAT LETS IT THROUGH"]
    assert [line for line in told.splitlines() if line in headings] == headings


@pytest.mark.parametrize(
    ("error_type", "rule"),
    [
        ("MAX_LENGTH_ADDED", "JSON_UPPER_LIMIT_TIGHTENED"),
        ("field_named_type_changed", "PROTOBUF_FIELD_NAMED_TYPE_CHANGED"),
        ("READER_FIELD_MISSING_DEFAULT_VALUE", "AVRO_FIELD_WITHOUT_DEFAULT"),
    ],
)
def test_what_confluent_calls_an_error_leads_to_the_rule(
    error_type: str, rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", error_type]) == 0

    told = capsys.readouterr().out
    assert told.startswith(f"{rule}\n")
    assert f"`{error_type.upper()}`" in told.partition("Confluent's registry calls it")[2]


@pytest.mark.parametrize("rule", [rule.id for rule in doctor.RULES])
def test_every_rule_of_the_doctor_is_explained(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", rule.lower()]) == 0

    told = capsys.readouterr().out
    assert told.startswith(f"{rule}\n")
    headings = ["WHAT THE DOCTOR SAYS", "WHAT IT MEANS", "WHAT TO DO"]
    assert [line for line in told.splitlines() if line in headings] == headings


@pytest.mark.parametrize("rule", contract_rules.RULES, ids=lambda rule: rule.id)
def test_every_rule_about_contracts_is_explained(
    rule: ContractRule, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", rule.id.lower()]) == 0

    told = capsys.readouterr().out
    assert told.startswith(f"{rule.id}\n")
    verdicts = {Severity.ERROR: "REFUSED", Severity.WARNING: "WARNED OF", Severity.INFO: "REMARKED ON"}
    examples = ["EXAMPLE"] if rule.bad == rule.good else [verdicts[rule.severity], "FINE"]
    headings = ["WHAT IT MEANS", *examples, "WHAT TO DO"]
    assert [line for line in told.splitlines() if line in headings] == headings


@pytest.mark.parametrize("level", CompatibilityLevel)
def test_every_level_is_explained(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", level.lower()]) == 0

    told = capsys.readouterr().out
    assert told.startswith(f"{level}\n")
    assert "Compared with" in told


def test_all_rules_and_levels_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0

    told = capsys.readouterr().out
    assert all(rule.id in told for rule in catalogue.RULES)
    assert all(rule.id in told for rule in doctor.RULES)
    assert all(rule.id in told for rule in contract_rules.RULES)
    assert all(level in told for level in CompatibilityLevel)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("AVRO_NAME_CHNGED", "AVRO_NAME_CHANGED"),
        ("backwards", "BACKWARD"),
        ("LOG_ID_REUSE", "LOG_ID_REUSED"),
        ("MAX_LENGHT_ADDED", "MAX_LENGTH_ADDED"),
    ],
)
def test_a_misspelt_name_is_corrected(written: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", written]) == 2

    assert f"did you mean {meant}?" in capsys.readouterr().err


def test_what_is_like_nothing_is_told_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "xyz"]) == 2

    assert "`accord explain` lists them all" in capsys.readouterr().err
