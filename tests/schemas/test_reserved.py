"""Names that the metadata reserves: they stay reserved, and no field has them."""

import pytest

from accord.findings import Severity, to_text
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityReport,
    Earlier,
    InvalidSchema,
    Metadata,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.reserved import reserved_fields


def reserving(*names: str) -> Metadata:
    return Metadata(properties={"confluent:reserved": ",".join(names)})


def order(*names: str) -> str:
    fields = ", ".join(f'{{"name": "{name}", "type": "string", "default": ""}}' for name in names)
    return f'{{"type": "record", "name": "Order", "fields": [{fields}]}}'


def check(
    text: str,
    metadata: Metadata | None,
    *earlier: tuple[str, Metadata | None],
    level: str = "BACKWARD",
    validate_fields: bool = True,
) -> CompatibilityReport:
    return check_compatibility(
        parse(Schema(text)),
        [
            Earlier(Version(number), parse(Schema(old)), metadata=said)
            for number, (old, said) in enumerate(earlier, start=1)
        ],
        level=CompatibilityLevel(level),
        validate_fields=validate_fields,
        metadata=metadata,
    )


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("name, city", ("name", "city")),
        (" name ,,city,name", ("name", "city")),
        ("", ()),
        (" , ", ()),
    ],
)
def test_reserved_names_are_separated_by_commas(listed: str, names: tuple[str, ...]) -> None:
    assert reserved_fields(Metadata(properties={"confluent:reserved": listed})) == names


@pytest.mark.parametrize("metadata", [None, Metadata(), Metadata(properties={"other": "name"})])
def test_without_the_property_nothing_is_reserved(metadata: Metadata | None) -> None:
    assert reserved_fields(metadata) == ()


@pytest.mark.parametrize("level", CompatibilityLevel)
def test_a_reserved_name_has_to_stay_reserved_at_every_level(level: str) -> None:
    report = check(order("id"), reserving("phone"), (order("id"), reserving("email", "phone")), level=level)
    (finding,) = report.findings
    assert not report.compatible
    assert (finding.rule, finding.severity, finding.version) == ("RESERVED_FIELD_REMOVED", Severity.ERROR, 1)
    assert report.messages == (
        (
            "{errorType:'RESERVED_FIELD_REMOVED', description:'the old schema reserves the field email, and the "
            "metadata of the new schema does not'}"
        ),
        f"{{validateFields: 'true', compatibility: '{level}'}}",
    )


def test_metadata_that_reserves_nothing_removes_what_was_reserved() -> None:
    assert not check(order("id"), None, (order("id"), reserving("email"))).compatible


def test_only_the_newest_version_says_what_stays_reserved() -> None:
    earlier = (order("id"), reserving("email")), (order("id"), None)
    assert check(order("id"), None, *earlier, level="FULL_TRANSITIVE").compatible


def test_no_field_has_a_reserved_name_in_the_first_version_either() -> None:
    report = check(order("id", "email"), reserving("email"))
    (finding,) = report.findings
    assert not report.compatible
    assert (finding.rule, finding.version, finding.here.path) == ("RESERVED_FIELD_USED", None, "/fields/1")
    assert finding.here.fragment == '{"name": "email", "type": "string", "default": ""}'
    assert report.messages == (
        (
            "{errorType:'FIELD_CONFLICTS_WITH_RESERVED_FIELD', description:'the new schema has a field email, and "
            "its metadata reserves that name'}"
        ),
        "{validateFields: 'true', compatibility: 'BACKWARD'}",
    )


def test_only_the_outermost_fields_count() -> None:
    inner = order("email").replace("Order", "Contact")
    text = f'{{"type": "record", "name": "Order", "fields": [{{"name": "contact", "type": {inner}}}]}}'
    assert check(text, reserving("email")).compatible
    assert check(order("id"), reserving("Order")).compatible
    assert check('"string"', reserving("string")).compatible


