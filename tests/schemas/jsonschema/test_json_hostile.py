"""Small schemas that mean a lot of work: each is settled, or given up, in few steps."""

import json
import time
from typing import Any, TypeAlias

import pytest

from accord.findings import Finding
from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    InvalidSchema,
    ParsedSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.jsonschema.containment import proof
from accord.schemas.jsonschema.reading.patterns import is_match, matches

Json: TypeAlias = Any


def parsed(schema: Json) -> ParsedSchema:
    return parse(Schema(json.dumps(schema), SchemaType.JSON))


def findings(
    old: Json, new: Json, level: CompatibilityLevel = CompatibilityLevel.BACKWARD
) -> tuple[Finding, ...]:
    earlier = [Earlier(Version(1), parsed(old))]
    return check_compatibility(parsed(new), earlier, level=level).findings


def doubled(step: str, count: int, end: Json) -> Json:
    """Each of ``count`` definitions leads to the next one in two ways, so that there are 2^count ways to the end."""
    definitions: Json = {
        f"d{at}": {"oneOf": [_to(step, at + 1), _to(step, at + 1, ("not", "not"))]} for at in range(count)
    }
    return {
        "definitions": {**definitions, f"d{count}": end},
        "allOf": [{"$ref": "#/definitions/d0"}],
    }


def _to(step: str, number: int, around: tuple[str, ...] = ()) -> Json:
    found: Json = {"$ref": f"#/definitions/d{number}"}
    for keyword in around:
        found = {keyword: found}
    return {step: found} if step else found


def within(levels: int, value: Json) -> Json:
    for _ in range(levels):
        value = [value]
    return value


def deep_ifs(levels: int, limit: int) -> Json:
    schema: Json = {"minimum": limit}
    for at in range(levels):
        schema = {"if": {"maximum": at + limit}, "then": schema, "else": {"minimum": at}}
    return schema


WAYS: Json = [{"anyOf": [{"required": [f"a{at}"]}, {"required": [f"b{at}"]}]} for at in range(20)]
LENGTHS: Json = [{"type": "string", "maxLength": at + 1} for at in range(40)]
NAMES: Json = {f"{'a' * 30}{at}!": {"type": "string"} for at in range(20)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"oneOf": LENGTHS}, {"oneOf": [*reversed(LENGTHS)], "minLength": 1}),
        ({"allOf": WAYS}, {"allOf": WAYS, "if": {}, "then": {"minProperties": 21}}),
        (deep_ifs(40, 1), deep_ifs(40, 2)),
        ({"enum": [within(20, 1)]}, doubled("items", 20, {"type": "string"})),
        ({"type": "array"}, {**doubled("", 20, {"minItems": 5}), "default": [1]}),
        ({"enum": [[at] for at in range(50)]}, {"anyOf": [{"items": {"const": at}} for at in range(50)]}),
        ({"properties": NAMES}, {"patternProperties": {r"(a*)*(a*)*b\1": {"type": "string"}}}),
        ({"properties": NAMES}, {"patternProperties": {r"\p{L}{1,200}b": {"type": "string"}}}),
        ({"enum": list(range(100))}, {"anyOf": [{"const": at} for at in range(1, 100)]}),
        ({"dependencies": {f"a{at}": {"required": [f"a{at + 1}"]} for at in range(60)}}, {"minProperties": 9}),
    ],
    ids=[
        "branches", "ways", "conditions", "nested values", "a default", "values", "backtracking", "large patterns",
        "constants", "dependencies",
    ],
)  # fmt: skip
def test_what_would_take_for_ever_is_given_up_after_some_steps(
    old: Json, new: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "_MOST_STEPS", 1_000)
    begun = time.process_time()
    findings(old, new)
    findings(new, old)
    assert time.process_time() - begun < 2


def test_quotes_in_deep_values_stay_short() -> None:
    deep: Json = "a \"word\" \\ of 'quotes'"
    for _ in range(90):
        deep = [{"a": deep}]
    begun = time.process_time()
    assert findings({"enum": [deep]}, {"enum": [deep, 1]}) == ()
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"maxLength": 1e400}', "at most 2147483647"),
        (f'{{"minimum": 1{"0" * 5000}}}', "it has 5001 digits"),
        ('{"minimum": 1e99999999999}', "out of range"),
        ('{"minimum": NaN}', "NaN is not a JSON number"),
        ('{"maximum": -Infinity}', "-Infinity is not a JSON number"),
        ('{"items":' * 10_000 + "{}" + "}" * 10_000, "more than 200 levels deep"),
        ("[" * 100_000, "more than 200 levels deep"),
        (r'{"properties": {"\udfff": {}}}', "half of a surrogate pair"),
        ('{"title": "\x00"}', "Invalid control character"),
        (r'{"$ref": "#/definitions/a~2b"}', "leads nowhere"),
        ('{"$ref": "#/allOf/\u00b2", "allOf": [{}, {}, {}, {}]}', "leads nowhere"),
        (f'{{"$ref": "#/allOf/{"1" * 5000}", "allOf": [{{}}]}}', "leads nowhere"),
        ('{"pattern": "[', "not JSON"),
        ('{"pattern": "' + "(" * 50_000 + '"}', "is never closed"),
        ('{"a": /*' * 10_000, "not JSON"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_word(text: str, complaint: str) -> None:
    begun = time.process_time()
    with pytest.raises(InvalidSchema, match=complaint) as refused:
        parse(Schema(text, SchemaType.JSON))
    assert refused.value.hint
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "number", "multipleOf": 1e-300, "minimum": -0.0, "maximum": 1e300, "enum": [1e999999999, -0.0]}',
        r'{"properties": {"a\u0000b": {"type": "string", "pattern": "\u0000+"}, "": {}}, "required": ["\u0000"]}',
        '{"type": "string", "type": "integer", "properties": {"a": {}, "a": false}}',
        '{"$ref": "#"}',
        '{"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}, "$ref": "#/definitions/a"}',
    ],
)
def test_what_is_odd_and_legal_is_compared(text: str) -> None:
    odd = parse(Schema(text, SchemaType.JSON))
    for other in (odd, parsed({}), parsed({"type": ["number", "object"], "multipleOf": 3})):
        earlier = [Earlier(Version(1), other)]
        report = check_compatibility(odd, earlier, level=CompatibilityLevel.FULL)
        assert all(finding.message for finding in report.findings)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^(a+)+$", "a" * 500 + "!", False),
        ("(a|a)*b", "a" * 500, False),
        (r"(a*)*b\1", "a" * 200, None),
        ("^(?!x)a", "xa", False),
        ("^(?!x)a", "ab", True),
        ("a{100000}", "a", None),
        ("[", "a", None),
    ],
)
def test_a_match_is_told_only_where_it_is_certain(pattern: str, text: str, *, expected: bool | None) -> None:
    assert is_match(pattern, text) is expected
    assert matches(pattern, text) is (expected is True)


def test_every_fix_is_a_schema_where_drafts_mean_different_things_by_a_keyword() -> None:
    old = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "array",
        "prefixItems": [{}, {"type": "integer"}],
        "items": False,
    }
    new = {"type": "array", "prefixItems": False, "items": {"type": "integer"}}
    for level in (CompatibilityLevel.BACKWARD, CompatibilityLevel.FORWARD):
        found = findings(old, new, level)
        assert found
        assert all(parse(Schema(fix.schema, SchemaType.JSON)) for told in found for fix in told.fixes)
