import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import msgspec
import pydantic
import pytest
from pydantic import dataclasses as pydantic_dataclasses

from accord.codecs import ModelDoesNotFit, codec_for, derive_schema
from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)


class Currency(Enum):
    """ISO 4217."""

    EUR = "eur"
    USD = "usd"


@dataclass(frozen=True, slots=True)
class Line:
    sku: str
    count: Annotated[int, msgspec.Meta(ge=0)] = 1
    parts: "list[Line]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Order:
    """A customer has placed an order.

    The second paragraph stays, too.
    """

    order_id: uuid.UUID
    placed_at: datetime
    day: date
    at: time
    took: timedelta
    currency: Currency
    total: Decimal
    raw: bytes
    pair: tuple[int, str]
    lines: list[Line]
    moments: dict[str, list[datetime | None]] = field(default_factory=dict)
    note: str | None = None
    before: "Order | None" = None


class ModelLine(pydantic.BaseModel):
    sku: str
    count: int = pydantic.Field(default=1, ge=0)
    parts: "list[ModelLine]" = []


class ModelOrder(pydantic.BaseModel):
    """A customer has placed an order."""

    order_id: uuid.UUID
    placed_at: datetime
    at: time
    total: Decimal
    currency: Currency
    pair: tuple[int, str]
    lines: list[ModelLine]
    note: str | None = None
    before: "ModelOrder | None" = None


@dataclass
class Mixed:
    line: Line
    model: ModelLine
    models: list[ModelOrder]


@pydantic_dataclasses.dataclass
class Checked:
    line: ModelLine
    placed_at: datetime


class Tagged(msgspec.Struct, tag="tagged", rename="camel"):
    order_id: str
    placed_at: datetime | None = None


def derived(model: type, **choices: Any) -> Any:
    return json.loads(derive_schema(model, type=SchemaType.JSON, **choices).text)


def test_a_whole_dataclass_becomes_a_schema() -> None:
    line = {
        "title": "Line",
        "type": "object",
        "properties": {
            "sku": {"type": "string"},
            "count": {"type": "integer", "minimum": 0, "default": 1},
            "parts": {"type": "array", "items": {"$ref": "#/definitions/Line"}},
        },
        "required": ["sku"],
        "additionalProperties": False,
    }
    moment = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
    assert derived(Order, namespace="com.example") == {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "com.example.Order",
        "description": "A customer has placed an order.\n\nThe second paragraph stays, too.",
        "type": "object",
        "properties": {
            "order_id": {"type": "string", "format": "uuid"},
            "placed_at": {"type": "string", "format": "date-time"},
            "day": {"type": "string", "format": "date"},
            "at": {"type": "string"},
            "took": {"type": "string", "format": "duration"},
            "currency": {"$ref": "#/definitions/Currency"},
            "total": {"type": "string", "format": "decimal"},
            "raw": {"type": "string", "contentEncoding": "base64"},
            "pair": {
                "type": "array",
                "minItems": 2,
                "maxItems": 2,
                "items": [{"type": "integer"}, {"type": "string"}],
                "additionalItems": False,
            },
            "lines": {"type": "array", "items": {"$ref": "#/definitions/Line"}},
            "moments": {"type": "object", "additionalProperties": {"type": "array", "items": moment}},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
            "before": {"anyOf": [{"$ref": "#"}, {"type": "null"}], "default": None},
        },
        "required": [
            "order_id",
            "placed_at",
            "day",
            "at",
            "took",
            "currency",
            "total",
            "raw",
            "pair",
            "lines",
        ],
        "additionalProperties": False,
        "definitions": {
            "Currency": {"title": "Currency", "description": "ISO 4217.", "enum": ["eur", "usd"]},
            "Line": line,
        },
    }


COMMON: dict[str, Any] = {
    "order_id": uuid.UUID(int=1),
    "placed_at": datetime(2026, 1, 2, tzinfo=UTC),
    "at": time(9, 30),
    "currency": Currency.EUR,
    "total": Decimal("1.50"),
    "pair": (1, "a"),
}
ORDER = Order(
    **COMMON, day=date(2026, 1, 2), took=timedelta(1), raw=b"\xff", lines=[Line("a", 1, [Line("b")])],
    moments={"a": [None, datetime(2026, 1, 2, tzinfo=UTC)]},
)  # fmt: skip
MODEL = ModelOrder(**COMMON, lines=[ModelLine(sku="a", parts=[ModelLine(sku="b")])])


@pytest.mark.parametrize(
    "event",
    [
        ORDER,
        MODEL,
        Order(**{name: getattr(ORDER, name) for name in Order.__slots__} | {"before": ORDER}),
        MODEL.model_copy(update={"before": MODEL}),
        Mixed(Line("a"), ModelLine(sku="b"), [MODEL]),
        Checked(ModelLine(sku="b"), datetime(2026, 1, 2, tzinfo=UTC)),
        Tagged("a"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_class_fits_the_schema_that_follows_from_it(event: Any) -> None:
    schema = derive_schema(type(event), type=SchemaType.JSON)
    assert parse(schema).canonical == schema.text
    codec = codec_for(schema, model=type(event))
    assert codec.decode(codec.encode(event)) == event


def test_names_of_the_data_and_tags_are_part_of_the_schema() -> None:
    schema = derived(Tagged)
    assert schema["properties"]["type"] == {"enum": ["tagged"]}
    assert schema["properties"]["placedAt"]["anyOf"][0] == {"type": "string", "format": "date-time"}
    assert schema["required"] == ["type", "orderId"]


def grown(**changes: Any) -> Schema:
    schema = derived(Line)
    schema["properties"] |= {"note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}}
    return Schema(json.dumps(schema | changes), SchemaType.JSON)


def test_a_class_may_grow_optional_fields_and_the_registry_lets_it() -> None:
    old = parse(derive_schema(Line, type=SchemaType.JSON))
    earlier = [Earlier(Version(1), old)]
    assert check_compatibility(parse(grown()), earlier, level=CompatibilityLevel.BACKWARD).compatible
    opened = parse(
        Schema(
            old.canonical.replace('"additionalProperties":false', '"additionalProperties":true'),
            SchemaType.JSON,
        )
    )
    candidate = parse(grown(additionalProperties=True))
    report = check_compatibility(candidate, [Earlier(Version(1), opened)], level=CompatibilityLevel.BACKWARD)
    assert not report.compatible


class Odd:
    """No type that JSON knows."""


def test_what_has_no_json_form_is_told() -> None:
    @dataclass
    class Model:
        odd: Odd

    class Arbitrary(pydantic.BaseModel):
        model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)
        odd: Odd

    for model in (Model, Arbitrary, int):
        with pytest.raises(ModelDoesNotFit) as caught:
            derive_schema(model, type=SchemaType.JSON)
        assert caught.value.hint


def test_avro_stays_what_follows_unless_said_otherwise() -> None:
    assert derive_schema(Line).type is SchemaType.AVRO
    with pytest.raises(ModelDoesNotFit, match="no numbers"):
        derive_schema(Line, type=SchemaType.PROTOBUF)
