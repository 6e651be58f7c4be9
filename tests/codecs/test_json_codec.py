import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, Literal

import msgspec
import pydantic
import pytest
from pydantic import dataclasses as pydantic_dataclasses

from accord.codecs import InvalidData, InvalidEvent, ModelDoesNotFit, codec_for, derive_schema
from accord.schemas import Schema, SchemaType

DRAFT_7 = "http://json-schema.org/draft-07/schema#"


class Currency(Enum):
    EUR = "eur"
    USD = "usd"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


@dataclass(frozen=True, slots=True)
class Line:
    sku: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Order:
    order_id: uuid.UUID
    placed_at: datetime
    day: date
    at: time
    currency: Currency
    level: Level
    total: Decimal
    weight: float
    raw: bytes
    lines: list[Line]
    tags: dict[str, int] = field(default_factory=dict)
    note: str | None = None
    gift: Literal["yes", "no"] = "no"


class StructLine(msgspec.Struct, frozen=True):
    sku: str
    count: int = 1


class StructOrder(msgspec.Struct, frozen=True):
    order_id: uuid.UUID
    placed_at: datetime
    day: date
    at: time
    currency: Currency
    level: Level
    total: Decimal
    weight: float
    raw: bytes
    lines: list[StructLine]
    tags: dict[str, int] = {}
    note: str | None = None
    gift: Literal["yes", "no"] = "no"


class ModelLine(pydantic.BaseModel):
    sku: str
    count: int = 1


class ModelOrder(pydantic.BaseModel):
    order_id: uuid.UUID
    placed_at: datetime
    day: date
    at: time
    currency: Currency
    level: Level
    total: Decimal
    weight: float
    raw: pydantic.Base64Bytes
    lines: list[ModelLine]
    tags: dict[str, int] = {}
    note: str | None = None
    gift: Literal["yes", "no"] = "no"


@pydantic_dataclasses.dataclass
class CheckedOrder:
    order_id: uuid.UUID
    placed_at: datetime
    day: date
    at: time
    currency: Currency
    level: Level
    total: Decimal
    weight: float
    raw: pydantic.Base64Bytes
    lines: list[ModelLine]
    tags: dict[str, int] = field(default_factory=dict)
    note: str | None = None
    gift: Literal["yes", "no"] = "no"


def json_schema(**keywords: Any) -> Schema:
    return Schema(json.dumps({"$schema": DRAFT_7, **keywords}), SchemaType.JSON)


def of_object(required: str = "", **properties: Any) -> Schema:
    return json_schema(type="object", properties=properties, required=required.split())


LINE = {
    "type": "object",
    "properties": {"sku": {"type": "string"}, "count": {"type": "integer", "minimum": 0}},
    "required": ["sku"],
}
ORDER = of_object(
    "order_id placed_at total",
    order_id={"type": "string", "format": "uuid"},
    placed_at={"type": "string", "format": "date-time"},
    day={"type": "string", "format": "date"},
    at={"type": "string"},
    currency={"enum": ["eur", "usd"]},
    level={"enum": [1, 2]},
    total={"type": "number"},
    weight={"type": "number"},
    raw={"type": "string"},
    lines={"type": "array", "items": LINE},
    tags={"type": "object", "additionalProperties": {"type": "integer"}},
    note={"type": "string"},
    gift={"enum": ["yes", "no"]},
)
EXACT = Decimal("12345678901234567890.1234567890")
KINDS = [
    (Order, Line),
    (StructOrder, StructLine),
    (ModelOrder, ModelLine),
    (CheckedOrder, ModelLine),
]


def order(class_: type[Any], line: type[Any], **changes: Any) -> Any:
    raw = b"\xff\x00" if class_ in {Order, StructOrder} else b"/wA="
    values = {
        "order_id": uuid.UUID(int=7),
        "placed_at": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone(timedelta(hours=2))),
        "day": date(2026, 1, 2),
        "at": time(9, 30),
        "currency": Currency.USD,
        "level": Level.HIGH,
        "total": EXACT,
        "weight": 0.1,
        "raw": raw,
        "lines": [line(sku="a", count=2), line(sku="b")],
        "tags": {"x": 1},
    }
    return class_(**values | changes)


