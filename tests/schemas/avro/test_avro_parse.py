import json
from typing import Any

import pytest

from accord.schemas import InvalidSchema, Schema, parse


def record(*fields: str, name: str = "Order", more: str = "") -> str:
    return f'{{"type": "record", "name": "{name}", "fields": [{", ".join(fields)}]{more}}}'


def field(type_: str = '"int"', *, name: str = "a", more: str = "") -> str:
    return f'{{"name": "{name}", "type": {type_}{more}}}'


ENUM = '{"type": "enum", "name": "E", "symbols": ["A", "B"]}'
LEAF = record(field(), name="Leaf")


@pytest.mark.parametrize(
    ("text", "place", "complaint"),
    [
        ("5", "", "5 is not a type"),
        ("null", "", "null is not a type"),
        ("{}", "", "has no name"),
        ('{"type": ["null"]}', "", "has no name"),
        ('{"type": "wat"}', "", "'wat' is not defined"),
        ('"Int"', "", "'Int' is not defined"),
        ('{"type": "array"}', "", "type of its items"),
        ('{"type": "map"}', "", "type of its values"),
        ('{"type": "record", "fields": []}', "", "no name of its own"),
        ('{"type": "record", "name": "A"}', "", "has no fields"),
        ('{"type": "record", "name": "A", "fields": {}}', "", "has no fields"),
        (record("5"), "/fields/0", "field has no name"),
        (record('{"name": "a"}'), "/fields/0", "'a' has no type"),
        (record(field(), field()), "/fields/1", "two fields named 'a'"),
        (record(field(name="a-b")), "/fields/0", "'a-b' is not a valid Avro name"),
        (record(field(name="")), "/fields/0", "not a valid Avro name"),
        (record(field(name="é")), "/fields/0", "not a valid Avro name"),
        (record(field(more=', "order": "up"')), "/fields/0/order", "not an order"),
        (record(field(more=', "aliases": [1]')), "/fields/0/aliases", "not a list of strings"),
        (record(field('["null", ["int"]]')), "/fields/0/type/1", "directly in a union"),
        (record(field('["int", {"type": "int"}]')), "/fields/0/type/1", "two branches 'int'"),
        (record(field(f"[{ENUM}, {ENUM}]")), "/fields/0/type/1", "two branches 'E'"),
        (
            record(field(f'[{{"type": "array", "items": "int"}}, {{"type": "array", "items": {ENUM}}}]')),
            "/fields/0/type/1",
            "'array'",
        ),
        (record(name="a..B"), "", "the part '' of the namespace"),
        (record(name="int"), "/name", "the name of a primitive type"),
        (record(more=', "aliases": "B"'), "/aliases", "not a list of strings"),
        (record(more=', "aliases": ["1B"]'), "/aliases/0", "not a valid Avro name"),
        (
            record(field(LEAF), field(record(name="Leaf"), name="b")),
            "/fields/1/type",
            "defined twice, and differently",
        ),
        (record(field(record())), "", "defined twice"),
        ('{"type": "enum", "name": "E"}', "", "has no symbols"),
        ('{"type": "enum", "name": "E", "symbols": ["A", "A"]}', "/symbols/1", "'A' twice"),
        ('{"type": "enum", "name": "E", "symbols": ["a-b"]}', "/symbols/0", "not a valid Avro name"),
        ('{"type": "enum", "name": "E", "symbols": [1]}', "/symbols/0", "not a string"),
        ('{"type": "enum", "name": "E", "symbols": ["A"], "default": "B"}', "/default", "not a symbol"),
        ('{"type": "fixed", "name": "F"}', "", "no valid size"),
        ('{"type": "fixed", "name": "F", "size": 8.0}', "", "no valid size"),
        ('{"type": "fixed", "name": "F", "size": -1}', "", "no valid size"),
        ('{"type": "fixed", "name": "F", "size": true}', "", "no valid size"),
        (
            '{"type": "map", "values": "int", "big": {"inner": [18446744073709551616]}}',
            "/big",
            "more than 64 bits",
        ),
        (record(more=', "big": 9223372036854775808'), "/big", "more than 64 bits"),
    ],
)
def test_a_broken_clause_is_refused_at_its_place(text: str, place: str, complaint: str) -> None:
    with pytest.raises(InvalidSchema, match=complaint) as refused:
        parse(Schema(text))
    assert refused.value.path == place
    assert refused.value.hint


