"""Generated message classes, and which message of which file a record is."""

from collections.abc import Callable
from importlib import import_module, resources
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_tools import protoc

from accord.codecs import DataFault, InvalidData, InvalidEvent, ModelDoesNotFit, codec_for, framing
from accord.codecs.protobuf import derive_schema
from accord.codecs.protobuf.file import ProtobufFile
from accord.schemas import InvalidSchema, Reference, Schema, SchemaType, Subject, Version, parse

SHOP = """
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
message Refund { string reason = 1; }
message Order {
  string id = 1;
  int64 cents = 2;
  google.protobuf.Timestamp at = 3;
  map<string, int32> stock = 4;
  repeated Line lines = 5;
  message Line { string sku = 1; int32 count = 2; }
}
"""
STRICT = 'syntax = "proto2"; package shop; message Order { required string id = 1; optional Order next = 2; }'


def proto(text: str) -> Schema:
    return Schema(text, SchemaType.PROTOBUF)


def message_class(text: str, name: str) -> type[Message]:
    """What protoc would generate, in a pool of its own."""
    return GetMessageClass(ProtobufFile.of(proto(text), {}).message(name))


Compile = Callable[[str, str], ModuleType]


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compile:
    """Generate a module with protoc, as everybody does."""
    monkeypatch.syspath_prepend(tmp_path)

    def compile_file(name: str, text: str) -> ModuleType:
        (tmp_path / f"{name}.proto").write_text(text)
        known = resources.files("grpc_tools") / "_proto"
        arguments = ["protoc", f"-I{tmp_path}", f"-I{known}", f"--python_out={tmp_path}", f"{name}.proto"]
        assert protoc.main(arguments) == 0
        return import_module(f"{name}_pb2")

    return compile_file


Order: Any = message_class(SHOP, "shop.Order")
Refund: Any = message_class(SHOP, "shop.Refund")


def test_a_class_made_by_protoc_goes_out_and_in(compiled: Compile) -> None:
    order_class = compiled("protobuf_messages_shop", SHOP).Order
    codec = codec_for(derive_schema(order_class), model=order_class)
    order = order_class(id="o-1", cents=995, stock={"b": 2, "a": 1}, lines=[{"sku": "x", "count": 1}])

    body = codec.encode(order)

    assert body == order.SerializeToString(deterministic=True)
    assert codec.decode(body) == order
    assert type(codec.decode(body)) is order_class
    assert codec.decode_indexed(codec.indexes + body) == order


@pytest.mark.parametrize(
    ("name", "indexes"),
    [("shop.Refund", (0,)), ("shop.Order", (1,)), ("shop.Order.Line", (1, 0))],
)
def test_the_indexes_lead_to_the_class_in_the_file(name: str, indexes: tuple[int, ...]) -> None:
    codec = codec_for(proto(SHOP), model=message_class(SHOP, name))
    assert codec.indexes == framing.indexed(indexes, b"")


def test_data_is_read_behind_indexes_from_the_middle_of_a_value() -> None:
    codec = codec_for(proto(SHOP), model=Order)
    value = framing.prefix(7) + codec.indexes + codec.encode(Order(id="o-1"))
    assert codec.decode_indexed(value, framing.PREFIX_LENGTH).id == "o-1"


def test_the_first_message_may_be_named_in_full() -> None:
    codec = codec_for(proto(SHOP), model=Refund)
    assert codec.decode_indexed(bytes.fromhex("0200") + codec.encode(Refund(reason="late"))).reason == "late"


def test_a_message_of_which_nothing_is_set_has_no_bytes() -> None:
    codec = codec_for(proto(SHOP), model=Refund)
    assert codec.encode(Refund()) == b""
    assert codec.decode(b"") == Refund()
    assert codec.decode_indexed(framing.prefix(7) + codec.indexes, framing.PREFIX_LENGTH) == Refund()


def test_another_message_of_the_file_is_not_taken_for_the_contracts() -> None:
    refund = framing.indexed((0,), Refund(reason="late").SerializeToString())
    with pytest.raises(InvalidData, match=r"the record is a shop\.Refund, and a shop\.Order") as caught:
        codec_for(proto(SHOP), model=Order).decode_indexed(refund)
    assert caught.value.fault is DataFault.NOT_READABLE_AS_CONTRACT


def test_without_a_class_any_message_of_the_file_is_read_into_a_dict() -> None:
    codec = codec_for(proto(SHOP))
    line = framing.indexed((1, 0), Order.Line(sku="x", count=2).SerializeToString())
    assert codec.decode_indexed(line) == {"sku": "x", "count": 2}
    assert codec.decode_indexed(framing.indexed((0,), b"")) == {"reason": ""}
    renamed = codec_for(proto(SHOP), reader=proto(SHOP.replace("Line", "Row")))
    with pytest.raises(InvalidData, match=r"message shop\.Order\.Line") as caught:
        renamed.decode_indexed(line)
    assert caught.value.fault is DataFault.NOT_READABLE_AS_CONTRACT


