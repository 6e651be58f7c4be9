"""An order of 25 fields as shops have them, in each form that Accord takes events in."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import msgspec

from accord.schemas import Schema

MONEY: Final = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
MOMENT: Final = {"type": "long", "logicalType": "timestamp-millis"}


class Status(Enum):
    """How far an order has come."""

    PLACED = 1
    PAID = 2
    SHIPPED = 3


def _record(name: str, **types: object) -> dict[str, object]:
    fields = [{"name": field, "type": type_} for field, type_ in types.items()]
    return {"type": "record", "name": name, "fields": fields}


def _optional(type_: object) -> list[object]:
    return ["null", type_]


ADDRESS: Final = _record("Address", street="string", city="string", postcode="string", country="string")
ITEM: Final = _record(
    "Item", sku="string", title="string", quantity="int", price=MONEY, note=_optional("string")
)
ORDER: Final = Schema(
    json.dumps(
        _record(
            "Order",
            order_id="string",
            customer_id="string",
            status={"type": "enum", "name": "Status", "symbols": [status.name for status in Status]},
            placed_at=MOMENT,
            paid_at=_optional(MOMENT),
            deliver_on=_optional({"type": "int", "logicalType": "date"}),
            items={"type": "array", "items": ITEM},
            total=MONEY,
            tax=MONEY,
            discount=_optional(MONEY),
            currency="string",
            ship_to=ADDRESS,
            bill_to=_optional("Address"),
            attributes={"type": "map", "values": "string"},
            tags={"type": "array", "items": "string"},
            coupon=_optional("string"),
            note=_optional("string"),
            gift="boolean",
            weight_kg="double",
            revision="int",
            customer_since=_optional({"type": "int", "logicalType": "date"}),
            loyalty_points="long",
            channel="string",
            locale="string",
            warehouse=_optional("string"),
        )
    )
)

Define = Callable[[str, list[tuple[str, Any]]], type]


def _slots(name: str, fields: list[tuple[str, Any]]) -> type:
    return dataclasses.make_dataclass(name, fields, slots=True)


def _frozen(name: str, fields: list[tuple[str, Any]]) -> type:
    return dataclasses.make_dataclass(name, fields, slots=True, frozen=True)


def _struct(name: str, fields: list[tuple[str, Any]]) -> type:
    return msgspec.defstruct(name, fields)


KINDS: Final[Mapping[str, Define]] = {
    "dataclass": _slots,
    "frozen dataclass": _frozen,
    "msgspec.Struct": _struct,
}


def order(define: Define) -> object:
    """The order as an instance of classes that ``define`` makes."""
    address = define("Address", [(name, str) for name in ("street", "city", "postcode", "country")])
    item = define(
        "Item",
        [("sku", str), ("title", str), ("quantity", int), ("price", Decimal), ("note", str | None)],
    )
    whole = define(
        "Order",
        [
            ("order_id", str),
            ("customer_id", str),
            ("status", Status),
            ("placed_at", datetime),
            ("paid_at", datetime | None),
            ("deliver_on", date | None),
            ("items", list[item]),  # type: ignore[valid-type]  # made at run time
            ("total", Decimal),
            ("tax", Decimal),
            ("discount", Decimal | None),
            ("currency", str),
            ("ship_to", address),
            ("bill_to", address | None),
            ("attributes", dict[str, str]),
            ("tags", list[str]),
            ("coupon", str | None),
            ("note", str | None),
            ("gift", bool),
            ("weight_kg", float),
            ("revision", int),
            ("customer_since", date | None),
            ("loyalty_points", int),
            ("channel", str),
            ("locale", str),
            ("warehouse", str | None),
        ],
    )
    values: dict[str, Any] = order_dict()
    values["status"] = Status[values["status"]]
    values["items"] = [item(**one) for one in values["items"]]
    values["ship_to"] = address(**values["ship_to"])
    return whole(**values)


def order_dict() -> dict[str, Any]:
    """The order as a dict."""
    moment = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    items = [
        {"sku": f"SKU-{number}", "title": f"Article {number}", "quantity": number, "price": Decimal("19.95"), "note": None}
        for number in range(1, 4)
    ]  # fmt: skip
    address = {"street": "1 Market Street", "city": "Springfield", "postcode": "01234", "country": "US"}
    return {
        "order_id": "order-000001",
        "customer_id": "customer-042",
        "status": "PAID",
        "placed_at": moment,
        "paid_at": moment,
        "deliver_on": date(2026, 1, 9),
        "items": items,
        "total": Decimal("119.70"),
        "tax": Decimal("19.11"),
        "discount": None,
        "currency": "EUR",
        "ship_to": address,
        "bill_to": None,
        "attributes": {"source": "newsletter", "device": "mobile"},
        "tags": ["new", "express"],
        "coupon": None,
        "note": "Please ring twice",
        "gift": False,
        "weight_kg": 2.75,
        "revision": 3,
        "customer_since": date(2019, 5, 17),
        "loyalty_points": 12345,
        "channel": "web",
        "locale": "en-US",
        "warehouse": "north-2",
    }