@pytest.mark.parametrize(
    ("type_", "default"),
    [
        ('"null"', "null"),
        ('"boolean"', "true"),
        ('"int"', "-2147483648"),
        ('"long"', "9223372036854775807"),
        ('"float"', "1"),
        ('"double"', "12345678901234567890"),
        ('"double"', '" 1.5e3d "'),
        ('"float"', '"NaN"'),
        ('"bytes"', '"\\u00ff"'),
        ('"string"', '""'),
        ('["null", "int"]', "null"),
        ('["null", "int"]', "3"),
        (ENUM, '"A"'),
        (ENUM, '"NOPE"'),
        ('{"type": "fixed", "name": "F", "size": 2}', '"abc"'),
        ('{"type": "array", "items": "int"}', "[1, 2]"),
        ('{"type": "map", "values": ["null", "int"]}', '{"a": null}'),
        (LEAF, '{"a": 1, "unknown": 2}'),
        (record(field(more=', "default": 7'), name="Full"), "{}"),
    ],
)
def test_a_default_that_the_registry_lets_pass_is_accepted(type_: str, default: str) -> None:
    assert parse(Schema(record(field(type_, more=f', "default": {default}')))).canonical


@pytest.mark.parametrize(
    ("type_", "default"),
    [
        ('"null"', "0"),
        ('"boolean"', '"true"'),
        ('"boolean"', "0"),
        ('"int"', "2147483648"),
        ('"int"', "1.0"),
        ('"int"', "true"),
        ('"long"', "9223372036854775808"),
        ('"long"', "1e3"),
        ('"float"', '"one"'),
        ('"double"', "true"),
        ('"bytes"', "1"),
        ('"string"', "null"),
        ('["null", "int"]', '"x"'),
        (ENUM, "0"),
        ('{"type": "array", "items": "int"}', "{}"),
        ('{"type": "array", "items": "int"}', '["a"]'),
        ('{"type": "map", "values": "int"}', '{"a": "b"}'),
        (LEAF, "{}"),
        (LEAF, "null"),
        ('["null", "Order"]', '{"a": 1}'),
    ],
)
def test_a_default_of_another_type_is_refused_at_its_place(type_: str, default: str) -> None:
    with pytest.raises(InvalidSchema) as refused:
        parse(Schema(record(field(type_, more=f', "default": {default}'))))
    assert refused.value.path == "/fields/0/default"
    assert refused.value.hint


def test_a_default_that_needs_itself_is_refused() -> None:
    with pytest.raises(InvalidSchema, match="default"):
        parse(Schema(record(field('"Order"', more=', "default": {}'))))
    with pytest.raises(InvalidSchema, match="default"):
        parse(Schema(record(field(name="x"), field('"Order"', more=', "default": {"x": 1}'))))


def test_schemas_that_were_stored_without_checks_are_taken_as_they_are() -> None:
    text = record(field('"int"', name="a-b", more=', "default": "x"'), name="1.2")
    with pytest.raises(InvalidSchema):
        parse(Schema(text))
    assert json.loads(parse(Schema(text), strict=False).canonical)["fields"][0]["default"] == "x"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ('["B", {"type": "record", "name": "B", "fields": []}]', None),
        (
            record(field('"Late"'), field(record(name="Late"), name="b")),
            record(field(record(name="Late")), field('"Late"', name="b")),
        ),
        (
            '{"type": "record", "name": "n.A", "fields": [{"name": "x", "type": ["null", "A"]}, {"name": "y", "type": "n.A"}]}',
            '{"type": "record", "name": "A", "namespace": "n", "fields": [{"name": "x", "type": ["null", "A"]}, {"name": "y", "type": "A"}]}',
        ),
        (
            record(
                field(record(name="Top")),
                field(
                    '{"type": "record", "name": "n.In", "fields": [{"name": "t", "type": "Top"}]}', name="b"
                ),
            ),
            record(
                field(record(name="Top")),
                field(
                    '{"type": "record", "name": "In", "namespace": "n", "fields": [{"name": "t", "type": "Top"}]}',
                    name="b",
                ),
            ),
        ),
        (
            '{"type": "record", "name": "Top", "fields": [{"name": "x", "type": {"type": "record", "name": "n.In", "fields": [{"name": "t", "type": ["null", "Top"]}]}}]}',
            '{"type": "record", "name": "Top", "fields": [{"name": "x", "type": {"type": "record", "name": "In", "namespace": "n", "fields": [{"name": "t", "type": ["null", "Top"]}]}}]}',
        ),
        (
            record(field(record(field('["null", "Top"]'), name="n.In")), name="Top"),
            record(field(record(field('["null", "Top"]'), name="In", more=', "namespace": "n"')), name="Top"),
        ),
        (record(field(LEAF), field(LEAF, name="b")), record(field(LEAF), field('"Leaf"', name="b"))),
        (
            record(field('{"type": "Leaf", "ignored": 1}'), field(LEAF, name="b")),
            record(field(LEAF), field('"Leaf"', name="b")),
        ),
    ],
)
def test_names_are_found_wherever_they_are_defined(text: str, canonical: str | None) -> None:
    if canonical is None:
        with pytest.raises(InvalidSchema, match="two branches 'B'"):
            parse(Schema(text))
    else:
        assert json.loads(parse(Schema(text)).canonical) == json.loads(canonical)


