"""What a check says of two JSON Schemas, and the changes it offers, each of which rids them of what it was told for."""

import pytest

from accord.findings import Finding, Severity
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityPolicy,
    Earlier,
    Reference,
    Schema,
    SchemaType,
    Subject,
    Version,
    check_compatibility,
    parse,
)


def explained(old: str, new: str, level: str = "BACKWARD", policy: str = "STRICT") -> tuple[Finding, ...]:
    """What refuses ``new``; warnings stand beside it and are tested elsewhere."""
    before, after = (parse(Schema(text, SchemaType.JSON)) for text in (old, new))
    report = check_compatibility(
        after,
        [Earlier(Version(1), before)],
        level=CompatibilityLevel(level),
        policy=CompatibilityPolicy(policy),
    )
    return tuple(finding for finding in report.findings if finding.severity is Severity.ERROR)


def order(*properties: str, more: str = "") -> str:
    return f'{{"type": "object", "properties": {{{", ".join(properties)}}}{more}}}'


def note(schema: str) -> str:
    return order(f'"note": {schema}')


def one_of(*branches: str) -> str:
    return f'{{"oneOf": [{", ".join(branches)}]}}'


def kind(name: str, *properties: str) -> str:
    return order(f'"kind": {{"const": "{name}"}}', *properties)


def tuple_of(*items: str, more: str = "") -> str:
    return f'{{"type": "array", "items": [{", ".join(items)}]{more}}}'


ID = '"id": {"type": "string"}'
CODE = '"code": {"type": "string"}'
DESCRIBED = '"code": {"type": "string", "description": "A voucher."}'
NEEDS_CODE = ', "required": ["code"]'
CLOSED = ', "additionalProperties": false'
INTEGERS = ', "additionalProperties": {"type": "integer"}'
STRING, NUMBER = '{"type": "string"}', '{"type": "number"}'