@pytest.mark.parametrize("indexes", [(2,), (1, 1), (0, 0)])
def test_indexes_that_lead_nowhere_are_told(indexes: tuple[int, ...]) -> None:
    with pytest.raises(InvalidData, match="no such message") as caught:
        codec_for(proto(SHOP), model=Order).decode_indexed(framing.indexed(indexes, b""))
    assert caught.value.fault is DataFault.WRONG_MESSAGE_INDEXES


@pytest.mark.parametrize("data", [b"\x0a", b"\x0a\x05abc", b"\xff" * 11, b"\x0a\x01\xff", b"\x0f"])
def test_damaged_bytes_are_invalid_data(data: bytes) -> None:
    with pytest.raises(InvalidData, match=r"no shop\.Order") as caught:
        codec_for(proto(SHOP), model=Order).decode(data)
    assert caught.value.fault is DataFault.MALFORMED


def test_what_proto2_requires_is_required_on_both_ways() -> None:
    strict: Any = message_class(STRICT, "shop.Order")
    codec = codec_for(proto(STRICT), model=strict)
    with pytest.raises(InvalidEvent) as unwritten:
        codec.encode(strict(id="o-1", next={}))
    assert unwritten.value.path == "next.id"
    with pytest.raises(InvalidData) as unread:
        codec.decode(b"\x0a\x01x\x12\x00")
    assert (unread.value.path, unread.value.fault) == ("next.id", DataFault.MALFORMED)
    assert codec.decode(b"\x0a\x01x").id == "x"


@pytest.mark.parametrize("value", [Refund(reason="late"), {"id": "o-1"}, None, "o-1"])
def test_only_the_message_itself_is_written(value: object) -> None:
    with pytest.raises(InvalidEvent, match=r"a shop\.Order is needed"):
        codec_for(proto(SHOP), model=Order).encode(value)


def test_the_same_message_from_another_pool_is_written_if_it_says_nothing_else() -> None:
    codec = codec_for(proto(SHOP), model=Order)
    same: Any = message_class(SHOP, "shop.Order")
    other: Any = message_class(SHOP.replace("int64 cents", "double cents"), "shop.Order")
    assert codec.encode(same(id="o-1")) == codec.encode(Order(id="o-1"))
    with pytest.raises(InvalidEvent, match="cents: the class has double cents, the schema has int64 cents"):
        codec.encode(other(id="o-1"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SHOP.replace("int64 cents = 2;", ""), "cents: the schema has no field 2"),
        (SHOP.replace("int64", "sint64"), "cents: the class has int64 cents, the schema has sint64 cents"),
        (SHOP.replace("int64 cents", "int64 pence"), "the schema has int64 pence"),
        (SHOP.replace("string sku", "repeated string sku"), "lines.sku: the class has string sku"),
        (SHOP.replace("message Order", "message Sale"), "it has no message shop.Order"),
    ],
)
def test_a_class_must_fit_the_schema_that_it_writes(text: str, problem: str) -> None:
    with pytest.raises(ModelDoesNotFit) as caught:
        codec_for(proto(text), model=Order)
    assert any(problem in one for one in caught.value.problems)


def test_a_class_must_have_what_its_schema_requires() -> None:
    strict: Any = message_class(STRICT, "shop.Order")
    stricter = STRICT.replace("optional Order next", "required int32 n = 3; optional Order next")
    with pytest.raises(ModelDoesNotFit, match="n: the class lacks it, and the schema requires it"):
        codec_for(proto(stricter), model=strict)


def test_a_class_may_lag_behind_the_schema() -> None:
    wider = SHOP.replace("int64 cents = 2;", "int64 cents = 2; string note = 9;")
    assert codec_for(proto(wider), model=Order).encode(Order(id="o-1")) == b"\x0a\x03o-1"


def test_old_records_are_read_by_numbers() -> None:
    old = SHOP.replace("string id = 1", "string number = 1").replace(
        "message Refund { string reason = 1; }", ""
    )
    written: Any = message_class(old, "shop.Order")(number="o-1")
    codec = codec_for(proto(old), model=Order, reader=proto(SHOP))
    value = framing.indexed((0,), written.SerializeToString())
    assert codec.decode_indexed(value) == Order(id="o-1")
    assert codec.encode({"number": "o-1"}) == written.SerializeToString()


def test_a_message_that_moved_to_another_package_is_still_the_same() -> None:
    moved = SHOP.replace("package shop", "package com.example")
    codec = codec_for(proto(moved), model=Order, reader=proto(SHOP))
    assert codec.decode_indexed(framing.indexed((1,), b"\x0a\x03o-1")) == Order(id="o-1")


