"""What is warned of in one schema and between two, what is not, and what is said."""

import json
from typing import Any, TypeAlias

import pytest
from tests.schemas.jsonschema.making import DRAFTS

from accord.findings import Finding, Severity
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityPolicy,
    CompatibilityReport,
    Earlier,
    Reference,
    Schema,
    SchemaType,
    Subject,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.jsonschema.checks.metaschema import is_portable

Json: TypeAlias = Any

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}


def draft(number: int, schema: Json) -> Json:
    return {"$schema": DRAFTS[number], **schema}


def properties(**schemas: Json) -> Json:
    return {"type": "object", "properties": schemas}


def check(
    new: Json, *old: Json, level: str = "BACKWARD", policy: str = "STRICT", strict: bool = False
) -> CompatibilityReport:
    texts = [schema if isinstance(schema, str) else json.dumps(schema) for schema in (new, *old)]
    candidate, *others = (parse(Schema(text, SchemaType.JSON)) for text in texts)
    return check_compatibility(
        candidate,
        [Earlier(Version(number), one) for number, one in enumerate(others, start=1)],
        level=CompatibilityLevel(level),
        policy=CompatibilityPolicy(policy),
        strict=strict,
    )


def alone(schema: Json) -> list[tuple[str, str]]:
    """The rules and places of what is said of a schema for itself."""
    report = check(schema, level="NONE")
    assert report.compatible
    assert report.messages == ()
    return [(finding.rule.removeprefix("JSON_"), finding.here.path) for finding in report.findings]


def warnings(new: Json, *old: Json, level: str = "BACKWARD", policy: str = "STRICT") -> list[Finding]:
    """The warnings of a check that finds no error; what is said of the new schema for itself is left out."""
    report = check(new, *old, level=level, policy=policy)
    assert report.compatible
    return [one for one in report.findings if one.version and one.severity is Severity.WARNING]


BREAKS, IMPOSSIBLE, IDLE = "SCHEMA_BREAKS_DRAFT", "NO_VALUE_POSSIBLE", "KEYWORD_WITHOUT_EFFECT"


@pytest.mark.parametrize("number", sorted(DRAFTS))
@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"maxLength": -1}, "/maxLength"),
        ({"required": ["a", "a"]}, "/required"),
        (properties(a={"type": []}), "/properties/a/type"),
        (properties(a={"type": "array", "maxItems": -1}), "/properties/a/maxItems"),
        ({"properties": {"0": {"required": ["b", "b"]}}}, "/properties/0/required"),
        ({"properties": {"": {"properties": {"": {"oneOf": []}}}}}, "/properties//properties//oneOf"),
        ({"allOf": [{}, {"maxLength": -1}]}, "/allOf/1/maxLength"),
    ],
)
def test_what_the_metaschema_of_any_draft_forbids_is_warned_of(number: int, schema: Json, place: str) -> None:
    assert alone(draft(number, schema)) == [(BREAKS, place)]


@pytest.mark.parametrize(
    ("number", "schema", "place", "said"),
    [
        (7, {"minItems": -2}, "/minItems", "`minItems` is -2, and by draft 7 it must be an integer of 0 or more"),
        (7, {"type": ["null", "null"]}, "/type", "by draft 7 it must be the name of a type, or a list of such names"),
        (4, {"exclusiveMaximum": True}, "/exclusiveMaximum", "by draft 4 it must be beside a `maximum`"),
        (2020, {"$id": 5}, "/$id", "`$id` is 5, and by draft 2020-12 it must be a URI"),
        (2019, {"$defs": {"a": {"required": ["b", "b"]}}}, "/$defs/a/required", "the definition `a`: `required`"),
    ],
)  # fmt: skip
def test_a_violation_says_what_stands_there_and_what_should(
    number: int, schema: Json, place: str, said: str
) -> None:
    (finding,) = check(draft(number, schema), level="NONE").findings
    assert (finding.severity, finding.here.path) == (Severity.WARNING, place)
    assert said in finding.message


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"minLength": 3, "maxLength": 2, "type": "string"}, ""),
        ({"type": "number", "minimum": 2, "exclusiveMaximum": 2}, ""),
        (properties(a={"type": "array", "minItems": 2, "maxItems": 1}), "/properties/a"),
        ({"enum": []}, ""),
        ({"type": "string", "enum": [1, 2]}, ""),
        ({"type": "string", "const": 1}, ""),
        ({"type": "object", "properties": {"a": False}, "required": ["a"]}, ""),
        ({"type": "object", "additionalProperties": False, "required": ["a"]}, ""),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, ""),
        ({"allOf": [{"type": "string"}], "not": {"type": "string"}}, ""),
        (properties(a={"anyOf": [TEXT, {"allOf": [TEXT, WHOLE]}]}), "/properties/a/anyOf/1"),
    ],
)
def test_a_schema_that_no_value_fits_is_warned_of_where_it_says_so(schema: Json, place: str) -> None:
    assert (IMPOSSIBLE, place) in alone(schema)
    assert [rule for rule, _ in alone(schema)].count(IMPOSSIBLE) == 1


