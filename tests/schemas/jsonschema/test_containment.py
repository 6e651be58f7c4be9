"""What can be proven of two schemas, what cannot, and where it is said to fail."""

import json
from random import Random
from time import perf_counter
from typing import Any, TypeAlias

import jsonschema_rs
import pytest
from tests.schemas.jsonschema.making import DRAFTS, DocumentMaker, SchemaMaker, evolved

from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.ground import ground_of
from accord.schemas.jsonschema.containment.known import Known
from accord.schemas.jsonschema.containment.ledger import Key, Ledger
from accord.schemas.jsonschema.containment.library import Library
from accord.schemas.jsonschema.containment.proof import Proof

Json: TypeAlias = Any

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
NULL: Json = {"type": "null"}
LATER = {"$schema": DRAFTS[2020]}


def gaps(writer: Json, reader: Json, referenced: dict[str, Json] | None = None) -> tuple[Gap, ...]:
    """What stands in the way of ``reader`` taking whatever ``writer`` takes."""
    wrote, reads = Library(writer, referenced or {}), Library(reader, referenced or {})
    return Proof(reads.root, ground_of(wrote.root), ground_of(reads.root)).gaps(wrote.root, reads.root)


def told(writer: Json, reader: Json) -> list[tuple[GapKind, str, str]]:
    return [(one.kind, one.reader.place, one.keyword) for one in gaps(writer, reader)]


def record(required: tuple[str, ...] = (), rest: Json = None, **properties: Json) -> Json:
    schema: Json = {"type": "object", "properties": properties}
    if required:
        schema["required"] = [*required]
    return schema if rest is None else {**schema, "additionalProperties": rest}


def tagged(tag: str, **properties: Json) -> Json:
    return record(("kind",), kind={"const": tag}, **properties)


