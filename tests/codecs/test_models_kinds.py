import uuid
from collections.abc import Callable
from dataclasses import KW_ONLY, InitVar, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, NewType, TypeVar

import msgspec
import pydantic
import pytest
from pydantic import dataclasses as pydantic_dataclasses

from accord.codecs import ModelDoesNotFit
from accord.codecs.models import (
    COMPUTED_DEFAULT,
    NO_DEFAULT,
    ModelField,
    fields_of,
    is_model,
    model_of,
    refused_by_model,
)

OrderId = NewType("OrderId", str)
T = TypeVar("T")


@dataclass
class Plain:
    order_id: OrderId
    amount: Annotated[Decimal, "EUR"]
    tags: dict[str, str] = field(default_factory=dict)
    trace: uuid.UUID = field(default_factory=uuid.uuid4)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Slotted:
    order_id: OrderId
    amount: Annotated[Decimal, "EUR"]
    tags: dict[str, str] = field(default_factory=dict)
    trace: uuid.UUID = field(default_factory=uuid.uuid4)
    note: str | None = None


class Struct(msgspec.Struct, frozen=True):
    order_id: OrderId
    amount: Annotated[Decimal, "EUR"]
    tags: dict[str, str] = {}
    trace: uuid.UUID = msgspec.field(default_factory=uuid.uuid4)
    note: str | None = None


class Validated(pydantic.BaseModel):
    order_id: OrderId
    amount: Annotated[Decimal, "EUR"]
    tags: dict[str, str] = pydantic.Field(default_factory=dict)
    trace: uuid.UUID = pydantic.Field(default_factory=uuid.uuid4)
    note: str | None = None


@pydantic_dataclasses.dataclass
class ValidatedDataclass:
    order_id: OrderId
    amount: Annotated[Decimal, "EUR"]
    tags: dict[str, str] = pydantic.Field(default_factory=dict)
    trace: uuid.UUID = pydantic.Field(default_factory=uuid.uuid4)
    note: str | None = None


KINDS: list[type[Any]] = [Plain, Slotted, Struct, Validated, ValidatedDataclass]


@pytest.mark.parametrize("class_", KINDS)
def test_every_kind_of_class_tells_the_same_fields(class_: type[Any]) -> None:
    assert is_model(class_)
    assert fields_of(class_) == (
        ModelField("order_id", str, NO_DEFAULT, "order_id", "order_id"),
        ModelField("amount", Decimal, NO_DEFAULT, "amount", "amount"),
        ModelField("tags", dict[str, str], {}, "tags", "tags"),
        ModelField("trace", uuid.UUID, COMPUTED_DEFAULT, "trace", "trace"),
        ModelField("note", str | None, None, "note", "note"),
    )


@pytest.mark.parametrize("class_", KINDS)
def test_an_instance_is_made_of_values_and_gives_them_back(class_: type[Any]) -> None:
    values = {"order_id": "a", "amount": Decimal("1.50"), "tags": {"a": "b"}, "trace": uuid.UUID(int=7)}
    model = model_of(class_)
    assert model.values(model.build(values)) == values | {"note": None}


@pytest.mark.parametrize("class_", KINDS)
def test_what_may_be_given_by_position_is_told(class_: type[Any]) -> None:
    model = model_of(class_)
    arguments = {"order_id": "a", "amount": Decimal(1), "tags": {}, "trace": uuid.UUID(int=1), "note": "n"}
    given = [arguments.pop(keyword) for keyword in model.positional]
    assert class_(*given, **arguments).note == "n"
    assert len(model.positional) == (0 if class_ is Validated else 5)


@dataclass
class KeywordsInTheMiddle:
    first: int
    _: KW_ONLY
    second: int
    third: int = field(default=3, kw_only=False)


class StructWithKeywords(KeywordsInTheMiddle):
    """Inherits all of it."""


class LaterStruct(Struct, kw_only=True, frozen=True):
    required: int


@dataclass
class Parent:
    kind: ClassVar[str] = "event"
    __accord_fingerprint__: ClassVar[str] = "1b2d"
    first: int
    second: str = "two"


@dataclass
class Child(Parent):
    third: bool = False
    second: str = "deux"


class Page(msgspec.Struct, Generic[T]):
    item: T


@pytest.mark.parametrize(
    ("class_", "fields", "positional"),
    [
        (KeywordsInTheMiddle, "first second third", "first third"),
        (StructWithKeywords, "first second third", "first third"),
        (LaterStruct, "order_id amount tags trace note required", "order_id amount tags trace note"),
        (Child, "first second third", "first second third"),
        (Page, "item", "item"),
    ],
)
def test_fields_come_in_order_and_what_is_for_the_class_is_none(
    class_: type[Any], fields: str, positional: str
) -> None:
    model = model_of(class_)
    assert [item.name for item in model.fields] == fields.split()
    assert model.positional == tuple(positional.split())


def test_an_overridden_field_has_the_default_of_the_child() -> None:
    assert {item.name: item.default for item in fields_of(Child)}["second"] == "deux"


