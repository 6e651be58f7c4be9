"""What consumers need, tried on what a producer writes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from accord.contracts.known import KnownReader
from accord.contracts.model import Claim, DataContract, DeclaredReader, Event, Project, SchemaFile, SourceFile
from accord.contracts.testing import Case, cases_of, own_fingerprint, results_of
from accord.findings import Finding, Location
from accord.schemas import Schema, SchemaType, Subject, parse

SUBJECT = Subject("orders.created-value")
FIELDS: Sequence[Mapping[str, Any]] = (
    {"name": "order_id", "type": "string"},
    {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
    {"name": "sequence", "type": "long"},
    {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "PAID", "SHIPPED"]}},
    {"name": "coupon", "type": ["null", "string"], "default": None},
)
EXAMPLE = {"order_id": "o-1", "total": "12.50", "sequence": 7, "state": "NEW"}


def record(*fields: Mapping[str, Any]) -> Schema:
    return Schema(json.dumps({"type": "record", "name": "OrderCreated", "fields": list(fields or FIELDS)}))


def changed(name: str, type: object, /, **others: object) -> Schema:
    """The schema with another type for one field."""
    return record(
        *({**field, "type": type, **others} if field["name"] == name else field for field in FIELDS)
    )


def without(*names: str) -> Schema:
    return record(*(field for field in FIELDS if field["name"] not in names))


def file_of(schema: Schema, path: str = "OrderCreated.avsc") -> SchemaFile:
    return SchemaFile(SourceFile(path, schema.text), SUBJECT, schema, parse(schema))


def project(
    schema: Schema,
    *,
    stated: Sequence[Mapping[str, Any]] = (EXAMPLE,),
    fields: tuple[str, ...] | None = None,
    wanted: Sequence[Mapping[str, Any]] = (),
) -> Project:
    """A project with one contract, and a claim of the service billing."""
    file = file_of(schema)
    source = SourceFile("orders.odcs.yaml", "")
    event = Event("OrderCreated", file, tuple(stated))
    contract = DataContract(source, "orders.created", "Orders", "1.0.0", "active", "orders.created", (event,))
    at = Location("consumers/billing.yaml", 3, 1)
    reader = DeclaredReader("billing", fields=fields, examples=tuple(wanted), at=at)
    claim = Claim(
        SourceFile("consumers/billing.yaml", ""), "orders.created", "orders.created", SUBJECT, reader
    )
    return Project((contract,), {SUBJECT: file}, (claim,))


def reader(schema: Schema | None = None, fields: tuple[str, ...] | None = None) -> KnownReader:
    return KnownReader("billing", SUBJECT, "observed", fields=fields, schema=schema, version="1.4.0")


def tried(
    given: Project, *readers: KnownReader, latest: Schema | None = None
) -> tuple[list[tuple[Case, tuple[Finding, ...]]], list[Finding]]:
    cases = cases_of(given, readers, latest={SUBJECT: file_of(latest)} if latest is not None else None)
    done = [(case, case.run()) for case in cases]
    return done, [finding for _, findings in done for finding in findings]


def rules(findings: Sequence[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def test_a_reader_that_gets_what_it_needs_leaves_nothing_to_tell() -> None:
    wanted = [{"order_id": "o-2", "total": "3.00"}]
    done, findings = tried(
        project(record(), fields=("order_id", "total"), wanted=wanted), reader(fields=("order_id", "total"))
    )

    assert findings == []
    assert [case.id for case, _ in done] == [
        "producer-orders.created-example 1",
        "billing-orders.created-schema",
        "billing-orders.created-example 1",
        "billing-orders.created-its example 1",
    ]


@pytest.mark.parametrize(
    ("schema", "known", "expected"),
    [
        pytest.param(without("sequence"), reader(fields=("sequence",)), ["TEST_FIELD_MISSING"], id="gone"),
        pytest.param(
            changed("state", "string"), reader(record(), ("state",)), ["TEST_READER_CANNOT_READ"], id="type"
        ),
        pytest.param(changed("sequence", "int"), reader(record(), ("sequence",)), [], id="promoted"),
        pytest.param(without("coupon"), reader(record(), ("order_id",)), [], id="a default nobody needs"),
        pytest.param(
            without("coupon"), reader(record(), ("coupon",)), ["TEST_FIELD_MISSING"], id="a needed default"
        ),
        pytest.param(
            changed("order_id", "string", name="id"),
            reader(changed("order_id", "string", aliases=["id"]), ("order_id",)),
            [],
            id="an alias",
        ),
    ],
)
def test_the_schema_is_tried_on_the_readers_own(
    schema: Schema, known: KnownReader, expected: list[str]
) -> None:
    _, findings = tried(project(schema, stated=()), known)

    assert rules(findings) == expected


@pytest.mark.parametrize("total", ["3", "3.0", "3.00"])
def test_a_number_that_is_text_may_be_spelled_as_one_likes(total: str) -> None:
    given = project(record(), fields=("total",), wanted=[{"total": total}])

    assert tried(given, reader(fields=("total",)))[1] == []


def test_the_fields_of_what_a_schema_refers_to_in_another_file_are_there_as_well() -> None:
    text = json.dumps({"properties": {"sum": {"$ref": "money.json"}}, "additionalProperties": False})
    schema = Schema(text, SchemaType.JSON)
    money = Schema('{"properties": {"cents": {"type": "integer"}}}', SchemaType.JSON)
    file = SchemaFile(
        SourceFile("bill.json", text), SUBJECT, schema, parse(schema, referenced={"money.json": money})
    )
    given = Project((), {SUBJECT: file})

    _, findings = tried(given, reader(fields=("sum.cents", "sum.euros")))

    assert [(one.rule, one.path) for one in findings] == [("TEST_FIELD_MISSING", "sum.euros")]


def test_a_reader_whose_schema_nobody_knows_reads_with_the_registered_one_and_its_fields() -> None:
    schema = changed("sequence", "string")

    _, hit = tried(project(schema, stated=()), reader(fields=("sequence",)), latest=record())
    _, spared = tried(project(schema, stated=()), reader(fields=("order_id",)), latest=record())

    assert (rules(hit), rules(spared)) == (["TEST_READER_CANNOT_READ"], [])


def test_a_finding_tells_both_sides_and_who_is_hit() -> None:
    [finding] = tried(project(changed("sequence", "string"), stated=()), reader(record(), ("sequence",)))[1]

    assert finding.message.startswith("billing 1.4.0 cannot read what OrderCreated.avsc writes: ")
    assert (finding.reader.name, finding.writer.fragment) == ("billing 1.4.0", '"string"')
    assert finding.writer.name == "OrderCreated.avsc"
    assert finding.at is not None
    assert finding.at.file == "OrderCreated.avsc"
    assert finding.affected is not None
    assert [hit.reader for hit in finding.affected] == ["billing"]
    assert (finding.subject, finding.contract) == (SUBJECT, "orders.created")


def test_an_example_of_the_producer_that_is_no_record_is_told_once() -> None:
    _, findings = tried(
        project(record(), stated=({**EXAMPLE, "sequence": "many"},)), reader(), reader(record())
    )

    assert rules(findings) == ["TEST_EXAMPLE_DOES_NOT_FIT"]
    assert "sequence" in findings[0].message


def test_what_an_example_leaves_out_is_its_default_or_missing() -> None:
    partial = {name: value for name, value in EXAMPLE.items() if name != "total"}
    _, findings = tried(project(record(), stated=(EXAMPLE, partial)))

    assert rules(findings) == ["TEST_EXAMPLE_DOES_NOT_FIT"]
    assert "total" in findings[0].message


def test_a_record_that_this_reader_cannot_read_is_found_by_its_example() -> None:
    old = changed("state", {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"]})
    stated = (EXAMPLE, {**EXAMPLE, "state": "SHIPPED"})

    _, findings = tried(project(record(), stated=stated), reader(old, ("order_id",)))

    assert "TEST_EXAMPLE_NOT_READ" in rules(findings)
    [found] = [finding for finding in findings if finding.rule == "TEST_EXAMPLE_NOT_READ"]
    assert "example 2" in found.message


def test_a_value_that_arrives_as_another_is_told() -> None:
    stated = ({**EXAMPLE, "sequence": 2**53 + 1},)
    own = changed("sequence", "double")

    _, needed = tried(project(record(), stated=stated), reader(own, ("sequence",)))
    _, spared = tried(project(record(), stated=stated), reader(own, ("order_id",)))

    assert (rules(needed), rules(spared)) == (["TEST_VALUE_CHANGED"], [])
    assert str(2**53 + 1) in needed[0].message


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ({"order_id": "o-2", "total": 12.5}, "total"),
        ({"order_id": "o-2", "colour": "red"}, "colour"),
        ({"state": "LOST"}, "LOST"),
    ],
)
def test_an_example_of_the_consumer_must_be_one_that_the_producer_can_write(
    example: Mapping[str, Any], told: str
) -> None:
    _, findings = tried(project(record(), wanted=[example]), reader())

    assert rules(findings) == ["TEST_EXAMPLE_NOT_WRITTEN"]
    assert told in findings[0].message
    assert findings[0].at == Location("consumers/billing.yaml", 3, 1)


def test_an_example_of_the_consumer_is_read_with_its_own_schema() -> None:
    own = changed("state", {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"]})

    _, findings = tried(
        project(record(), stated=(), wanted=[{"state": "SHIPPED"}]), reader(own, ("order_id",))
    )

    assert "TEST_EXAMPLE_NOT_READ" in rules(findings)


def test_a_consumers_repository_is_tried_on_what_is_registered() -> None:
    claims = project(record(), fields=("order_id",), wanted=[{"state": "NEW"}, {"state": "LOST"}]).claims
    latest = {SUBJECT: file_of(record(), "orders.created-value version 2")}
    others = (reader(fields=("order_id",)), KnownReader("search", SUBJECT, "observed", fields=("colour",)))

    cases = cases_of(Project(claims=claims), others, latest=latest)

    assert [case.id for case in cases] == [
        "billing-orders.created-schema",
        "billing-orders.created-its example 1",
        "billing-orders.created-its example 2",
    ]
    [finding] = [finding for case in cases for finding in case.run()]
    assert finding.message.startswith(
        "orders.created-value version 2 cannot write example 2 of billing 1.4.0"
    )
    assert finding.at == Location("consumers/billing.yaml", 3, 1)


def test_results_are_told_for_each_consumer_and_schema() -> None:
    done, _ = tried(project(record(), wanted=[{"state": "LOST"}]), reader())

    [result] = results_of(done)

    assert (result.cases, result.ok) == (3, False)
    told = result.report
    assert (told.consumer, told.consumer_version, told.subject, told.ok) == (
        "billing",
        "1.4.0",
        SUBJECT,
        False,
    )
    assert told.fingerprint == own_fingerprint(parse(record()))
    assert len(told.problems) == 1


SHAPES = {
    SchemaType.JSON: Schema(
        json.dumps(
            {
                "type": "object",
                "properties": {
                    "order_id": {"type": "string"},
                    "lines": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}},
                            "required": ["sku", "count"],
                        },
                    },
                },
                "required": ["order_id", "lines"],
                "additionalProperties": False,
            }
        ),
        SchemaType.JSON,
    ),
    SchemaType.PROTOBUF: Schema(
        'syntax = "proto3"; message Order { string order_id = 1; repeated Line lines = 2; '
        "message Line { string sku = 1; int32 count = 2; } }",
        SchemaType.PROTOBUF,
    ),
}


@pytest.mark.parametrize("schema", SHAPES.values(), ids=list(SHAPES))
def test_the_other_formats_are_tried_as_well(schema: Schema) -> None:
    stated = [{"order_id": "o-1", "lines": [{"sku": "a", "count": 2}]}]
    wanted = [{"lines": [{"sku": "b"}]}]
    fields = ("lines.sku",)

    _, fine = tried(project(schema, stated=stated, fields=fields, wanted=wanted), reader(fields=fields))
    _, wrong = tried(
        project(schema, stated=[{"order_id": 1}], fields=("lines.size",), wanted=[{"lines": [{"sku": 3}]}]),
        reader(fields=("lines.size",)),
    )

    assert fine == []
    assert rules(wrong) == ["TEST_EXAMPLE_DOES_NOT_FIT", "TEST_FIELD_MISSING", "TEST_EXAMPLE_NOT_WRITTEN"]


def test_a_oneof_of_which_only_some_fields_are_read_is_no_break() -> None:
    text = 'syntax = "proto3"; message Paid { string order_id = 1; oneof by { string card = 2; int64 cash = 3; } }'
    schema = Schema(text, SchemaType.PROTOBUF)
    broken = Schema(text.replace("int64 cash", "string cash"), SchemaType.PROTOBUF)
    known = reader(fields=("order_id", "cash"))

    assert tried(project(schema, stated=()), known, latest=schema)[1] == []
    assert rules(tried(project(broken, stated=()), known, latest=schema)[1]) == ["TEST_READER_CANNOT_READ"]
