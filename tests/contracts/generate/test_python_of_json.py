"""Classes that are made of JSON Schemas: what they hold, and what no class holds."""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final

import pytest
from tests.contracts.generate.making import project_of, schema_file

import accord
from accord.contracts.generate import Made
from accord.contracts.generate.python import KINDS, Kind, python

ImportMade = Callable[[Made, str], ModuleType]
TEXT: Final = {"type": "string"}


def made_of(kind: Kind, schema: dict[str, Any]) -> Made:
    file = schema_file("schemas/thing.json", json.dumps({"title": "Thing", "type": "object"} | schema))
    return python(project_of(topics={"things": file}), kind)


def thing(kind: Kind, import_made: ImportMade, **schema: Any) -> ModuleType:
    made = made_of(kind, schema)
    assert made.findings == ()
    return import_made(made, "thing")


def again(module: ModuleType, event: Any) -> Any:
    codec = module.THINGS.codec
    return codec.decode(codec.encode(event))


@dataclass(frozen=True, slots=True)
class Line:
    sku: str
    count: int


@dataclass(frozen=True, slots=True)
class Order:
    order_id: uuid.UUID
    at: dt.datetime
    day: dt.date
    total: float
    lines: list[Line]
    labels: dict[str, str]
    paid: bool = False
    note: str | None = None
    parent: "Order | None" = None
    extra: list[str] = field(default_factory=list)


@pytest.mark.parametrize("kind", KINDS)
def test_a_class_of_a_derived_schema_holds_what_the_first_class_held(
    kind: Kind, import_made: ImportMade
) -> None:
    orders = accord.contract("orders", Order, format=accord.SchemaType.JSON, namespace="com.example")
    made = python(project_of(topics={"orders": schema_file("s/order.json", orders.schema.text)}), kind)
    module = import_made(made, "com.example.order")
    moment = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    inner = Order(uuid.UUID(int=1), moment, moment.date(), 1.5, [], {})
    order = Order(
        uuid.UUID(int=2), moment, moment.date(), 2.5, [Line("a", 1)], {"b": "c"}, note="n", parent=inner
    )
    written = orders.codec.encode(order)

    event = module.ORDERS.codec.decode(written)

    assert (event.order_id, event.at, event.lines[0].sku, event.parent.total) == (
        uuid.UUID(int=2),
        moment,
        "a",
        1.5,
    )
    assert orders.codec.decode(module.ORDERS.codec.encode(event)) == order


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("schema", "values"),
    [
        (TEXT, ["a"]),
        ({"type": ["string", "null"]}, ["a", None]),
        ({"type": "string", "format": "date-time"}, [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]),
        ({"type": "string", "format": "uuid"}, [uuid.UUID(int=7)]),
        ({"type": "string", "format": "email"}, ["a@example.com"]),
        ({"enum": ["new", "very old"]}, ["new", "very old"]),
        ({"enum": ["new", 1, None]}, ["new", 1, None]),
        ({"enum": [True, False]}, [True]),
        ({"enum": [1.5, 2.5], "type": "number"}, [1.5]),
        ({"const": "only"}, ["only"]),
        ({"enum": [{"a": 1}, 12, [1]]}, [{"a": 1}, 12, [1]]),
        ({"enum": [1, 2.5]}, [1.0, 2.5]),
        (
            {
                "type": "object",
                "patternProperties": {"^a": TEXT},
                "additionalProperties": {"type": "integer"},
            },
            [{"a": "b", "c": 1}],
        ),
        ({"allOf": [{"minLength": 1}, {"type": "string"}]}, ["a"]),
        ({"type": "array", "items": {"type": "integer"}}, [[], [1, 2]]),
        ({"type": "array"}, [["a", 1]]),
        ({"type": "object", "additionalProperties": {"type": "number"}}, [{"a": 1.5}]),
        ({"type": "object", "patternProperties": {"^a": TEXT}}, [{"a": "b"}]),
        ({"type": "object"}, [{"a": [1]}]),
        ({"anyOf": [TEXT, {"type": "integer"}, {"type": "null"}]}, ["a", 1, None]),
        ({"oneOf": [{"const": "a"}, {"const": "b"}]}, ["a", "b"]),
        ({"allOf": [{"$ref": "#/definitions/text"}]}, ["a"]),
        ({}, [1, "a", None, [1]]),
    ],
)
def test_values_round_trip(kind: Kind, schema: Any, values: list[Any], import_made: ImportMade) -> None:
    module = thing(kind, import_made, properties={"f": schema}, required=["f"], definitions={"text": TEXT})

    for value in values:
        event = module.Thing(f=value)
        read = again(module, event)
        assert (read, type(read.f)) == (event, type(value))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_required_may_be_left_out(kind: Kind, import_made: ImportMade) -> None:
    module = thing(
        kind,
        import_made,
        properties={
            "id": TEXT,
            "note": TEXT,
            "currency": {"type": "string", "default": "EUR"},
            "tags": {"type": "array", "items": TEXT, "default": []},
        },
        required=["id"],
    )

    event = module.THINGS.codec.decode(b'{"id":"a"}')

    assert (event.note, event.currency, event.tags) == (None, "EUR", [])
    assert "note" not in json.loads(module.THINGS.codec.encode(event))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("schema", [{"enum": [{"a": 1}, 12]}, {"const": 1.5}, {"enum": [[1]]}])