@pytest.mark.parametrize(
    ("text", "reason", "path"),
    [
        (SHOP.replace("message Order", "message Sale"), r"one of the schemas has a message shop\.Order", ""),
        (
            SHOP.replace("int64 cents", "string cents"),
            "written as text or bytes, and read as a number",
            "cents",
        ),
        (SHOP.replace("int32 count", "double count"), "written as a double", "lines.count"),
        (SHOP.replace("string id", "repeated string id"), "written as a list, and read as one value", "id"),
    ],
)
def test_records_that_would_be_misread_are_refused_before_the_first(
    text: str, reason: str, path: str
) -> None:
    with pytest.raises(InvalidData, match=reason) as caught:
        codec_for(proto(text), model=Order, reader=proto(SHOP))
    assert (caught.value.fault, caught.value.path) == (DataFault.NOT_READABLE_AS_CONTRACT, path)


WIDE = """
message Event {
  int64 a = 1; uint32 b = 2; repeated int64 c = 3; map<int64, int64> d = 4; Event e = 5; map<string, Event> f = 6;
  sint64 g = 7;
}
"""


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": 2**31}, "a"),
        ({"b": 2**31}, "b"),
        ({"c": [1, -(2**40)]}, "c"),
        ({"d": {2**40: 1}}, "d.key"),
        ({"d": {1: 2**40}}, "d.value"),
        ({"e": {"e": {"a": 2**31}}}, "e.e.a"),
        ({"f": {"x": {"a": 2**31}}}, "f.value.a"),
        ({"g": -(2**31) - 1}, "g"),
        ({"a": 2**31 - 1, "b": 7, "c": [-(2**31)], "d": {1: 2}, "e": {}, "f": {"x": {}}, "g": -1}, None),
    ],
)
def test_numbers_that_the_readers_type_would_cut_are_not_readable(
    value: dict[str, Any], path: str | None
) -> None:
    wide = f'syntax = "proto3"; {WIDE}'
    narrow = wide.replace("int64", "int32").replace("uint32", "int32")
    data = codec_for(proto(wide)).encode(value)
    codec = codec_for(proto(wide), reader=proto(narrow))
    if path is None:
        assert codec.decode(data) == codec_for(proto(wide)).decode(data)
        return
    with pytest.raises(InvalidData, match="does not fit the reader's type") as caught:
        codec.decode(data)
    assert (caught.value.fault, caught.value.path) == (DataFault.NOT_READABLE_AS_CONTRACT, path)
    assert codec_for(proto(narrow), reader=proto(wide)).decode(codec.encode({})) is not None


def test_referenced_files_are_found() -> None:
    money = proto('syntax = "proto3"; package geo; message Money { int64 cents = 1; }')
    text = 'syntax = "proto3"; package shop; import "money.proto"; message Order { geo.Money total = 1; }'
    order = Schema(text, SchemaType.PROTOBUF, (Reference("money.proto", Subject("money"), Version(1)),))
    codec = codec_for(order, referenced={"money.proto": money})
    assert codec.encode({"total": {"cents": 5}}) == b"\x0a\x02\x08\x05"
    generated: Any = GetMessageClass(ProtobufFile.of(order, {"money.proto": money}).message("shop.Order"))
    typed = codec_for(order, model=generated, referenced={"money.proto": money})
    assert typed.decode(typed.encode(generated(total={"cents": 5}))).total.cents == 5
    parsed = parse(order, referenced={"money.proto": money})
    assert codec_for(parsed, reader=parsed).decode(b"\x0a\x02\x08\x05") == {"total": {"cents": 5}}


def test_a_descriptor_in_base64_is_a_schema_as_well() -> None:
    serialized = parse(proto(SHOP)).formatted("serialized")
    assert codec_for(proto(serialized), model=Order).encode(Order(id="o-1")) == b"\x0a\x03o-1"


def test_the_derived_schema_is_the_whole_file_as_text() -> None:
    derived = derive_schema(Order.Line)
    assert derived.type is SchemaType.PROTOBUF
    assert "message Refund" in derived.text
    assert codec_for(derived, model=Order.Line).indexes == framing.indexed((1, 0), b"")


def test_no_schema_follows_from_a_class_without_numbers_or_from_a_file_that_imports_others() -> None:
    with pytest.raises(ModelDoesNotFit, match="its fields have no numbers"):
        derive_schema(Schema)
    money = parse(proto('syntax = "proto3"; package geo; message Money { int64 cents = 1; }'))
    text = 'syntax = "proto3"; package shop; import "money.proto"; message Order { geo.Money total = 1; }'
    file = ProtobufFile.of(proto(text), {"money.proto": proto(money.canonical)})
    with pytest.raises(ModelDoesNotFit, match="no schema follows from Order alone") as caught:
        derive_schema(GetMessageClass(file.message("shop.Order")))
    assert "references" in caught.value.hint


def test_a_schema_without_messages_is_no_schema_of_records() -> None:
    with pytest.raises(ModelDoesNotFit, match="it has no messages"):
        codec_for(proto('syntax = "proto3"; enum Kind { A = 0; }'))


def test_what_the_library_refuses_is_an_invalid_schema() -> None:
    with pytest.raises(InvalidSchema):
        codec_for(proto('syntax = "proto3"; message Order { string a = 1; string b = 1; }'))
