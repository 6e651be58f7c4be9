"""What the services are told from outside, all of it through environment variables."""

import os
from dataclasses import dataclass
from pathlib import Path


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
    """The settings of this process; ends it with one sentence if a number is not one."""
    try:
        return Settings(
            kafka=os.environ.get("SHOP_KAFKA", "127.0.0.1:9092"),
            registry=os.environ.get("SHOP_REGISTRY", "http://127.0.0.1:8081"),
            http_port=int(os.environ.get("SHOP_HTTP_PORT", "8000")),
            event_version=int(os.environ.get("SHOP_EVENT_VERSION", "2")),
            group=os.environ.get("SHOP_GROUP", "billing"),
            database=Path(os.environ.get("SHOP_DATABASE", "billing.db")),
        )
    except ValueError as error:
        raise SystemExit(f"SHOP_HTTP_PORT and SHOP_EVENT_VERSION are numbers: {error}") from error
