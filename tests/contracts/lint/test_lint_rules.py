import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.contracts.lint import Style, lint
from accord.contracts.lint.contract_rules import OWNER_MISSING
from accord.contracts.lint.contracts import TOPIC_CONFIGS
from accord.contracts.lint.rules import RULES
from accord.contracts.model import Project, SchemaFile, SourceFile
from accord.contracts.rules import ContractRule
from accord.findings import Finding, Severity
from accord.schemas import InvalidSchema, Schema, SchemaType, Subject, parse

Linted = Callable[..., tuple[Finding, ...]]

ENDINGS = {"avro": "avsc", "json": "json", "protobuf": "proto"}
EVENT = (
    '{"type": "record", "name": "OrderCreated", "doc": "An order.", "fields": '
    '[{"name": "order_id", "type": "string", "doc": "What it is."}]}'
)
CONTRACT = OWNER_MISSING.good


def files_of(rule: ContractRule, text: str) -> Mapping[str, str]:
    if rule.language == "yaml":
        return {"orders.odcs.yaml": text, "OrderCreated.avsc": EVENT}
    file = f"Order.{ENDINGS[rule.language]}"
    if rule.id != "LINT_CONTENT_MODEL_CLOSED":
        return {file: text}
    contract = CONTRACT.replace("OrderCreated.avsc", file).replace("[order_id]", "[id]")
    return {file: text, "orders.odcs.yaml": contract + "      compatibility: FORWARD\n"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_example_of_a_rule_breaks_it_and_no_other(rule: ContractRule, linted: Linted) -> None:
    found = linted(files_of(rule, rule.bad))
    assert [finding.rule for finding in found] == [rule.id]
    assert found[0].severity is rule.severity
    assert found[0].at is not None
    assert found[0].at.excerpt != ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_example_of_a_rule_breaks_none(rule: ContractRule, linted: Linted) -> None:
    assert linted(files_of(rule, rule.good)) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_fix_rids_the_example_of_its_finding(rule: ContractRule, linted: Linted) -> None:
    [finding] = linted(files_of(rule, rule.bad))
    for fix in finding.fixes:
        assert linted(files_of(rule, fix.schema)) == ()


@pytest.mark.parametrize(
    ("rule", "language"),
    [
        ("LINT_NULLABLE_WITHOUT_DEFAULT", "avro"),
        ("LINT_MOMENT_UNTYPED", "avro"),
        ("LINT_UUID_UNTYPED", "avro"),
        ("LINT_ENUM_WITHOUT_DEFAULT", "avro"),
        ("LINT_CONTENT_MODEL_OPEN", "json"),
        ("LINT_NUMBER_NOT_RESERVED", "protobuf"),
    ],
)
def test_what_can_be_mended_comes_with_a_fix(rule: str, language: str, linted: Linted) -> None:
    [example] = [one for one in RULES if one.id == rule]
    [finding] = linted(files_of(example, example.bad))
    assert finding.fixes
    types = {"avro": SchemaType.AVRO, "json": SchemaType.JSON, "protobuf": SchemaType.PROTOBUF}
    parse(Schema(finding.fixes[0].schema, types[language]))


def record(*fields: Mapping[str, object], **facts: object) -> str:
    return json.dumps(
        {
            "type": "record",
            "name": "Order",
            "doc": "d",
            **facts,
            "fields": [{"doc": "d", **field} for field in fields],
        }
    )


def rules_of(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


@pytest.mark.parametrize(
    ("name", "type", "rules"),
    [
        ("lead_time", "long", []),
        ("at", "long", []),
        ("processingTime", "long", []),
        ("paymentTime", "long", ["LINT_MOMENT_UNTYPED"]),
        ("created_at", "boolean", []),
        ("created_at", {"type": "long", "logicalType": "timestamp-micros"}, []),
        ("created_at", "string", ["LINT_MOMENT_UNTYPED"]),
        ("birth_date", "string", ["LINT_PERSONAL_UNTAGGED", "LINT_DATE_UNTYPED"]),
        ("update", "string", []),
        ("tax_rate", "double", []),
        ("total", "long", []),
        ("unitPrice", "float", ["LINT_MONEY_AS_FLOAT"]),
        ("order_guid", "string", ["LINT_UUID_UNTYPED"]),
        ("email", "string", ["LINT_PERSONAL_UNTAGGED"]),
        ("email_verified", "boolean", []),
        ("is_email", "boolean", []),
        ("customerFirstName", "string", ["LINT_PERSONAL_UNTAGGED"]),
        ("file_name", "string", []),
        ("ip_address", "string", ["LINT_PERSONAL_UNTAGGED"]),
        ("address", "string", []),
    ],
)
def test_names_give_away_what_values_are(name: str, type: object, rules: list[str], linted: Linted) -> None:
    assert rules_of(linted({"Order.avsc": record({"name": name, "type": type})})) == rules


def test_what_may_be_null_is_looked_at_within_the_union(linted: Linted) -> None:
    field = {"name": "created_at", "type": ["null", "long"], "default": None}
    [finding] = linted({"Order.avsc": record(field)})
    assert finding.rule == "LINT_MOMENT_UNTYPED"
    assert json.loads(finding.fixes[0].schema)["fields"][0]["type"] == [
        "null",
        {"type": "long", "logicalType": "timestamp-millis"},
    ]


@pytest.mark.parametrize(
    ("type", "default", "rules"),
    [
        (["null", "string"], None, []),
        (["string", "null"], "", []),
        (["string", "null"], None, ["LINT_DEFAULT_NOT_FIRST"]),
        (["null", "string"], "", ["LINT_DEFAULT_NOT_FIRST"]),
        (["int", "string"], "x", ["LINT_DEFAULT_NOT_FIRST"]),
        (["double", "string"], 1, []),
        ([{"type": "array", "items": "int"}, "int"], [], []),
    ],
)
def test_a_default_is_of_the_first_branch(
    type: object, default: object, rules: list[str], linted: Linted
) -> None:
    field = {"name": "coupon", "type": type, "default": default}
    assert rules_of(linted({"Order.avsc": record(field)})) == rules


@pytest.mark.parametrize(
    ("file", "text", "line", "marked"),
    [
        (
            "Order.proto",
            'syntax = "proto3";\n// d\nmessage Order {\n  string email = 1; // d\n}\n',
            4,
            "email",
        ),
        (
            "Order.json",
            (
                '{"type": "object", "description": "email", "additionalProperties": false, "properties": {\n'
                '"email": {"type": "string", "description": "d"}}}'
            ),
            2,
            '"email"',
        ),
        (
            "Order.avsc",
            (
                '{"type": "record", "name": "Order", "doc": "d", "fields": [\n'
                '{"name": "email", "type": "string", "doc": "email"}]}'
            ),
            2,
            '"email"',
        ),
    ],
)
def test_the_name_of_the_field_is_what_is_underlined(
    file: str, text: str, line: int, marked: str, linted: Linted
) -> None:
    [finding] = linted({file: text})
    assert finding.at is not None
    assert finding.at.line == line
    start = finding.at.column - 1
    assert finding.at.excerpt[start : start + finding.at.width] == marked


def test_a_fix_keeps_the_digits_of_what_it_does_not_touch(linted: Linted) -> None:
    text = record({"name": "coupon", "type": ["string", "null"]}, rate=0).replace('"rate": 0', '"rate": 1.10')
    [finding] = linted({"Order.avsc": text})
    assert '"rate": 1.10' in finding.fixes[0].schema


def test_a_field_is_named_by_its_dotted_name(linted: Linted) -> None:
    inner = {
        "type": "record",
        "name": "Customer",
        "fields": [{"name": "email", "type": "string", "doc": "d"}],
    }
    [finding] = linted({"Order.avsc": record({"name": "customer", "type": inner})})
    assert (finding.rule, finding.path, finding.subject) == (
        "LINT_PERSONAL_UNTAGGED",
        "customer.email",
        "Order-value",
    )


def test_styles_of_names_are_the_teams_own(linted: Linted) -> None:
    text = record({"name": "OrderId", "type": "string"}, name="order")
    assert rules_of(linted({"Order.avsc": text})) == ["LINT_RECORD_NAME", "LINT_FIELD_NAME"]
    assert (
        linted({"Order.avsc": text}, Style(record_names="[a-z]+", field_names="[A-Z][a-z]+[A-Z][a-z]+")) == ()
    )


@pytest.mark.parametrize(
    ("select", "ignore", "rules"),
    [
        ((), (), ["LINT_RECORD_NAME", "LINT_FIELD_NAME"]),
        (("LINT_FIELD",), (), ["LINT_FIELD_NAME"]),
        ((), ("LINT_FIELD_NAME",), ["LINT_RECORD_NAME"]),
        (("LINT_",), ("LINT_",), []),
    ],
)
def test_rules_are_selected_and_ignored(
    select: tuple[str, ...], ignore: tuple[str, ...], rules: list[str], linted: Linted
) -> None:
    text = record({"name": "OrderId", "type": "string"}, name="order")
    assert rules_of(linted({"Order.avsc": text}, Style(select=select, ignore=ignore))) == rules


def contract(*lines: str, properties: str = "") -> str:
    head, block = CONTRACT.split("customProperties:")
    return head + properties + "customProperties:" + block + "".join(f"      {line}\n" for line in lines)


@pytest.mark.parametrize("mark", ["classification: restricted", "tags: [pii]"])
def test_a_contract_may_classify_what_its_schema_does_not_mark(mark: str, linted: Linted) -> None:
    event = record(
        {"name": "order_id", "type": "string"}, {"name": "email", "type": "string"}, name="OrderCreated"
    )
    plain = {"orders.odcs.yaml": contract(), "OrderCreated.avsc": event}
    assert rules_of(linted(plain)) == ["LINT_PERSONAL_UNTAGGED"]
    properties = f"    properties:\n      - name: email\n        {mark}\n"
    assert linted({**plain, "orders.odcs.yaml": contract(properties=properties)}) == ()


def test_a_misspelt_setting_of_a_topic_is_corrected(linted: Linted) -> None:
    text = CONTRACT.replace("min.insync.replicas: 2", "min.insync.replica: 2")
    [finding] = linted({"orders.odcs.yaml": text, "OrderCreated.avsc": EVENT})
    assert (
        finding.message
        == "Kafka has no topic setting `min.insync.replica` (did you mean min.insync.replicas?)"
    )
    assert finding.at is not None
    assert "min.insync.replica" in finding.at.excerpt


@pytest.mark.parametrize(
    ("config", "dlq", "rules"),
    [
        ("retention.ms: 604800000", "7d", []),
        ("retention.ms: 604800000", "6d", ["LINT_DEAD_LETTERS_EXPIRE_FIRST"]),
        ("retention.ms: -1", "6d", ["LINT_DEAD_LETTERS_EXPIRE_FIRST"]),
        ("cleanup.policy: compact", "6d", []),
        ("min.insync.replicas: 1", "6d", ["LINT_RETENTION_MISSING"]),
    ],
)
def test_retentions_fit_together(config: str, dlq: str, rules: list[str], linted: Linted) -> None:
    text = CONTRACT.replace("min.insync.replicas: 2, retention.ms: 604800000", config).replace("14d", dlq)
    assert rules_of(linted({"orders.odcs.yaml": text, "OrderCreated.avsc": EVENT})) == rules


@pytest.mark.parametrize(
    ("topic", "is_fine"),
    [
        ("orders", True),
        ("orders.created-v2", True),
        ("orders_created", True),
        ("orders.line_items", False),
        ("Orders", False),
        ("orders..created", False),
    ],
)
def test_names_of_topics_have_dots_or_underscores_and_not_both(
    topic: str, *, is_fine: bool, linted: Linted
) -> None:
    text = CONTRACT.replace("physicalName: orders.created", f"physicalName: {topic}")
    found = linted({"orders.odcs.yaml": text, "OrderCreated.avsc": EVENT})
    assert rules_of(found) == ([] if is_fine else ["LINT_TOPIC_NAME"])


def test_the_symbols_of_an_enum_are_one_finding(linted: Linted) -> None:
    enum = {"type": "enum", "name": "Status", "symbols": ["OPEN", "paid", "Sent"], "default": "OPEN"}
    [finding] = linted({"Order.avsc": record({"name": "status", "type": enum})})
    assert finding.rule == "LINT_SYMBOL_NAME"
    assert finding.message.endswith(": paid, Sent")
    assert finding.at is not None
    assert finding.at.excerpt[finding.at.column - 1 :].startswith('"paid"')


json_values = st.recursive(
    st.sampled_from([None, True, False, 1, "string", "object", "integer", ["string", "null"], "d"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["type", "properties", "title", "description", "required", "items", "allOf", "$ref", "$defs", "format",
                 "additionalProperties", "email", "created_at", "price", "confluent:tags", "enum"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["type", "properties", "title", "description", "required", "$defs", "oneOf"]),
        json_values,
    )
)
def test_whatever_parses_can_be_looked_at(document: dict[str, object]) -> None:
    schema = Schema(json.dumps(document), SchemaType.JSON)
    try:
        parsed = parse(schema)
    except InvalidSchema:
        return
    file = SchemaFile(SourceFile("a.json", schema.text), Subject("a-value"), schema, parsed)
    findings = lint(Project(schemas={file.subject: file}), Style(), known_rules=())
    assert all(finding.at is not None for finding in findings)


def test_the_projects_style_of_topics_counts_where_lint_has_none_of_its_own(linted: Linted) -> None:
    files = {"orders.odcs.yaml": CONTRACT, "OrderCreated.avsc": EVENT}
    assert rules_of(linted(files, topic_names="shop[.].*")) == ["LINT_TOPIC_NAME"]
    assert linted(files, Style(topic_names="orders[.].*"), topic_names="shop[.].*") == ()


def test_settings_of_topics_are_spelled_as_kafka_spells_them() -> None:
    assert {"retention.ms", "cleanup.policy", "min.insync.replicas"} <= TOPIC_CONFIGS
    assert all(name == name.lower() and " " not in name for name in TOPIC_CONFIGS)


def test_only_what_surely_bites_is_an_error() -> None:
    errors = [rule.id for rule in RULES if rule.severity is Severity.ERROR]
    assert errors == ["LINT_MIN_INSYNC_TOO_HIGH", "LINT_UNKNOWN_CONFIG"]


PROTO = """\
syntax = "proto3";
package shop;
// An order.
message Order {
  string id = 1; // What it is.
  // When it was made.
  int64 created_at = 2;
  double total = 3; // What it costs.
  /* Who pays. */
  string email = 4;
  enum Status {
    OPEN = 0;
  }
  Status status = 6; // How far it is.
}
"""


def test_protobuf_is_looked_at_as_well(linted: Linted) -> None:
    found = linted({"Order.proto": PROTO})
    assert [(finding.rule, finding.path) for finding in found] == [
        ("LINT_NUMBER_NOT_RESERVED", ""),
        ("LINT_MOMENT_UNTYPED", "created_at"),
        ("LINT_MONEY_AS_FLOAT", "total"),
        ("LINT_PERSONAL_UNTAGGED", "email"),
        ("LINT_ZERO_HAS_A_MEANING", ""),
    ]
    assert "  reserved 5;" in found[0].fixes[0].schema


def test_comments_are_the_documentation_of_protobuf(linted: Linted) -> None:
    bare = 'syntax = "proto3";\nmessage Order {\n  string id = 1;\n}\n'
    assert rules_of(linted({"Order.proto": bare})) == ["LINT_DOC_MISSING", "LINT_FIELD_DOC_MISSING"]


def test_json_schemas_are_looked_at_at_every_depth(linted: Linted) -> None:
    text = json.dumps(
        {
            "title": "Order",
            "description": "d",
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "created_at": {"type": "string", "description": "d"},
                "lines": {
                    "type": "array",
                    "description": "d",
                    "items": {
                        "type": "object",
                        "properties": {"price": {"type": "number", "description": "d"}},
                    },
                },
            },
        }
    )
    found = linted({"Order.json": text})
    assert [(finding.rule, finding.path) for finding in found] == [
        ("LINT_MOMENT_UNTYPED", "created_at"),
        ("LINT_MONEY_AS_FLOAT", "lines.price"),
        ("LINT_CONTENT_MODEL_OPEN", ""),
    ]
    assert all(finding.fixes for finding in found if finding.rule != "LINT_MONEY_AS_FLOAT")


def test_many_fields_without_documentation_are_one_remark(linted: Linted) -> None:
    fields = [
        {"name": f"f{number}", "type": ["null", "int"], "default": None, "doc": ""} for number in range(9)
    ]
    [finding] = linted({"Order.avsc": record(*fields)})
    assert finding.message.startswith("9 fields of `Order` without documentation: ")
    assert finding.message.endswith("f0, f1, f2, f3, f4 and 4 more")


@pytest.mark.parametrize(
    ("groups", "rules"), [("groups: [billing-v1]", []), ("fields: [order_id]", ["LINT_READER_WITHOUT_GROUP"])]
)
def test_a_claim_names_its_consumer_groups_as_well(groups: str, rules: list[str], linted: Linted) -> None:
    claim = (
        f"service: billing\nreads:\n  - contract: orders.created\n    topic: orders.created\n    {groups}\n"
    )
    files = {"consumers/billing.yaml": claim, "orders.odcs.yaml": CONTRACT, "OrderCreated.avsc": EVENT}
    found = linted(files)
    assert rules_of(found) == rules
    assert all(finding.at is not None and finding.at.file == "consumers/billing.yaml" for finding in found)
