"""What goes through a soak, and how its processes reach Kafka."""

from dataclasses import dataclass
from typing import Final

import accord
from accord.kafka import Headers, KafkaSettings

NATURE: Final = "soak-nature"


@dataclass(frozen=True, slots=True)
class Order:
    """What is handled."""

    order_id: str
    amount: float


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a transaction makes of an order: where that order lies."""

    partition: int
    offset: int


def contracts(topic: str) -> tuple[accord.Contract[Order], accord.Contract[Invoice]]:
    """What is on the topic, and what is made of it."""
    return accord.contract(topic, Order), accord.contract(f"{topic}-invoices", Invoice)


def settings(servers: str, name: str) -> KafkaSettings:
    """How members reach the brokers; a dead one is missed for six seconds, the least that brokers allow."""
    group = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 500}
    return KafkaSettings(servers, client_id=name, consumer=group)


def nature_of(headers: Headers) -> str:
    """What has to become of a record."""
    return (dict(headers)[NATURE] or b"").decode()


def takes_s(nature: str) -> float:
    """How long a handler takes for such a record: offsets that move past a slow one are seen."""
    return 0.7 if nature == "slow" else 0.0


def fail_as_told(nature: str, attempt: int, number: int) -> None:
    """Raise what a handler of such a record raises."""
    if nature == "transient" and attempt == 1:
        raise ValueError("the first try of this one fails")
    if nature == "permanent":
        raise accord.Permanent("never") if number % 4 else ValueError("this one always fails")
