"""Code that is written for each schema and class: what it looks like, and that no schema is too odd for it."""

import dataclasses
import gc
import inspect
import json
import linecache
import traceback
from dataclasses import InitVar, dataclass, field
from enum import Enum, StrEnum
from typing import Any

import msgspec
import pydantic
import pytest

from accord.codecs import Codec, InvalidData, InvalidEvent, codec_for
from accord.codecs.avro import source_of
from accord.schemas import InvalidSchema, Schema


def avro(node: object) -> Schema:
    return Schema(json.dumps(node))


def record(name: str, **types: object) -> dict[str, object]:
    fields = [{"name": field_name, "type": type_} for field_name, type_ in types.items()]
    return {"type": "record", "name": name, "fields": fields}


POINT = avro(record("Point", x="int", y="int"))


def test_the_source_can_be_read() -> None:
    codec = codec_for(POINT)
    assert "value['x']" in source_of(codec.encode)
    assert source_of(codec.encode).strip() == inspect.getsource(codec.encode).strip()
    assert source_of(codec.decode).startswith("def decode(data, start=0, /):")


def test_a_traceback_shows_the_line_that_failed() -> None:
    class Broken(dict[str, int]):
        def __getitem__(self, key: str) -> int:
            raise RuntimeError(key)

    codec = codec_for(POINT)
    with pytest.raises(RuntimeError) as caught:
        codec.encode(Broken(x=1, y=2))
    assert "= value['x']" in "".join(traceback.format_exception(caught.value))


def test_what_is_raised_holds_on_to_nothing_else() -> None:
    with pytest.raises(InvalidEvent) as caught:
        codec_for(POINT).encode({"x": 1, "y": "2"})
    assert caught.value.__context__ is None


def test_the_source_goes_with_the_codec() -> None:
    def files() -> set[str]:
        return {name for name in linecache.cache if "encode_Gone" in name}

    codec: Codec[Any] | None = codec_for(avro(record("Gone", x="int")))
    assert len(files()) == 1
    assert codec is not None
    codec = None
    gc.collect()
    assert not files()


def test_a_codec_that_reads_as_another_schema_writes_too() -> None:
    codec = codec_for(POINT, reader=avro(record("Point", x="long")))
    assert [codec.encode({"x": 1, "y": 2}) for _ in range(2)] == [b"\x02\x04"] * 2
    with pytest.raises(InvalidEvent):
        codec.encode({"x": 1})


def test_a_source_that_was_looked_at_survives_a_check_of_the_cache() -> None:
    codec = codec_for(POINT)
    linecache.checkcache()
    assert "value['x']" in source_of(codec.encode)


def nested(depth: int, leaf: object) -> object:
    node = leaf
    for number in range(depth):
        items = {"type": "array", "items": {"type": "map", "values": node}}
        node = record(f"Level{number}", inner=items)
    return node


def deep(depth: int, leaf: object) -> Any:
    value = leaf
    for _ in range(depth):
        value = {"inner": [{"k": value}]}
    return value


def test_nesting_is_no_limit() -> None:
    codec = codec_for(avro(nested(20, "int")))
    assert codec.decode(codec.encode(deep(20, 7))) == deep(20, 7)
    path = ".".join(["inner[0]{'k'}"] * 20)
    with pytest.raises(InvalidEvent) as refused:
        codec.encode(deep(20, "x"))
    assert refused.value.path == path
    with pytest.raises(InvalidData) as damaged:
        codec.decode(codec.encode(deep(20, 7))[: 20 * 4])
    assert damaged.value.path == path


def test_a_schema_that_is_nested_too_deeply_is_told_as_such() -> None:
    with pytest.raises(InvalidSchema, match="nested too deeply"):
        codec_for(Schema('{"type":"array","items":' * 2000 + '"int"' + "}" * 2000))


def test_many_fields_and_branches_are_no_limit() -> None:
    wide = avro(record("Wide", **{f"f{number}": ["null", "string", "int"] for number in range(500)}))
    value = {f"f{number}": number for number in range(500)}
    assert codec_for(wide).decode(codec_for(wide).encode(value)) == value
    branches = [record(f"R{number}", **{f"f{number}": "int"}) for number in range(250)]
    union = codec_for(avro(["null", *branches]))
    for number in (0, 98, 99, 100, 199, 249):
        assert union.decode(union.encode({f"f{number}": number})) == {f"f{number}": number}
    with pytest.raises(InvalidEvent):
        union.encode({"f250": 250})
    for number in (251, -1):
        with pytest.raises(InvalidData):
            union.decode(codec_for(avro("long")).encode(number))


ODD_NAMES = ["class", "data", "at", "end", "value", "__x", "error", "failed", "NUMBER", "EPOCH", "_"]


def test_no_name_of_a_field_is_odd() -> None:
    codec = codec_for(avro(record("Odd", **dict.fromkeys(ODD_NAMES, "int"))))
    value = {name: number for number, name in enumerate(ODD_NAMES)}
    assert codec.decode(codec.encode(value)) == value


@pytest.mark.parametrize("name", ["x']; import os #", 'a"b', "a\nb", "ä", "{0}", "a b"])
def test_a_name_that_is_none_is_text_and_never_code(name: str) -> None:
    codec = codec_for(avro(record(name, **{name: ["null", "string", record("R", **{name: "int"})]})))
    for value in ({name: "x"}, {name: {name: 1}}):
        assert codec.decode(codec.encode(value)) == value
    with pytest.raises(InvalidEvent) as caught:
        codec.encode({name: {name: "x"}})
    assert caught.value.path == f"{name}.{name}"