@pytest.mark.parametrize(
    "schema",
    [
        properties(a=False),
        properties(a={"not": {}}),
        {"type": "array", "items": False},
        {"type": ["string", "null"], "enum": ["a", None]},
        {"type": "integer", "minimum": 2, "maximum": 2},
        {"allOf": [{"type": "number"}, {"type": "integer"}]},
        {"type": "object", "required": ["a"], "properties": {"b": TEXT}},
        {"type": "object", "required": ["a"], "patternProperties": {"^a": TEXT}, "additionalProperties": False},
        draft(4, {"type": "number", "maximum": 1, "exclusiveMaximum": True}),
        draft(2020, {"$defs": {"a": TEXT}, "$ref": "#/$defs/a", "maxLength": 2}),
        draft(7, {"$defs": {"a": TEXT}, "allOf": [{"$ref": "#/$defs/a"}]}),
        draft(7, properties(a={"$ref": "#/definitions/a", "description": "d", "title": "t"}) | {"definitions": {"a": TEXT}}),
        properties(next={"$ref": "#"}),
        properties(a={"type": ["string", "null"], "default": None}),
        properties(a={"type": "object", "properties": {"b": WHOLE}, "default": {"b": 1}}),
        {"type": ["string", "integer"], "maxLength": 3, "minimum": 1},
        {"if": {"type": "string"}, "then": {"maxLength": 3}},
        {"type": "array", "items": [TEXT], "additionalItems": False},
        {"type": "string", "pattern": r"^[\w.+-]+@[a-z]{2,}\.(?:com|org)$"},
        {"type": "string", "format": "made-up", "x-owner": "shop"},
        True,
    ],
    ids=lambda schema: json.dumps(schema)[:60],
)  # fmt: skip
def test_a_schema_as_it_should_be_is_not_warned_of(schema: Json) -> None:
    assert alone(schema) == []


@pytest.mark.parametrize(
    ("schema", "place", "reason"),
    [
        (draft(7, {"prefixItems": [TEXT]}), "/prefixItems", "draft 7 does not know it; it came with draft 2020-12"),
        (draft(6, {"if": TEXT, "then": WHOLE}), "/if", "it came with draft 7"),
        (draft(4, {"const": 1}), "/const", "it came with draft 6"),
        (draft(2020, {"dependencies": {"a": ["b"]}}), "/dependencies", "draft 7 was the last that did; some validators heed it"),
        (draft(2020, {"additionalItems": False}), "/additionalItems", "draft 2019-09 was the last that did"),
        (draft(7, {"additionalItems": False}), "/additionalItems", "there is no such list beside it"),
        (draft(2019, {"minContains": 2}), "/minContains", "there is no `contains` beside it"),
        (draft(7, {"then": TEXT}), "/then", "there is no `if` beside it"),
        (draft(7, {"if": TEXT}), "/if", "there is neither a `then` nor an `else` beside it"),
        ({"type": "string", "maximum": 3}, "/maximum", "it is about numbers, and there can be none of them here"),
        (
            draft(7, properties(a={"$ref": "#/definitions/a", "maxLength": 2}) | {"definitions": {"a": TEXT}}),
            "/properties/a/maxLength",
            "in draft 7 nothing beside a `$ref` counts",
        ),
    ],
)  # fmt: skip
def test_a_keyword_that_does_nothing_is_remarked_on(schema: Json, place: str, reason: str) -> None:
    findings = check(schema, level="NONE", strict=True).findings
    assert {one.severity for one in findings} == {Severity.INFO}
    assert (f"JSON_{IDLE}", place) in [(one.rule, one.here.path) for one in findings]
    assert any(reason in one.message for one in findings)


def test_a_draft_that_does_not_exist_is_warned_of_with_the_one_it_is_read_as() -> None:
    (finding,) = check({"$schema": "https://example.com/schema", **TEXT}, level="NONE").findings
    assert (finding.rule, finding.here.path) == ("JSON_DRAFT_UNKNOWN", "/$schema")
    assert finding.message.endswith("the schema is read as draft 7")


