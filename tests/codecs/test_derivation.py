import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, NewType

import msgspec
import pydantic
import pytest

from accord.codecs import AvroType, Duration, ModelDoesNotFit, codec_for, derive_schema
from accord.schemas import Schema, parse

OrderId = NewType("OrderId", str)


class Currency(Enum):
    """ISO 4217."""

    EUR = "eur"
    USD = "usd"


class Plain(Enum):
    ONE = 1


@dataclass(frozen=True, slots=True)
class Line:
    sku: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Order:
    """A customer has placed an order.

    The second paragraph stays, too.
    """

    order_id: OrderId
    amount: Annotated[float, "in the currency"]
    currency: Currency
    lines: list[Line]
    placed_at: datetime
    day: date
    trace: uuid.UUID
    raw: bytes = b"\xff"
    paid: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    note: str | None = None
    more: list[Line] = field(default_factory=list)
    source: Currency = Currency.USD


def derived(model: type, **choices: Any) -> Any:
    return json.loads(derive_schema(model, **choices).text)


def field_type(hint: Any, **more: Any) -> Any:
    model: type[Any] = dataclass(type("Model", (), {"__annotations__": {"field": hint}, **more}))
    return derived(model)["fields"][0]


def test_a_whole_dataclass_becomes_a_record() -> None:
    line = {
        "type": "record",
        "name": "Line",
        "fields": [{"name": "sku", "type": "string"}, {"name": "count", "type": "long", "default": 1}],
    }
    currency = {"type": "enum", "name": "Currency", "doc": "ISO 4217.", "symbols": ["EUR", "USD"]}
    assert derived(Order, namespace="com.example") == {
        "type": "record",
        "name": "Order",
        "namespace": "com.example",
        "doc": "A customer has placed an order.\n\nThe second paragraph stays, too.",
        "fields": [
            {"name": "order_id", "type": "string"},
            {"name": "amount", "type": "double"},
            {"name": "currency", "type": currency},
            {"name": "lines", "type": {"type": "array", "items": line}},
            {"name": "placed_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
            {"name": "day", "type": {"type": "int", "logicalType": "date"}},
            {"name": "trace", "type": {"type": "string", "logicalType": "uuid"}},
            {"name": "raw", "type": "bytes", "default": "\u00ff"},
            {"name": "paid", "type": "boolean", "default": False},
            {"name": "tags", "type": {"type": "map", "values": "string"}, "default": {}},
            {"name": "note", "type": ["null", "string"], "default": None},
            {"name": "more", "type": {"type": "array", "items": "Line"}, "default": []},
            {"name": "source", "type": "Currency", "default": "USD"},
        ],
    }


def test_the_text_is_the_one_that_a_registry_keeps() -> None:
    schema = derive_schema(Order, namespace="com.example")
    assert parse(schema).canonical == schema.text


@pytest.mark.parametrize(
    ("hint", "more", "expected"),
    [
        (str | None, {}, {"type": ["null", "string"]}),
        (str | None, {"field": None}, {"type": ["null", "string"], "default": None}),
        (str | None, {"field": "x"}, {"type": ["string", "null"], "default": "x"}),
        (int | str, {}, {"type": ["long", "string"]}),
        (list[str | None], {}, {"type": {"type": "array", "items": ["null", "string"]}}),
        (dict[str, int], {}, {"type": {"type": "map", "values": "long"}}),
        (Plain, {}, {"type": {"type": "enum", "name": "Plain", "symbols": ["ONE"]}}),
    ],
)
def test_a_type_hint_becomes(hint: Any, more: dict[str, Any], expected: dict[str, Any]) -> None:
    assert field_type(hint, **more) == {"name": "field", **expected}


Amount = Annotated[Decimal, AvroType("bytes", "decimal", precision=12, scale=2)]
AMOUNT = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
Weight = NewType("Weight", Annotated[float, AvroType("float")])


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (Amount, AMOUNT),
        (Amount | None, ["null", AMOUNT]),
        (list[Amount], {"type": "array", "items": AMOUNT}),
        (dict[str, Amount | None], {"type": "map", "values": ["null", AMOUNT]}),
        (Annotated[datetime, AvroType("long", "timestamp-micros")], {"type": "long", "logicalType": "timestamp-micros"}),
        (Annotated[int, "whatever", AvroType("int")], "int"),
        (Weight, "float"),
        (time, {"type": "long", "logicalType": "time-micros"}),
        (Duration, {"type": "fixed", "name": "Duration", "size": 12, "logicalType": "duration"}),
    ],
)  # fmt: skip
def test_a_mark_says_what_a_class_does_not(hint: Any, expected: object) -> None:
    assert field_type(hint)["type"] == expected