def test_a_name_inside_of_a_record_means_that_record_before_one_without_a_namespace() -> None:
    outside = record(name="Node", more=', "namespace": ""')
    inside = record(field('["null", "Node", "n.Node"]'), name="n.Node")
    with pytest.raises(InvalidSchema, match=r"two branches 'n\.Node'"):
        parse(Schema(record(field(outside), field(inside, name="b"), name="n.Order")))


def test_an_unknown_type_says_which_one_may_be_meant() -> None:
    with pytest.raises(InvalidSchema) as refused:
        parse(Schema(record(field(LEAF), field('"Laef"', name="b"))))
    assert "did you mean 'Leaf'?" in refused.value.hint


ADDRESS = '{"type": "record", "name": "geo.Address", "fields": [{"name": "city", "type": "string"}]}'


def test_types_of_referenced_schemas_are_known_and_not_repeated() -> None:
    country = '{"type": "enum", "name": "geo.Country", "symbols": ["CH", "DE"]}'
    address = '{"type": "record", "name": "geo.Address", "fields": [{"name": "country", "type": "Country"}]}'
    user = record(field('["null", "geo.Address"]'), field('"geo.Country"', name="b"))
    parsed = parse(Schema(user), referenced={"c": Schema(country), "a": Schema(address)})
    assert json.loads(parsed.canonical) == json.loads(user)


def test_a_referenced_type_may_be_written_out_again_if_it_is_the_same() -> None:
    referenced = {"a": Schema(ADDRESS)}
    parsed = parse(Schema(record(field(ADDRESS))), referenced=referenced)
    assert json.loads(parsed.canonical) == json.loads(record(field('"geo.Address"')))
    with pytest.raises(InvalidSchema, match="defined twice, and differently"):
        parse(Schema(record(field(ADDRESS.replace("city", "town")))), referenced=referenced)


def test_a_broken_referenced_schema_is_named() -> None:
    with pytest.raises(
        InvalidSchema, match=r"the referenced schema .a. is not valid: .*wat.* is not defined"
    ):
        parse(Schema('"int"'), referenced={"a": Schema('"wat"')})


def nested(opening: str, closing: str, levels: int, inner: str = '"int"') -> str:
    return opening * levels + inner + closing * levels


@pytest.mark.parametrize(
    "text",
    [
        nested('{"type": "array", "items": ', "}", 100_000),
        nested('{"type": "array", "items": ', "}", 500),
        nested("[", "]", 500),
        nested('{"type": "record", "name": "A", "fields": [{"name": "a", "type": ', "}]}", 300),
        nested('{"x": ', "}", 400, "1"),
    ],
)
def test_endless_nesting_is_an_invalid_schema(text: str) -> None:
    with pytest.raises(InvalidSchema, match="nested"):
        parse(Schema(text))


def test_types_that_nest_only_by_name_are_held_to_the_same_depth() -> None:
    chain = [record(field(f'"T{index + 1}"'), name=f"T{index}") for index in range(300)]
    with pytest.raises(InvalidSchema, match="nested"):
        parse(Schema(f"[{', '.join([*chain, record(name='T300')])}]"))


def test_a_chain_of_defaults_within_defaults_is_refused_and_not_followed_for_ever() -> None:
    leaf = record(field(more=', "default": 1'), name="T0")
    text = leaf
    for index in range(1, 60):
        text = record(field(text, more=', "default": {}'), name=f"T{index}")
    with pytest.raises(InvalidSchema):
        parse(Schema(text))


def test_the_deepest_schema_allowed_is_parsed_printed_normalized_and_parsed_again() -> None:
    text = nested('{"type": "array", "items": ', "}", 190)
    parsed = parse(Schema(text))
    assert parse(Schema(parsed.normalized)).canonical == parsed.canonical


def test_a_thousand_fields_and_symbols_are_no_burden() -> None:
    symbols: list[Any] = [f"S{index}" for index in range(5000)]
    fields = [field(name=f"f{index}") for index in range(5000)]
    enum = json.dumps({"type": "enum", "name": "E", "symbols": symbols})
    assert parse(Schema(record(*fields, field(enum, name="last")))).canonical.count("f4999") == 1


@pytest.mark.parametrize(
    "leaf", ['{"name": "z", "type": "int", "default": 0}', '{"name": "z", "type": "int"}']
)
def test_records_that_share_records_in_their_defaults_are_checked_in_a_moment(leaf: str) -> None:
    # Each way through them tried on its own would be 2^40 ways.
    node = f'{{"type": "record", "name": "R40", "fields": [{leaf}]}}'
    for depth in reversed(range(40)):
        union = f'{{"name": "b", "type": ["null", "R{depth + 1}"], "default": {{}}}}'
        fields = f'{{"name": "a", "type": ["null", {node}], "default": {{}}}}, {union}'
        node = f'{{"type": "record", "name": "R{depth}", "fields": [{fields}]}}'
    if "default" in leaf:
        assert parse(Schema(node)).canonical
    else:
        with pytest.raises(InvalidSchema, match="does not fit its type"):
            parse(Schema(node))
