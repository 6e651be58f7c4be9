"""Events of declared contracts as the records that a transaction writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accord.client import Registry
from accord.errors import ConfigurationError
from accord.kafka import OutgoingRecord
from accord.streams.agreement import registered
from accord.streams.contract import Contract
from accord.streams.routes import Framing, HeaderValues, MakeParts, parts_of


class Publishing:
    """Turns events of ``contracts`` into records. Asks the registry once for each."""

    def __init__(
        self, registry: Registry, contracts: Sequence[Contract[Any]], *, framing: Framing = "prefix"
    ) -> None:
        self._registry = registry
        self._contracts = contracts
        self._framing = framing
        self._parts: dict[Contract[Any], MakeParts] = {}

    @property
    def topics(self) -> list[str]:
        """Where the records go."""
        return sorted({contract.topic for contract in self._contracts})

    def prepare(self) -> None:
        """Find out how the schemas are named. Raises SchemaNotRegistered, RegistryError, ConfigurationError."""
        for contract in self._contracts:
            found = registered(self._registry, contract)
            self._parts[contract] = parts_of(contract, found, self._framing)

    def record(
        self,
        contract: Contract[Any],
        event: object,
        *,
        key: str | bytes | None,
        headers: HeaderValues | None,
        timestamp: datetime | None,
    ) -> OutgoingRecord:
        """The record of an event; None is a tombstone, and needs a key. Raises InvalidEvent, ConfigurationError."""
        parts = self._parts.get(contract)
        if parts is None:
            raise ConfigurationError(
                f"nobody said that events go to '{contract.topic}'", hint="name the contract in `publishes`"
            )
        value, encoded_key, timestamp_ms, told = parts(event, key, headers, timestamp)
        return OutgoingRecord(contract.topic, encoded_key, value, tuple(told or ()), timestamp_ms or None)