def test_text_after_the_schema_is_warned_of_and_white_space_is_not() -> None:
    (finding,) = check('{"type": "string"}\n{"type": "integer"}', level="NONE").findings
    assert finding.rule == "JSON_TEXT_AFTER_SCHEMA"
    assert '`{"type": "integer"}`' in finding.message
    assert alone('{"type": "string"}\n \n') == []


@pytest.mark.parametrize(
    ("pattern", "portable"),
    [
        ("^[a-z]+$", True),
        (r"^\p{L}+$", True),
        (r"^(?<year>\d{4})-\k<year>$", True),
        (r"(?=.*\d)(?!x).+", True),
        (r"\Aabc\z", False),
        ("(?i)abc", False),
        ("a++", False),
        (r"\Qa.b\E", False),
        (r"\h+", False),
    ],
)
def test_a_pattern_that_only_some_languages_know_is_warned_of(*, pattern: str, portable: bool) -> None:
    assert is_portable(pattern) is portable
    said = [] if portable else [("PATTERN_NOT_PORTABLE", "/pattern")]
    assert alone({"type": "string", "pattern": pattern}) == said
    named = [] if portable else [("PATTERN_NOT_PORTABLE", f"/patternProperties/{pattern}")]
    assert alone({"type": "object", "patternProperties": {pattern: TEXT}}) == named


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        (properties(a={"type": "integer", "default": "none"}), "/properties/a/default"),
        (properties(a={"type": "object", "properties": {"b": WHOLE}, "default": {"b": "x"}}), "/properties/a/default"),
        ({**properties(a={"$ref": "#/definitions/a", "default": 1}), "definitions": {"a": TEXT}}, "/properties/a/default"),
    ],
)  # fmt: skip
def test_a_default_that_its_own_schema_does_not_allow_is_warned_of(schema: Json, place: str) -> None:
    assert alone(schema) == [("DEFAULT_NOT_VALID", place)]


def test_a_reference_in_a_circle_is_warned_of_and_what_only_leads_there_is_not() -> None:
    links = {"a": {"$ref": "#/definitions/b"}, "b": {"allOf": [{"$ref": "#/definitions/a"}]}}
    schema = {**properties(x={"$ref": "#/definitions/a"}), "definitions": links}
    assert alone(schema) == [
        ("REFERENCE_CIRCULAR", "/definitions/a"),
        ("REFERENCE_CIRCULAR", "/definitions/b"),
        ("REFERENCE_CIRCULAR", "/definitions/b/allOf/0"),
    ]


def test_a_strict_check_counts_warnings_and_no_remarks() -> None:
    assert not check({"maxLength": -1}, level="NONE", strict=True).compatible
    assert check({"type": "string", "maximum": 3}, level="NONE", strict=True).compatible