@pytest.mark.parametrize(("class_", "line"), KINDS)
def test_every_kind_of_class_is_written_and_read_alike(class_: type[Any], line: type[Any]) -> None:
    codec = codec_for(ORDER, model=class_)
    event = order(class_, line)
    written = codec.encode(event)
    assert codec.decode(written) == event
    assert json.loads(written, parse_float=Decimal) == {
        "order_id": "00000000-0000-0000-0000-000000000007",
        "placed_at": "2026-01-02T03:04:05.678901+02:00",
        "day": "2026-01-02",
        "at": "09:30:00",
        "currency": "usd",
        "level": 2,
        "total": EXACT,
        "weight": Decimal("0.1"),
        "raw": "/wA=",
        "lines": [{"sku": "a", "count": 2}, {"sku": "b", "count": 1}],
        "tags": {"x": 1},
        "gift": "no",
    }


@pytest.mark.parametrize(("class_", "line"), KINDS)
def test_a_record_may_begin_behind_a_prefix(class_: type[Any], line: type[Any]) -> None:
    codec = codec_for(ORDER, model=class_)
    event = order(class_, line)
    assert codec.decode(b"\0\0\0\0\7" + codec.encode(event), 5) == event
    assert codec.indexes == b""


@pytest.mark.parametrize(("class_", "line"), KINDS)
@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"placed_at": datetime(2026, 1, 2)}, "placed_at"),  # noqa: DTZ001 -- the point of the test
        ({"placed_at": datetime(2026, 1, 2, tzinfo=timezone(timedelta(seconds=30)))}, "placed_at"),
        ({"weight": float("nan")}, "weight"),
        ({"weight": float("-inf")}, "weight"),
        ({"note": "\ud800"}, ""),
    ],
)
def test_what_json_has_no_words_for_is_refused(
    class_: type[Any], line: type[Any], changes: dict[str, Any], path: str
) -> None:
    event = order(class_, line)
    for name, value in changes.items():
        object.__setattr__(event, name, value) if class_ is not StructOrder else None
    if class_ is StructOrder:
        event = order(class_, line, **changes)
    with pytest.raises(InvalidEvent) as caught:
        codec_for(ORDER, model=class_).encode(event)
    assert caught.value.path == path


@pytest.mark.parametrize(("class_", "line"), KINDS)
def test_an_amount_that_is_none_is_refused(class_: type[Any], line: type[Any]) -> None:
    if class_ in {ModelOrder, CheckedOrder}:
        event = order(class_, line)
        event.total = Decimal("NaN")
    else:
        event = order(class_, line, total=Decimal("NaN"))
    with pytest.raises(InvalidEvent, match="total: NaN is no amount"):
        codec_for(ORDER, model=class_).encode(event)


@dataclass
class Amounts:
    number: Decimal
    text: Decimal
    either: Decimal
    many: list[Decimal] = field(default_factory=list)
    by_name: dict[str, Decimal] = field(default_factory=dict)
    inner: "Amounts | None" = None


class ModelAmounts(pydantic.BaseModel):
    number: Decimal
    text: Decimal
    either: Decimal
    many: list[Decimal] = []
    by_name: dict[str, Decimal] = {}
    inner: "ModelAmounts | None" = None


@pytest.mark.parametrize("class_", [Amounts, ModelAmounts])
def test_an_amount_is_a_number_where_the_schema_has_numbers_only(class_: type[Any]) -> None:
    schema = of_object(
        number={"type": "number"},
        text={"type": "string"},
        either={"type": ["string", "number"]},
        many={"type": "array", "items": {"type": "number"}},
        by_name={"type": "object", "additionalProperties": {"allOf": [{"type": "number"}]}},
        inner={"$ref": "#"},
    )
    codec = codec_for(schema, model=class_)
    digits = Decimal("1.10")
    inner = class_(number=EXACT, text=digits, either=digits)
    event = class_(number=digits, text=digits, either=digits, many=[EXACT], by_name={"a": EXACT}, inner=inner)
    written = codec.encode(event)
    assert written.startswith(
        b'{"number":1.10,"text":"1.10","either":"1.10","many":[12345678901234567890.1234567890],'
    )
    assert codec.decode(written) == event


@dataclass
class Optional:
    kept: str | None = None
    asked: str | None = None
    plain: str | None = None


def test_none_is_left_out_where_null_is_no_value() -> None:
    schema = of_object(
        "asked",
        kept={"type": ["string", "null"]},
        asked={"type": ["string", "null"]},
        plain={"type": "string"},
    )
    codec = codec_for(schema, model=Optional)
    assert codec.encode(Optional()) == b'{"kept":null,"asked":null}'
    assert codec.decode(b'{"asked":null}') == Optional()


class Renamed(msgspec.Struct, rename="camel", tag="renamed", tag_field="kind", omit_defaults=True):
    order_id: str
    placed_by: str = "me"


class Aliased(pydantic.BaseModel):
    order_id: str = pydantic.Field(alias="orderId")
    placed_by: str = pydantic.Field(alias="placedBy", default="me")


