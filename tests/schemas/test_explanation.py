import json
from typing import Any

import pytest

from accord.findings import Finding
from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    Reference,
    Schema,
    Subject,
    Version,
    check_compatibility,
    parse,
)


def explained(old: str, new: str, level: str = "BACKWARD", *more: str) -> tuple[Finding, ...]:
    texts = [old, *more]
    versions = [Earlier(Version(number), parse(Schema(text))) for number, text in enumerate(texts, start=1)]
    return check_compatibility(parse(Schema(new)), versions, level=CompatibilityLevel(level)).findings


def record(*fields: str, name: str = "Order", more: str = "") -> str:
    return f'{{"type": "record", "name": "{name}", "fields": [{", ".join(fields)}]{more}}}'


def field(name: str, type_: str = '"int"', more: str = "") -> str:
    return f'{{"name": "{name}", "type": {type_}{more}}}'


def enum(*symbols: str, more: str = "") -> str:
    return f'{{"type": "enum", "name": "E", "symbols": {json.dumps(symbols)}{more}}}'


SUB = record(field("x"), name="Sub")
SUB_MORE = record(field("x"), field("y"), name="Sub")


@pytest.mark.parametrize(
    ("old", "new", "level", "fixes"),
    [
        # A field without a default.
        (
            record(),
            record(field("email", '"string"')),
            "BACKWARD",
            {
                "let it be null, by default": '{"name": "email", "type": ["null", "string"], "default": null}',
                "give it a default of its type": '{"name": "email", "type": "string", "default": ""}',
            },
        ),
        (
            record(),
            record(field("a", '["int", "null"]')),
            "BACKWARD",
            {
                "give it the default null": '{"name": "a", "type": ["null", "int"], "default": null}',
                "give it a default of its type": '{"name": "a", "type": ["int", "null"], "default": 0}',
            },
        ),
        (
            record(),
            record(field("at", '{"type": "long", "logicalType": "timestamp-millis"}')),
            "BACKWARD",
            {
                "let it be null, by default": '{"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}], "default": null}'
            },
        ),
        (
            record(field("total_amount", '"double"')),
            record(field("amount", '"double"')),
            "BACKWARD",
            {
                "if it is `total_amount` under a new name, say so with an alias": '{"name": "amount", "type": "double", "aliases": ["total_amount"]}',
                "let it be null, by default": '{"name": "amount", "type": ["null", "double"], "default": null}',
                "give it a default of its type": '{"name": "amount", "type": "double", "default": 0.0}',
            },
        ),
        (
            record(field("a"), field("b")),
            record(field("b")),
            "FORWARD",
            {"keep writing the field": '{"name": "a", "type": "int"}'},
        ),
        (
            record(field("total", '"long"')),
            record(field("total_sum", '"long"', ', "default": 0')),
            "FULL",
            {
                "keep writing the field": '{"name": "total", "type": "long"}',
                "if `total_sum` is its new name, keep the old one": '{"name": "total", "type": "long", "default": 0}',
            },
        ),
        # Another field that went, or came, has nothing to do with it if no word of its name says so.
        (
            record(field("iban", '"string"')),
            record(field("email", '"string"')),
            "BACKWARD",
            {
                "let it be null, by default": '{"name": "email", "type": ["null", "string"], "default": null}',
                "give it a default of its type": '{"name": "email", "type": "string", "default": ""}',
            },
        ),
        (
            record(field("iban", '"string"')),
            record(field("email", '"string"')),
            "FORWARD",
            {"keep writing the field": '{"name": "iban", "type": "string"}'},
        ),
        # Another type.
        (
            record(field("a", '"long"')),
            record(field("a", '"string"')),
            "BACKWARD",
            {
                "keep the type": '{"name": "a", "type": "long"}',
                "accept both types": '{"name": "a", "type": ["string", "long"]}',
            },
        ),
        (
            record(field("a", '"long"')),
            record(field("a", '"string"')),
            "FULL",
            {"keep the type": '{"name": "a", "type": "long"}'},
        ),
        (
            record(field("a", '"long"', ', "default": 5')),
            record(field("a", '"string"', ', "default": "five"')),
            "FORWARD",
            {"keep the type and its default": '{"name": "a", "type": "long", "default": 5}'},
        ),
        (
            record(field("a", '"int"')),
            record(field("a", '["null", "int"]', ', "default": null')),
            "FORWARD",
            {"keep the type and its default": '{"name": "a", "type": "int"}'},
        ),
        (
            record(field("a", '{"type": "array", "items": "int"}')),
            record(field("a", '{"type": "array", "items": "string"}')),
            "FULL",
            {"keep the type": '"items": "int"'},
        ),
        ('"long"', '"string"', "FULL", {"keep the type": '"long"'}),
        # Branches.
        (
            record(field("a", '["null", "int"]')),
            record(field("a", '["null"]')),
            "BACKWARD",
            {"put the branch back into the union": '{"name": "a", "type": ["null", "int"]}'},
        ),
        (
            record(field("a", '["null", "int"]')),
            record(field("a", '["null", "int", "string"]')),
            "FORWARD",
            {"leave the branch out of the union": '{"name": "a", "type": ["null", "int"]}'},
        ),
        (
            record(field("a", f'["null", {SUB}]')),
            record(field("a", f'["null", {SUB_MORE}]')),
            "FULL",
            {
                "let it be null, by default": '{"name": "y", "type": ["null", "int"], "default": null}',
                "give it a default of its type": '{"name": "y", "type": "int", "default": 0}',
                "keep the type": '{"name": "a", "type": ["null", ' + SUB + "]}",
            },
        ),
        # Names.
        (
            record(name="Order"),
            record(name="Purchase"),
            "BACKWARD",
            {
                "list the old name among its aliases": '"aliases": ["Order"]',
                "keep the name": '"name": "Order"',
            },
        ),
        (record(name="x.Order"), record(name="y.Purchase"), "FULL", {"keep the name": '"name": "y.Order"'}),
        (
            record(name="x.Order"),
            record(name="y.Purchase", more=', "aliases": ["Older"]'),
            "BACKWARD",
            {
                "list the old name among its aliases": '"aliases": ["Older", "x.Order"]',
                "keep the name": '"name": "y.Order"',
            },
        ),
        # Symbols.
        (
            enum("A", "B"),
            enum("A"),
            "BACKWARD",
            {"put the symbols back": '"symbols": ["A", "B"]'},
        ),
        (
            enum("A", "B", "E_UNKNOWN"),
            enum("A", "E_UNKNOWN"),
            "BACKWARD",
            {
                "put the symbols back": '"symbols": ["A", "E_UNKNOWN", "B"]',
                "let `E_UNKNOWN` stand for symbols it does not know": '{"type": "enum", "name": "E", "symbols": ["A", "E_UNKNOWN"], "default": "E_UNKNOWN"}',
            },
        ),
        (enum("A"), enum("A", "B"), "FORWARD", {"leave the new symbols out": '"symbols": ["A"]'}),
        # Sizes.
        (
            '{"type": "fixed", "name": "F", "size": 4}',
            '{"type": "fixed", "name": "F", "size": 8}',
            "FULL",
            {"restore the size": '{"type": "fixed", "name": "F", "size": 4}'},
        ),
        # Aliases.
        (
            record(field("a"), field("b")),
            record(field("a", more=', "aliases": ["b", "c"]')),
            "BACKWARD",
            {
                "let its aliases name one field of what is written": '{"name": "a", "type": "int", "aliases": ["c"]}'
            },
        ),
        (
            record(field("a", more=', "aliases": ["b"]')),
            record(field("a"), field("b")),
            "FORWARD",
            {"leave `b` out": ""},
        ),
    ],
)
def test_each_difference_comes_with_the_fixes_that_help(
    old: str, new: str, level: str, fixes: dict[str, str]
) -> None:
    finding = explained(old, new, level)[0]
    assert {fix.summary: fix.after for fix in finding.fixes} == fixes
    for fix in finding.fixes:
        left = [
            one
            for one in explained(old, fix.schema, level)
            if one.rule == finding.rule and one.message == finding.message
        ]
        assert left == []