def test_a_field_of_a_referenced_record_counts_and_has_no_place() -> None:
    parsed = parse(Schema('"Order"'), referenced={"Order": Schema(order("email"))})
    report = check_compatibility(
        parsed, [], level=CompatibilityLevel.NONE, validate_fields=True, metadata=reserving("email")
    )
    assert [(one.rule, one.here.path, one.here.fragment) for one in report.findings] == [
        ("RESERVED_FIELD_USED", "", "")
    ]


def test_nothing_is_looked_at_unless_fields_are_to_be_validated() -> None:
    report = check(order("email"), None, (order("email"), reserving("email")), validate_fields=False)
    assert report.compatible
    assert report.messages == ()


def test_what_is_incompatible_as_well_follows_with_its_version_and_the_level() -> None:
    old = '{"type": "record", "name": "Order", "fields": []}'
    new = '{"type": "record", "name": "Order", "fields": [{"name": "email", "type": "string"}]}'
    report = check(new, reserving("email"), (old, reserving("email")))
    assert [finding.rule for finding in report.findings] == [
        "RESERVED_FIELD_USED",
        "AVRO_FIELD_WITHOUT_DEFAULT",
    ]
    assert [message[:30] for message in report.messages] == [
        "{errorType:'FIELD_CONFLICTS_WI",
        "{errorType:'READER_FIELD_MISSI",
        "{oldSchemaVersion: 1}",
        '{oldSchema: \'{"type":"record",',
        "{validateFields: 'true', compa",
    ]


def test_the_text_shows_what_the_metadata_reserves() -> None:
    report = check(order("id"), reserving("phone", "fax"), (order("id"), reserving("email")))
    assert to_text(report.findings[0]).splitlines()[:5] == [
        "error[RESERVED_FIELD_REMOVED]: version 1 reserves the field name `email`, and the metadata of the new schema no longer does",
        " --> the new schema",
        "  |",
        '  | "confluent:reserved": "phone,fax"',
        f"  | {'^' * 33} the new schema has this",
    ]


@pytest.mark.parametrize("name", ["a$$b", "$$a"])
def test_names_with_dollar_signs_are_no_names_in_avro(name: str) -> None:
    with pytest.raises(InvalidSchema, match="not a valid Avro name"):
        parse(Schema(order(name)))


def test_no_fix_uses_a_name_that_is_reserved() -> None:
    with_email = '{"type": "record", "name": "Order", "fields": [{"name": "email", "type": "string"}]}'

    def fixes(*, validate_fields: bool) -> list[str]:
        earlier = (with_email, reserving("email"))
        report = check(order(), reserving("email"), earlier, level="FULL", validate_fields=validate_fields)
        (finding,) = report.findings
        assert finding.rule == "AVRO_FIELD_WITHOUT_DEFAULT"
        return [fix.summary for fix in finding.fixes]

    assert fixes(validate_fields=False) == ["keep writing the field"]
    assert fixes(validate_fields=True) == []


@pytest.mark.parametrize(
    ("schema_type", "old", "new", "place", "error_types"),
    [
        (
            SchemaType.JSON,
            '{"type": "object", "properties": {"id": {}}, "additionalProperties": false}',
            '{"type": "object", "properties": {"id": {}, "email": {}}, "additionalProperties": false}',
            "/properties/email",
            ["RESERVED_PROPERTY_REMOVED", "RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY"],
        ),
        (
            SchemaType.PROTOBUF,
            'syntax = "proto3"; message Order { string id = 1; }',
            'syntax = "proto3"; message Order { string id = 1; string email = 2; }',
            "Order.email",
            ["RESERVED_FIELD_REMOVED", "FIELD_CONFLICTS_WITH_RESERVED_FIELD"],
        ),
    ],
)
def test_names_are_reserved_in_every_format(
    schema_type: SchemaType, old: str, new: str, place: str, error_types: list[str]
) -> None:
    report = check_compatibility(
        parse(Schema(new, schema_type)),
        [Earlier(Version(1), parse(Schema(old, schema_type)), metadata=reserving("email", "phone"))],
        level=CompatibilityLevel.NONE,
        validate_fields=True,
        metadata=reserving("email"),
    )
    told = [(one.error_type, one.here.path) for one in report.findings if one.severity is Severity.ERROR]
    assert told == [(error_types[0], ""), (error_types[1], place)]
