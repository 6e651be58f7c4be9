"""How events become records: the way of each contract, found out once."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from accord.client import RegisteredSchema, Registry
from accord.codecs import InvalidEvent, framing
from accord.errors import ConfigurationError
from accord.kafka import DeliveryFailed, KafkaProducer
from accord.streams.agreement import check_producer, registered
from accord.streams.contract import Contract
from accord.streams.delivery import Losses

Framing = Literal["prefix", "header"]
"""Where a record says which schema it was written with: in five bytes before the data, or in a header."""

HeaderValues = Iterable[tuple[str, bytes | str | None]]

# Contracts are made at import; a program that makes them all the time must not fill the memory with them.
MOST_ROUTES: Final = 1000
NOW: Final = 0
VALUE_HEADER: Final = "__value_schema_id"
GUID_MAGIC: Final = b"\x01"


class Parts(NamedTuple):
    """A record, but for its topic."""

    value: bytes | None
    key: bytes | None
    timestamp_ms: int
    headers: list[tuple[str, bytes | None]] | None


class Route:
    """The way of one contract's events."""

    __slots__ = ("_client", "_losses", "contract", "header", "prefix", "topic")

    def __init__(
        self,
        contract: Contract[Any],
        *,
        prefix: bytes,
        header: tuple[str, bytes] | None,
        client: KafkaProducer,
        losses: Losses,
    ) -> None:
        self.contract = contract
        self.topic = contract.topic
        self.prefix = prefix
        self.header = header
        self._client = client
        self._losses = losses

    def parts(
        self,
        event: object,
        key: str | bytes | None,
        headers: HeaderValues | None,
        timestamp: datetime | None,
    ) -> Parts:
        """The record of an event; None is a tombstone, and needs a key. Raises InvalidEvent."""
        contract = self.contract
        if event is not None:
            value = self.prefix + contract.encode(event)
        elif key is None:
            raise InvalidEvent("a tombstone needs the key of what it deletes", path="key")
        else:
            value = None
        try:
            encoded_key = contract.encode_key(key)
        except UnicodeEncodeError as error:
            raise InvalidEvent(f"a key that is no UTF-8 text: {error.reason}", path="key") from error
        told = None
        if headers:
            told = _headers(headers)
        if self.header is not None and event is not None:
            told = [*(told or ()), self.header]
        return Parts(value, encoded_key, NOW if timestamp is None else _milliseconds(timestamp), told)

    def failure(self, error: Any, /) -> DeliveryFailed:  # noqa: ANN401 -- the client's own
        """What an error means that the client gave for a record; it is counted as lost."""
        failure = self._client.failure(self.topic, error)
        self._losses.note(self.topic, failure)
        return failure


class Routes:
    """The ways of all contracts that one producer sends events of."""

    def __init__(
        self, registry: Registry, client: KafkaProducer, losses: Losses, *, framing: Framing
    ) -> None:
        self._registry = registry
        self._client = client
        self._losses = losses
        self._framing = framing
        self._known: dict[Contract[Any], Route] = {}
        self.known = self._known.get

    def find(self, contract: Contract[Any]) -> Route:
        """The way of a contract, with the registry's help if it is new.

        Raises SchemaNotRegistered; RegistryError; ConfigurationError if headers are wanted and the registry has no GUIDs.
        """
        known = self._known.get(contract)
        return known if known is not None else self._add(contract, registered(self._registry, contract))

    def prepare(self, contracts: Sequence[Contract[Any]]) -> None:
        """Find the ways of all of these, as far as the registry can be reached. Raises what ``find`` does."""
        for contract, found in check_producer(self._registry, contracts):
            self._add(contract, found)

    def _add(self, contract: Contract[Any], found: RegisteredSchema) -> Route:
        prefix, header = self._frame(contract, found)
        route = Route(contract, prefix=prefix, header=header, client=self._client, losses=self._losses)
        if len(self._known) >= MOST_ROUTES:
            self._known.clear()
        self._known[contract] = route
        return route

    def _frame(
        self, contract: Contract[Any], found: RegisteredSchema
    ) -> tuple[bytes, tuple[str, bytes] | None]:
        indexes = contract.codec.indexes
        if self._framing == "prefix":
            return framing.prefixed(found.id, indexes), None
        if found.guid is None:
            raise ConfigurationError(
                f"the registry tells no GUID of the schema of '{contract.subject}'",
                hint="older registries have none: send with framing='prefix', or upgrade the registry",
            )
        guid = uuid.UUID(found.guid).bytes
        return b"", (VALUE_HEADER, GUID_MAGIC + guid + indexes)


def _headers(headers: Iterable[Any]) -> list[tuple[str, bytes | None]]:
    try:
        told = [(name, value.encode() if isinstance(value, str) else value) for name, value in headers]
    except (TypeError, ValueError) as error:
        raise InvalidEvent(f"not pairs of a name and UTF-8 text or bytes: {error}", path="headers") from error
    for name, value in told:
        if not isinstance(name, str) or not (value is None or isinstance(value, bytes)):
            raise InvalidEvent(
                f"{name!r} is a {type(name).__name__} with a {type(value).__name__}", path="headers"
            )
        if name == VALUE_HEADER:
            raise InvalidEvent(
                f"'{name}' says which schema the value was written with, and the producer alone knows that",
                path="headers",
                hint="leave it out when headers of another record are passed on",
            )
    return told


def _milliseconds(timestamp: datetime) -> int:
    if timestamp.utcoffset() is None:
        raise InvalidEvent(
            "a datetime without a time zone is no moment; give it one, such as UTC", path="timestamp"
        )
    return int(timestamp.timestamp() * 1000)
