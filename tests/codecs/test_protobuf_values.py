"""Dicts, dataclasses, Structs and pydantic's models in place of messages."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import Any

import msgspec
import pydantic
import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from accord.codecs import Codec, DataFault, InvalidData, InvalidEvent, ModelDoesNotFit, codec_for
from accord.codecs.protobuf.file import ProtobufFile
from accord.schemas import Schema, SchemaType

TEXT = """
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/wrappers.proto";
message Order {
  string id = 1;
  int32 count = 2;
  optional string note = 3;
  double total = 4;
  float weight = 5;
  bool paid = 6;
  bytes raw = 7;
  Status status = 8;
  google.protobuf.Timestamp at = 9;
  google.protobuf.Duration took = 10;
  google.protobuf.Int64Value points = 11;
  repeated Line lines = 12;
  map<string, int64> stock = 13;
  map<int32, Line> by_number = 14;
  repeated Status history = 15;
  oneof payment { string card = 16; Line voucher = 17; }
  uint64 big = 18;
}
message Line { string sku = 1; }
enum Status { NEW = 0; PAID = 1; }
"""
AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
FULL = {
    "id": "o-1",
    "count": -3,
    "note": "",
    "total": 9.5,
    "weight": 0.5,
    "paid": True,
    "raw": b"\x00\xff",
    "status": "PAID",
    "at": AT,
    "took": timedelta(seconds=-1, microseconds=5),
    "points": 0,
    "lines": [{"sku": "x"}, {"sku": ""}],
    "stock": {"b": 2, "a": -1},
    "by_number": {-1: {"sku": "y"}},
    "history": ["NEW", "PAID"],
    "card": None,
    "voucher": {"sku": "v"},
    "big": 2**64 - 1,
}
EMPTY = {
    "id": "", "count": 0, "note": None, "total": 0.0, "weight": 0.0, "paid": False, "raw": b"", "status": "NEW",
    "at": None, "took": None, "points": None, "lines": [], "stock": {}, "by_number": {}, "history": [],
    "card": None, "voucher": None, "big": 0,
}  # fmt: skip


def proto(text: str) -> Schema:
    return Schema(text, SchemaType.PROTOBUF)


def message_class(text: str, name: str) -> type[Message]:
    return GetMessageClass(ProtobufFile.of(proto(text), {}).message(name))


def small(*lines: str, syntax: str = "proto3") -> Schema:
    imports = "".join(
        f'import "google/protobuf/{name}.proto";' for name in ("timestamp", "duration", "wrappers")
    )
    return proto(f'syntax = "{syntax}"; package shop; {imports} message Order {{ {" ".join(lines)} }}')


@pytest.fixture(scope="module")
def codec() -> Codec[Any]:
    return codec_for(proto(TEXT))


def test_a_dict_is_written_as_the_message_would_be_and_comes_back(codec: Codec[Any]) -> None:
    message: Any = message_class(TEXT, "shop.Order")(
        id="o-1", count=-3, note="", total=9.5, weight=0.5, paid=True, raw=b"\x00\xff", status=1,
        took={"nanos": -999995000}, points={}, lines=[{"sku": "x"}, {}], stock={"b": 2, "a": -1},
        by_number={-1: {"sku": "y"}}, history=[0, 1], voucher={"sku": "v"}, big=2**64 - 1,
    )  # fmt: skip
    message.at.FromDatetime(AT)
    assert codec.encode(FULL) == message.SerializeToString(deterministic=True)
    assert codec.decode(codec.encode(FULL)) == FULL


def test_what_is_not_there_is_none_or_what_protobuf_takes_for_nothing(codec: Codec[Any]) -> None:
    assert codec.encode({}) == b""
    assert codec.decode(b"") == EMPTY
    assert codec.encode(EMPTY) == b""


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"idd": "x"}, "", "shop.Order has no field idd"),
        ({"id": 1}, "id", "a string is needed"),
        ({"id": None}, "id", "None is no value"),
        ({"id": "\ud800"}, "id", "UTF-8"),
        ({"count": 1.0}, "count", "an int32 is needed"),
        ({"count": True}, "count", "an int32 is needed"),
        ({"count": 2**31}, "count", "does not fit an int32"),
        ({"big": -1}, "big", "does not fit an uint64"),
        ({"total": "1"}, "total", "a number is needed"),
        ({"total": 2**53 + 1}, "total", "a number is needed"),
        ({"weight": 1e39}, "weight", "does not fit a float"),
        ({"paid": 1}, "paid", "a bool is needed"),
        ({"raw": "x"}, "raw", "bytes is needed"),
        ({"status": "LOST"}, "status", "no constant of shop.Status"),
        ({"status": 7}, "status", "no constant of shop.Status"),
        ({"at": datetime(2026, 1, 1)}, "at", "without a time zone"),  # noqa: DTZ001 -- the point
        ({"at": "2026-01-01"}, "at", "a datetime is needed"),
        ({"took": timedelta.max}, "took", "ten thousand years"),
        ({"points": 2**63}, "points", "does not fit an int64"),
        ({"lines": {"sku": "x"}}, "lines", "a list is needed"),
        ({"lines": [{}, {"sku": 1}]}, "lines[1].sku", "a string is needed"),
        ({"lines": [{}, None]}, "lines[1]", "a dict is needed"),
        ({"history": ["NEW", "LOST"]}, "history[1]", "no constant"),
        ({"stock": {"a": "1"}}, "stock['a']", "an int64 is needed"),
        ({"stock": {1: 1}}, "stock[1]", "a string is needed"),
        ({"by_number": {1: {"sku": 2}}}, "by_number[1].sku", "a string is needed"),
        ({"card": "4711"}, "", "only one of card, voucher can be given"),
    ],
)
def test_what_the_schema_does_not_allow_is_told_with_its_path(
    codec: Codec[Any], change: dict[str, Any], path: str, reason: str
) -> None:
    with pytest.raises(InvalidEvent, match=reason) as caught:
        codec.encode({**FULL, **change})
    assert caught.value.path == path


@pytest.mark.parametrize("amount", [float("inf"), float("-inf"), 3.4028234663852886e38, 0.1, 7])
def test_a_float_may_be_rounded_or_infinite_but_not_become_it(codec: Codec[Any], amount: float) -> None:
    read = codec.decode(codec.encode({"weight": amount}))["weight"]
    assert read == pytest.approx(amount, rel=1e-6)


def test_a_moment_is_the_same_in_every_time_zone(codec: Codec[Any]) -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))
    assert codec.encode({"at": elsewhere}) == codec.encode({"at": AT})


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_first_and_the_last_moment_are_moments(codec: Codec[Any], at: datetime) -> None:
    assert codec.decode(codec.encode({"at": at}))["at"] == at


@pytest.mark.parametrize(
    ("field", "seconds", "nanos"),
    [
        ("at", 2**62, 0),
        ("at", 0, -1),
        ("at", 0, 10**9),
        ("took", 1, -1),
        ("took", 2**40, 0),
        ("took", 0, 10**9),
    ],
)
def test_times_that_are_none_are_damage(codec: Codec[Any], field: str, seconds: int, nanos: int) -> None:
    message = message_class(TEXT, "shop.Order")(**{field: {"seconds": seconds, "nanos": nanos}})
    with pytest.raises(InvalidData) as caught:
        codec.decode(message.SerializeToString())
    assert (caught.value.fault, caught.value.path) == (DataFault.MALFORMED, field)


def test_what_is_below_a_microsecond_is_dropped(codec: Codec[Any]) -> None:
    message = message_class(TEXT, "shop.Order")(at={"nanos": 1999}, took={"nanos": -1999})
    read = codec.decode(message.SerializeToString())
    assert read["at"] == datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    assert read["took"] == timedelta(microseconds=-1)


def test_a_dict_holds_the_number_of_a_constant_that_nobody_named(codec: Codec[Any]) -> None:
    assert codec.decode(b"\x40\x07")["status"] == 7


def test_text_that_is_none_is_told_where_only_the_reader_looks() -> None:
    with pytest.raises(InvalidData, match="not UTF-8") as caught:
        codec_for(small("optional string id = 1;", syntax="proto2")).decode(b"\x0a\x01\xff")
    assert caught.value.path == "id"


def test_proto2_requires_fields_and_has_defaults() -> None:
    codec = codec_for(
        small("required string id = 1;", "optional int32 count = 2 [default = 7];", syntax="proto2")
    )
    with pytest.raises(InvalidEvent, match="missing") as caught:
        codec.encode({})
    assert caught.value.path == "id"
    assert codec.decode(b"\x0a\x00") == {"id": "", "count": None}

    @dataclass(slots=True)
    class Order:
        id: str
        count: int

    typed = codec_for(
        small("required string id = 1;", "optional int32 count = 2 [default = 7];", syntax="proto2"),
        model=Order,
    )
    assert typed.decode(b"\x0a\x00") == Order("", 7)


def test_messages_that_hold_themselves_are_dicts_within_dicts() -> None:
    codec = codec_for(small("string id = 1;", "Order next = 2;"))
    chain = {"id": "a", "next": {"id": "b", "next": None}}
    assert codec.decode(codec.encode(chain)) == chain


def test_json_within_messages_is_json() -> None:
    text = """
    syntax = "proto3"; import "google/protobuf/struct.proto";
    message Event { google.protobuf.Struct more = 1; google.protobuf.ListValue list = 2; google.protobuf.Value any = 3; }
    """
    model = msgspec.defstruct(
        "Event", [("more", dict[str, Any] | None), ("list", list[Any] | None), ("any", object | None)]
    )
    codec: Codec[Any] = codec_for(proto(text), model=model)
    event = model(more={"a": [1, 0.5, None, {"b": True}]}, list=["x"], any=3)
    assert codec.decode(codec.encode(event)) == event
    for change in ({"more": {"a": b"x"}}, {"more": {1: 1}}, {"list": [object()]}, {"any": {1}}):
        with pytest.raises(InvalidEvent, match="JSON is needed") as caught:
            codec_for(proto(text)).encode(change)
        assert caught.value.path == next(iter(change))
    with pytest.raises(InvalidData, match="no JSON") as unread:
        codec.decode(b"\x1a\x09\x11" + b"\x00\x00\x00\x00\x00\x00\xf0\x7f")
    assert unread.value.path == "any"


def test_names_that_the_library_has_taken_are_refused() -> None:
    with pytest.raises(ModelDoesNotFit, match="HasField"):
        codec_for(small("string HasField = 1;"))


class Status(Enum):
    NEW = "new"
    PAID = "paid"


@dataclass(slots=True)
class Line:
    sku: str


class LineStruct(msgspec.Struct):
    sku: str


class LineModel(pydantic.BaseModel):
    sku: str


@dataclass(slots=True)
class Order:
    id: str
    count: int
    total: float
    weight: float
    paid: bool
    raw: bytes
    status: Status
    history: list[Status]
    big: int
    note: str | None = None
    at: datetime | None = None
    took: timedelta | None = None
    points: int | None = None
    lines: list[Line] = field(default_factory=list)
    stock: dict[str, int] = field(default_factory=dict)
    by_number: dict[int, Line] = field(default_factory=dict)
    card: str | None = None
    voucher: Line | None = None


class OrderStruct(msgspec.Struct):
    id: str
    count: int
    total: float
    weight: float
    paid: bool
    raw: bytes
    status: Status
    history: list[Status]
    big: int
    note: str | None
    at: datetime
    took: timedelta
    points: int | None
    lines: list[LineStruct]
    stock: dict[str, int]
    by_number: dict[int, LineStruct]
    card: str | None = None
    voucher: LineStruct | None = None


class OrderModel(pydantic.BaseModel):
    id: str
    count: int
    total: float
    weight: float
    paid: bool
    raw: bytes
    status: str
    history: list[str]
    big: int
    note: str | None
    at: datetime
    took: timedelta
    points: int | None
    lines: list[LineModel]
    stock: dict[str, int]
    by_number: dict[int, LineModel]
    card: str | None = None
    voucher: LineModel | None = None


@pytest.mark.parametrize(
    ("model", "line", "status"),
    [(Order, Line, Status), (OrderStruct, LineStruct, Status), (OrderModel, LineModel, None)],
)
def test_classes_say_what_dicts_say(codec: Codec[Any], model: Any, line: Any, status: Any) -> None:
    typed = codec_for(proto(TEXT), model=model)
    values = FULL | {
        "lines": [line(sku="x"), line(sku="")],
        "by_number": {-1: line(sku="y")},
        "voucher": line(sku="v"),
    }
    if status is not None:
        values |= {"status": status.PAID, "history": [status.NEW, status.PAID]}
    event = model(**values)
    assert typed.encode(event) == codec.encode(FULL)
    assert typed.decode(codec.encode(FULL)) == event


def test_a_class_may_call_its_fields_otherwise() -> None:
    class Line(msgspec.Struct, rename={"article": "sku"}):
        article: str

    codec = codec_for(proto('syntax = "proto3"; message Line { string sku = 1; }'), model=Line)
    assert codec.decode(codec.encode(Line(article="x"))) == Line(article="x")


def test_a_class_is_known_by_its_name_among_messages() -> None:
    text = 'syntax = "proto3"; message First { string a = 1; } message Line { string sku = 1; }'
    codec = codec_for(proto(text), model=Line)
    assert codec.indexes == bytes.fromhex("0202")
    with pytest.raises(ModelDoesNotFit, match="no messages are called LineStruct"):
        codec_for(proto(text), model=LineStruct)


@pytest.mark.parametrize(
    ("hint", "line", "problem"),
    [
        (int, "string sku = 1;", "the class has int, the schema has string"),
        (str | None, "string sku = 1;", "the schema does not say `optional`"),
        (str, "oneof one { string sku = 1; int32 b = 2; }", "one of the oneof one"),
        (int | str, "optional string sku = 1;", "a field has one type"),
        (str, "repeated string sku = 1;", "the schema has a list"),
        (list[int], "repeated string sku = 1;", "sku[]: the class has int, the schema has string"),
        (dict[str, str], "map<string, int32> sku = 1;", "sku{}: the class has str, the schema has int32"),
        (list[str], "map<string, int32> sku = 1;", "the schema has a map"),
        (str, "google.protobuf.Timestamp sku = 1;", "the schema has google.protobuf.Timestamp"),
        (str, "Order sku = 1;", "the schema has shop.Order"),
        (Line, "Order sku = 1;", "sku.sku: the class has str, the schema has shop.Order"),
        (Status, "enum S { NEW = 0; } S sku = 1;", "PAID is no constant of shop.Order.S"),
        (str, "string sku = 1; string more = 2;", "more: the class has no such field"),
        (str, "string sk = 1;", "sku: the schema has no such field"),
    ],
)
def test_a_class_and_a_schema_that_differ_are_told_before_the_first_record(
    hint: Any, line: str, problem: str
) -> None:
    model = msgspec.defstruct("Order", [("sku", hint)])
    with pytest.raises(ModelDoesNotFit) as caught:
        codec_for(small(line), model=model)
    assert any(problem in one for one in caught.value.problems), caught.value.problems


def test_a_class_that_needs_a_message_does_not_do_without() -> None:
    model = msgspec.defstruct("Order", [("at", datetime)])
    codec = codec_for(small("google.protobuf.Timestamp at = 1;"), model=model)
    with pytest.raises(InvalidData, match="not set") as caught:
        codec.decode(b"")
    assert (caught.value.fault, caught.value.path) == (DataFault.NOT_READABLE_AS_CONTRACT, "at")
    with pytest.raises(InvalidEvent, match="None is no value") as unwritten:
        codec.encode(model(at=None))
    assert unwritten.value.path == "at"


def test_an_enum_class_does_not_make_up_members() -> None:
    model = msgspec.defstruct("Order", [("status", Status)])
    codec: Codec[Any] = codec_for(small("enum S { NEW = 0; PAID = 1; LOST = 2; } S status = 1;"), model=model)
    assert codec.decode(codec.encode(model(status=Status.PAID))).status is Status.PAID
    for number, told in ((2, "LOST"), (9, "number 9")):
        with pytest.raises(InvalidData, match=told) as caught:
            codec.decode(bytes((8, number)))
        assert (caught.value.fault, caught.value.path) == (DataFault.NOT_READABLE_AS_CONTRACT, "status")
    with pytest.raises(InvalidEvent, match="a Status is needed"):
        codec.encode(model(status="PAID"))


class Positive(pydantic.BaseModel):
    count: int = pydantic.Field(gt=0)


def test_what_a_class_refuses_is_told_with_its_place() -> None:
    schema = small("Positive inner = 1; message Positive { int32 count = 1; }")
    model = msgspec.defstruct("Order", [("inner", Positive | None)])
    codec = codec_for(schema, model=model)
    with pytest.raises(InvalidData, match="Positive refuses the values") as caught:
        codec.decode(b"\x0a\x00")
    assert (caught.value.fault, caught.value.path) == (DataFault.REFUSED_BY_MODEL, "inner.count")


def test_only_instances_of_the_class_are_written() -> None:
    codec: Codec[Any] = codec_for(proto('syntax = "proto3"; message Line { string sku = 1; }'), model=Line)
    with pytest.raises(InvalidEvent, match="a Line is needed"):
        codec.encode(LineStruct("x"))
