"""A class and a schema that somebody else wrote: whether they belong together is known before the first record."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
import pydantic
import pytest

from accord.codecs import Duration, InvalidData, InvalidEvent, ModelDoesNotFit, codec_for
from accord.schemas import Schema


class Size(Enum):
    S = 1
    L = 2


@dataclass(frozen=True)
class Cat:
    name: str


@dataclass(frozen=True)
class Dog:
    name: str


def record(**types: Any) -> Schema:
    fields = [{"name": name, "type": type_} for name, type_ in types.items()]
    return Schema(json.dumps({"type": "record", "name": "Model", "fields": fields}))


def model(**hints: Any) -> type[Any]:
    return dataclass(type("Model", (), {"__annotations__": hints}))


def struct(**hints: Any) -> type[Any]:
    return msgspec.defstruct("Model", list(hints.items()))


def validated(**hints: Any) -> type[Any]:
    fields: dict[str, Any] = {name: (hint, ...) for name, hint in hints.items()}
    made: type[Any] = pydantic.create_model("Model", **fields)
    return made


def animal(name: str) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": [{"name": "name", "type": "string"}]}


SIZE = {"type": "enum", "name": "Size", "symbols": ["S", "L"]}
MONEY = {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}

FITTING: list[tuple[Any, Any, Any]] = [
    (int, "int", 5),
    (int, "long", 5),
    (float, "float", 0.5),
    (bytes, {"type": "fixed", "name": "Two", "size": 2}, b"ab"),
    (Decimal, MONEY, Decimal("12.34")),
    (Decimal, {"type": "fixed", "name": "M", "size": 8, "logicalType": "decimal", "precision": 9, "scale": 2}, Decimal("-0.01")),
    (uuid.UUID, {"type": "fixed", "name": "U", "size": 16, "logicalType": "uuid"}, uuid.UUID(int=7)),
    (datetime, {"type": "long", "logicalType": "timestamp-micros"}, datetime(2024, 1, 1, microsecond=7, tzinfo=UTC)),
    (datetime, {"type": "long", "logicalType": "local-timestamp-millis"}, datetime(2024, 1, 1)),  # noqa: DTZ001
    (date, {"type": "int", "logicalType": "date"}, date(2024, 2, 29)),
    (time, {"type": "int", "logicalType": "time-millis"}, time(23, 59, 59, 999000)),
    (int, {"type": "long", "logicalType": "timestamp-nanos"}, 2**62 + 1),
    (Duration, {"type": "fixed", "name": "D", "size": 12, "logicalType": "duration"}, Duration(1, 2, 3)),
    (Size, SIZE, Size.L),
    (str, SIZE, "L"),
    (int, {"type": "long", "logicalType": "no-such-type"}, 5),
    (list[Size | None], {"type": "array", "items": ["null", SIZE]}, [Size.S, None]),
    (dict[str, Cat], {"type": "map", "values": animal("Cat")}, {"a": Cat("a")}),
    (Cat | Dog, [animal("Dog"), animal("Cat")], Cat("a")),
    (Cat | Dog, [animal("Dog"), animal("Cat")], Dog("a")),
    (str | int | None, ["null", "string", "int", "long"], 2**40),
    (Any, ["null", "string", "int"], "x"),
]  # fmt: skip


@pytest.mark.parametrize("kind", [model, struct, validated])
@pytest.mark.parametrize(("hint", "type_", "value"), FITTING)
def test_a_value_of_a_fitting_type_comes_back_the_same(
    hint: Any, type_: Any, value: Any, kind: Callable[..., Any]
) -> None:
    class_ = kind(field=hint)
    codec = codec_for(record(field=type_), model=class_)
    read = codec.decode(codec.encode(class_(field=value)))
    assert read == class_(field=value)
    assert type(read.field) is type(value)


MISFITS: list[tuple[Any, Any]] = [
    (str, "int"),
    (int, "double"),
    (bool, "int"),
    (int, "boolean"),
    (str, "bytes"),
    (datetime, "long"),
    (int, {"type": "long", "logicalType": "timestamp-millis"}),
    (date, {"type": "long", "logicalType": "timestamp-millis"}),
    (float, MONEY),
    (timedelta, {"type": "fixed", "name": "D", "size": 12, "logicalType": "duration"}),
    (datetime, {"type": "long", "logicalType": "timestamp-nanos"}),
    (str | None, "string"),
    (str, ["null", "string"]),
    (str | None, ["null", "int"]),
    (int | str | None, ["null", "string"]),
    (list[int], {"type": "array", "items": "string"}),
    (dict[str, int], {"type": "array", "items": "int"}),
    (Size, {"type": "enum", "name": "Size", "symbols": ["S", "M"]}),
    (Cat, {"type": "record", "name": "Cat", "fields": []}),
    (Cat, "string"),
    (str, animal("Cat")),
]


@pytest.mark.parametrize("kind", [model, struct, validated])
@pytest.mark.parametrize(("hint", "type_"), MISFITS)
def test_a_type_that_does_not_fit_is_told_with_the_field(
    hint: Any, type_: Any, kind: Callable[..., Any]
) -> None:
    with pytest.raises(ModelDoesNotFit) as caught:
        codec_for(record(field=type_), model=kind(field=hint))
    assert caught.value.problems
    assert all(problem.startswith("field") for problem in caught.value.problems)


def test_all_differences_are_told_at_once() -> None:
    schema = record(kept="string", retyped="int", removed="int")
    with pytest.raises(ModelDoesNotFit) as caught:
        codec_for(schema, model=model(kept=str, retyped=str, added=int))
    assert caught.value.problems == (
        "retyped: the class has str, the schema has int",
        "removed: the class has no such field",
        "added: the schema has no such field",
    )


def test_one_named_type_cannot_be_two_classes() -> None:
    schema = record(one=animal("Pet"), two="Pet")
    with pytest.raises(ModelDoesNotFit, match="Pet would be both Cat and Dog"):
        codec_for(schema, model=model(one=Cat, two=Dog))


def test_an_instance_of_another_class_is_refused() -> None:
    codec = codec_for(record(pet=animal("Cat")), model=model(pet=Cat))
    other: Any = model(pet=Dog)(Dog("a"))
    with pytest.raises(InvalidEvent, match="a Model is needed"):
        codec.encode(other)


def test_a_class_may_refuse_what_it_is_given() -> None:
    @dataclass(frozen=True)
    class Positive:
        amount: int

        def __post_init__(self) -> None:
            if self.amount <= 0:
                raise ValueError("an amount is positive")

    codec = codec_for(record(amount="long"), model=Positive)
    with pytest.raises(
        InvalidData, match="Positive refuses the values: ValueError: an amount is positive"
    ) as caught:
        codec.decode(b"\x01")
    assert caught.value.fault == "REFUSED_BY_MODEL"
    assert isinstance(caught.value.__cause__, ValueError)


def test_what_a_class_refuses_is_told_with_its_place() -> None:
    class Line(pydantic.BaseModel):
        count: int = pydantic.Field(ge=1)

    line = {"type": "record", "name": "Line", "fields": [{"name": "count", "type": "int"}]}
    codec = codec_for(record(lines={"type": "array", "items": line}), model=validated(lines=list[Line]))
    with pytest.raises(InvalidData, match="greater than or equal to 1") as caught:
        codec.decode(b"\x04\x02\x00\x00")
    assert (caught.value.path, caught.value.fault) == ("lines[1].count", "REFUSED_BY_MODEL")


def test_with_a_reader_the_model_belongs_to_it() -> None:
    newer = model(name=str, note=str | None)
    writer = record(name="string", old="int")
    reader = Schema(
        '{"type":"record","name":"Model","fields":[{"name":"name","type":"string"},'
        '{"name":"note","type":["null","string"],"default":null}]}'
    )
    data = codec_for(writer).encode({"name": "a", "old": 1})
    assert codec_for(writer, reader=reader, model=newer).decode(data) == newer("a", None)


def test_a_list_may_be_of_nothing_but_none() -> None:
    nothing = {"type": "array", "items": "null"}
    class_ = model(nothing=list[None])
    assert codec_for(record(nothing=nothing), model=class_).decode(b"\x04\x00") == class_([None, None])
