import re

import pytest

from accord.findings import Severity
from accord.schemas import (
    CompatibilityReport,
    Earlier,
    Metadata,
    Schema,
    Version,
    catalogue,
    check_compatibility,
    parse,
)
from accord.schemas.pages import to_markdown
from accord.schemas.rule_page import rule_page
from accord.schemas.rules import Rule
from accord.schemas.shared_rules import SCHEMA_TYPE_CHANGED, SHARED_RULES

every_rule = pytest.mark.parametrize("rule", catalogue.RULES, ids=lambda rule: rule.id)
every_checked_rule = pytest.mark.parametrize(
    "rule", [rule for rule in catalogue.RULES if rule is not SCHEMA_TYPE_CHANGED], ids=lambda rule: rule.id
)


def test_rule_ids_are_unique_and_say_format_thing_and_event() -> None:
    ids = [rule.id for rule in catalogue.RULES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"(AVRO|JSON|PROTOBUF|RESERVED|SCHEMA)(_[A-Z]+){2,}", rule_id) for rule_id in ids)


@every_rule
def test_every_rule_says_what_it_is_for_who_breaks_and_what_to_do(rule: Rule) -> None:
    for text in (rule.purpose, rule.remedy, rule.who, rule.wire.outcome, *rule.ways):
        assert text.endswith(".")
        assert "{" not in re.sub(r"`.*?`", "", text)


@every_rule
def test_every_page_has_an_example_its_bytes_and_what_lets_it_through(rule: Rule) -> None:
    page = to_markdown(rule_page(rule))
    assert len(re.findall(r"^```[a-z]+$", page, flags=re.MULTILINE)) == 2
    headings = re.findall(r"^## (.*)$", page, flags=re.MULTILINE)
    assert headings == [
        "Example",
        "What it means",
        "On the wire",
        "Who breaks",
        "What to do",
        "What lets it through",
    ]
    assert "{" not in re.sub(r"```.*?```|`.*?`", "", page, flags=re.DOTALL)


@every_checked_rule
def test_the_example_of_a_rule_breaks_it_and_reads_as_the_page_says(rule: Rule) -> None:
    (finding,) = (one for one in check_example(rule).findings if one.rule == rule.id)
    page = to_markdown(rule_page(rule))
    assert (finding.rule, finding.error_type, finding.severity) == (
        rule.id,
        "".join(rule.error_types[:1]),
        rule.severity,
    )
    assert f"> {finding.message}\n" in page
    assert finding.why in page
    assert finding.fixes or finding.severity is not Severity.ERROR or rule in SHARED_RULES


@every_checked_rule
def test_a_warning_turns_the_verdict_on_its_example_only_if_the_check_is_strict_and_a_remark_never(
    rule: Rule,
) -> None:
    assert check_example(rule).compatible == (rule.severity is not Severity.ERROR)
    strict = check_example(rule, strict=True)
    assert strict.compatible == (rule.severity is Severity.INFO)
    assert rule.severity is Severity.ERROR or {one.severity for one in strict.findings} == {rule.severity}


def test_a_rule_is_found_by_its_id_in_any_case() -> None:
    found = catalogue.find("avro_type_changed")
    assert found is not None
    assert found.id == "AVRO_TYPE_CHANGED"
    assert catalogue.find("AVRO_NO_SUCH_THING") is None


@pytest.mark.parametrize(
    ("error_type", "rule_id"),
    [
        ("MISSING_ENUM_SYMBOLS", "AVRO_ENUM_SYMBOLS_MISSING"),
        ("minimum_increased", "JSON_LOWER_LIMIT_TIGHTENED"),
        ("RESERVED_PROPERTY_REMOVED", "RESERVED_FIELD_REMOVED"),
        ("RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY", "RESERVED_FIELD_USED"),
    ],
)
def test_a_rule_is_found_by_any_of_the_error_types_that_it_stands_for(error_type: str, rule_id: str) -> None:
    found = catalogue.find(error_type)
    assert found is not None
    assert found.id == rule_id