PROVEN = [
    # values and types
    (TEXT, {}),
    (False, TEXT),
    ({"not": {}}, TEXT),
    (WHOLE, NUMBER),
    (WHOLE, {"type": ["string", "number"]}),
    ({"const": "a"}, {"enum": ["a", "b"]}),
    ({"enum": ["a", "b"]}, {"type": "string", "maxLength": 1}),
    ({"enum": [1, 2.0]}, {"type": "integer", "maximum": 2}),
    ({"enum": [{"a": [1]}]}, record(a={"type": "array", "contains": {"minimum": 1}})),
    ({"type": "boolean"}, {"enum": [False, True]}),
    ({"type": ["null", "boolean"], "not": NULL}, {"type": "boolean"}),
    # limits, sizes, patterns
    ({"minimum": 2, **WHOLE}, {"exclusiveMinimum": 1}),
    ({"exclusiveMinimum": 1, **WHOLE}, {"minimum": 2}),
    ({"exclusiveMaximum": 2.5, **WHOLE}, {"maximum": 2}),
    ({"multipleOf": 6}, {"multipleOf": 3}),
    (WHOLE, {"multipleOf": 0.5}),
    ({"multipleOf": 0.3}, {"multipleOf": 0.1}),
    ({"minLength": 3, "maxLength": 4, **TEXT}, {"minLength": 2, "maxLength": 4}),
    ({"pattern": "^a", **TEXT}, {"pattern": "^a"}),
    (TEXT, {"pattern": ".*"}),
    # objects
    (record(a=TEXT, b=TEXT), record(a=TEXT)),
    (record(a=WHOLE), record(a=NUMBER)),
    (record(rest=False), record(a=TEXT)),
    (record(rest=TEXT), record(a=TEXT)),
    (record(rest=TEXT), record(rest={"type": ["string", "null"]})),
    (record(("a",), a=TEXT), record(a=TEXT)),
    ({"required": ["a", "b"], "type": "object"}, {"minProperties": 2}),
    (record(rest=False, a=TEXT), {"propertyNames": {"enum": ["a", "b"]}}),
    ({"propertyNames": {"maxLength": 2}}, {"propertyNames": {"maxLength": 3}}),
    ({"patternProperties": {"^x": WHOLE}}, {"patternProperties": {"^x": NUMBER}}),
    (record(rest=False, xy=TEXT), {"patternProperties": {"^x": TEXT}, "additionalProperties": False}),
    ({"dependencies": {"a": ["b", "c"]}}, {"dependencies": {"a": ["b"]}}),
    (record(("b",)), {"dependencies": {"a": ["b"]}}),
    (record(rest=False), {"dependencies": {"a": ["b"]}}),
    (record(rest=False, a=TEXT, b=False), {"maxProperties": 1}),
    ({**LATER, "dependentSchemas": {"a": record(("b",))}}, {**LATER, "dependentRequired": {"a": ["b"]}}),
    ({"dependencies": {"a": ["b"]}}, {**LATER, "dependentRequired": {"a": ["b"]}}),
    # arrays
    ({"type": "array", "items": WHOLE}, {"items": NUMBER}),
    ({"type": "array", "items": [WHOLE, TEXT]}, {"items": [NUMBER]}),
    ({"type": "array", "items": [TEXT], "additionalItems": False}, {"maxItems": 1, "items": TEXT}),
    ({"type": "array", "maxItems": 1}, {"uniqueItems": True}),
    ({"type": "array", "items": [TEXT]}, {**LATER, "prefixItems": [TEXT]}),
    ({"type": "array", "items": TEXT, "minItems": 2}, {**LATER, "contains": TEXT, "minContains": 2}),
    ({"contains": {"const": 1}}, {"contains": WHOLE}),
    ({**LATER, "contains": TEXT, "maxContains": 2}, {**LATER, "contains": TEXT, "maxContains": 3}),
    # combinations
    ({"anyOf": [TEXT, WHOLE]}, {"type": ["integer", "string"]}),
    ({"type": ["string", "null"]}, {"anyOf": [NULL, TEXT]}),
    ({"type": ["string", "null"]}, {"oneOf": [NULL, TEXT]}),
    ({"oneOf": [TEXT, NULL]}, {"oneOf": [TEXT, WHOLE, NULL]}),
    ({"oneOf": [tagged("a", x=TEXT), tagged("b")]}, {"oneOf": [tagged("b"), tagged("a", x=TEXT), tagged("c")]}),
    ({"oneOf": [record(x=TEXT), record(y=TEXT)]}, {"oneOf": [record(y=TEXT), record(x=TEXT)]}),
    ({"allOf": [record(("a",)), record(a=TEXT)]}, record(("a",), a=TEXT)),
    (TEXT, {"not": WHOLE}),
    ({"not": {"type": ["string", "null"]}}, {"not": NULL}),
    ({"minimum": 5}, {"not": {"type": "number", "maximum": 4}}),
    ({"if": record(a={"const": 1}), "then": record(("b",))}, {"if": record(a={"const": 1}), "then": record(("b",))}),
    (
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "type": "object"},
        {"anyOf": [{"not": {"required": ["a"]}}, {"required": ["b"]}]},
    ),
    ({**LATER, "allOf": [record(a=TEXT)], "unevaluatedProperties": False}, {**LATER, **record(rest=False, a=TEXT)}),
    ({**LATER, **record(rest=False, a=TEXT)}, {**LATER, "allOf": [record(a=TEXT)], "unevaluatedProperties": False}),
    ({**LATER, "prefixItems": [TEXT], "unevaluatedItems": False}, {**LATER, "maxItems": 1}),
    # references
    ({"$ref": "#/definitions/a", "definitions": {"a": WHOLE}}, NUMBER),
    ({**LATER, "$ref": "#/$defs/a", "maxLength": 2, "$defs": {"a": TEXT}}, {"type": "string", "maxLength": 2}),
    (WHOLE, {"$ref": "#/definitions/a", "type": "string", "definitions": {"a": NUMBER}}),
    ({**LATER, "$ref": "#n", "$defs": {"a": {"$anchor": "n", **WHOLE}}}, {**LATER, **NUMBER}),
    # drafts
    (
        {"$schema": DRAFTS[4], "minimum": 1, "exclusiveMinimum": True},
        {"$schema": DRAFTS[7], "exclusiveMinimum": 1},
    ),
    ({"$schema": DRAFTS[4], **WHOLE}, {"$schema": DRAFTS[7], **WHOLE}),
]  # fmt: skip


@pytest.mark.parametrize(("writer", "reader"), PROVEN, ids=lambda schema: json.dumps(schema)[:60])
def test_the_reader_is_proven_to_take_whatever_the_writer_takes(writer: Json, reader: Json) -> None:
    assert gaps(writer, reader) == ()


N, M, P, F, A = GapKind.NARROWER, GapKind.MISSING, GapKind.OPEN, GapKind.FORBIDDEN, GapKind.AMBIGUOUS


