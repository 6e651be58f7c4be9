"""Events of declared contracts as the records that a transaction writes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from accord.client import Registry
from accord.codecs import InvalidEvent, framing
from accord.errors import ConfigurationError
from accord.kafka import Headers, OutgoingRecord
from accord.schemas import SchemaId
from accord.streams.agreement import registered
from accord.streams.contract import Contract
from accord.streams.typevars import E


class Publishing:
    """Turns events of ``contracts`` into records. Asks the registry once for each."""

    def __init__(self, registry: Registry, contracts: Sequence[Contract]) -> None:
        self._registry = registry
        self._contracts = contracts
        self._prefixes: dict[Contract, SchemaId] = {}

    @property
    def topics(self) -> list[str]:
        """Where the records go."""
        return sorted({contract.topic for contract in self._contracts})

    def prepare(self) -> None:
        """Find out under which ids the schemas are registered. Raises SchemaNotRegistered, RegistryError."""
        for contract in self._contracts:
            self._prefixes[contract] = registered(self._registry, contract).id

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
        schema_id = self._prefixes.get(contract)
        if schema_id is None:
            raise ConfigurationError(
                f"nobody said that events go to '{contract.topic}'", hint="name the contract in `publishes`"
            )
        if event is None and key is None:
            raise InvalidEvent("a tombstone needs the key of what it deletes", path="key")
        value = None
        if event is not None:
            value = framing.prefixed(schema_id, contract.codec.indexes + contract.encode(event))
        return OutgoingRecord(
            contract.topic, contract.encode_key(key), value, _headers(headers), _milliseconds(timestamp)
        )


def _headers(headers: Iterable[tuple[str, bytes | str | None]]) -> Headers:
    return tuple((name, value.encode() if isinstance(value, str) else value) for name, value in headers)


def _milliseconds(timestamp: datetime | None) -> int | None:
    if timestamp is None:
        return None
    if timestamp.utcoffset() is None:
        raise InvalidEvent(
            "a datetime without a time zone is no moment; give it one, such as UTC", path="timestamp"
        )
    return int(timestamp.timestamp() * 1000)