WARNINGS = {
    "AVRO": {
        "AVRO_ALIAS_AMBIGUOUS",
        "AVRO_BRANCHES_NAMED_ALIKE",
        "AVRO_DEFAULT_UNREADABLE",
        "AVRO_ENUM_SYMBOLS_READ_AS_DEFAULT",
        "AVRO_FIELD_VALUES_LOST",
        "AVRO_LOGICAL_TYPE_CHANGED",
        "AVRO_NAMESPACE_CHANGED",
    },
    "JSON": {
        "JSON_DEFAULT_FILLS_NOTHING_IN",
        "JSON_DEFAULT_NOT_VALID",
        "JSON_DOCUMENT_MAY_BE_REFUSED",
        "JSON_DRAFT_READS_OTHERWISE",
        "JSON_DRAFT_UNKNOWN",
        "JSON_KEYWORD_NOT_COMPARED",
        "JSON_NO_VALUE_POSSIBLE",
        "JSON_ONE_OF_AMBIGUOUS",
        "JSON_PATTERN_NOT_PORTABLE",
        "JSON_PROPERTY_MEETS_OTHER_VALUES",
        "JSON_PROPERTY_NO_LONGER_ALLOWED",
        "JSON_REFERENCE_CIRCULAR",
        "JSON_SCHEMA_BREAKS_DRAFT",
        "JSON_TEXT_AFTER_SCHEMA",
    },
    "PROTOBUF": {
        "PROTOBUF_BYTES_READ_AS_TEXT",
        "PROTOBUF_DECLARATION_NOT_ALLOWED",
        "PROTOBUF_DEFAULT_CHANGED",
        "PROTOBUF_ENUM_CONSTANT_CHANGED",
        "PROTOBUF_ENUM_NUMBERS_LOST",
        "PROTOBUF_ENUM_WITHOUT_ZERO",
        "PROTOBUF_FIELD_BECAME_REQUIRED",
        "PROTOBUF_FIELD_MISREAD",
        "PROTOBUF_FIELD_NARROWED",
        "PROTOBUF_FIELD_NUMBER_CHANGED",
        "PROTOBUF_IMPORT_NOT_FOUND",
        "PROTOBUF_JSON_NAME_CHANGED",
        "PROTOBUF_LIST_READ_AS_ONE",
        "PROTOBUF_MESSAGE_INDEX_MOVED",
        "PROTOBUF_NAME_DUPLICATED",
        "PROTOBUF_NUMBER_DUPLICATED",
        "PROTOBUF_NUMBER_NOT_ALLOWED",
        "PROTOBUF_NUMBER_REUSED",
        "PROTOBUF_ONEOF_VALUES_LOST",
        "PROTOBUF_OPTION_UNKNOWN",
        "PROTOBUF_RESERVATION_BROKEN",
        "PROTOBUF_RESERVED_IN_USE",
    },
}
REMARKS = {
    "AVRO": {
        "AVRO_DEFAULT_OF_LATER_BRANCH",
        "AVRO_FIELD_LOOKS_RENAMED",
        "AVRO_LOGICAL_TYPE_ON_ONE_SIDE",
    },
    "JSON": {"JSON_FORMAT_NOT_COMPARED", "JSON_KEYWORD_WITHOUT_EFFECT"},
    "PROTOBUF": {
        "PROTOBUF_ENUM_NUMBERS_UNNAMED",
        "PROTOBUF_IMPORT_UNUSED",
        "PROTOBUF_PRESENCE_CHANGED",
        "PROTOBUF_REMOVED_FIELD_NOT_RESERVED",
        "PROTOBUF_RESERVATION_DROPPED",
    },
}


@pytest.mark.parametrize(
    ("severity", "told"),
    [(Severity.WARNING, WARNINGS), (Severity.INFO, REMARKS)],
    ids=["warnings", "remarks"],
)
def test_errors_and_warnings_and_what_is_told_for_information_are_told_apart(
    severity: Severity, told: dict[str, set[str]]
) -> None:
    rules = [rule for rule in catalogue.RULES if rule.severity is severity]
    assert {rule.id for rule in rules} == set().union(*told.values())
    assert all(rule.id in told[rule.example.type] for rule in rules)


def check_example(rule: Rule, *, strict: bool = False) -> CompatibilityReport:
    example = rule.example
    old, new = (parse(Schema(text, example.type)) for text in (example.old, example.new))
    return check_compatibility(
        new,
        [Earlier(Version(1), old, metadata=reserving(example.old_reserved))],
        level=example.level,
        policy=example.policy,
        strict=strict,
        validate_fields=True,
        metadata=reserving(example.new_reserved),
    )


def reserving(names: str) -> Metadata:
    return Metadata(properties={"confluent:reserved": names})