def test_fields_have_the_names_of_the_data() -> None:
    schema = of_object(orderId={"type": "string"}, placedBy={"type": "string"}, kind={"type": "string"})
    struct = codec_for(schema, model=Renamed)
    assert struct.encode(Renamed("a")) == b'{"kind":"renamed","orderId":"a"}'
    assert struct.decode(b'{"kind":"renamed","orderId":"a"}') == Renamed("a")
    model = codec_for(schema, model=Aliased)
    assert model.encode(Aliased(orderId="a")) == b'{"orderId":"a","placedBy":"me"}'
    assert model.decode(b'{"orderId":"a"}') == Aliased(orderId="a")


@dataclass
class Outer:
    inner: Aliased
    lines: list[ModelLine]


def test_a_pydantic_model_may_stand_in_a_dataclass_and_is_validated_there() -> None:
    inner = {"type": "object", "properties": {"orderId": {"type": "string"}, "placedBy": {"type": "string"}}}
    codec = codec_for(of_object(inner=inner, lines={"type": "array", "items": LINE}), model=Outer)
    event = Outer(Aliased(orderId="a"), [ModelLine(sku="b")])
    assert codec.decode(codec.encode(event)) == event
    with pytest.raises(InvalidData, match="Outer refuses the values") as caught:
        codec.decode(b'{"inner":{},"lines":[]}')
    assert caught.value.fault == "REFUSED_BY_MODEL"


@pydantic_dataclasses.dataclass
class Checked:
    count: pydantic.PositiveInt


@dataclass
class Around:
    inner: list[Checked]


def test_a_dataclass_that_pydantic_would_not_check_is_refused() -> None:
    with pytest.raises(ModelDoesNotFit, match="would not check its dataclass Checked"):
        codec_for(json_schema(), model=Around)


@dataclass
class Numbered:
    by_number: dict[int, Decimal]


def test_names_of_members_that_are_numbers_become_text() -> None:
    codec = codec_for(json_schema(), model=Numbered)
    event = Numbered({1: Decimal("0.5")})
    assert codec.encode(event) == b'{"by_number":{"1":"0.5"}}'
    assert codec.decode(codec.encode(event)) == event


class Cat(msgspec.Struct, tag="cat"):
    name: str


class Dog(msgspec.Struct, tag="dog"):
    name: str
    born_at: datetime


@dataclass
class Owner:
    pets: list[Cat | Dog]


def test_tags_tell_classes_apart() -> None:
    codec = codec_for(derive_schema(Owner, type=SchemaType.JSON), model=Owner)
    event = Owner([Cat("a"), Dog("b", datetime(2026, 1, 2, tzinfo=UTC))])
    assert codec.decode(codec.encode(event)) == event
    with pytest.raises(InvalidEvent) as caught:
        codec.encode(Owner([Dog("b", datetime(2026, 1, 2))]))  # noqa: DTZ001 -- the point of the test
    assert caught.value.path == "pets[0].born_at"


class Positive(pydantic.BaseModel):
    amount: int = pydantic.Field(gt=0)


@dataclass
class PositiveToo:
    amount: int

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("an amount is positive")


@pytest.mark.parametrize(
    ("class_", "words"),
    [
        (Positive, "amount: Positive refuses the values: Input should be greater than 0"),
        (PositiveToo, "PositiveToo refuses the values: ValueError: an amount is positive"),
    ],
)
def test_a_class_may_refuse_what_the_schema_allows(class_: type[Any], words: str) -> None:
    codec = codec_for(of_object("amount", amount={"type": "integer"}), model=class_)
    with pytest.raises(InvalidData) as caught:
        codec.decode(b'{"amount":0}')
    assert (caught.value.fault, caught.value.message) == ("REFUSED_BY_MODEL", words)


@dataclass
class Count:
    count: int
    part: float = 0.0


def test_a_whole_number_may_be_written_with_a_point() -> None:
    codec = codec_for(of_object(count={"type": "integer"}, part={"type": "number"}), model=Count)
    assert codec.decode(b'{"count":1.0,"part":2.5}') == Count(1, 2.5)
    assert codec.decode(b'{"count":1e2,"part":3}') == Count(100, 3.0)


def test_whole_numbers_have_no_end() -> None:
    codec = codec_for(of_object(count={"type": "integer"}, part={"type": "number"}), model=Count)
    large = 2**200 + 1
    assert codec.decode(codec.encode(Count(large))).count == large


