"""Version 2 of the shop's events: an order may carry a discount code."""

from dataclasses import dataclass
from datetime import datetime

import accord


@dataclass(frozen=True, slots=True)
class OrderCreated:
    """A customer has placed an order."""

    order_id: str
    customer_id: str
    total_amount: float
    currency: str
    created_at: datetime
    discount_code: str | None = None


ORDERS = accord.contract("orders.created", OrderCreated, namespace="com.example.events")