class Renamed(msgspec.Struct, rename="camel"):
    order_id: str
    placed_by: str = msgspec.field(name="by", default="me")


class Aliased(pydantic.BaseModel):
    order_id: str = pydantic.Field(alias="orderId")
    placed_by: str = pydantic.Field(alias="by", default="me")


class Generated(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(alias_generator=lambda name: {"placed_by": "by"}.get(name, "orderId"))
    order_id: str
    placed_by: str = "me"


class ReadByBoth(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(validate_by_name=True)
    order_id: str = pydantic.Field(alias="orderId")
    placed_by: str = pydantic.Field(
        validation_alias=pydantic.AliasChoices("author", "by"), serialization_alias="by", default="me"
    )


@pytest.mark.parametrize("class_", [Renamed, Aliased, Generated, ReadByBoth])
def test_a_field_may_have_another_name_in_data(class_: type[Any]) -> None:
    model = model_of(class_)
    assert [(item.name, item.attribute) for item in model.fields] == [
        ("orderId", "order_id"),
        ("by", "placed_by"),
    ]
    assert model.values(model.build({"orderId": "a"})) == {"orderId": "a", "by": "me"}


def two_names() -> type[Any]:
    class Model(pydantic.BaseModel):
        one: int = pydantic.Field(serialization_alias="uno")
        two: int = pydantic.Field(validation_alias="due")
        three: int = pydantic.Field(validation_alias=pydantic.AliasPath("numbers", 3))
        fine: int = 1

    return Model


def nothing_to_write() -> type[Any]:
    return pydantic.RootModel[int]


def with_an_init_var() -> type[Any]:
    @dataclass
    class Model:
        one: int
        secret: InitVar[int]

    return Model


def with_a_constructor() -> type[Any]:
    @dataclass(init=False)
    class Model:
        one: int

        def __init__(self) -> None:
            self.one = 1

    return Model


@pytest.mark.parametrize(
    ("make", "problems"),
    [
        (
            two_names,
            [
                "one is written as 'uno' and not read by that name",
                "two is written as 'two' and not read by that name",
                "three is written as 'three' and not read by that name",
            ],
        ),
        (nothing_to_write, ["a root model has no fields"]),
        (with_an_init_var, ["making one needs 'secret', which is no field"]),
        (with_a_constructor, ["making one does not take the field 'one'"]),
        (lambda: int, ["it is not a dataclass, a msgspec Struct or a pydantic model"]),
        (lambda: msgspec.Struct, ["it is not a dataclass, a msgspec Struct or a pydantic model"]),
        (lambda: pydantic.BaseModel, ["it is not a dataclass, a msgspec Struct or a pydantic model"]),
    ],
)
def test_a_class_that_cannot_hold_events_is_refused(make: Callable[[], type], problems: list[str]) -> None:
    with pytest.raises(ModelDoesNotFit) as caught:
        model_of(make())
    assert list(caught.value.problems) == problems
    assert caught.value.hint


def test_hints_that_name_nothing_are_told_with_their_remedy() -> None:
    class Unknown(msgspec.Struct):
        one: "Nowhere"  # type: ignore[name-defined]  # noqa: F821 -- the point of the test

    class UnknownToo(pydantic.BaseModel):
        one: "Nowhere"  # type: ignore[name-defined]  # noqa: F821 -- the point of the test

    for class_ in (Unknown, UnknownToo):
        with pytest.raises(ModelDoesNotFit, match="Nowhere") as caught:
            model_of(class_)
        assert "TYPE_CHECKING" in caught.value.hint


class Parcel(pydantic.BaseModel):
    content: "Content"


class Content(pydantic.BaseModel):
    weight: pydantic.PositiveInt
    sent_at: pydantic.AwareDatetime


def test_pydantic_classes_are_completed_and_their_conditions_left_to_them() -> None:
    assert [item.type for item in fields_of(Parcel)] == [Content]
    assert [item.type for item in fields_of(Content)] == [int, datetime]


def test_a_refusal_of_pydantic_names_the_field_and_not_the_value() -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        model_of(Parcel).build({"content": {"weight": -17, "sent_at": "2026-01-01T00:00:00Z"}})
    refusal = refused_by_model(Parcel, caught.value, path="parcels[3]")
    assert refusal.fault == "REFUSED_BY_MODEL"
    assert refusal.path == "parcels[3].content.weight"
    assert refusal.message.endswith("Parcel refuses the values: Input should be greater than 0")
    assert "-17" not in refusal.message


def test_several_refusals_are_told_at_once() -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        model_of(Content).build({"weight": 0})
    assert refused_by_model(Content, caught.value).message == (
        "Content refuses the values: weight: Input should be greater than 0; sent_at: Field required"
    )


def test_a_refusal_of_another_class_is_told_in_its_words() -> None:
    assert refused_by_model(Plain, ValueError("an amount is positive"), path="a").message == (
        "a: Plain refuses the values: ValueError: an amount is positive"
    )
