"""What a reference leads to: within the text, to an id or an anchor, or to a schema that was registered."""

import json
from typing import Any

import pytest

from accord.schemas import InvalidSchema, Schema, SchemaType, parse
from accord.schemas.jsonschema.model import NumberNode, ObjectNode, ReferenceNode, StringNode
from accord.schemas.jsonschema.reading.uris import resolved
from accord.schemas.jsonschema.schema import JsonSchema

LATER = "https://json-schema.org/draft/2020-12/schema"
STRING = {"type": "string"}


def parsed(schema: Any, referenced: dict[str, Any] | None = None) -> JsonSchema:
    needed = {name: Schema(json.dumps(value), SchemaType.JSON) for name, value in (referenced or {}).items()}
    made = parse(Schema(json.dumps(schema), SchemaType.JSON), referenced=needed)
    assert isinstance(made, JsonSchema)
    return made


def target_of(schema: Any, referenced: dict[str, Any] | None = None) -> Any:
    """What the reference of the property ``a`` leads to."""
    root = parsed(schema, referenced).root
    assert isinstance(root, ObjectNode)
    reference = root.properties["a"]
    assert isinstance(reference, ReferenceNode)
    return reference.target


def of_a(reference: str, **others: Any) -> Any:
    return {"type": "object", "properties": {"a": {"$ref": reference}}, **others}


@pytest.mark.parametrize(
    "schema",
    [
        of_a("#/definitions/x", definitions={"x": STRING}),
        of_a("#/$defs/x", **{"$schema": LATER, "$defs": {"x": STRING}}),
        of_a("#/definitions/x~1y~0z%20", definitions={"x/y~z ": STRING}),
        of_a("#/x/1", x=[{}, STRING]),
        of_a("#x", definitions={"k": {"$id": "#x", **STRING}}),
        of_a("#x", **{"$schema": LATER, "$defs": {"k": {"$anchor": "x", **STRING}}}),
        of_a("x.json", definitions={"k": {"$id": "x.json", **STRING}}),
        of_a("x.json", **{"$id": "http://a.example/o.json", "definitions": {"k": {"$id": "x.json", **STRING}}}),
        of_a("o.json#/definitions/x", **{"$id": "http://a.example/o.json", "definitions": {"x": STRING}}),
        of_a("urn:x:y", **{"$schema": LATER, "$defs": {"k": {"$id": "urn:x:y", **STRING}}}),
        of_a("urn:x:y#z", **{"$schema": LATER, "$id": "urn:x:y", "$defs": {"k": {"$anchor": "z", **STRING}}}),
        of_a("k.json#/$defs/x", **{"$schema": LATER, "$defs": {"k": {"$id": "k.json", "$defs": {"x": STRING}}}}),
        {"$schema": "http://json-schema.org/draft-04/schema#", **of_a("#x", definitions={"k": {"id": "#x", **STRING}})},
    ],
)  # fmt: skip
def test_a_reference_within_the_text_leads_to_its_target(schema: Any) -> None:
    target = target_of(schema)
    assert isinstance(target, StringNode)
    assert target.place


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        (of_a("x.json"), "x.json"),
        (of_a("x.json", **{"$id": "http://a.example/b/o.json"}), "x.json"),
        (of_a("http://a.example/b/x.json", **{"$id": "http://a.example/b/o.json"}), "x.json"),
        (of_a("http://a.example/x.json#"), "http://a.example/x.json"),
        (of_a("x.json", **{"$schema": LATER}), "x.json"),
        (of_a("./x.json", **{"$schema": LATER}), "x.json"),
        (of_a("x.json"), "./x.json"),
    ],
)
def test_a_registered_reference_is_found_by_its_name(schema: Any, name: str) -> None:
    target = target_of(schema, {name: STRING})
    assert isinstance(target, StringNode)
    assert (target.place, target.document) == (None, name)