def test_a_field_may_be_called_otherwise_in_the_class() -> None:
    class Struct(msgspec.Struct, rename={"class_": "class", "data": "at"}):
        class_: int
        data: int

    class Model(pydantic.BaseModel):
        class_: int = pydantic.Field(alias="class")
        data: int = pydantic.Field(alias="at")

    schema = avro(record("Renamed", **{"class": "int", "at": "int"}))
    for value in (Struct(1, 2), Model.model_validate({"class": 1, "at": 2})):
        codec = codec_for(schema, model=type(value))
        assert codec.encode(value) == b"\x02\x04"
        assert codec.decode(b"\x02\x04") == value


def test_a_shared_record_is_told_at_each_of_its_places() -> None:
    line = record("Line", n="int")
    codec = codec_for(
        avro(record("Order", first=line, second=["null", "Line"], more={"type": "array", "items": "Line"}))
    )
    fine: dict[str, Any] = {"n": 1}
    broken: dict[str, Any] = {"n": "x"}
    for path, value in {
        "first.n": {"first": broken, "second": fine, "more": []},
        "second.n": {"first": fine, "second": broken, "more": []},
        "more[2].n": {"first": fine, "second": fine, "more": [fine, fine, broken]},
    }.items():
        with pytest.raises(InvalidEvent) as caught:
            codec.encode(value)
        assert caught.value.path == path


def test_a_recursive_record_is_told_at_its_depth() -> None:
    tree = record("Tree", value="int", children={"type": "array", "items": "Tree"})
    codec = codec_for(avro(tree))
    leaf: dict[str, Any] = {"value": 1, "children": []}
    value = {"value": 1, "children": [leaf, {"value": 1, "children": [leaf, {**leaf, "value": None}]}]}
    with pytest.raises(InvalidEvent) as caught:
        codec.encode(value)
    assert caught.value.path == "children[1].children[1].value"
    with pytest.raises(InvalidData) as damaged:
        codec.decode(b"\x02\x04\x02\x00\x02\x04\x02\x00")
    assert damaged.value.path == "children[1].children[1].value"


class Kind(Enum):
    A = 1


@dataclass
class Plain:
    x: int
    y: int = 5


@dataclass(slots=True)
class Slots:
    x: int
    y: int = 5


@dataclass(frozen=True)
class Frozen:
    x: int
    y: int


@dataclass(frozen=True, slots=True, weakref_slot=True)
class FrozenSlots:
    x: int
    y: int


@dataclass(kw_only=True)
class Keywords:
    y: int
    x: int


@dataclass(frozen=True, slots=True)
class Child(FrozenSlots):
    pass


@dataclass
class Checked:
    x: int
    y: int
    total: int = field(init=False)

    def __post_init__(self) -> None:
        self.total = self.x + self.y


@dataclass
class Noted:
    x: int
    y: int

    def __post_init__(self) -> None:
        vars(self)["noted"] = True


@dataclass
class NotedChild(Noted):
    pass


@dataclass
class WithConstructor:
    x: int
    y: int

    def __init__(self, x: int, y: int) -> None:
        self.x, self.y = x, y
        self.made = "by hand"


@dataclass
class Setting:
    x: int
    y: int

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)
        object.__setattr__(self, f"{name}_was_set", True)


@dataclass
class SettingChild(Setting):
    pass


@dataclass
class WithInitVar:
    x: int
    more: InitVar[int] = 3
    y: int = 5

    def __post_init__(self, more: int) -> None:
        self.more_seen = more


class Struct(msgspec.Struct, frozen=True, kw_only=True):
    y: int
    x: int


class Model(pydantic.BaseModel):
    x: int
    y: int


CLASSES = [Plain, Slots, Frozen, FrozenSlots, Keywords, Child, Checked, Noted, NotedChild, WithConstructor, Setting, SettingChild, WithInitVar, Struct, Model]  # fmt: skip


@pytest.mark.parametrize("class_", CLASSES, ids=lambda class_: class_.__name__)
def test_an_instance_that_was_read_is_as_one_that_was_made(class_: Any) -> None:
    made = class_(x=1, y=2)
    codec = codec_for(POINT, model=class_)
    assert codec.encode(made) == b"\x02\x04"
    read = codec.decode(b"\x02\x04")
    assert (type(read), read) == (class_, made)
    assert getattr(read, "__dict__", None) == getattr(made, "__dict__", None)
    if class_ in (Frozen, FrozenSlots, Child):
        with pytest.raises(dataclasses.FrozenInstanceError):
            read.x = 3


def test_an_instance_of_a_subclass_is_written() -> None:
    class More(Plain):
        pass

    assert codec_for(POINT, model=Plain).encode(More(1, 2)) == b"\x02\x04"


def test_an_attribute_that_is_missing_is_told() -> None:
    value = object.__new__(Slots)
    with pytest.raises(InvalidEvent, match="Slots lacks an attribute"):
        codec_for(POINT, model=Slots).encode(value)


def test_members_of_enums_are_no_strings() -> None:
    class Text(StrEnum):
        A = "a"

    class Word(str):
        __slots__ = ()

    assert codec_for(avro("string")).encode(Word("a")) == b"\x02a"
    for member in (Text.A, Kind.A):
        with pytest.raises(InvalidEvent, match="a string is needed"):
            codec_for(avro("string")).encode(member)