@pytest.mark.parametrize(
    ("writer", "reader", "kind", "place", "keyword", "counterexample"),
    [
        (NUMBER, WHOLE, N, "", "type", 0.5),
        ({"minLength": 2}, TEXT, N, "", "type", 5),
        ({"enum": ["a", "b"]}, {"const": "a"}, N, "", "const", "b"),
        (TEXT, {"enum": ["a"]}, N, "", "enum", "b"),
        ({"minimum": 1}, {"exclusiveMinimum": 1}, N, "", "exclusiveMinimum", 1),
        ({"maximum": 2}, {"maximum": 1.5}, N, "", "maximum", 2),
        ({"multipleOf": 3}, {"multipleOf": 6}, N, "", "multipleOf", 3),
        (TEXT, {"minLength": 1}, N, "", "minLength", ""),
        ({"pattern": "^a"}, {"pattern": "^ab"}, N, "", "pattern", "a"),
        (record(), record(("a",)), M, "", "required", {}),
        (record(), record(a=TEXT), P, "", "properties", {"a": 1}),
        (record(rest=True), record(a=TEXT), P, "", "properties", {"a": 1}),
        (record(rest=WHOLE), record(a=TEXT), N, "/properties/a", "type", {"a": 1}),
        (record(), {"patternProperties": {"^x": TEXT}}, P, "", "patternProperties", {"x": 1}),
        (record(a=TEXT), record(rest=False), F, "", "additionalProperties", {"a": ""}),
        ({"patternProperties": {"^x": TEXT}}, record(rest=False), F, "", "additionalProperties", {"x": ""}),
        (record(), {"propertyNames": {"maxLength": 1}}, N, "", "propertyNames", {"ab": 1}),
        (record(), {"dependencies": {"a": ["b"]}}, N, "", "dependencies", {"a": 1}),
        (record(), {"dependencies": {"a": record(("b",))}}, M, "/dependencies/a", "required", {"a": 1}),
        ({}, {"maxProperties": 1}, N, "", "maxProperties", {"a": 1, "b": 2}),
        ({"items": NUMBER}, {"items": WHOLE}, N, "/items", "type", [0.5]),
        ({"items": [TEXT]}, {"items": [TEXT, TEXT]}, N, "/items/1", "type", ["", 1]),
        ({"items": [TEXT]}, {"items": TEXT}, N, "/items", "type", ["", 1]),
        ({}, {"uniqueItems": True}, N, "", "uniqueItems", [1, 1]),
        ({"type": "array"}, {"contains": TEXT}, N, "", "contains", []),
        ({**LATER}, {**LATER, "contains": TEXT, "minContains": 0, "maxContains": 1}, N, "", "maxContains", ["", ""]),
        ({"type": ["string", "integer"]}, {"anyOf": [TEXT, NULL]}, N, "", "anyOf", 1),
        ({"oneOf": [TEXT, WHOLE]}, {"oneOf": [TEXT, WHOLE, NUMBER]}, A, "", "oneOf", 1),
        ({"oneOf": [record(x=TEXT)]}, {"oneOf": [record(x=TEXT), record(y=TEXT)]}, A, "", "oneOf", {}),
        ({"anyOf": [TEXT, record(a=WHOLE)]}, {"anyOf": [TEXT, record(a=TEXT)]}, N, "/anyOf/1/properties/a", "type", {"a": 1}),
        ({}, {"not": TEXT}, N, "", "not", ""),
        ({"not": {"const": 1}}, {"not": WHOLE}, N, "", "not", 2),
        (record(), {"if": {"required": ["a"]}, "then": {"required": ["b"]}}, M, "/then", "required", {"a": 1}),
        (record(), {"if": {"required": ["a"]}, "else": {"required": ["b"]}}, M, "/else", "required", {}),
        (
            {**LATER, "allOf": [record(a=TEXT)]},
            {**LATER, "allOf": [record(a=TEXT)], "unevaluatedProperties": False},
            F, "", "unevaluatedProperties", {"b": 1},
        ),
        (
            {**LATER, "anyOf": [record(a=TEXT)], "unevaluatedProperties": TEXT},
            {**LATER, "unevaluatedProperties": WHOLE},
            N, "/unevaluatedProperties", "type", {"b": ""},
        ),
        ({**LATER, "prefixItems": [TEXT]}, {**LATER, "prefixItems": [TEXT], "unevaluatedItems": False}, N, "/unevaluatedItems", "", ["", 1]),
        (
            {**LATER, "anyOf": [record(a=WHOLE)], "unevaluatedProperties": TEXT},
            {**LATER, **record(a=TEXT)},
            N, "/properties/a", "type", {"a": 1},
        ),
        (
            {**LATER, "anyOf": [{"patternProperties": {"^x": WHOLE}}], "unevaluatedProperties": TEXT},
            {**LATER, "patternProperties": {"^x": TEXT}},
            N, "/patternProperties/^x", "type", {"x": 1},
        ),
        (
            {**LATER, "anyOf": [{"prefixItems": [WHOLE]}], "unevaluatedItems": TEXT},
            {**LATER, "prefixItems": [TEXT]},
            N, "/prefixItems/0", "type", [1],
        ),
        (
            {"patternProperties": {"^x": TEXT, "1$": WHOLE}, "additionalProperties": TEXT},
            {"additionalProperties": TEXT},
            N, "/additionalProperties", "type", {"a1": 1},
        ),
        ({"$schema": DRAFTS[7], **WHOLE}, {"$schema": DRAFTS[4], **WHOLE}, N, "", "type", 1.0),
        ({"enum": [1]}, {"$schema": DRAFTS[4], **WHOLE}, N, "", "type", 1.0),
        ({"$ref": "#/definitions/a", "maxLength": 1, "definitions": {"a": TEXT}}, {"maxLength": 1}, N, "", "maxLength", "ab"),
        (LATER, {**LATER, "dependencies": {"a": ["b"]}}, N, "", "dependencies", {"a": 1}),
    ],
    ids=lambda one: json.dumps(one)[:40] if isinstance(one, dict) else "",
)  # fmt: skip
def test_where_the_proof_fails_a_document_shows_that_it_must(
    *, writer: Json, reader: Json, kind: GapKind, place: str, keyword: str, counterexample: Json
) -> None:
    assert (kind, place, keyword) in told(writer, reader)
    assert valid(writer, counterexample)
    assert not valid(reader, counterexample)


