import re

import pytest

from accord.findings import Severity
from accord.schemas import CompatibilityLevel, Earlier, Schema, Version, catalogue, check_compatibility, parse
from accord.schemas.rules import Rule

avro_rules = [rule for rule in catalogue.RULES if rule.id.startswith("AVRO_")]


def test_rule_ids_are_unique_and_say_format_thing_and_event() -> None:
    ids = [rule.id for rule in catalogue.RULES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"(AVRO|RESERVED|SCHEMA)(_[A-Z]+){2,}", rule_id) for rule_id in ids)


@pytest.mark.parametrize("rule", catalogue.RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_it_is_for_and_what_to_do(rule: Rule) -> None:
    assert rule.purpose.endswith(".")
    assert rule.remedy.endswith(".")
    assert rule.page.count("```json") == 2
    assert "{" not in re.sub(r"```json.*?```", "", rule.page, flags=re.DOTALL)


@pytest.mark.parametrize("rule", avro_rules, ids=lambda rule: rule.id)
def test_the_example_of_a_rule_breaks_it_and_reads_as_the_page_says(rule: Rule) -> None:
    earlier = [Earlier(Version(1), parse(Schema(rule.example.old)))]
    findings = check_compatibility(
        parse(Schema(rule.example.new)), earlier, level=rule.example.level
    ).findings
    (finding,) = findings
    assert finding.rule == rule.id
    assert f"> {finding.message}\n" in rule.page
    assert finding.why in rule.page
    assert finding.error_type == rule.error_type
    assert finding.fixes or finding.severity is not Severity.ERROR


def test_a_rule_is_found_by_its_id_in_any_case() -> None:
    found = catalogue.find("avro_type_changed")
    assert found is not None
    assert found.id == "AVRO_TYPE_CHANGED"
    assert catalogue.find("AVRO_NO_SUCH_THING") is None


def test_errors_and_warnings_are_told_apart() -> None:
    warnings = {rule.id for rule in catalogue.RULES if rule.severity is Severity.WARNING}
    assert warnings == {"AVRO_DEFAULT_UNREADABLE"}
    assert all(rule.example.level is CompatibilityLevel.BACKWARD for rule in avro_rules)