@pytest.mark.parametrize(
    ("old", "new", "level", "fixes"),
    [
        # Properties and what else may be there.
        (
            order(ID),
            order(ID, DESCRIBED),
            "BACKWARD",
            {
                "let it be anything": '"code": {"description": "A voucher."}',
                "leave the property out": "",
            },
        ),
        (
            order(ID, CODE),
            order(ID),
            "FORWARD",
            {"keep the property": CODE, "close the content model": '"additionalProperties": false'},
        ),
        (
            order(ID),
            order(ID, CODE),
            "FULL",
            {"let it be anything": '"code": {}', "leave the property out": ""},
        ),
        (
            order(ID, CODE, more=CLOSED),
            order(ID, more=CLOSED),
            "BACKWARD",
            {"keep the property": CODE, "open the content model": ""},
        ),
        (order(ID, more=CLOSED), order(ID, CODE, more=CLOSED), "FORWARD", {"leave the property out": ""}),
        (
            order(ID, CODE, more=NEEDS_CODE),
            order(ID),
            "FORWARD",
            {"keep the property, and require it": CODE},
        ),
        (
            order(ID),
            order(ID, CODE, more=NEEDS_CODE),
            "BACKWARD",
            {"let it be optional, and anything": '"code": {}', "leave the property out": ""},
        ),
        (
            order(ID, more=', "required": ["id"]' + CLOSED),
            order(ID, CODE, more=', "required": ["id", "code"]' + CLOSED),
            "BACKWARD",
            {
                "let it be optional": '"required": ["id"]',
                "leave the property out": "",
                "give it a default, which readers have to fill in": '"code": {"type": "string", "default": ""}',
            },
        ),
        (
            order(ID, CODE),
            order(ID, CODE, more=NEEDS_CODE),
            "BACKWARD",
            {
                "let it be optional": "",
                "give it a default, which readers have to fill in": '"code": {"type": "string", "default": ""}',
            },
        ),
        (
            order(ID, CODE, more=NEEDS_CODE),
            order(ID, CODE, more=', "required": ["id"]'),
            "FORWARD",
            {"keep requiring it": '"required": ["id", "code"]'},
        ),
        (
            order(ID, more=INTEGERS),
            order(ID, CODE, more=INTEGERS),
            "BACKWARD",
            {
                "keep `type` as it was": '"code": {"type": "integer"}',
                "allow both types": '"code": {"type": ["string", "integer"]}',
            },
        ),
        (order(ID), order(ID, more=CLOSED), "BACKWARD", {"leave `additionalProperties` out": ""}),
        (
            order(ID, more=INTEGERS),
            order(ID),
            "FORWARD",
            {"keep `additionalProperties` as it was": '"additionalProperties": {"type": "integer"}'},
        ),
        (
            order(ID, CODE, more=', "dependencies": {"id": ["code"], "code": ["id"]}'),
            order(ID, CODE, more=', "dependencies": {"id": ["code"]}'),
            "FORWARD",
            {"keep the dependency as it was": '"dependencies": {"id": ["code"], "code": ["id"]}'},
        ),
        (
            order(ID, CODE),
            order(ID, CODE, more=', "dependencies": {"id": ["code"]}'),
            "BACKWARD",
            {"leave the dependency out": ""},
        ),
        # Types, values and limits.
        (
            note('{"type": "integer"}'),
            note(STRING),
            "BACKWARD",
            {
                "keep `type` as it was": '"note": {"type": "integer"}',
                "allow both types": '"note": {"type": ["string", "integer"]}',
            },
        ),
        (
            note('{"type": "integer"}'),
            note(STRING),
            "FULL",
            {"keep `type` as it was": '"note": {"type": "integer"}'},
        ),
        (
            note('{"type": "integer", "minimum": 1}'),
            note('{"type": "string", "minLength": 1}'),
            "BACKWARD",
            {
                "keep it as it was": '"note": {"type": "integer", "minimum": 1}',
                "allow both": '"note": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}]}',
            },
        ),
        (
            note(NUMBER),
            note('{"type": "integer"}'),
            "BACKWARD",
            {"keep `type` as it was": f'"note": {NUMBER}'},
        ),
        (
            note('{"type": "string"}'),
            note('{"type": ["string", "null"]}'),
            "FORWARD",
            {"keep `type` as it was": f'"note": {STRING}'},
        ),
        (
            note('{"enum": ["a", "b", 1]}'),
            note('{"enum": ["c", "a", true]}'),
            "BACKWARD",
            {
                "put the values back": '"note": {"enum": ["c", "a", true, "b", 1]}',
                "keep it as it was": '"note": {"enum": ["a", "b", 1]}',
            },
        ),
        (
            note('{"type": "string", "enum": ["a", "b"]}'),
            note('{"type": "string", "enum": ["a", "c"]}'),
            "FORWARD",
            {
                "leave the new value out": '"note": {"type": "string", "enum": ["a"]}',
                "keep it as it was": '"note": {"type": "string", "enum": ["a", "b"]}',
            },
        ),
        (
            note('{"const": 1}'),
            note('{"const": 2}'),
            "BACKWARD",
            {"keep it as it was": '"note": {"const": 1}'},
        ),
        (
            note('{"type": "string", "maxLength": 9}'),
            note('{"type": "string", "maxLength": 4}'),
            "BACKWARD",
            {
                "keep `maxLength` as it was": '"note": {"type": "string", "maxLength": 9}',
                "leave `maxLength` out": f'"note": {STRING}',
            },
        ),
        (
            note('{"type": "string", "pattern": "^a"}'),
            note(STRING),
            "FORWARD",
            {"keep `pattern` as it was": '"note": {"type": "string", "pattern": "^a"}'},
        ),
        # Lists.
        (
            note('{"type": "array"}'),
            note('{"type": "array", "items": {"type": "string"}}'),
            "BACKWARD",
            {"leave `items` out": ""},
        ),
        (
            note('{"type": "array", "items": {"type": "string"}}'),
            note('{"type": "array"}'),
            "FORWARD",
            {"keep `items`": '"items": {"type": "string"}'},
        ),
        (
            tuple_of(NUMBER),
            tuple_of(NUMBER, STRING),
            "BACKWARD",
            {"let it be anything": "{}", "leave the item out": ""},
        ),
        (
            tuple_of(NUMBER, STRING, more=', "additionalItems": false'),
            tuple_of(NUMBER, more=', "additionalItems": false'),
            "BACKWARD",
            {"keep the item": STRING, "open the content model": ""},
        ),
        (
            '{"type": "array", "items": [{"type": "number"}, {"type": "string"}, {"type": "null"}]}',
            '{"type": "array"}',
            "FORWARD",
            {
                "keep the item": NUMBER,
                "keep the items": '"items": [{"type": "number"}, {"type": "string"}, {"type": "null"}]',
                "close the content model": '"additionalItems": false',
            },
        ),
        # Combinations, and what lies behind them.
        (
            note('{"oneOf": [{"type": "string"}, {"type": "null"}]}'),
            note('{"oneOf": [{"type": "string"}]}'),
            "BACKWARD",
            {"put the branch back": '"note": {"oneOf": [{"type": "string"}, {"type": "null"}]}'},
        ),
        (
            note('{"type": ["string", "null"]}'),
            note('{"type": ["null", "integer", "string", "boolean"]}'),
            "FORWARD",
            {
                "leave the new types out": '"note": {"type": ["null", "string"]}',
                "keep it as it was": '"note": {"type": ["string", "null"]}',
            },
        ),
        (
            note('{"type": ["object", "null"], "properties": {"a": {"type": "string"}}}'),
            note('{"type": ["object", "null"], "properties": {"a": {"type": "integer"}}}'),
            "BACKWARD",
            {
                "keep `type` as it was": '"a": {"type": "string"}',
                "allow both types": '"a": {"type": ["integer", "string"]}',
            },
        ),
        (
            note('{"anyOf": [{"type": "string"}, {"type": "integer"}]}'),
            note('{"oneOf": [{"type": "string"}, {"type": "integer"}]}'),
            "BACKWARD",
            {"keep it as it was": '"note": {"anyOf": [{"type": "string"}, {"type": "integer"}]}'},
        ),
        (
            note('{"not": {"type": "integer"}}'),
            note('{"not": {"type": "number"}}'),
            "BACKWARD",
            {"keep `not` as it was": '"note": {"not": {"type": "integer"}}'},
        ),
    ],
)
def test_each_difference_comes_with_the_fixes_that_help(
    old: str, new: str, level: str, fixes: dict[str, str]
) -> None:
    finding = explained(old, new, level)[0]
    assert {fix.summary: fix.after for fix in finding.fixes} == fixes
    for fix in finding.fixes:
        left = [(one.rule, one.message) for one in explained(old, fix.schema, level)]
        assert (finding.rule, finding.message) not in left