def valid(schema: Json, document: Json) -> bool:
    declared = {"$schema": DRAFTS[7], **schema}
    return bool(jsonschema_rs.validator_for(declared, validate_formats=False).is_valid(document))


def node(value: Json, **more: Json) -> Json:
    inner = record(("v",), v=value, next={"$ref": "#/definitions/node"}, **more)
    return {"$ref": "#/definitions/node", "definitions": {"node": inner}}


def test_a_proof_about_a_recursive_schema_leans_on_itself_and_only_where_it_may() -> None:
    assert gaps(node(WHOLE), node(NUMBER)) == ()
    assert told(node(NUMBER), node(WHOLE)) == [(GapKind.NARROWER, "/definitions/node/properties/v", "type")]
    assert told(node(WHOLE), node(WHOLE, w=TEXT)) == [(GapKind.OPEN, "/definitions/node", "properties")]


def question(name: str) -> Key:
    return Known(frozenset(), present=frozenset({name})), None


def test_what_leans_on_an_open_question_stands_and_falls_with_it() -> None:
    outer, inner = question("outer"), question("inner")
    no = gaps(NUMBER, WHOLE)
    for answer, known in (((), ()), (no, None)):
        ledger = Ledger()
        ledger.open(outer, 0)
        ledger.open(inner, 1)
        assert ledger.answer(outer, 0) is None
        assert ledger.answer(outer, 1) == ()
        ledger.close(())
        assert ledger.answer(inner, 0) is None
        assert ledger.answer(inner, 1) == ()
        ledger.close(answer)
        assert ledger.answer(outer, 0) == answer
        assert ledger.answer(inner, 0) == known


def test_what_leans_on_a_question_that_leans_on_another_falls_with_that() -> None:
    first, second, third = map(question, ("first", "second", "third"))
    ledger = Ledger()
    for level, one in enumerate((first, second, third)):
        ledger.open(one, level)
    assert ledger.answer(second, 2) == ()
    ledger.close(())
    assert ledger.answer(first, 1) == ()
    ledger.close(())
    assert ledger.answer(third, 1) == ()
    assert ledger.answer(third, 0) is None
    ledger.close(gaps(NUMBER, WHOLE))
    assert ledger.answer(third, 2) is None
    assert ledger.answer(second, 2) is None


def test_schemas_that_refer_to_each_other_in_many_ways_are_settled() -> None:
    def web(value: Json) -> Json:
        names = [f"d{index}" for index in range(12)]
        links: Json = {name: {"anyOf": [{"$ref": f"#/definitions/{name}"}, NULL]} for name in names}
        changed = record(v=value, **links)
        return {
            "$ref": "#/definitions/d0",
            "definitions": {**dict.fromkeys(names, record(**links)), "d7": changed},
        }

    assert gaps(web(WHOLE), web(NUMBER)) == ()
    assert (GapKind.NARROWER, "/definitions/d7/properties/v", "type") in told(web(NUMBER), web(WHOLE))


