import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from accord.contracts.exemptions import exempt, fields_meant
from accord.contracts.loading import load
from accord.contracts.model import Project
from accord.findings import Exemption, Finding, Severity, Side
from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)

TODAY = dt.date(2027, 1, 31)
CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: orders.created
name: Orders created
version: 1.0.0
status: active
schema:
  - name: OrderCreated
    physicalName: orders.created
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: {file}
customProperties:
  - property: kafka
    vendor: accord
    value:
      partitions: 12
      allow:
{allow}"""
EVENT = (
    '{"type": "record", "name": "OrderCreated", "fields": [{"name": "order_id", "type": "string"}, {"name": "customer", '
    '"type": {"type": "record", "name": "Customer", "fields": [{"name": "email", "type": "string"}]}}]}'
)


class MemoryTree:
    name = "memory"

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def paths(self) -> list[str]:
        return sorted(self._files)

    def read(self, path: str) -> bytes:
        return self._files[path].encode()


def project(*allow: str, event: str = EVENT, file: str = "OrderCreated.avsc") -> Project:
    lines = "".join(f"        - {{{line}}}\n" for line in allow)
    loaded = load(MemoryTree({"orders.odcs.yaml": CONTRACT.format(allow=lines, file=file), file: event}))
    assert [finding.message for finding in loaded.findings] == []
    return loaded


def finding(
    rule: str = "LINT_MONEY_AS_FLOAT", *, path: str = "", subject: str = "", contract: str = "orders.created"
) -> Finding:
    return Finding(
        rule,
        Severity.ERROR,
        "m",
        "w",
        path,
        Side("f", path),
        Side("", ""),
        subject=subject,
        contract=contract,
    )


ALLOWED = "rule: LINT_MONEY_AS_FLOAT, reason: the mainframe does so, until: 2027-01-31"
EXEMPTION = Exemption("the mainframe does so", "2027-01-31")


def told(findings: tuple[Finding, ...]) -> list[tuple[str, bool]]:
    return [(one.rule, one.exemption is not None) for one in findings]


def test_a_finding_of_the_rule_is_exempted_with_reason_and_day() -> None:
    [found] = exempt([finding()], project(ALLOWED), TODAY)
    assert found.exemption == EXEMPTION
    assert found.severity is Severity.ERROR


def test_the_last_day_is_included_and_the_day_after_is_not() -> None:
    allowed = project(ALLOWED)
    assert told(exempt([finding()], allowed, TODAY)) == [("LINT_MONEY_AS_FLOAT", True)]
    findings = exempt([finding()], allowed, TODAY + dt.timedelta(days=1))
    assert told(findings) == [("LINT_MONEY_AS_FLOAT", False), ("CONTRACT_ALLOWANCE_EXPIRED", False)]
    expired = findings[1]
    assert expired.at is not None
    assert "rule: LINT_MONEY_AS_FLOAT" in expired.at.excerpt
    assert expired.message == (
        "LINT_MONEY_AS_FLOAT was accepted until 2027-01-31, and that day has passed (the mainframe does so)"
    )


def test_another_rule_is_not_covered_and_what_covers_nothing_is_remarked_on() -> None:
    findings = exempt([finding("LINT_DOC_MISSING")], project(ALLOWED), TODAY)
    assert told(findings) == [("LINT_DOC_MISSING", False), ("CONTRACT_ALLOWANCE_UNUSED", False)]
    assert findings[1].severity is Severity.INFO


def test_what_nobody_looked_for_is_not_called_unused() -> None:
    assert exempt([], project(ALLOWED), TODAY, looked_for={"LINT_DOC_MISSING"}) == ()
    assert told(exempt([], project(ALLOWED), TODAY, looked_for={"LINT_MONEY_AS_FLOAT"})) == [
        ("CONTRACT_ALLOWANCE_UNUSED", False)
    ]


@pytest.mark.parametrize(
    ("path", "is_covered"),
    [
        ("customer.email", True),
        ("customer", False),
        ("email", False),
        ("customer.email.host", False),
        ("", False),
    ],
)
def test_a_path_is_the_dotted_name_of_exactly_one_field(path: str, is_covered: bool) -> None:  # noqa: FBT001
    allowed = project(f"{ALLOWED}, path: customer.email")
    assert exempt([finding(path=path)], allowed, TODAY)[0].exemption == (EXEMPTION if is_covered else None)


def test_an_allowance_is_for_its_own_contract_alone() -> None:
    found = exempt([finding(contract="orders.cancelled")], project(ALLOWED), TODAY)
    assert found[0].exemption is None


def test_a_finding_about_a_subject_belongs_to_its_contract() -> None:
    found = exempt([finding(subject="orders.created-value", contract="")], project(ALLOWED), TODAY)
    assert found[0].exemption == EXEMPTION
    assert exempt([finding(subject="other-value", contract="")], project(ALLOWED), TODAY)[0].exemption is None


def test_that_an_allowance_has_expired_cannot_be_allowed() -> None:
    allowed = project(
        "rule: CONTRACT_ALLOWANCE_EXPIRED, reason: no, until: 2999-12-31", ALLOWED.replace("2027", "2026")
    )
    assert ("CONTRACT_ALLOWANCE_EXPIRED", False) in told(exempt([], allowed, TODAY))


JSON_EVENT = (
    '{"title": "OrderCreated", "type": "object", "properties": {"order_id": {"type": "string"}, "customer": '
    '{"type": "object", "properties": {"email": {"type": "string"}}}}}'
)
PROTO_EVENT = (
    'syntax = "proto3"; message OrderCreated { string order_id = 1; Customer customer = 2; '
    "message Customer { string email = 1; } }"
)


@pytest.mark.parametrize(
    ("type", "file", "now", "then"),
    [
        (
            SchemaType.AVRO,
            "OrderCreated.avsc",
            EVENT,
            EVENT.replace('[{"name": "email", "type": "string"}]', "[]"),
        ),
        (
            SchemaType.AVRO,
            "OrderCreated.avsc",
            EVENT.replace('[{"name": "email", "type": "string"}]', "[]"),
            EVENT,
        ),
        (
            SchemaType.JSON,
            "OrderCreated.json",
            JSON_EVENT,
            JSON_EVENT.replace('"email": {"type": "string"', '"email": {"type": "integer"'),
        ),
        (
            SchemaType.PROTOBUF,
            "OrderCreated.proto",
            PROTO_EVENT,
            PROTO_EVENT.replace("string email", "int32 email"),
        ),
    ],
)
def test_findings_of_a_comparison_name_the_field_that_they_are_about(
    type: SchemaType, file: str, now: str, then: str
) -> None:
    earlier = Earlier(Version(1), parse(Schema(then, type)))
    report = check_compatibility(parse(Schema(now, type)), [earlier], level=CompatibilityLevel.FULL)
    allowed = project(ALLOWED, event=now, file=file)
    assert report.findings
    for found in report.findings:
        about = replace(found, subject="orders.created-value")
        assert fields_meant(about, allowed) == ("customer.email",)


def test_a_file_that_cannot_be_read_is_accepted_by_no_allowance() -> None:
    allowed = project("rule: CONTRACT_SCHEMA_INVALID, reason: later, until: 2027-01-31")
    [found, unused] = exempt([finding("CONTRACT_SCHEMA_INVALID")], allowed, TODAY)
    assert (found.exemption, unused.rule) == (None, "CONTRACT_ALLOWANCE_UNUSED")
