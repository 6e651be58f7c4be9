"""Version 1 of the shop's events."""

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


ORDERS = accord.contract("orders.created", OrderCreated, namespace="com.example.events")