@pytest.mark.parametrize(
    "circle",
    [
        {"$ref": "#"},
        {"allOf": [{"$ref": "#"}]},
        {"not": {"$ref": "#"}},
        {"anyOf": [{"$ref": "#"}, TEXT]},
        {"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_nothing_is_proven_of_a_schema_that_leads_back_to_itself(circle: Json) -> None:
    assert [one.kind for one in gaps(TEXT, circle)] == [GapKind.OPAQUE]
    assert gaps(circle, TEXT) != ()


def test_references_are_followed_to_names_ids_and_anchors_and_nothing_is_fetched() -> None:
    named = {"address.json": record(("zip",), zip=TEXT)}
    assert gaps({"$ref": "address.json"}, record(("zip",), zip=TEXT), named) == ()
    assert gaps({"$ref": "address.json#/properties/zip"}, TEXT, named) == ()
    inner = {"definitions": {"a": {"$id": "http://example.com/a", **TEXT}}}
    assert gaps({"$ref": "http://example.com/a", **inner}, TEXT) == ()
    assert [one.kind for one in gaps(TEXT, {"$ref": "http://example.com/elsewhere"})] == [GapKind.OPAQUE]


def chain(leaf: Json) -> Json:
    links = {f"d{index}": record(n={"$ref": f"#/definitions/d{index + 1}"}) for index in range(300)}
    return {"$ref": "#/definitions/d0", "definitions": {**links, "d300": leaf}}


def nested(leaf: Json) -> Json:
    for _ in range(66):
        leaf = record(a=leaf)
    return leaf


def ways(number: int, *more: Json) -> Json:
    pairs = [{"anyOf": [{"required": [f"a{at}"]}, {"required": [f"b{at}"]}]} for at in range(number)]
    return {"type": "object", "allOf": [*pairs, *more]}


def choices(*names: str, **more: Json) -> Json:
    return {"oneOf": [tagged(name, **more) for name in names]}


HUNDRED = [f"n{index}" for index in range(100)]
WHOLES: Json = dict.fromkeys(HUNDRED, WHOLE)
NUMBERS: Json = dict.fromkeys(HUNDRED, NUMBER)


@pytest.mark.parametrize(
    ("writer", "reader"),
    [
        (chain(WHOLE), chain(NUMBER)),
        (nested(WHOLE), nested(NUMBER)),
        (choices(*HUNDRED), choices(*HUNDRED, "more")),
        ({"enum": HUNDRED * 100}, {"enum": [*HUNDRED, "more"]}),
        (record(**WHOLES), record(**NUMBERS)),
        ({"items": [WHOLE] * 1000}, {"items": [NUMBER] * 1000}),
    ],
    ids=["chain", "nested", "choices", "values", "properties", "items"],
)
def test_large_and_deep_schemas_are_settled(writer: Json, reader: Json) -> None:
    assert gaps(writer, reader) == ()


@pytest.mark.parametrize(
    ("writer", "reader"),
    [
        (ways(30), ways(30, {"minProperties": 31})),
        ({"type": "array", "minItems": 10**9}, {**LATER, "contains": TEXT, "minContains": 10**9}),
        (
            record(**WHOLES),
            {"patternProperties": {f"^{at}": TEXT for at in range(1000)}},
        ),
        ({"enum": [json.loads("1e300"), 10**300]}, {"multipleOf": 7}),
    ],
    ids=["ways", "sizes", "patterns", "numbers"],
)
def test_what_would_take_for_ever_is_given_up_in_time(writer: Json, reader: Json) -> None:
    begun = perf_counter()
    assert gaps(writer, reader) != ()
    assert perf_counter() - begun < 10


def test_whatever_is_proven_is_so() -> None:
    proven = shown = 0
    for seed in range(200):
        random = Random(seed)
        draft = random.choice(sorted(DRAFTS))
        old = SchemaMaker(random, draft).root()
        new = evolved(random, old, draft, random.choice([1, 1, 2, 3]))
        try:
            before, after = (
                jsonschema_rs.validator_for(
                    {"$schema": DRAFTS[7], **one} if isinstance(one, dict) else one, validate_formats=False
                )
                for one in (old, new)
            )
        except ValueError:
            continue
        refused = [
            one
            for one in DocumentMaker(random, old, new).documents(30)
            if before.is_valid(one) and not after.is_valid(one)
        ]
        if gaps(old, new):
            shown += bool(refused)
        else:
            proven += 1
            assert refused == []
    assert proven > 120
    assert shown > 15
