"""Tags inside of an Avro schema's text."""

import json
from typing import Literal

import msgspec
import pytest

from accord.schemas import (
    InvalidSchema,
    ParsedSchema,
    Schema,
    SchemaEntity,
    SchemaTags,
    inherited_tags,
    parse,
    tags_in,
    with_tags,
)

ORDER = """{"type":"record","name":"Order","namespace":"shop","fields":[
  {"name":"id","type":"string","confluent:tags":["KEY"]},
  {"name":"buyer","type":["null",{"type":"record","name":"Person","namespace":"people","fields":[
    {"name":"name","type":"string","confluent:tags":["PII","NAME"]},
    {"name":"spouse","type":["null","Person"]}
  ],"confluent:tags":["PII"]}]},
  {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
    {"name":"prices","type":{"type":"map","values":{"type":"record","name":"Price","fields":[
      {"name":"cents","type":"int","confluent:tags":["MONEY"]}]}}}]}},"confluent:tags":["LIST"]}
]}"""


def record(path: str, *tags: str) -> SchemaTags:
    return _tags(path, "sr_record", tags)


def field(path: str, *tags: str) -> SchemaTags:
    return _tags(path, "sr_field", tags)


def _tags(path: str, kind: Literal["sr_record", "sr_field"], tags: tuple[str, ...]) -> SchemaTags:
    return SchemaTags(SchemaEntity(path, kind), tags)


def order() -> ParsedSchema:
    return parse(Schema(ORDER))


def flat(*fields: str, tags: str = "") -> str:
    return f'{{"type":"record","name":"R","fields":[{",".join(fields)}]{tags}}}'


A = '{"name":"a","type":"int"}'
TAGGED_A = '{"name":"a","type":"int","confluent:tags":["PII"]}'


def test_tags_are_found_in_the_order_of_the_text_under_full_names() -> None:
    assert tags_in(order()) == (
        field("shop.Order.id", "KEY"),
        record("people.Person", "PII"),
        field("people.Person.name", "PII", "NAME"),
        field("shop.Order.lines", "LIST"),
        field("shop.Price.cents", "MONEY"),
    )


def test_whoever_asks_for_tags_gets_what_has_one_of_them_with_all_it_has() -> None:
    assert tags_in(order(), find=["NAME", "MONEY", "NONE"]) == (
        field("people.Person.name", "PII", "NAME"),
        field("shop.Price.cents", "MONEY"),
    )
    assert tags_in(order(), find=["KEY", "*"]) == tags_in(order())
    assert tags_in(order(), find=[]) == ()


@pytest.mark.parametrize("value", ['"PII"', "null", "[]", "[1]", '{"PII":1}'])
def test_what_is_no_list_of_words_is_no_tags(value: str) -> None:
    text = flat(A, tags=f',"confluent:tags":{value}')
    assert tags_in(parse(Schema(text))) == ()
    assert with_tags(parse(Schema(text)), remove=[record("R", "PII")]) == text


@pytest.mark.parametrize(
    ("text", "add", "remove", "expected"),
    [
        (flat(A), [], [], flat(A)),
        (flat(A), [field("R.a", "PII")], [], flat(TAGGED_A)),
        (flat(A), [field("R.a", "PII", "PII"), field("R.a", "PII")], [], flat(TAGGED_A)),
        (flat(A), [record("R", "X")], [], flat(A, tags=',"confluent:tags":["X"]')),
        (flat(TAGGED_A), [field("R.a", "A", "PII")], [], flat(TAGGED_A.replace('"PII"', '"PII","A"'))),
        (flat(TAGGED_A), [], [field("R.a", "PII")], flat(A)),
        (flat(TAGGED_A), [], [field("R.a", "X"), record("R", "PII"), field("R.b", "PII")], flat(TAGGED_A)),
        (flat(TAGGED_A), [field("R.a", "X")], [field("R.a", "X", "PII")], flat(A)),
        (flat(A, tags=',"confluent:tags":"odd"'), [record("R", "X")], [], flat(A, tags=',"confluent:tags":["X"]')),
    ],
    ids=[
        "nothing", "a-field", "once", "a-record", "behind-others", "the-last-one", "what-is-absent",
        "removed-after-added", "what-was-no-list",
    ],
)  # fmt: skip
def test_tags_are_added_and_then_removed(
    text: str, add: list[SchemaTags], remove: list[SchemaTags], expected: str
) -> None:
    assert with_tags(parse(Schema(text)), add=add, remove=remove) == expected