@pytest.mark.parametrize(
    ("old", "new", "level", "fixes"),
    [
        (
            note('{"type": ["string", "null"], "maxLength": 9}'),
            note('{"type": "string", "maxLength": 9, "title": "A note"}'),
            "BACKWARD",
            {
                "keep `type` as it was": (
                    '"note": {"type": ["string", "null"], "maxLength": 9, "title": "A note"}'
                ),
                "allow both types": '"note": {"type": ["string", "null"], "maxLength": 9, "title": "A note"}',
            },
        ),
        (
            order(ID),
            order(ID, more=', "if": {"required": ["id"]}, "then": {"required": ["code"]}'),
            "BACKWARD",
            {"leave `if` and `then` out": ""},
        ),
        (
            note('{"type": "string", "enum": ["a"]}'),
            note(STRING),
            "FORWARD",
            {"keep `enum`": '"note": {"type": "string", "enum": ["a"]}'},
        ),
        (
            note('{"type": "string", "not": {"enum": ["a"]}}'),
            note('{"type": "string", "enum": ["b"]}'),
            "BACKWARD",
            {
                "leave `enum` out, and keep `not`": '"note": {"type": "string", "not": {"enum": ["a"]}}',
                "keep it as it was": '"note": {"type": "string", "not": {"enum": ["a"]}}',
            },
        ),
    ],
)
def test_keywords_that_came_or_went_are_what_is_mended(
    old: str, new: str, level: str, fixes: dict[str, str]
) -> None:
    (finding, *_) = explained(old, new, level)
    offered = {fix.summary: fix.after for fix in finding.fixes}
    assert offered.items() <= fixes.items()
    assert next(iter(fixes)) in offered


def test_under_lenient_it_is_enough_not_to_require_a_new_property() -> None:
    (finding,) = explained(order(ID), order(ID, CODE, more=NEEDS_CODE), policy="LENIENT")
    assert "let it be optional" in [fix.summary for fix in finding.fixes]


