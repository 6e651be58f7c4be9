"""How to reach a Kafka cluster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accord.errors import ConfigurationError
from accord.kafka.logs import CLIENT_LOGGER

Property = str | int | float | bool


def read_properties(path: Path) -> dict[str, str]:
    """The properties in a file: a line each, ``name=value``; empty lines and those that begin with # are passed over.

    Raises ConfigurationError.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error}", hint="name a file with Kafka properties"
        ) from error
    properties = {}
    for number, line in enumerate(lines, 1):
        name, equals, value = line.partition("=")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not equals or not name.strip():
            # The line itself may hold a password.
            raise ConfigurationError(f"line {number} of {path} is no property", hint="write name=value")
        properties[name.strip()] = value.strip()
    return properties


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """Addresses of some brokers (``host:port``, comma-separated), a name for this client, and anything else.

    ``properties`` are passed to every client as they are (security, buffers, timeouts), ``producer`` and ``consumer`` to
    those alone: the names are librdkafka's. They win over this project's choices, except over those that its promises
    rest on.
    """

    bootstrap_servers: str
    client_id: str = "accord"
    # Not shown: passwords are among them.
    properties: Mapping[str, Property] = field(default_factory=dict, repr=False)
    producer: Mapping[str, Property] = field(default_factory=dict, repr=False)
    consumer: Mapping[str, Property] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, kafka: "KafkaSettings | str") -> "KafkaSettings":
        """The settings, from an address alone if that is all there is."""
        return kafka if isinstance(kafka, KafkaSettings) else cls(kafka)

    def client_config(
        self,
        defaults: Mapping[str, Property] | None = None,
        *,
        own: Mapping[str, Property] | None = None,
        fixed: Mapping[str, Property] | None = None,
    ) -> dict[str, Any]:
        """The configuration of a client; each wins over the one before: ``defaults``, ``properties``, ``own``, ``fixed``.

        Raises ConfigurationError if one of the ``fixed`` was chosen to be something else.
        """
        if not self.bootstrap_servers.strip():
            raise ConfigurationError(
                "no Kafka address is set", hint="give bootstrap servers, such as 127.0.0.1:9092"
            )
        chosen = {**(defaults or {}), **self.properties, **(own or {})}
        for name, value in (fixed or {}).items():
            if name in chosen and str(chosen[name]).lower() != str(value).lower():
                raise ConfigurationError(
                    f"the Kafka property {name}={chosen[name]} would break what Accord promises",
                    hint=f"remove it; {name}={str(value).lower()} is set for you",
                )
        return {
            "bootstrap.servers": self.bootstrap_servers,
            "client.id": self.client_id,
            "logger": CLIENT_LOGGER,
            **chosen,
            **(fixed or {}),
        }
