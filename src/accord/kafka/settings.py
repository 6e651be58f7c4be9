"""How to reach a Kafka cluster."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from accord.errors import ConfigurationError
from accord.kafka.logs import CLIENT_LOGGER

logger = logging.getLogger(__name__)

Property = str | int | float | bool

GetToken = Callable[[], tuple[str, float]]
"""Gives an access token, and until when it is good, in seconds since 1970."""

_MECHANISM_NAMES: Final = ("sasl.mechanisms", "sasl.mechanism")
_BEARER: Final = "OAUTHBEARER"


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

    ``token`` is for brokers that want OAUTHBEARER (over TLS, unless ``security.protocol`` says otherwise). It is called
    when a client is made, and whenever a token runs out, on a thread of the client. What it raises is logged, and a client
    that gets no token within ten seconds cannot be made.
    """

    bootstrap_servers: str
    client_id: str = "accord"
    # Not shown: passwords are among them.
    properties: Mapping[str, Property] = field(default_factory=dict, repr=False)
    producer: Mapping[str, Property] = field(default_factory=dict, repr=False)
    consumer: Mapping[str, Property] = field(default_factory=dict, repr=False)
    token: GetToken | None = field(default=None, repr=False)

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

        Raises ConfigurationError if one of the ``fixed`` was chosen to be something else, or a mechanism without tokens
        although there is ``token``.
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
            **self._bearer(chosen),
            **chosen,
            **(fixed or {}),
        }

    def _bearer(self, chosen: Mapping[str, Property]) -> dict[str, Any]:
        if self.token is None:
            return {}
        mechanisms = {name: chosen[name] for name in _MECHANISM_NAMES if name in chosen}
        for name, mechanism in mechanisms.items():
            if mechanism != _BEARER:
                raise ConfigurationError(
                    f"there is a token, and {name}={mechanism} has no use for it",
                    hint=f"remove it; {name}={_BEARER} is set for you",
                )
        return {
            "security.protocol": "SASL_SSL",
            **({} if mechanisms else {_MECHANISM_NAMES[0]: _BEARER}),
            "oauth_cb": self._get_token,
        }

    def _get_token(self, _: str | None) -> tuple[str, float]:
        assert self.token is not None  # noqa: S101 -- asked for only if there is one
        try:
            return self.token()
        except Exception:
            # The client itself only says that it got none.
            logger.exception("there is no access token for Kafka")
            raise
