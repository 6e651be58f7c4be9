"""Avro records as every kind of class."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
import pydantic
import pytest
from pydantic import dataclasses as pydantic_dataclasses

from accord.codecs import InvalidData, codec_for, derive_schema
from accord.schemas import Schema

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Line:
    sku: str
    count: int = 1


@dataclass
class Plain:
    __accord_fingerprint__: ClassVar[str] = "1b2d"
    order_id: str
    placed_at: datetime
    lines: list[Line] = field(default_factory=list)
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slotted:
    order_id: str
    placed_at: datetime
    lines: list[Line] = field(default_factory=list)
    note: str | None = None


@dataclass
class Base:
    order_id: str
    placed_at: datetime


@dataclass
class Inherited(Base):
    lines: list[Line] = field(default_factory=list)
    note: str | None = None


class Struct(msgspec.Struct, tag=True):
    order_id: str
    placed_at: datetime
    lines: list[Line] = []
    note: str | None = None


class FrozenStruct(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    order_id: str
    placed_at: datetime
    lines: list[Line] = []
    note: str | None = None


class Validated(pydantic.BaseModel):
    order_id: str
    placed_at: datetime
    lines: list[Line] = []
    note: str | None = None


@pydantic_dataclasses.dataclass
class ValidatedDataclass:
    order_id: str
    placed_at: datetime
    lines: list[Line] = field(default_factory=list)
    note: str | None = None


@pytest.mark.parametrize(
    "class_", [Plain, Slotted, Inherited, Struct, FrozenStruct, Validated, ValidatedDataclass]
)
def test_every_kind_of_class_is_written_and_read_alike(class_: type[Any]) -> None:
    schema = derive_schema(class_)
    codec = codec_for(schema, model=class_)
    event = class_(order_id="a", placed_at=WHEN, lines=[Line("b", 2)])
    assert codec.decode(codec.encode(event)) == event
    assert codec_for(schema).decode(codec.encode(event)) == {
        "order_id": "a",
        "placed_at": WHEN,
        "lines": [{"sku": "b", "count": 2}],
        "note": None,
    }


class Renamed(msgspec.Struct, rename="camel"):
    order_id: str
    placed_at: datetime = msgspec.field(name="when")


class Aliased(pydantic.BaseModel):
    order_id: str = pydantic.Field(alias="orderId")
    placed_at: datetime = pydantic.Field(alias="when")


@pytest.mark.parametrize(
    "event", [Renamed("a", WHEN), Aliased(orderId="a", when=WHEN)], ids=["Struct", "pydantic"]
)
def test_records_have_the_names_that_fields_have_in_data(event: Any) -> None:
    schema = derive_schema(type(event))
    codec = codec_for(schema, model=type(event))
    assert [item["name"] for item in json.loads(schema.text)["fields"]] == ["orderId", "when"]
    assert codec.decode(codec.encode(event)) == event
    assert codec_for(schema).decode(codec.encode(event)) == {"orderId": "a", "when": WHEN}


class Price(pydantic.BaseModel):
    amount: Decimal = pydantic.Field(gt=0)


class Priced(pydantic.BaseModel):
    prices: list[Price]


def test_a_pydantic_model_validates_what_is_read() -> None:
    amount = {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}
    price = {"type": "record", "name": "Price", "fields": [{"name": "amount", "type": amount}]}
    fields = [{"name": "prices", "type": {"type": "array", "items": price}}]
    schema = Schema(json.dumps({"type": "record", "name": "Priced", "fields": fields}))
    codec = codec_for(schema, model=Priced)
    fine = Priced(prices=[Price(amount=Decimal("1.50"))])
    assert codec.decode(codec.encode(fine)) == fine
    data = codec_for(schema).encode({"prices": [{"amount": Decimal(1)}, {"amount": Decimal(-1)}]})
    with pytest.raises(InvalidData, match="greater than 0") as caught:
        codec.decode(data)
    assert caught.value.fault == "REFUSED_BY_MODEL"
    assert "prices" in caught.value.path
