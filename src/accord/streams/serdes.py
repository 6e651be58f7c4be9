"""Contracts as serializers and deserializers: for programs that keep their producers and consumers for now.

producer = SerializingProducer({..., "value.serializer": accord.Serializer(ORDERS, registry)})
consumer = DeserializingConsumer({..., "value.deserializer": accord.Deserializer(ORDERS, registry)})
data = accord.Serializer(ORDERS, registry)(event)

They are called with a value and a context, as confluent-kafka does it, which tells topic, field ("key" or "value") and
headers, and are of use for keys as well. Nothing of confluent-kafka is needed here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar, cast

from accord.client import RegisteredSchema, Registry
from accord.codecs import DataFault, InvalidData, InvalidEvent
from accord.errors import AccordError, ConfigurationError
from accord.streams.agreement import check_consumer, check_producer, registered
from accord.streams.contract import Contract
from accord.streams.faults import BadRecord
from accord.streams.reading import TopicReader
from accord.streams.routes import Framing, frame
from accord.streams.typevars import E
from accord.streams.writers import WriterSchema, WriterSchemas, Written

KEY: Final = "key"

Headers = list[tuple[str, bytes | None]] | None

T = TypeVar("T")


class SerdeContext(Protocol):
    """What a client tells of the record whose key or value is at hand."""

    @property
    def topic(self) -> Any:  # noqa: ANN401 -- a name, or None with some clients
        """The name of the topic."""

    @property
    def field(self) -> Any:  # noqa: ANN401 -- text, or an enum of it
        """``key`` or ``value``."""

    @property
    def headers(self) -> Any:  # noqa: ANN401 -- a list of pairs, a dict, or None
        """The headers of the record, to which a serializer may add."""


class Serializer(Generic[E]):
    """Events of one contract, or of several, to the bytes of a record's value; the topic and the event's class say which."""

    def __init__(
        self,
        contracts: Contract[E] | Iterable[Contract[E]],
        registry: Registry,
        *,
        framing: Framing = "prefix",
    ) -> None:
        """With ``framing="header"`` the schema is named in a header: the client has to hand the record's headers over.

        Raises SchemaNotRegistered, RegistryUnavailable, Unauthorized, or ConfigurationError.
        """
        self._topics = _by_topic(contracts)
        self._registry = registry
        self._framing: Framing = framing
        self._ways: dict[Contract[E], _Way] = {}
        every = [one for several in self._topics.values() for one in several]
        for contract, found in check_producer(registry, every):
            self._add(contract, found)

    def __call__(self, event: E | str | bytes | None, ctx: SerdeContext | None = None, /) -> bytes | None:
        """The bytes; None is a tombstone. A key is text or bytes, as its contract says.

        Raises InvalidEvent, SchemaNotRegistered, RegistryError, or ConfigurationError.
        """
        contracts = _of_topic(self._topics, ctx)
        if ctx is not None and ctx.field == KEY:
            return contracts[0].encode_key(cast("str | bytes | None", event))
        if event is None:
            return None
        contract = contracts[0] if len(contracts) == 1 else _of_event(contracts, event)
        way = self._ways.get(contract) or self._add(contract, registered(self._registry, contract))
        value = way.prefix + contract.encode(cast("E", event))
        if way.header is not None:
            _put(ctx, *way.header)
        return value

    def _add(self, contract: Contract[E], found: RegisteredSchema) -> "_Way":
        way = self._ways[contract] = _Way(*frame(contract, found, self._framing))
        return way


class Deserializer(Generic[E]):
    """The bytes of a record's value to an event of one contract, or of several; the topic and the schema say which."""

    def __init__(self, contracts: Contract[E] | Iterable[Contract[E]], registry: Registry) -> None:
        """Raises ContractDisagrees, or ConfigurationError. A registry that cannot be reached is a warning now."""
        self._topics = _by_topic(contracts)
        check_consumer(registry, [one for several in self._topics.values() for one in several])
        writers = _Asked(registry)
        self._readers = {
            topic: TopicReader(several, writers, others="fail") for topic, several in self._topics.items()
        }

    def __call__(self, data: bytes | None, ctx: SerdeContext | None = None, /) -> E | None:
        """The event; None for a tombstone. A key becomes text, or stays bytes, as its contract says.

        Raises InvalidData for what is at fault itself, InvalidSchema for a schema that nobody can use, RegistryError where
        the registry does not know the schema or cannot be asked, or ConfigurationError.
        """
        if ctx is not None and ctx.field == KEY:
            return cast("E | None", _key(_of_topic(self._topics, ctx)[0], data))
        if data is None:
            return None
        try:
            reading = _of_topic(self._readers, ctx).read(_Value(data, _pairs(ctx)))
        except BadRecord as bad:
            raise _error(bad.fault.error) from bad.fault.error.__cause__
        return cast("E", reading.value)