@pytest.mark.parametrize(
    ("old", "new", "rule", "path", "said"),
    [
        (
            properties(a=TEXT),
            {**properties(a=TEXT), "required": ["b"]},
            "DOCUMENT_MAY_BE_REFUSED",
            "/required",
            "`b` in the new schema: it is required, and an object may be without it",
        ),
        (
            properties(a={**TEXT, "default": ""}),
            {**properties(a={**TEXT, "default": ""}), "required": ["a"]},
            "DEFAULT_FILLS_NOTHING_IN",
            "/required",
            "requires `a` and gives a default",
        ),
        (
            properties(a=TEXT),
            {**properties(a=TEXT), "patternProperties": {"^x": WHOLE}},
            "PROPERTY_MEETS_OTHER_VALUES",
            "/patternProperties/^x",
            "describes a property that matches `^x`",
        ),
        (
            {**properties(), "patternProperties": {"^x": TEXT}, "additionalProperties": False},
            {**properties(), "patternProperties": {"^y": TEXT}, "additionalProperties": False},
            "PROPERTY_NO_LONGER_ALLOWED",
            "/additionalProperties",
            "version 1 allows another property of the document, and the new schema does not",
        ),
        (
            properties(k=TEXT),
            {**properties(k=TEXT), "propertyNames": {"maxLength": 3}},
            "KEYWORD_NOT_COMPARED",
            "/propertyNames",
            "`propertyNames` is not compared by the registry, and properties may have other names",
        ),
        (
            {"if": {"required": ["a"]}, "then": {}},
            {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
            "KEYWORD_NOT_COMPARED",
            "/then/required",
            "`then` is not compared by the registry",
        ),
        (
            draft(2020, properties(a=TEXT)),
            draft(2020, {**properties(a=TEXT), "dependencies": {"a": ["b"]}}),
            "KEYWORD_NOT_COMPARED",
            "/dependencies/a",
            "an object with `a` may be without `b`",
        ),
        (
            {"oneOf": [properties(x=TEXT)]},
            {"oneOf": [properties(x=TEXT), properties(y=WHOLE)]},
            "ONE_OF_AMBIGUOUS",
            "/oneOf/1",
            "a value may be valid under branch 1 and branch 2",
        ),
        (
            draft(6, properties(n=WHOLE)),
            draft(4, properties(n=WHOLE)),
            "DRAFT_READS_OTHERWISE",
            "/properties/n/type",
            "`n` means another thing in draft 4, that of the new schema, than in draft 6",
        ),
        (
            draft(4, {"type": "number", "minimum": 1}),
            draft(4, {"type": "number", "minimum": 1, "exclusiveMinimum": True}),
            "DOCUMENT_MAY_BE_REFUSED",
            "/minimum",
            "a number may be smaller",
        ),
    ],
)
def test_what_counts_as_compatible_and_can_refuse_a_document_is_warned_of(
    *, old: Json, new: Json, rule: str, path: str, said: str
) -> None:
    (finding,) = warnings(new, old)
    assert (finding.rule, finding.here.path, finding.version) == (f"JSON_{rule}", path, 1)
    assert said in finding.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (properties(a=TEXT), {**properties(a=TEXT), "title": "Order", "description": "of a shop"}),
        (properties(a=TEXT, b=TEXT), properties(a=TEXT)),
        (properties(a=WHOLE), properties(a={"type": "number"})),
        (properties(a=TEXT), properties(a={"type": ["string", "null"]})),
        (properties(a=TEXT), properties(a={"anyOf": [TEXT, {"type": "null"}]})),
        (properties(a=TEXT), properties(a={"oneOf": [{"type": "null"}, TEXT]})),
        ({**properties(a=TEXT), "required": ["a"]}, properties(a=TEXT)),
        ({**properties(a=TEXT), "additionalProperties": False}, {**properties(a=TEXT, b=TEXT), "additionalProperties": False}),
        ({**properties(a=TEXT), "additionalProperties": TEXT}, {**properties(a=TEXT, b=TEXT), "additionalProperties": TEXT}),
        (properties(a={"enum": ["x"]}), properties(a={"enum": ["x", "y"]})),
        (properties(a={**TEXT, "maxLength": 3}), properties(a={**TEXT, "maxLength": 4})),
        ({"type": "array", "items": WHOLE, "maxItems": 3}, {"type": "array", "items": WHOLE}),
        ({"dependentRequired": {"a": ["b"]}, **properties()}, {"dependentRequired": {"a": ["b", "c"]}, **properties()}),
        (properties(a=TEXT), {**properties(a={"$ref": "#/definitions/a"}), "definitions": {"a": TEXT}}),
        (draft(6, properties(a=TEXT)), draft(2020, properties(a=TEXT))),
        (
            {"oneOf": [properties(k={"const": one}) | {"required": ["k"]} for one in "ab"]},
            {"oneOf": [properties(k={"const": one}) | {"required": ["k"]} for one in "abc"]},
        ),
        (
            {**properties(), "if": {"required": ["a"]}, "then": {"required": ["b", "c"]}},
            {**properties(), "if": {"required": ["a"]}, "then": {"required": ["b"]}},
        ),
        (
            {**properties(next={"$ref": "#"}, v=WHOLE)},
            {**properties(next={"$ref": "#"}, v={"type": "number"})},
        ),
    ],
)  # fmt: skip
def test_what_people_do_every_day_and_can_do_is_not_warned_of(old: Json, new: Json) -> None:
    assert warnings(new, old) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (properties(a=TEXT), properties(a=TEXT, b=TEXT), "PROPERTY_MEETS_OTHER_VALUES"),
        (
            {**properties(a=TEXT, b=TEXT), "additionalProperties": False},
            {**properties(a=TEXT), "additionalProperties": False},
            "PROPERTY_NO_LONGER_ALLOWED",
        ),
    ],
)
def test_what_the_lenient_policy_lets_through_is_warned_of_and_the_strict_one_refuses(
    old: Json, new: Json, rule: str
) -> None:
    (finding,) = warnings(new, old, policy="LENIENT")
    assert finding.rule == f"JSON_{rule}"
    report = check(new, old)
    assert not report.compatible
    assert {one.severity for one in report.findings} == {Severity.ERROR}