def test_a_fix_changes_nothing_but_what_it_says() -> None:
    new = '{\n  // Orders as they come in.\n  "type": "record", "name": "Order",\n  "fields": [\n    {"name": "a", "type": "int"}\n  ]\n}\n'
    fix = explained(record(), new)[0].fixes[1]
    assert fix.before == '{"name": "a", "type": "int"}'
    assert fix.schema == new.replace(fix.before, fix.after)


def test_a_type_moves_with_the_definitions_that_it_needs() -> None:
    old = record(field("a", SUB), field("b", '{"type": "array", "items": "Sub"}'))
    new = record(field("a", SUB), field("b", '"string"'))
    assert {"name": "b", "type": {"type": "array", "items": "Sub"}} in _fields(
        explained(old, new)[0].fixes[0].schema
    )
    new = record(field("b", '"string"'))
    moved: Any = {"type": "array", "items": json.loads(SUB)}
    assert {"name": "b", "type": moved} in _fields(explained(old, new)[0].fixes[0].schema)


def test_a_renamed_type_gets_its_name_back_wherever_it_is_used() -> None:
    old = record(field("a", SUB), field("b", '["null", "Sub"]'))
    new = record(field("a", SUB.replace("Sub", "Part")), field("b", '["null", {"type": "Part"}]'))
    keep = [fix for fix in explained(old, new, "FULL")[0].fixes if fix.summary == "keep the name"]
    assert json.loads(keep[0].schema) == json.loads(
        record(field("a", SUB), field("b", '["null", {"type": "Sub"}]'))
    )


