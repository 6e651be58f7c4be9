import pytest

from accord.findings import Severity
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityReport,
    Earlier,
    InvalidSchema,
    ParsedSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)


def order(*fields: str) -> ParsedSchema:
    listed = ", ".join(f'{{"name": "{one.split(":")[0]}", "type": {one.split(":", 1)[1]}}}' for one in fields)
    return parse(Schema(f'{{"type": "record", "name": "Order", "fields": [{listed}]}}'))


def check(candidate: ParsedSchema, *earlier: ParsedSchema, level: str) -> CompatibilityReport:
    versions = [Earlier(Version(number), schema) for number, schema in enumerate(earlier, start=1)]
    return check_compatibility(candidate, versions, level=CompatibilityLevel(level))


A, B, AB = order('a:"int"'), order('b:"int"'), order('a:"int"', 'b:"int"')
WIDE = order('a:"long"')


@pytest.mark.parametrize(
    ("level", "failing"),
    [
        ("NONE", []),
        ("BACKWARD", [3]),
        ("BACKWARD_TRANSITIVE", [3, 1]),
        ("FORWARD", [3]),
        ("FORWARD_TRANSITIVE", [3, 2]),
        ("FULL", [3, 3]),
        ("FULL_TRANSITIVE", [3, 3, 2, 1]),
    ],
)
def test_a_level_says_which_versions_are_compared_newest_first(level: str, failing: list[int]) -> None:
    report = check(AB, A, order('a:"int"', 'b:"int"', 'c:"int"'), order('b:"string"', 'a:"int"'), level=level)
    assert [finding.version for finding in report.findings] == failing
    assert report.compatible == (not failing)


def test_the_first_version_of_a_subject_is_always_compatible() -> None:
    for level in CompatibilityLevel:
        assert check(A, level=level).compatible


def test_an_incompatible_version_in_the_past_does_not_count_unless_transitive() -> None:
    assert check(AB, B, AB, level="BACKWARD").compatible
    assert not check(AB, B, AB, level="BACKWARD_TRANSITIVE").compatible


def test_both_directions_are_told_apart() -> None:
    report = check(WIDE, order('a:"string"'), level="FULL")
    forward, backward = report.findings
    assert (forward.candidate_reads, forward.here.fragment, forward.there.fragment) == (
        False,
        '"long"',
        '"string"',
    )
    assert (backward.candidate_reads, backward.here.fragment, backward.there.fragment) == (
        True,
        '"long"',
        '"string"',
    )
    assert (forward.reader.name, forward.writer.name) == ("version 1", "the new schema")
    assert (backward.reader.name, backward.writer.name) == ("the new schema", "version 1")


def test_a_version_may_have_a_name_of_its_own() -> None:
    earlier = [Earlier(Version(4), A, name="what runs in production")]
    report = check_compatibility(order('a:"string"'), earlier, level=CompatibilityLevel.BACKWARD)
    assert "what runs in production writes int for `a` of `Order`" in report.findings[0].message


def test_messages_have_the_shape_that_clients_know() -> None:
    report = check(AB, A, B, level="BACKWARD_TRANSITIVE")
    assert report.messages == (
        (
            "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'field 'a' at path '/fields/0' of the new "
            "schema has no default and the old schema lacks it', additionalInfo:'a'}"
        ),
        "{oldSchemaVersion: 2}",
        "{oldSchema: '" + B.canonical + "'}",
        (
            "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'field 'b' at path '/fields/1' of the new "
            "schema has no default and the old schema lacks it', additionalInfo:'b'}"
        ),
        "{oldSchemaVersion: 1}",
        "{oldSchema: '" + A.canonical + "'}",
        "{validateFields: 'false', compatibility: 'BACKWARD_TRANSITIVE'}",
    )


def test_messages_call_the_reader_old_where_earlier_schemas_read() -> None:
    message = check(A, AB, level="FORWARD").messages[0]
    assert "of the old schema has no default and the new schema lacks it" in message


def test_a_long_old_schema_is_cut_in_the_messages() -> None:
    long = order(*(f'f{index}:"int"' for index in range(1000)))
    old_schema = check(order('f1:"string"'), long, level="BACKWARD").messages[2]
    assert len(old_schema) == len("{oldSchema: ''}") + 10 * 1024


def test_the_same_difference_is_reported_once_however_often_a_type_is_used() -> None:
    def with_money(amount: str) -> ParsedSchema:
        money = f'{{"type": "record", "name": "Money", "fields": [{{"name": "amount", "type": "{amount}"}}]}}'
        return order(f"net:{money}", 'gross:"Money"', 'tax:"Money"')

    report = check(with_money("string"), with_money("long"), level="BACKWARD")
    assert [finding.path for finding in report.findings] == ["/fields/0/type/fields/0/type"]


def test_another_schema_type_is_incompatible_at_every_level_but_none() -> None:
    for level in CompatibilityLevel:
        report = check(A, parse(Schema("{}", SchemaType.JSON)), level=level)
        assert report.compatible == (level is CompatibilityLevel.NONE)
        if not report.compatible:
            (finding,) = report.findings
            assert (finding.rule, finding.severity) == ("SCHEMA_TYPE_CHANGED", Severity.ERROR)
            assert finding.message == "the new schema is AVRO, and version 1 is JSON"
            assert report.messages[0].startswith("the new schema is AVRO and the old one JSON")


def test_rings_of_types_that_pair_up_without_end_are_refused_and_not_followed() -> None:
    def ring(size: int) -> ParsedSchema:
        types = ", ".join(
            f'{{"type": "record", "name": "T{index}", "fields": [{{"name": "next", "type": ["null", "T{(index + 1) % size}"]}}], '
            f'"aliases": [{", ".join(f"{chr(34)}T{other}{chr(34)}" for other in range(60))}]}}'
            for index in range(size)
        )
        return parse(Schema(f"[{types}]"))

    with pytest.raises(InvalidSchema, match="cannot be compared"):
        check(ring(43), ring(47), level="BACKWARD")


def test_unions_that_make_endless_work_are_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.schemas.avro.compatibility._MAX_PAIRS", 100)

    def union(letter: str, count: int) -> ParsedSchema:
        branches = (f'{{"type":"record","name":"{letter}{n}","fields":[]}}' for n in range(count))
        return parse(Schema(f"[{','.join(branches)}]"))

    earlier = [Earlier(Version(1), union("A", 9))]
    assert not check_compatibility(union("B", 9), earlier, level=CompatibilityLevel.BACKWARD).compatible
    with pytest.raises(InvalidSchema, match="over 100 pairs of their types"):
        check_compatibility(union("B", 12), earlier, level=CompatibilityLevel.BACKWARD)
