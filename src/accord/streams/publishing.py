"""Events of declared contracts as the records that a transaction writes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from accord.client import Registry
from accord.errors import ConfigurationError
from accord.kafka import OutgoingRecord
from accord.streams.agreement import registered
from accord.streams.contract import Contract
from accord.streams.routes import MakeParts, parts_of
from accord.streams.typevars import E


class Publishing:
    """Turns events of ``contracts`` into records. Asks the registry once for each."""

    def __init__(self, registry: Registry, contracts: Sequence[Contract]) -> None:
        self._registry = registry
        self._contracts = contracts
        self._parts: dict[Contract, MakeParts] = {}

    @property
    def topics(self) -> list[str]:
        """Where the records go."""
        return sorted({contract.topic for contract in self._contracts})

    def prepare(self) -> None:
        """Find out under which ids the schemas are registered. Raises SchemaNotRegistered, RegistryError."""
        for contract in self._contracts:
            found = registered(self._registry, contract)
            self._parts[contract] = parts_of(contract, found, "prefix")

    def record(
        self,
        contract: Contract[E],
        event: E | None,
        *,
        key: str | bytes | None = None,
        headers: Iterable[tuple[str, bytes | str | None]] = (),
        timestamp: datetime | None = None,
    ) -> OutgoingRecord:
        """The record of an event; None is a tombstone, and needs a key. Raises InvalidEvent, ConfigurationError."""
        parts_of_event = self._parts.get(contract)
        if parts_of_event is None:
            raise ConfigurationError(
                f"nobody said that events go to '{contract.topic}'", hint="name the contract in `publishes`"
            )
        value, encoded_key, timestamp_ms, told = parts_of_event(event, key, headers, timestamp)
        return OutgoingRecord(contract.topic, encoded_key, value, tuple(told or ()), timestamp_ms or None)
