from collections.abc import Callable

import pytest

from accord.contracts.model import Project

LoadFiles = Callable[..., Project]

RECORD = '{"type": "record", "name": "R", "fields": [{"name": "id", "type": "string"}]}'
OBJECT = '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}'
PROTO = 'syntax = "proto3";\nmessage R { string id = 1; }\n'


@pytest.mark.parametrize(
    ("path", "content", "subject"),
    [
        ("orders.avsc", RECORD, "orders-value"),
        ("schemas/orders.created.avsc", RECORD, "orders.created-value"),
        ("orders-value.avsc", RECORD, "orders-value"),
        ("orders-key.avsc", RECORD, "orders-key"),
        ("orders.json", OBJECT, "orders-value"),
        ("orders.schema.json", OBJECT, "orders-value"),
        ("orders.proto", PROTO, "orders-value"),
    ],
)
def test_a_bare_file_is_the_schema_of_the_subject_that_it_is_called_after(
    load_files: LoadFiles, path: str, content: str, subject: str
) -> None:
    project = load_files({path: content})

    assert project.findings == ()
    assert project.contracts == ()
    assert [(one, schema.source.path) for one, schema in project.schemas.items()] == [(subject, path)]


@pytest.mark.parametrize(
    "content",
    [
        '{"name": "shop", "type": "module", "dependencies": {}}',
        '{"$schema": "https://json.schemastore.org/tsconfig", "properties": {}}',
        "{ this is no JSON at all",
        '{"orders": [1, 2, 3]}',
    ],
)
def test_other_json_files_are_left_alone(load_files: LoadFiles, content: str) -> None:
    project = load_files({"package.json": content})

    assert (project.schemas, project.findings) == ({}, ())


def test_only_the_paths_of_the_project_count(load_files: LoadFiles) -> None:
    files = {
        "contracts/a.avsc": RECORD,
        "elsewhere/b.avsc": "{",
        "contracts-old/c.avsc": "{",
        "d.avsc": RECORD,
    }

    project = load_files(files, paths=("contracts/", "./d.avsc"))

    assert project.findings == ()
    assert list(project.schemas) == ["a-value", "d-value"]


def test_a_subject_that_does_not_follow_from_the_name_is_said_in_the_settings(load_files: LoadFiles) -> None:
    project = load_files({"common/R.avsc": RECORD}, subjects={"common/R.avsc": "com.example.R"})

    assert list(project.schemas) == ["com.example.R"]


def test_two_bare_files_for_one_subject_are_told(load_files: LoadFiles) -> None:
    project = load_files({"a/orders.avsc": RECORD, "b/orders-value.avsc": RECORD})

    [finding] = project.findings
    assert finding.message == "the subject `orders-value` is that of a/orders.avsc already"
    assert (finding.subject, str(finding.at)) == ("orders-value", "b/orders-value.avsc:1:1")


def test_a_claim_is_about_the_subject_of_its_contract(
    load_files: LoadFiles, contract: str, order: str
) -> None:
    text = """\
service: billing
reads:
  - contract: orders.created
    versions: ">=1.0 <2"
    groups: [billing-v1]
    fields: [order_id]
    examples: [{order_id: o-1, total: 1.0}]
  - contract: payments.received
  - topic: refunds
  - {topic: mixed, subject: mixed-com.example.Refund}
"""

    project = load_files(
        {
            "orders.odcs.yaml": contract,
            "OrderCreated.avsc": order,
            "services/billing/consumers/billing.yaml": text,
        }
    )

    assert project.findings == ()
    assert [(claim.contract, claim.topic, claim.subject) for claim in project.claims] == [
        ("orders.created", "orders.created", "orders.created-value"),
        ("payments.received", "payments.received", "payments.received-value"),
        ("refunds", "refunds", "refunds-value"),
        ("mixed", "mixed", "mixed-com.example.Refund"),
    ]
    reader = project.claims[0].reader
    assert (reader.service, reader.groups, reader.fields) == ("billing", ("billing-v1",), ("order_id",))
    assert (reader.versions, reader.examples) == (">=1.0 <2", ({"order_id": "o-1", "total": 1.0},))
    assert str(reader.at) == "services/billing/consumers/billing.yaml:3:5"


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        ("reads: []", "KEY_MISSING", "what a service reads has no `service`"),
        (
            "service: b\nreads: [{groups: [g]}]",
            "KEY_MISSING",
            "a contract that it reads (`reads[0]`) has no `contract`",
        ),
        ("service: b\nreads: {}", "VALUE_INVALID", "`reads` is {}, and must be a list of what it reads"),
    ],
)
def test_a_claim_that_says_too_little_is_told(
    load_files: LoadFiles, text: str, rule: str, message: str
) -> None:
    project = load_files({"consumers/b.yaml": text})

    assert [(finding.rule, finding.message) for finding in project.findings] == [
        (f"CONTRACT_{rule}", message)
    ]


def test_other_files_in_a_folder_of_that_name_are_left_alone(load_files: LoadFiles) -> None:
    project = load_files(
        {"consumers/deployment.yaml": "kind: Deployment\n", "docs/billing.yaml": "service: b\n"}
    )

    assert (project.claims, project.findings) == ((), ())


def test_a_claim_may_name_fields_of_any_event_of_its_contract(
    load_files: LoadFiles, contract: str, order: str
) -> None:
    second = (
        "  - name: OrderCancelled\n    physicalName: orders.created\n"
        "    authoritativeDefinitions: [{type: implementation, url: OrderCancelled.avsc}]\n"
    )
    cancelled = order.replace("OrderCreated", "OrderCancelled").replace("total", "reason")
    claim = "service: b\nreads: [{contract: orders.created, fields: [order_id, total, reason, nothing]}]\n"

    project = load_files(
        {
            "orders.odcs.yaml": contract + second,
            "OrderCreated.avsc": order,
            "OrderCancelled.avsc": cancelled,
            "consumers/b.yaml": claim,
        }
    )

    assert len(project.claims) == 2
    assert [finding.message for finding in project.findings] == [
        "`nothing` is no field of OrderCreated.avsc or OrderCancelled.avsc"
    ]
