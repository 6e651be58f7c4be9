"""What a program may write into the headers of a record, and what it may not: nothing becomes another header on the way."""

from dataclasses import dataclass
from typing import Any

import pytest

import accord


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


ORDERS = accord.contract("orders", Order)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"id": "1"}, id="a dict, whose names would be taken for pairs"),
        pytest.param(["id"], id="a text of two letters"),
        pytest.param([b"id"], id="two bytes"),
        pytest.param([("__value_schema_id\0", b"x")], id="a name that ends early"),
        pytest.param([("a\0b", b"x")], id="a name that is cut"),
        pytest.param([("\ud800", b"x")], id="a name that is no UTF-8"),
        pytest.param([("name", "\ud800")], id="a value that is no UTF-8"),
    ],
)
def test_headers_that_would_become_others_are_refused(mock: Any, registry: Any, headers: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    with accord.Producer(mock.settings(), registry.client) as producer:
        with pytest.raises(accord.InvalidEvent, match="headers"):
            producer.send(ORDERS, Order("o-1"), headers=headers)
        assert producer.flush() == 0
    assert not mock.records("orders")