def test_what_is_left_out_is_not_written_as_null(kind: Kind, schema: Any, import_made: ImportMade) -> None:
    module = thing(kind, import_made, properties={"f": schema})

    assert module.THINGS.codec.encode(module.Thing()) == b"{}"


@pytest.mark.parametrize("kind", KINDS)
def test_objects_within_are_classes_named_after_their_places(kind: Kind, import_made: ImportMade) -> None:
    inner = {"type": "object", "properties": {"city": TEXT}, "required": ["city"]}
    module = thing(
        kind,
        import_made,
        properties={
            "to": inner,
            "titled": {**inner, "title": "Place"},
            "home": {"$ref": "#/definitions/postal address"},
            "many": {"type": "array", "items": inner},
        },
        definitions={"postal address": inner},
    )

    event = module.Thing(
        to=module.ThingTo(city="a"),
        titled=module.Place(city="b"),
        home=module.PostalAddress(city="c"),
        many=[module.ThingMany(city="d")],
    )

    assert again(module, event) == event


@pytest.mark.parametrize("kind", KINDS)
def test_an_allof_of_objects_is_one_class(kind: Kind, import_made: ImportMade) -> None:
    module = thing(
        kind,
        import_made,
        allOf=[{"$ref": "#/definitions/base"}, {"properties": {"b": TEXT}, "required": ["b"]}],
        definitions={"base": {"type": "object", "properties": {"a": TEXT}, "required": ["a"]}},
    )

    assert again(module, module.Thing(a="1", b="2")) == module.Thing(a="1", b="2")


def payments(**more: Any) -> dict[str, Any]:
    """A payment by card or in cash."""
    card = {
        "type": "object",
        "properties": {"by": {"const": "card"}, "number": TEXT},
        "required": ["by", "number"],
    }
    cash = {"type": "object", "properties": {"by": {"const": "cash"}}, "required": ["by"]}
    definitions = {"Card": card, "Cash": cash}
    union = {"oneOf": [{"$ref": "#/definitions/Card"}, {"$ref": "#/definitions/Cash"}]}
    return {"properties": {"payment": union}, "required": ["payment"], "definitions": definitions, **more}


def test_structs_are_told_apart_by_a_constant(import_made: ImportMade) -> None:
    module = thing("msgspec", import_made, **payments())

    for payment in (module.Card(number="1"), module.Cash()):
        event = module.Thing(payment=payment)
        assert again(module, event) == event
    assert json.loads(module.THINGS.codec.encode(module.Thing(payment=module.Cash()))) == {
        "payment": {"by": "cash"}
    }


def test_pydantic_tells_models_apart_by_what_they_hold(import_made: ImportMade) -> None:
    module = thing("pydantic", import_made, **payments())

    for payment in (module.Card(by="card", number="1"), module.Cash(by="cash")):
        event = module.Thing(payment=payment)
        assert again(module, event) == event


def test_dataclasses_are_not_told_apart() -> None:
    [finding] = made_of("dataclass", payments()).findings

    assert "several alternatives are objects, which dataclasses do not tell apart" in finding.message


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"properties": {"f": False}}, "it allows nothing at all"),
        ({"properties": {"f": {"type": "array", "items": [TEXT]}}}, "a type each, by their position"),
        (
            {
                "properties": {
                    "f": {"type": "object", "properties": {"a": TEXT}, "patternProperties": {"b": TEXT}}
                }
            },
            "members without a name beside those that have one",
        ),
        (
            {"properties": {"f": {"anyOf": [{"type": "array", "items": TEXT}, {"type": "array"}]}}},
            "several alternatives are of the type array",
        ),
        (
            {
                "properties": {"f": {"$ref": "#/definitions/f"}},
                "definitions": {"f": {"type": "array", "items": {"$ref": "#/definitions/f"}}},
            },
            "it contains itself",
        ),
        (
            {"properties": {"f": {"allOf": [TEXT, {"minLength": 1, "type": "string"}]}}},
            "several things of one value",
        ),
        ({"type": "array", "items": TEXT}, "it is no object"),
    ],
)
def test_what_no_struct_can_hold_is_told_with_its_place(schema: dict[str, Any], reason: str) -> None:
    made = made_of("msgspec", schema)

    assert made.files == ()
    [finding] = made.findings
    assert reason in finding.message
    assert finding.at is not None
    assert finding.at.file == "schemas/thing.json"


@pytest.mark.parametrize("kind", ["msgspec", "pydantic"])
def test_members_with_odd_names_have_attributes(kind: Kind, import_made: ImportMade) -> None:
    module = thing(
        kind, import_made, properties={"order-id": TEXT, "@type": TEXT, "1st": TEXT}, required=["order-id"]
    )

    event = module.Thing(order_id="a")

    assert json.loads(module.THINGS.codec.encode(event)) == {"order-id": "a"}
    assert again(module, event) == event


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_to_another_file_is_declared_and_registered(kind: Kind, import_made: ImportMade) -> None:
    address = schema_file(
        "s/address.json",
        json.dumps(
            {"title": "Address", "type": "object", "properties": {"city": TEXT}, "required": ["city"]}
        ),
    )
    order = schema_file(
        "s/order.json",
        json.dumps({"title": "Order", "type": "object", "properties": {"to": {"$ref": "address.json"}}}),
        needs={"address.json": address},
    )

    made = python(project_of(address, topics={"things": order}), kind)
    module = import_made(made, "order")

    event = module.Order(to=module.Address(city="Rome"))
    assert again(module, event) == event
    assert [reference.name for reference in module.SCHEMA.references] == ["address.json"]