def test_a_fix_must_help_with_every_version_that_is_compared() -> None:
    findings = explained(
        record(field("a", '"int"')),
        record(field("a", '"int"')),
        "BACKWARD_TRANSITIVE",
        record(field("a", '"string"')),
    )
    assert [fix.summary for fix in findings[0].fixes] == ["accept both types"]


def test_a_difference_to_many_versions_is_explained_for_each_with_the_same_fixes() -> None:
    findings = explained(record(), record(field("a")), "BACKWARD_TRANSITIVE", record(), record())
    assert [finding.version for finding in findings] == [3, 2, 1]
    assert findings[0].fixes
    assert findings[0].fixes == findings[1].fixes == findings[2].fixes
    assert "version 2" in findings[1].message


def test_with_very_many_differences_only_the_first_get_fixes() -> None:
    findings = explained(record(), record(*(field(f"f{index}") for index in range(30))))
    assert [bool(finding.fixes) for finding in findings] == [True] * 20 + [False] * 10


def test_the_reason_behind_a_missing_branch_is_told() -> None:
    (finding,) = explained(
        record(field("a", f'["null", {SUB}]')), record(field("a", f'["null", {SUB_MORE}]'))
    )
    assert (
        finding.message
        == "version 1 writes record Sub for `a` of `Order`, and no branch of the union in the new schema reads it"
    )
    assert (
        finding.detail
        == "field `y` of `Sub` has no default in the new schema, and version 1 does not write it"
    )


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"int"', '"string"', "the whole value"),
        (record(field("a")), record(field("a", '"string"')), "`a` of `Order`"),
        (
            record(field("a", record(field("b"), name="x.In"))),
            record(field("a", record(field("b", '"string"'), name="x.In"))),
            "`b` of `In`",
        ),
        (
            record(field("a", '{"type": "array", "items": {"type": "map", "values": "int"}}')),
            record(field("a", '{"type": "array", "items": {"type": "map", "values": "string"}}')),
            "the values of the items of `a` of `Order`",
        ),
    ],
)
def test_a_place_is_named_in_words(old: str, new: str, where: str) -> None:
    assert f"for {where}, and" in explained(old, new)[0].message


def test_sides_point_into_both_texts() -> None:
    old, new = (
        record(field("a"), field("b")),
        record(field("c", more=', "default": 0'), field("b", '"string"')),
    )
    finding = next(one for one in explained(old, new) if one.rule == "AVRO_TYPE_CHANGED")
    assert (finding.reader.path, finding.reader.fragment) == ("/fields/1/type", '"string"')
    assert (finding.writer.path, finding.writer.fragment) == ("/fields/1/type", '"int"')


def test_what_comes_from_a_referenced_schema_is_shown_and_cannot_be_mended_here() -> None:
    user = record(field("home", '"geo.Address"'), name="User")
    reference = (Reference("geo.Address", Subject("address"), Version(1)),)
    before = {"geo.Address": Schema(record(field("city", '"string"'), name="geo.Address"))}
    after = {
        "geo.Address": Schema(record(field("city", '"string"'), field("zip", '"string"'), name="geo.Address"))
    }
    old = parse(Schema(user, references=reference), referenced=before)
    new = parse(Schema(user, references=reference), referenced=after)
    report = check_compatibility(new, [Earlier(Version(1), old)], level=CompatibilityLevel.BACKWARD)
    (finding,) = report.findings
    assert "field `zip` of `Address`" in finding.message
    assert finding.here.path == ""
    assert '"zip"' in finding.here.fragment
    assert finding.fixes == ()


def test_a_huge_schema_gets_every_finding_and_only_the_first_fixes() -> None:
    names = "abcdef"

    def text(type_: str, doc: str) -> str:
        return record(*(field(name, type_) for name in names), more=f', "doc": "{doc}"')

    for doc, fixed in (("short", 6), ("long" * 200_000, 2)):
        findings = explained(text('"int"', doc), text('"string"', doc))
        assert [bool(finding.fixes) for finding in findings] == [True] * fixed + [False] * (6 - fixed)


def _fields(text: str) -> list[Any]:
    fields: list[Any] = json.loads(text)["fields"]
    return fields