def test_a_fix_changes_nothing_but_what_it_says() -> None:
    new = """{
  "type": "object",
  "properties": {
    "id":   {"type": "string"},
    "code": {"type": "string",   "maxLength": 4}
  }
}
"""
    fix = explained(new.replace('"maxLength": 4', '"maxLength": 8'), new)[0].fixes[0]
    assert fix.schema == new.replace('"maxLength": 4', '"maxLength": 8').strip()


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        (
            note('{"type": "object", "properties": {"a": {"type": "string"}}}'),
            note(
                '{"anyOf": [{"type": "object", "properties": {"a": {"type": "integer"}}}, {"type": "null"}]}'
            ),
            "version 1 allows a string for `a` of branch 1 of `note`, and the new schema an integer",
        ),
        (
            one_of(kind("created"), kind("paid", '"amount": {"type": "number"}')),
            one_of(kind("created"), kind("paid", '"amount": {"type": "string"}')),
            "version 1 allows a number for `amount` of branch 2 of the document, and the new schema a string",
        ),
        (
            one_of(kind("created"), kind("paid", '"amount": {"type": "number"}')),
            one_of(kind("paid", '"amount": {"type": "string"}'), kind("created")),
            "version 1 allows a number for `amount` of branch 1 of the document, and the new schema a string",
        ),
        (
            note('{"type": "string", "enum": ["a", "b"], "maxLength": 9}'),
            note('{"type": "string", "enum": ["a"], "maxLength": 1}'),
            (
                'the new schema does not allow `"b"` for `note`, which version 1 does; '
                "the new schema has `maxLength` 1 for `note`, and version 1 `maxLength` 9"
            ),
        ),
        (note(NUMBER), note(STRING), ""),
    ],
)
def test_the_reason_behind_a_combination_that_does_not_fit_is_told(old: str, new: str, detail: str) -> None:
    assert explained(old, new)[0].detail == detail


@pytest.mark.parametrize(
    ("old", "new", "rule", "message"),
    [
        (
            note('{"type": "string", "enum": ["a", "b"]}'),
            note('{"type": "string", "enum": ["a"]}'),
            "JSON_ENUM_VALUES_MISSING",
            'the new schema does not allow `"b"` for `note`, which version 1 does',
        ),
        (
            note('{"type": ["string", "null"], "maxLength": 9}'),
            note('{"type": ["string", "null"], "maxLength": 4}'),
            "JSON_UPPER_LIMIT_TIGHTENED",
            "the new schema has `maxLength` 4 for `note`, and version 1 `maxLength` 9",
        ),
        (
            note('{"type": ["object", "null"], "properties": {"a": {"type": "string"}}}'),
            note('{"type": ["object", "null"], "properties": {"a": {"type": "integer"}}}'),
            "JSON_TYPE_CHANGED",
            "version 1 allows a string for `a` of `note`, and the new schema an integer",
        ),
        (
            order(ID, more=', "anyOf": [{"required": ["id"]}, {"required": ["code"]}]'),
            order(ID, CODE, more=', "anyOf": [{"required": ["id"]}, {"required": ["code"]}]'),
            "JSON_PROPERTY_ADDED_TO_OPEN_MODEL",
            (
                "the new schema allows a string for `code`, and version 1 anything, because it does not describe it and "
                "its content model is open"
            ),
        ),
    ],
)
def test_keywords_side_by_side_are_told_of_by_the_one_that_does_not_fit(
    old: str, new: str, rule: str, message: str
) -> None:
    (finding,) = explained(old, new)
    assert (finding.rule, finding.message) == (rule, message)
    assert finding.error_type == "COMBINED_TYPE_SUBSCHEMAS_CHANGED"
    assert finding.path in {"#/properties/note", "#/"}
    assert finding.detail == ""
    assert finding.fixes


def test_combinations_of_very_many_parts_are_told_without_reasons() -> None:
    def many(type_: str) -> str:
        return note(one_of(*(order(f'"p{at}": {{"type": "{type_}"}}') for at in range(12))))

    assert {(one.rule, one.detail) for one in explained(many("string"), many("integer"))} == {
        ("JSON_BRANCHES_CHANGED", "")
    }