def test_a_registered_schema_refers_to_others_from_where_it_is() -> None:
    inner = {"definitions": {"s": {"$ref": "geo/s.json#/properties/s"}}}
    referenced = {"geo/s.json": {"properties": {"s": STRING}}, "x.json": inner}
    target = target_of(of_a("x.json#/definitions/s"), referenced)
    assert isinstance(target, ReferenceNode)
    assert isinstance(target.target, StringNode)
    assert target.target.document == "geo/s.json"


def test_a_registered_schema_is_read_in_the_draft_of_its_referrer_or_in_its_own() -> None:
    bound = {"type": "number", "maximum": 1, "exclusiveMaximum": True}
    old = "http://json-schema.org/draft-04/schema#"
    assert isinstance(target_of(of_a("x.json"), {"x.json": {"$schema": old, **bound}}), NumberNode)
    assert isinstance(target_of({"$schema": old, **of_a("x.json")}, {"x.json": bound}), NumberNode)
    with pytest.raises(
        InvalidSchema, match=r"the referenced schema 'x.json' is not valid: .*must be a number"
    ):
        target_of(of_a("x.json"), {"x.json": bound})


def test_a_schema_may_lead_back_to_itself() -> None:
    root = parsed({"properties": {"next": {"$ref": "#"}}}).root
    assert isinstance(root, ObjectNode)
    assert isinstance(root.properties["next"], ReferenceNode)
    assert root.properties["next"].target is root
    alone = parsed({"$ref": "#"}).root
    assert isinstance(alone, ReferenceNode)
    assert alone.target is alone


@pytest.mark.parametrize(
    ("schema", "complaint", "hint"),
    [
        (of_a("#/definitions/x"), 'the reference "#/definitions/x" leads nowhere', "correct it"),
        (of_a("#/definitions/x", definitions={"x": 5}), "refers to 5, which is no schema", "object"),
        (of_a("#/allOf/1", allOf=[{}]), "leads nowhere", "define"),
        (of_a("#x"), "leads nowhere", "define"),
        (of_a(""), "leads nowhere", "define"),
        (of_a("y.json"), r'no schema of the name "y.json" was given \(references: x.json\)', "register that schema"),
        (of_a("http://a.example/x.json"), "nothing is fetched", '"http://a.example/x.json"'),
        (of_a("x.json#/nope"), "leads nowhere", "define"),
        (of_a("x.json#/definitions/y", **{"$schema": LATER}), "leads nowhere", "define"),
        (
            of_a("#/a", **{"$schema": LATER, "$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}),
            'two schemas have the URI "#x"',
            "once",
        ),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_refused(schema: Any, complaint: str, hint: str) -> None:
    with pytest.raises(InvalidSchema, match=complaint) as refused:
        parsed(schema, {"x.json": STRING})
    assert hint in refused.value.hint


def test_a_dynamic_reference_leads_where_its_anchor_is_unless_that_is_around_it() -> None:
    schema = {"$schema": LATER, "type": "object", "properties": {"a": {"$dynamicRef": "#x"}}}
    found = target_of({**schema, "$defs": {"k": {"$dynamicAnchor": "x", **STRING}}})
    assert isinstance(found, StringNode)
    with pytest.raises(InvalidSchema, match="leads back into itself"):
        parsed({**schema, "$dynamicAnchor": "x"})


@pytest.mark.parametrize(
    ("base", "reference", "uri"),
    [
        ("", "a.json", "a.json"),
        ("", "./a.json", "a.json"),
        ("", "#", ""),
        ("", "#/a", "#/a"),
        ("a/b.json", "c.json", "a/c.json"),
        ("http://x.example/a/b?q#f", "#g", "http://x.example/a/b?q#g"),
        ("http://x.example/a/b", "../c#", "http://x.example/c"),
        ("app://x/a/b", "c", "app://x/a/c"),
        ("urn:a:b", "#c", "urn:a:b#c"),
        ("http://x.example/a", "urn:a:b", "urn:a:b"),
        ("http://x.example/a", "http://[", "http://["),
    ],
)
def test_a_reference_is_resolved_against_what_it_stands_in(base: str, reference: str, uri: str) -> None:
    assert resolved(base, reference) == uri