def test_an_error_is_not_told_again_as_a_warning_and_other_places_are() -> None:
    old = properties(a=TEXT, b={"type": "array"})
    report = check(properties(a=WHOLE, b={"type": "array", "contains": TEXT}), old)
    assert [(one.severity, one.here.path) for one in report.findings] == [
        (Severity.ERROR, "/properties/a"),
        (Severity.WARNING, "/properties/b/contains"),
    ]


@pytest.mark.parametrize(
    ("level", "places"),
    [("BACKWARD", ["/contains"]), ("FORWARD", []), ("FULL", ["/contains"])],
)
def test_only_the_direction_in_which_documents_break_is_warned_of(level: str, places: list[str]) -> None:
    told = warnings({"type": "array", "contains": TEXT}, {"type": "array"}, level=level)
    assert [one.here.path for one in told] == places


def test_the_old_reader_is_warned_of_as_well() -> None:
    (finding,) = warnings({"type": "array"}, {"type": "array", "contains": TEXT}, level="FORWARD")
    assert (finding.candidate_reads, finding.there.path) == (False, "/contains")
    assert "in version 1: `contains` is not compared" in finding.message


def test_the_same_doubt_about_several_versions_is_told_of_the_newest_only() -> None:
    old = {"type": "array"}
    (finding,) = warnings({**old, "contains": TEXT}, old, {**old, "title": "t"}, level="BACKWARD_TRANSITIVE")
    assert finding.version == 2


@pytest.mark.parametrize("keyword", ["format", "contentEncoding", "contentMediaType"])
def test_formats_and_encodings_are_remarked_on_where_they_come_or_change(keyword: str) -> None:
    (finding,) = check({**TEXT, keyword: "base64"}, TEXT).findings
    assert (finding.rule, finding.severity) == ("JSON_FORMAT_NOT_COMPARED", Severity.INFO)
    assert (
        finding.message == f'the document has `{keyword}` "base64" in the new schema, and none in version 1'
    )
    assert check({**TEXT, keyword: "base64"}, {**TEXT, keyword: "base32"}).findings
    assert check(TEXT, {**TEXT, keyword: "base64"}).findings == ()


def between_orders(old_lines: Json, new_lines: Json) -> tuple[Finding, ...]:
    """What is said of an order whose referenced schema changes."""
    reference = (Reference("lines.json", Subject("lines"), Version(1)),)

    def order(lines: Json) -> Any:
        schema = Schema('{"properties": {"lines": {"$ref": "lines.json"}}}', SchemaType.JSON, reference)
        return parse(schema, referenced={"lines.json": Schema(json.dumps(lines), SchemaType.JSON)})

    earlier = [Earlier(Version(1), order(old_lines))]
    return check_compatibility(order(new_lines), earlier, level=CompatibilityLevel.BACKWARD).findings


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (properties(a=TEXT), properties(a=WHOLE), ["JSON_TYPE_CHANGED"]),
        (properties(a=TEXT), properties(a={**TEXT, "maxLength": 2}), ["JSON_UPPER_LIMIT_TIGHTENED"]),
        (TEXT, WHOLE, ["JSON_TYPE_CHANGED"]),
        (
            properties(a=TEXT, b={"type": "array"}),
            properties(a=WHOLE, b={"type": "array", "contains": TEXT}),
            ["JSON_TYPE_CHANGED", "JSON_KEYWORD_NOT_COMPARED"],
        ),
    ],
)
def test_an_error_in_a_referenced_schema_is_not_told_again_as_a_warning(
    old: Json, new: Json, told: list[str]
) -> None:
    assert [finding.rule for finding in between_orders(old, new)] == told


def test_what_changes_in_a_referenced_schema_is_warned_of_by_its_name() -> None:
    (finding,) = between_orders({"type": "array"}, {"type": "array", "contains": TEXT})
    assert finding.message.startswith("the document of the referenced schema `lines.json` in the new schema")


def test_two_schemas_too_large_to_compare_in_full_are_warned_of_once() -> None:
    names = [("a", "b"), *((f"a{at}", f"b{at}") for at in range(30))]
    ways = [{"anyOf": [{"required": [one]}, {"required": [other]}]} for one, other in names]

    def order(then: Json) -> Json:
        return {"type": "object", "allOf": ways, "if": {}, "then": then}

    (finding,) = warnings(order({"minProperties": 31}), order({}))
    assert finding.message == "the document in the new schema: the schemas are too large to tell"