def test_what_is_derived_fits_its_class_and_keeps_its_values() -> None:
    @dataclass
    class Model:
        amount: Amount
        seen_at: Annotated[datetime, AvroType("long", "timestamp-micros")]
        at: time
        every: Duration
        later: Duration

    value = Model(
        Decimal("1.25"), datetime(2026, 1, 1, 0, 0, 0, 7, tzinfo=UTC), time(1), Duration(1), Duration(days=2)
    )
    codec = codec_for(derive_schema(Model), model=Model)
    assert codec.decode(codec.encode(value)) == value


class LineStruct(msgspec.Struct, rename="camel"):
    """An item."""

    item_sku: str
    unit_price: Amount
    how_many: int = 1


class LineModel(pydantic.BaseModel):
    """An item."""

    item_sku: str = pydantic.Field(alias="itemSku")
    unit_price: Amount = pydantic.Field(alias="unitPrice")
    how_many: int = pydantic.Field(1, alias="howMany")


@pytest.mark.parametrize("class_", [LineStruct, LineModel])
def test_a_class_of_another_kind_becomes_a_record_with_the_names_on_the_wire(class_: type) -> None:
    assert derived(class_) == {
        "type": "record",
        "name": class_.__name__,
        "doc": "An item.",
        "fields": [
            {"name": "itemSku", "type": "string"},
            {"name": "unitPrice", "type": AMOUNT},
            {"name": "howMany", "type": "long", "default": 1},
        ],
    }


def test_a_default_that_is_computed_stays_in_the_class() -> None:
    @dataclass
    class Model:
        trace: uuid.UUID = field(default_factory=uuid.uuid4)

    assert "default" not in derived(Model)["fields"][0]


def test_a_dataclass_may_contain_itself() -> None:
    assert derived(Node)["fields"][0]["type"] == ["null", "Node"]


@dataclass
class Node:
    next: "Node | None" = None


def test_a_docstring_that_nobody_wrote_is_no_doc() -> None:
    assert "doc" not in derived(Line)


def test_every_field_without_an_avro_form_is_told_at_once() -> None:
    @dataclass
    class Model:
        amount: Decimal
        pair: tuple[int, int]
        names: Sequence[str]
        by_number: dict[int, str]
        fine: str
        text: str = None  # type: ignore[assignment]

    with pytest.raises(ModelDoesNotFit) as caught:
        derive_schema(Model)
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "amount",
        "pair",
        "names",
        "by_number",
        "text",
    ]
    assert "schema=" in caught.value.hint


def test_two_classes_of_one_name_are_told_apart() -> None:
    def make() -> type:
        @dataclass
        class Line:
            price: float

        return Line

    other = make()
    model: type[Any] = dataclass(type("Model", (), {"__annotations__": {"one": Line, "two": other}}))
    with pytest.raises(ModelDoesNotFit, match="two classes are called Line"):
        derive_schema(model)


def test_a_class_that_is_no_dataclass_cannot_hold_events() -> None:
    with pytest.raises(ModelDoesNotFit, match="not a dataclass"):
        derive_schema(str)


def test_a_hint_that_names_nothing_is_told_with_its_remedy() -> None:
    @dataclass
    class Model:
        field: "Nowhere"  # type: ignore[name-defined]  # noqa: F821 -- the point of the test

    with pytest.raises(ModelDoesNotFit, match="Nowhere") as caught:
        derive_schema(Model)
    assert "TYPE_CHECKING" in caught.value.hint


def test_without_a_namespace_there_is_none() -> None:
    assert derive_schema(Line) == Schema(
        '{"type":"record","name":"Line","fields":[{"name":"sku","type":"string"},{"name":"count","type":"long","default":1}]}'
    )