def test_of_branches_the_one_is_shown_that_only_one_side_has() -> None:
    created, paid = kind("created"), kind("paid", '"amount": {"type": "number"}')
    (finding,) = explained(one_of(created, paid), one_of(created))
    assert (finding.reader.path, finding.writer.path) == ("/oneOf", "/oneOf/1")
    assert finding.message == "version 1 allows 2 branches for the document, and the new schema 1 branch"
    (finding,) = explained(one_of(created, paid), one_of(paid.replace("number", "string"), created))
    assert (finding.reader.path, finding.writer.path) == ("/oneOf/0", "/oneOf/1")
    assert "string" in finding.reader.fragment
    finding, *_ = explained(one_of(STRING, paid, created), one_of(NUMBER))
    assert finding.writer.path == "/oneOf"


def test_a_side_without_the_keyword_is_shown_as_long_as_it_is_short() -> None:
    (finding,) = explained(note(STRING), note('{"type": "string", "minLength": 2}'))
    assert (finding.writer.path, finding.writer.fragment) == ("/properties/note", STRING)
    long = order(ID, *(f'"p{at}": {STRING}' for at in range(9)))
    (finding,) = explained(long, f'{long[:-1]}, "maxProperties": 5}}')
    assert (finding.reader.fragment, finding.writer.path, finding.writer.fragment) == ("5", "", "")
    (finding,) = explained(order(ID), order(ID, more=', "dependencies": {"id": ["code"]}'))
    assert (finding.reader.path, finding.reader.fragment) == ("/dependencies/id", '["code"]')
    assert finding.writer.fragment == order(ID)


def test_sides_point_into_both_texts() -> None:
    (finding,) = explained(
        note('{"type": "string", "maxLength": 9}'), note('{"type": "string", "maxLength": 4}')
    )
    assert (finding.reader.path, finding.reader.fragment) == ("/properties/note/maxLength", "4")
    assert (finding.writer.path, finding.writer.fragment) == ("/properties/note/maxLength", "9")
    (finding,) = explained(order(ID), order(ID, CODE))
    assert (finding.reader.path, finding.reader.fragment) == ("/properties/code", STRING)
    assert (finding.writer.path, finding.writer.fragment) == ("", "")


def test_what_comes_from_a_referenced_schema_is_named_and_cannot_be_mended_here() -> None:
    text = order('"home": {"$ref": "address.json"}')
    reference = (Reference("address.json", Subject("address"), Version(1)),)
    old, new = (
        parse(
            Schema(text, SchemaType.JSON, reference),
            referenced={"address.json": Schema(order(f'"zip": {schema}'), SchemaType.JSON)},
        )
        for schema in (STRING, NUMBER)
    )
    report = check_compatibility(new, [Earlier(Version(1), old)], level=CompatibilityLevel.BACKWARD)
    (finding,) = (one for one in report.findings if one.severity is Severity.ERROR)
    assert finding.message == "version 1 allows a string for `zip` of `home`, and the new schema a number"
    assert (finding.here.path, finding.fixes) == ("", ())


def test_schemas_that_lead_back_to_themselves_are_explained() -> None:
    old = order('"v": {"type": "string"}', '"next": {"oneOf": [{"type": "null"}, {"$ref": "#"}]}')
    new = order('"v": {"type": "integer"}', '"next": {"$ref": "#"}')
    for level in ("BACKWARD", "FORWARD", "FULL"):
        findings = explained(old, new, level)
        assert "JSON_TYPE_CHANGED" in [one.rule for one in findings]
        assert all(len(one.message) < 300 for one in findings)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (order(ID), order(ID, more=CLOSED), "`additionalProperties: false`"),
        (note(STRING), note('{"type": "string", "minLength": 2}'), "shorter than 2 characters"),
        (note(NUMBER), note('{"type": "number", "exclusiveMaximum": 5}'), "5 or greater"),
        (note('{"type": "array"}'), note('{"type": "array", "maxItems": 1}'), "a list of more than 1 item"),
        (
            note('{"type": "object"}'),
            note('{"type": "object", "minProperties": 2}'),
            "an object of fewer than 2 properties",
        ),
        (note(NUMBER), note('{"type": "number", "multipleOf": 0.5}'), "no multiple of 0.5"),
    ],
)
def test_what_would_go_wrong_is_told_of_the_very_keyword_and_value(old: str, new: str, path: str) -> None:
    assert path in explained(old, new)[0].why
