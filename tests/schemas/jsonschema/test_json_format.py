"""JSON Schemas through the public door."""

import json
from typing import Any

import pytest

from accord.schemas import (
    CompatibilityLevel,
    CompatibilityReport,
    DeployOrder,
    Earlier,
    ParsedSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.formats import format_of
from accord.schemas.jsonschema.format import JsonSchemaFormat
from accord.schemas.model import CompatibilityPolicy

JSON = format_of(SchemaType.JSON)
CLOSED = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
WIDER = {**CLOSED, "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}


def parsed(schema: Any, referenced: dict[str, Any] | None = None) -> ParsedSchema:
    needed = {name: Schema(json.dumps(value), SchemaType.JSON) for name, value in (referenced or {}).items()}
    return parse(Schema(json.dumps(schema), SchemaType.JSON), referenced=needed)


def checked(
    new: Any, old: Any, level: CompatibilityLevel, policy: CompatibilityPolicy = CompatibilityPolicy.STRICT
) -> CompatibilityReport:
    return check_compatibility(parsed(new), [Earlier(Version(1), parsed(old))], level=level, policy=policy)


def test_json_is_one_of_the_formats() -> None:
    assert isinstance(JSON, JsonSchemaFormat)
    assert parsed(CLOSED).type is SchemaType.JSON


def test_a_check_says_what_where_and_who_goes_first() -> None:
    report = checked(WIDER, CLOSED, CompatibilityLevel.FORWARD)
    (error,) = [finding for finding in report.findings if finding.error_type]
    assert error.error_type == "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL"
    assert (error.path, error.here.path, error.there.path) == ("#/properties/b", "/properties/b", "")
    assert not report.compatible
    assert report.deployment.order is DeployOrder.CONSUMERS_FIRST
    assert checked(WIDER, CLOSED, CompatibilityLevel.BACKWARD).compatible


def test_the_policy_reaches_the_comparison() -> None:
    level = CompatibilityLevel.FULL
    assert not checked(WIDER, CLOSED, level).compatible
    assert checked(WIDER, CLOSED, level, CompatibilityPolicy.LENIENT).compatible


def test_schemas_are_the_same_if_they_and_their_references_are() -> None:
    use = {"$ref": "x.json"}
    one, other = (parsed(use, {"x.json": {"type": kind}}) for kind in ("string", "integer"))
    assert JSON.is_same(one, parsed(use, {"x.json": {"type": "string"}}))
    assert not JSON.is_same(one, other)
    assert not JSON.is_same(parsed(CLOSED), parsed(WIDER))


def test_another_text_keeps_the_references() -> None:
    given = parsed({"$ref": "x.json"}, {"x.json": {"type": "string"}})
    revised = JSON.revise(given, '{"properties": {"a": {"$ref": "x.json"}}}')
    assert revised.canonical == '{"properties":{"a":{"$ref":"x.json"}}}'


def test_a_property_of_the_whole_is_found_by_name() -> None:
    schema = parsed({"properties": {"a/b": {"type": "string"}, "c": {"properties": {"d": {}}}}})
    assert JSON.top_level_field(schema, "a/b") == ("/properties/a~1b", '{"type": "string"}')
    assert JSON.top_level_field(schema, "d") is None
    assert JSON.top_level_field(parse(Schema("true", SchemaType.JSON)), "a") is None


def test_schemas_of_another_format_are_a_mistake() -> None:
    avro = parse(Schema('"int"'))
    with pytest.raises(TypeError, match="not a JSON Schema"):
        JSON.differences(avro, avro, policy=CompatibilityPolicy.STRICT)
