"""A class and a schema that somebody else wrote: whether they belong together is known before the first record."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from accord.codecs import InvalidData, InvalidEvent, ModelDoesNotFit, codec_for
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


@pytest.mark.parametrize(("hint", "type_", "value"), FITTING)
def test_a_value_of_a_fitting_type_comes_back_the_same(hint: Any, type_: Any, value: Any) -> None:
    class_ = model(field=hint)
    codec = codec_for(record(field=type_), model=class_)
    read = codec.decode(codec.encode(class_(value)))
    assert read == class_(value)
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


@pytest.mark.parametrize(("hint", "type_"), MISFITS)
def test_a_type_that_does_not_fit_is_told_with_the_field(hint: Any, type_: Any) -> None:
    with pytest.raises(ModelDoesNotFit) as caught:
        codec_for(record(field=type_), model=model(field=hint))
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


def test_with_a_reader_the_model_belongs_to_it() -> None:
    newer = model(name=str, note=str | None)
    writer = record(name="string", old="int")
    reader = Schema(
        '{"type":"record","name":"Model","fields":[{"name":"name","type":"string"},'
        '{"name":"note","type":["null","string"],"default":null}]}'
    )
    data = codec_for(writer).encode({"name": "a", "old": 1})
    assert codec_for(writer, reader=reader, model=newer).decode(data) == newer("a", None)