class _Way(NamedTuple):
    """What is put in front of the data of a contract's events, or into a header."""

    prefix: bytes
    header: tuple[str, bytes] | None


class _Asked(WriterSchemas):
    """Asks the registry as patiently as its client is set to: a deserializer has nobody to hand a record back to."""

    def get(self, written_as: Written) -> WriterSchema:
        """The schema of an id or a GUID. Raises RegistryError."""
        registry = self.registry
        schema = (
            registry.schema_by_guid(written_as)
            if isinstance(written_as, str)
            else registry.schema_by_id(written_as)
        )
        return WriterSchema(schema, registry.referenced_by(schema) if schema.references else {})


class _Value:
    """A message of which nothing is known but its value and headers."""

    __slots__ = ("_data", "_headers")

    def __init__(self, data: bytes, headers: Headers) -> None:
        self._data = data
        self._headers = headers

    def topic(self) -> str:
        """Not told."""
        return ""

    def partition(self) -> int:
        """Not told."""
        return -1

    def offset(self) -> int:
        """Not told."""
        return -1

    def key(self) -> None:
        """Not told."""

    def value(self) -> bytes:
        """The bytes."""
        return self._data

    def headers(self) -> Headers:
        """As they were told."""
        return self._headers

    def timestamp(self) -> tuple[int, int]:
        """Not told."""
        return 0, -1


def _by_topic(contracts: Contract[E] | Iterable[Contract[E]]) -> dict[str, list[Contract[E]]]:
    topics: dict[str, list[Contract[E]]] = {}
    for one in [contracts] if isinstance(contracts, Contract) else contracts:
        topics.setdefault(one.topic, []).append(one)
    if not topics:
        raise ConfigurationError("there is no contract to go by", hint="give one, or several")
    return topics


def _of_topic(topics: Mapping[str, T], ctx: SerdeContext | None) -> T:
    """What belongs to the record's topic; without a context, to the only one."""
    topic = None if ctx is None else ctx.topic
    if topic is None:
        if len(topics) > 1:
            raise ConfigurationError(
                f"there are contracts for several topics ({', '.join(topics)}), and nobody says which this is",
                hint="call it with a context that names the topic",
            )
        return next(iter(topics.values()))
    found = topics.get(topic)
    if found is None:
        raise ConfigurationError(
            f"no contract is about the topic '{topic}'; there are {', '.join(topics)}",
            hint="give the contracts of all topics: Serializer([ORDERS, PAYMENTS], registry)",
        )
    return found


def _of_event(contracts: Sequence[Contract[E]], event: object) -> Contract[E]:
    for one in contracts:
        if isinstance(event, one.model):
            return one
    carried = ", ".join(one.model.__name__ for one in contracts)
    raise InvalidEvent(f"'{contracts[0].topic}' carries {carried}, and this is {type(event).__name__}")


def _put(ctx: SerdeContext | None, name: str, value: bytes) -> None:
    """Set the record's header; what stood there was another record's."""
    headers = None if ctx is None else ctx.headers
    if isinstance(headers, dict):
        headers[name] = value
    elif isinstance(headers, list):
        headers[:] = [(one, told) for one, told in headers if one != name]
        headers.append((name, value))
    else:
        raise ConfigurationError(
            "the schema is to be named in a header, and the record has no list or dict of headers",
            hint="hand headers=[] over with each record, or frame them with a prefix",
        )


def _pairs(ctx: SerdeContext | None) -> Headers:
    headers = None if ctx is None else ctx.headers
    return list(headers.items()) if isinstance(headers, dict) else headers


def _key(contract: Contract[Any], data: bytes | None) -> str | bytes | None:
    try:
        return contract.decode_key(data)
    except UnicodeDecodeError as error:
        raise InvalidData(
            f"the key is not UTF-8: {error.reason}", fault=DataFault.MALFORMED, path="key"
        ) from error


def _error(error: BaseException) -> BaseException:
    if isinstance(error, AccordError):
        # The same one may be raised for each record of a schema.
        return error.with_traceback(None)
    return InvalidData(str(error), fault=DataFault.NOT_READABLE_AS_CONTRACT)