def test_without_a_model_values_are_what_json_makes_of_them() -> None:
    codec = codec_for(json_schema())
    values: list[Any] = [
        None,
        True,
        0,
        -(2**70),
        0.1,
        1e300,
        "",
        "\u20ac\U0001f600",
        [],
        {},
        {"a": [{"b": [None]}]},
    ]
    for value in values:
        assert codec.decode(codec.encode(value)) == value
    assert codec.encode({"amount": EXACT}) == b'{"amount":12345678901234567890.1234567890}'


def test_with_a_reader_both_schemas_are_held_to() -> None:
    writer = of_object("a", a={"type": "integer"}, b={"type": "string"})
    reader = of_object("b", a={"type": "number"}, b={"type": "string"})
    codec = codec_for(writer, reader=reader, model=Both)
    assert codec.decode(b'{"a":1,"b":"x"}') == Both("x", 1)
    assert codec_for(writer, reader=reader).encode({"a": 1}) == b'{"a":1}'
    with pytest.raises(InvalidData, match="b: the field is missing") as missing:
        codec.decode(b'{"a":1}')
    assert missing.value.fault == "NOT_READABLE_AS_CONTRACT"
    with pytest.raises(InvalidData, match="a: an integer is needed") as wrong:
        codec.decode(b'{"a":1.5,"b":"x"}')
    assert wrong.value.fault == "MALFORMED"


@dataclass
class Both:
    b: str
    a: float = 0.0


@pytest.mark.parametrize("draft", [DRAFT_7, "https://json-schema.org/draft/2020-12/schema"])
def test_formats_bind_who_writes_and_not_who_reads(draft: str) -> None:
    properties = {"at": {"type": "string", "format": "date-time"}, "format": {"const": {"format": "uuid"}}}
    schema = json_schema(**{"$schema": draft, "properties": properties})
    codec = codec_for(schema)
    with pytest.raises(InvalidEvent, match="at: `format`"):
        codec.encode({"at": "yesterday"})
    assert codec.decode(b'{"at":"yesterday"}') == {"at": "yesterday"}


def test_encodings_bind_who_writes_and_not_who_reads() -> None:
    raw = {"type": "string", "contentEncoding": "base64"}
    codec = codec_for(of_object(raw=raw, contentEncoding={"type": "integer"}, kept={"const": raw}))
    with pytest.raises(InvalidEvent, match="raw: `contentEncoding`"):
        codec.encode({"raw": "!"})
    data = json.dumps({"raw": "!", "contentEncoding": 1, "kept": raw}).encode()
    assert codec.decode(data) == json.loads(data)
    for wrong in (b'{"contentEncoding":""}', b'{"kept":{"type":"string"}}'):
        with pytest.raises(InvalidData):
            codec.decode(wrong)


@dataclass
class Open:
    anything: Any
    numbers: Sequence[float] = ()


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"deep": [float("nan")]}, "anything.deep[0]"),
        ([datetime(2026, 1, 1)], "anything[0]"),  # noqa: DTZ001 -- the point of the test
        ([Decimal("Infinity")], "anything[0]"),
    ],
)
def test_what_a_schema_leaves_open_is_looked_at_all_the_same(value: Any, path: str) -> None:
    codec = codec_for(of_object(anything={}, numbers={"type": "array"}), model=Open)
    with pytest.raises(InvalidEvent) as caught:
        codec.encode(Open(value))
    assert caught.value.path == path
    with pytest.raises(InvalidEvent) as caught:
        codec.encode(Open(1, [float("inf")]))
    assert caught.value.path == "numbers[0]"


@dataclass
class Narrow:
    count: int


@dataclass
class Wide(Narrow):
    more: float


class NarrowModel(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    count: int


@pytest.mark.parametrize("model", [Narrow, NarrowModel])
def test_what_a_class_does_not_tell_is_looked_at_where_a_schema_lets_it_in(model: type[Any]) -> None:
    nan = float("nan")
    event = Wide(1, nan) if model is Narrow else NarrowModel.model_validate({"count": 1, "more": nan})
    for others in ({}, {"additionalProperties": False}, {"patternProperties": {"m": True}}):
        schema = json_schema(type="object", properties={"count": {"type": "integer"}}, **others)
        with pytest.raises(InvalidEvent) as caught:
            codec_for(schema, model=model).encode(event)
        assert caught.value.path == "more"


def test_the_moment_survives_and_not_the_name_of_its_zone() -> None:
    codec = codec_for(of_object(at={"type": "string"}), model=Moment)
    assert codec.decode(b'{"at":"2026-01-02T03:04:05Z"}') == Moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    with pytest.raises(InvalidData, match=r"at: .* time zone"):
        codec.decode(b'{"at":"2026-01-02T03:04:05"}')


@dataclass
class Moment:
    at: datetime
