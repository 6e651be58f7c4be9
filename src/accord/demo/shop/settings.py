"""What the services are told from outside, all of it through environment variables."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import accord
from accord.demo.shop.events import VERSIONS

PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class Settings:
    """One service's surroundings.

    ``SHOP_KAFKA`` (host:port,…), ``SHOP_REGISTRY`` (URL), ``SHOP_HTTP_PORT``, ``SHOP_EVENT_VERSION`` (1 or 2), and for
    billing ``SHOP_GROUP`` (consumer group) and ``SHOP_DATABASE`` (a SQLite file that its members share).
    """

    kafka: str
    registry: str
    http_port: int
    event_version: int
    group: str
    database: Path


def from_environment() -> Settings:
    """The settings of this process. Raises ConfigurationError."""
    return Settings(
        kafka=os.environ.get("SHOP_KAFKA", "127.0.0.1:9092"),
        registry=os.environ.get("SHOP_REGISTRY", "http://127.0.0.1:8081"),
        http_port=_number("SHOP_HTTP_PORT", default=8000, allowed=PORTS),
        event_version=_number("SHOP_EVENT_VERSION", default=max(VERSIONS), allowed=VERSIONS),
        group=os.environ.get("SHOP_GROUP", "billing"),
        database=Path(os.environ.get("SHOP_DATABASE", "billing.db")),
    )


def _number(name: str, *, default: int, allowed: Collection[int]) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) not in allowed:
        raise accord.ConfigurationError(
            f"{name} is '{text}'", hint=f"it is a number from {min(allowed)} to {max(allowed)}"
        )
    return int(text)
