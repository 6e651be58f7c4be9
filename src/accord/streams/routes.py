"""How events become records: the way of each contract, found out once."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from accord.client import RegisteredSchema, Registry
from accord.codecs import InvalidEvent, framing
from accord.errors import ConfigurationError
from accord.kafka import DeliveryFailed, KafkaProducer, epoch_ms, is_header_name
from accord.streams.agreement import check_producer, registered
from accord.streams.contract import Contract
from accord.streams.delivery import Losses

logger = logging.getLogger(__name__)

Framing = Literal["prefix", "header"]
"""Where a record says which schema it was written with: in five bytes before the data, or in a header."""

HeaderValues = Iterable[tuple[str, bytes | str | None]]

# Contracts are made at import; a program that makes them all the time must not fill the memory with them.
MOST_ROUTES: Final = 1000
NOW: Final = 0


Parts = tuple[bytes | None, bytes | None, int, list[tuple[str, bytes | None]] | None]
"""A record but for its topic: value, key, milliseconds since 1970, headers."""

MakeParts = Callable[[Any, str | bytes | None, HeaderValues | None, datetime | None], Parts]


class Route:
    """The way of one contract's events.

    ``parts`` makes a record of an event (None is a tombstone), its key, headers and time. It raises InvalidEvent.
    """

    __slots__ = ("_client", "_losses", "parts", "topic")

    def __init__(self, topic: str, parts: MakeParts, *, client: KafkaProducer, losses: Losses) -> None:
        self.topic = topic
        self.parts = parts
        self._client = client
        self._losses = losses

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
        """Find the ways of all of these. Raises what ``find`` does."""
        for contract, found in check_producer(self._registry, contracts):
            self._add(contract, found)

    def _add(self, contract: Contract[Any], found: RegisteredSchema) -> Route:
        parts = parts_of(contract, found, self._framing)
        route = Route(contract.topic, parts, client=self._client, losses=self._losses)
        if len(self._known) >= MOST_ROUTES:
            self._known.clear()
        self._known[contract] = route
        return route


def frame(
    contract: Contract[Any], found: RegisteredSchema, how: Framing
) -> tuple[bytes, tuple[str, bytes] | None]:
    """What stands in front of the data, and the header beside it, of all events of a contract.

    Raises ConfigurationError if headers are wanted and the registry has no GUIDs.
    """
    indexes = contract.codec.indexes
    if how == "prefix":
        return framing.prefix(found.id) + indexes, None
    try:
        if found.guid is not None:
            return b"", (framing.VALUE_HEADER, framing.header(found.guid, indexes))
    except ValueError:
        logger.warning("the registry tells a GUID that is none: %r", found.guid)
    raise ConfigurationError(
        f"the registry tells no GUID of the schema of '{contract.subject}'",
        hint="older registries have none: send with framing='prefix', or upgrade the registry",
    )


def parts_of(contract: Contract[Any], found: RegisteredSchema, how: Framing) -> MakeParts:
    """What makes records of a contract's events. Raises ConfigurationError as ``frame`` does."""
    prefix, header = frame(contract, found, how)
    encode, encode_key = contract.encode, contract.encode_key

    def parts(
        event: object, key: str | bytes | None, headers: HeaderValues | None, timestamp: datetime | None
    ) -> Parts:
        value = None
        if event is not None:
            value = prefix + encode(event)
        elif key is None:
            raise InvalidEvent("a tombstone needs the key of what it deletes", path="key")
        try:
            encoded_key = encode_key(key)
        except UnicodeEncodeError as error:
            raise InvalidEvent(f"a key that is no UTF-8 text: {error.reason}", path="key") from error
        told = _headers(headers) if headers else None
        if header is not None and event is not None:
            told = [*(told or ()), header]
        return value, encoded_key, NOW if timestamp is None else _milliseconds(timestamp), told

    return parts


def _headers(headers: Iterable[Any]) -> list[tuple[str, bytes | None]]:
    told = []
    try:
        for pair in headers:
            name, value = pair
            told.append((name, value.encode() if isinstance(value, str) else value))
            # A text of two letters, such as a short name in a dict, is no pair.
            if not isinstance(pair, (tuple, list)):
                raise InvalidEvent(f"{pair!r} is no pair of a name and a value", path="headers")
    except (TypeError, ValueError) as error:
        raise InvalidEvent(f"not pairs of a name and UTF-8 text or bytes: {error}", path="headers") from error
    for name, value in told:
        if not isinstance(name, str) or not (value is None or isinstance(value, bytes)):
            raise InvalidEvent(
                f"{name!r} is a {type(name).__name__} with a {type(value).__name__}", path="headers"
            )
        if not is_header_name(name):
            raise InvalidEvent(f"the name {name!r} cannot be sent", path="headers")
        if name == framing.VALUE_HEADER:
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
    milliseconds = epoch_ms(timestamp)
    if milliseconds <= NOW:
        raise InvalidEvent("a record's time is after the beginning of 1970", path="timestamp")
    return milliseconds