def test_any_depth_can_be_tagged_and_untagged_and_the_rest_of_the_text_stays() -> None:
    added = [record("shop.Price", "A"), field("people.Person.spouse", "B"), field("shop.Line.prices", "C")]
    tagged = parse(Schema(with_tags(order(), add=added)))
    assert sorted(tags_in(tagged), key=str) == sorted([*tags_in(order()), *added], key=str)
    assert with_tags(tagged, remove=added) == order().canonical


def test_a_type_that_is_used_before_it_is_written_out_keeps_its_tags() -> None:
    inner = '{"type":"record","name":"In","fields":[]}'
    text = flat('{"name":"a","type":"In"}', f'{{"name":"b","type":{inner}}}')
    assert tags_in(parse(Schema(with_tags(parse(Schema(text)), add=[record("In", "X")])))) == (
        record("In", "X"),
    )


def test_what_the_text_does_not_define_is_named_with_what_was_probably_meant() -> None:
    absent = [field("shop.Order.idd", "PII"), record("Order", "PII"), field("shop.Order.idd", "X")]
    with pytest.raises(InvalidSchema) as caught:
        with_tags(order(), add=[field("shop.Order.id", "PII"), *absent])
    assert "field 'shop.Order.idd', record 'Order'," in caught.value.message
    assert caught.value.hint == "did you mean 'shop.Order.id'?"
    with pytest.raises(InvalidSchema) as caught:
        with_tags(parse(Schema('"string"')), add=[field("x", "PII")])
    assert "record.field" in caught.value.hint


def test_what_referenced_schemas_define_is_not_this_schemas_to_tag() -> None:
    money = Schema(flat(TAGGED_A))
    user = parse(
        Schema(flat('{"name":"r","type":"R"}').replace('"R","fields"', '"U","fields"')),
        referenced={"R": money},
    )
    assert tags_in(user) == ()
    with pytest.raises(InvalidSchema, match=r"'R\.a'"):
        with_tags(user, add=[field("R.a", "X")])
    assert with_tags(user, add=[field("U.r", "X")]) == user.canonical.replace(
        '"R"}', '"R","confluent:tags":["X"]}'
    )


def test_a_stored_schema_that_was_never_checked_can_be_tagged() -> None:
    text = flat('{"name":"a","type":"int","default":"x"}')
    expected = flat('{"name":"a","type":"int","default":"x","confluent:tags":["PII"]}')
    assert with_tags(parse(Schema(text), strict=False), add=[field("R.a", "PII")]) == expected


def test_tags_pass_on_to_what_is_still_there() -> None:
    changed = parse(Schema(ORDER.replace('"id"', '"number"').replace('["MONEY"]', '["CENTS"]')))
    assert field("shop.Order.id", "KEY") not in inherited_tags(changed, order())
    passed = parse(Schema(with_tags(changed, add=inherited_tags(changed, order()))))
    assert field("shop.Price.cents", "CENTS", "MONEY") in tags_in(passed)
    assert len(inherited_tags(changed, order())) == len(tags_in(order())) - 1


def test_on_the_wire_they_are_spelled_as_the_registry_spells_them() -> None:
    wire = {"schemaEntity": {"entityPath": "R.a", "entityType": "sr_field"}, "tags": ["PII"]}
    assert json.loads(msgspec.json.encode(field("R.a", "PII"))) == wire
    assert msgspec.convert(wire, SchemaTags) == field("R.a", "PII")
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**wire, "schemaEntity": {"entityPath": "R", "entityType": "sr_schema"}}, SchemaTags)
