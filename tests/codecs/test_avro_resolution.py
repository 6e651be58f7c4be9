"""A reader's schema makes of a writer's record what the Avro specification says."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from accord.codecs import DataFault, InvalidData, InvalidEvent, codec_for
from accord.schemas import ParsedSchema, Reference, Schema, Subject, Version, parse


def avro(node: object) -> Schema:
    return Schema(json.dumps(node))


def event(*fields: dict[str, object]) -> Schema:
    return avro({"type": "record", "name": "Event", "fields": list(fields)})


def named(name: str, type_: object, **more: object) -> dict[str, object]:
    return {"name": name, "type": type_, **more}


def enum(*symbols: str, **more: object) -> dict[str, object]:
    return {"type": "enum", "name": "Color", "symbols": list(symbols), **more}


def logical(underlying: str, name: str, **more: object) -> dict[str, object]:
    return {"type": underlying, "logicalType": name, **more}


READ: list[tuple[str, object, object, Any, Any]] = [
    ("int as long", "int", "long", 7, 7),
    ("int as double", "int", "double", 7, 7.0),
    ("long as float", "long", "float", 7, 7.0),
    ("float as double", "float", "double", 0.5, 0.5),
    ("string as bytes", "string", "bytes", "é", "é".encode()),
    ("bytes as string", "bytes", "string", "é".encode(), "é"),
    ("a type as a union with it", "string", ["null", "string"], "x", "x"),
    ("a union as its only type in use", ["null", "string"], "string", "x", "x"),
    ("the same branch rather than a promoted one", "int", ["long", "int"], 7, 7),
    ("a promoted branch if there is no other", "int", ["null", "double"], 7, 7.0),
    ("a longer enum", enum("RED"), enum("BLUE", "RED"), "RED", "RED"),
    ("an unknown symbol as the default", enum("RED", "PINK"), enum("RED", default="RED"), "PINK", "RED"),
    ("lists", {"type": "array", "items": "int"}, {"type": "array", "items": "double"}, [1, 2], [1.0, 2.0]),
    ("maps", {"type": "map", "values": "int"}, {"type": "map", "values": "long"}, {"a": 1}, {"a": 1}),
    (
        "millis as micros",
        logical("long", "timestamp-millis"),
        logical("long", "timestamp-micros"),
        datetime(2024, 1, 1, tzinfo=UTC),
        datetime(2024, 1, 1, tzinfo=UTC),
    ),
    (
        "a decimal in its own scale",
        logical("bytes", "decimal", precision=6, scale=2),
        logical("bytes", "decimal", precision=6, scale=3),
        Decimal("1.25"),
        Decimal("1.25"),
    ),
    ("a moment as a plain number", logical("long", "timestamp-millis"), "long", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), 1000),
    ("a plain number as a moment", "long", logical("long", "timestamp-millis"), 1000, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("writer", "reader", "value", "read"), [case[1:] for case in READ], ids=[case[0] for case in READ]
)
def test_a_value_is_read_as(writer: object, reader: object, value: Any, read: Any) -> None:
    data = codec_for(avro(writer)).encode(value)
    decoded = codec_for(avro(writer), reader=avro(reader)).decode(data)
    assert decoded == read
    assert type(decoded) is type(read)


def test_fields_that_the_reader_does_not_know_are_skipped() -> None:
    inner = {"type": "record", "name": "Inner", "fields": [named("a", {"type": "array", "items": "string"})]}
    writer = event(
        named("before", inner), named("kept", "int"), named("after", {"type": "map", "values": "int"})
    )
    data = codec_for(writer).encode({"before": {"a": ["x", "y"]}, "kept": 7, "after": {"z": 1}})
    assert codec_for(writer, reader=event(named("kept", "int"))).decode(data) == {"kept": 7}


def test_fields_come_by_name_and_not_by_order() -> None:
    writer = event(named("a", "int"), named("b", "string"))
    reader = event(named("b", "string"), named("a", "int"))
    data = codec_for(writer).encode({"a": 1, "b": "x"})
    assert codec_for(writer, reader=reader).decode(data) == {"a": 1, "b": "x"}


def test_of_two_fields_that_claim_one_alias_the_first_gets_it() -> None:
    reader = event(named("a", "int", aliases=["total"]), named("b", "int", aliases=["total"], default=0))
    data = codec_for(event(named("total", "int"))).encode({"total": 5})
    assert codec_for(event(named("total", "int")), reader=reader).decode(data) == {"a": 5, "b": 0}


def test_an_alias_finds_a_field_under_its_old_name() -> None:
    writer, reader = event(named("total", "int")), event(named("amount", "long", aliases=["total"]))
    assert codec_for(writer, reader=reader).decode(codec_for(writer).encode({"total": 5})) == {"amount": 5}


def test_a_field_that_takes_the_old_name_of_another_does_not_take_its_values() -> None:
    writer = event(named("id", "int"))
    reader = event(named("number", "int", aliases=["id"], default=0), named("id", "int", default=-1))
    assert codec_for(writer, reader=reader).decode(codec_for(writer).encode({"id": 5})) == {
        "number": 5,
        "id": -1,
    }
    both = event(named("id", "int"), named("number", "int"))
    data = codec_for(both).encode({"id": 5, "number": 6})
    assert codec_for(both, reader=reader).decode(data) == {"number": 6, "id": 5}


DEFAULTS: list[tuple[object, object, Any]] = [
    ("int", 7, 7),
    ("double", 7, 7.0),
    ("string", "EUR", "EUR"),
    ("bytes", "\u00ff", b"\xff"),
    ({"type": "fixed", "name": "Two", "size": 2}, "\u0001\u00ff", b"\x01\xff"),
    (["null", "string"], None, None),
    (["string", "null"], "x", "x"),
    (enum("RED"), "RED", "RED"),
    ({"type": "array", "items": "int"}, [1, 2], [1, 2]),
    ({"type": "map", "values": "int"}, {"a": 1}, {"a": 1}),
    (logical("long", "timestamp-millis"), 1000, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
    (
        {"type": "record", "name": "P", "fields": [named("x", "int"), named("y", "int", default=9)]},
        {"x": 1},
        {"x": 1, "y": 9},
    ),
]


@pytest.mark.parametrize(("type_", "default", "value"), DEFAULTS)
def test_a_field_that_was_not_written_has_its_default(type_: object, default: object, value: Any) -> None:
    reader = event(named("new", type_, default=default))
    assert codec_for(event(), reader=reader).decode(b"") == {"new": value}


def test_each_record_has_a_default_list_of_its_own() -> None:
    codec = codec_for(event(), reader=event(named("tags", {"type": "array", "items": "string"}, default=[])))
    codec.decode(b"")["tags"].append("mine")
    assert codec.decode(b"") == {"tags": []}


UNREADABLE: list[tuple[str, object, object]] = [
    ("a string as an int", "string", "int"),
    ("a long as an int", "long", "int"),
    ("a fixed of another size", {"type": "fixed", "name": "F", "size": 2}, {"type": "fixed", "name": "F", "size": 4}),
    ("a list as a map", {"type": "array", "items": "int"}, {"type": "map", "values": "int"}),
    ("a string as a union without it", "string", ["null", "int"]),
    ("a field without default", {"type": "record", "name": "E", "fields": []}, {"type": "record", "name": "E", "fields": [named("x", "int")]}),
    ("a default of another type", {"type": "record", "name": "E", "fields": []}, {"type": "record", "name": "E", "fields": [named("x", "int", default="1")]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("writer", "reader"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE]
)
def test_schemas_that_do_not_go_together_are_told_before_the_first_record(
    writer: object, reader: object
) -> None:
    with pytest.raises(InvalidData) as caught:
        codec_for(avro(writer), reader=avro(reader))
    assert caught.value.fault is DataFault.NOT_READABLE_AS_CONTRACT


def test_a_branch_that_the_reader_lacks_hurts_only_the_records_that_use_it() -> None:
    writer, reader = avro(["null", "string"]), avro(["null", "int"])
    codec = codec_for(writer, reader=reader)
    assert codec.decode(codec_for(writer).encode(None)) is None
    with pytest.raises(InvalidData) as caught:
        codec.decode(codec_for(writer).encode("x"))
    assert caught.value.fault is DataFault.NOT_READABLE_AS_CONTRACT


@pytest.mark.parametrize(
    "between", ["Line", {"type": "record", "name": "Box", "fields": [named("line", "Line")]}]
)
def test_a_record_that_cannot_be_read_is_refused_at_each_of_its_uses(between: object) -> None:
    def schema(quantity: str) -> Schema:
        line = {
            "type": "record",
            "name": "Line",
            "fields": [named("box", ["null", between]), named("n", quantity)],
        }
        return event(named("first", ["null", line]), named("second", ["null", "Line"]))

    codec = codec_for(schema("string"), reader=schema("int"))
    for used in ("first", "second"):
        data = codec_for(schema("string")).encode(
            {"first": None, "second": None, used: {"box": None, "n": "x"}}
        )
        with pytest.raises(InvalidData) as caught:
            codec.decode(data)
        assert (caught.value.fault, caught.value.path) == (DataFault.NOT_READABLE_AS_CONTRACT, used)


def test_a_symbol_that_the_reader_lacks_hurts_only_the_records_that_use_it() -> None:
    writer, reader = avro(enum("RED", "PINK")), avro(enum("RED"))
    codec = codec_for(writer, reader=reader)
    assert codec.decode(b"\x00") == "RED"
    with pytest.raises(InvalidData, match="PINK"):
        codec.decode(b"\x02")


def test_recursive_records_are_resolved_too() -> None:
    def tree(value: str) -> Schema:
        children = {"type": "array", "items": "Tree"}
        return avro(
            {"type": "record", "name": "Tree", "fields": [named("value", value), named("children", children)]}
        )

    data = codec_for(tree("int")).encode({"value": 1, "children": [{"value": 2, "children": []}]})
    read = codec_for(tree("int"), reader=tree("double")).decode(data)
    assert read == {"value": 1.0, "children": [{"value": 2.0, "children": []}]}


def test_referenced_schemas_are_part_of_the_writers() -> None:
    money = Schema(
        '{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"}]}'
    )
    order = Schema(
        '{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"total","type":"Money"}]}',
        references=(Reference("shop.Money", Subject("money-value"), Version(1)),),
    )
    codec = codec_for(order, referenced={"shop.Money": money})
    assert codec.decode(codec.encode({"total": {"cents": 5}})) == {"total": {"cents": 5}}


class Shade(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Item:
    sku: str
    count: int = 1


@dataclass(frozen=True)
class Event:
    shade: Shade
    items: list[Item] = field(default_factory=list)
    note: str | None = None


def test_what_is_read_is_an_instance_of_the_model_down_to_the_leaves() -> None:
    item = {
        "type": "record",
        "name": "Item",
        "fields": [named("sku", "string"), named("count", "int", default=3)],
    }
    shade = {"type": "enum", "name": "Shade", "symbols": ["RED", "BLUE"]}
    writer = event(named("shade", shade), named("items", {"type": "array", "items": {**item, "fields": item["fields"][:1]}}))  # fmt: skip
    reader = event(
        named("shade", shade), named("items", {"type": "array", "items": item}), named("note", ["null", "string"], default=None)
    )  # fmt: skip
    data = codec_for(writer).encode({"shade": "BLUE", "items": [{"sku": "a"}]})
    assert codec_for(writer, reader=reader, model=Event).decode(data) == Event(
        Shade.BLUE, [Item("a", 3)], None
    )


def branches(**fields: object) -> Schema:
    """An event whose one field is a union of records with one short name, each in a namespace of its own."""
    return event(named("k", [k_record(f"{space}.K", type_) for space, type_ in fields.items()]))


def k_record(name: str, type_: object, **more: object) -> dict[str, object]:
    return {"type": "record", "name": name, "fields": [named("v", type_)], **more}


@pytest.mark.parametrize("value", ["x", 5])
def test_records_of_one_short_name_are_told_apart_by_their_values_and_full_names(value: object) -> None:
    schema = branches(a="string", b="long")
    codec = codec_for(schema)
    assert codec.encode({"k": {"v": value}})[0] == (2 if value == 5 else 0)
    assert codec.decode(codec.encode({"k": {"v": value}})) == {"k": {"v": value}}
    turned = codec_for(schema, reader=branches(b="long", a="string"))
    assert turned.decode(codec.encode({"k": {"v": value}})) == {"k": {"v": value}}


def test_a_record_of_the_same_full_name_is_meant_even_where_another_could_read_it() -> None:
    def choice(*fields: dict[str, object]) -> Schema:
        return avro(
            [{"type": "record", "name": f"{space}.K", "fields": list(fields)} for space in ("a", "b")]
        )

    writer, reader = (
        choice(named("v", "int")),
        avro(
            [
                {"type": "record", "name": "a.K", "fields": [named("other", "int", default=0)]},
                {"type": "record", "name": "b.K", "fields": [named("v", "int")]},
            ]
        ),
    )
    assert codec_for(writer, reader=reader).decode(b"\x02\x0a") == {"v": 5}


def test_an_alias_is_meant_before_a_short_name_and_a_full_name_before_both() -> None:
    writer = avro([k_record("c.K", "int")])
    alias = k_record("a.Other", "int", aliases=["c.K"])
    reader = avro([k_record("b.K", "string"), alias])
    assert codec_for(writer, reader=reader).decode(b"\x00\x0a") == {"v": 5}
    with pytest.raises(InvalidData):
        codec_for(writer, reader=avro([alias, k_record("c.K", "string")])).decode(b"\x00\x0a")


def test_of_several_records_that_share_the_short_name_only_one_that_can_read_it_does() -> None:
    reader = avro([k_record("a.K", "string"), k_record("b.K", "long")])
    assert codec_for(avro([k_record("c.K", "int")]), reader=reader).decode(b"\x00\x0a") == {"v": 5}
    with pytest.raises(InvalidData):
        codec_for(avro([k_record("c.K", "boolean")]), reader=reader).decode(b"\x00\x01")


@pytest.mark.parametrize(
    ("value", "branch"),
    [({"v": None}, 1), ({"v": [{"w": 1}]}, 0), ({"v": {"w": 1}}, 1)],
)
def test_what_stands_in_their_fields_tells_records_apart(value: object, branch: int) -> None:
    inner = {"type": "record", "name": "W", "fields": [named("w", "int")]}
    schema = avro([k_record("a.K", {"type": "array", "items": inner}), k_record("b.K", ["null", "a.W"])])
    assert codec_for(schema).encode(value)[0] == branch * 2


def test_what_fits_neither_of_two_records_is_told_with_its_place() -> None:
    with pytest.raises(InvalidEvent, match=r"^k\.v: a string is needed"):
        codec_for(branches(a="string", b="long")).encode({"k": {"v": 1.5}})


def test_parsed_schemas_bring_what_they_refer_to_on_both_sides() -> None:
    def order(*fields: dict[str, object]) -> ParsedSchema:
        money = avro({"type": "record", "name": "Money", "namespace": "shop", "fields": list(fields)})
        text = avro(
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [named("total", "Money")]}
        ).text
        reference = Reference("shop.Money", Subject("money-value"), Version(1))
        return parse(Schema(text, references=(reference,)), referenced={"shop.Money": money})

    old = order(named("cents", "int"))
    new = order(named("cents", "long"), named("currency", "string", default="EUR"))
    data = codec_for(old).encode({"total": {"cents": 5}})
    assert codec_for(old).decode(data) == {"total": {"cents": 5}}
    assert codec_for(old, reader=new).decode(data) == {"total": {"cents": 5, "currency": "EUR"}}
