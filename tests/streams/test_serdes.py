"""Contracts as confluent-kafka's serializers, with its own clients on the mock broker."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from confluent_kafka import DeserializingConsumer, SerializingProducer
from confluent_kafka.error import KeySerializationError, ValueDeserializationError, ValueSerializationError
from confluent_kafka.schema_registry import header_schema_id_serializer
from confluent_kafka.schema_registry.serde import SchemaId
from confluent_kafka.serialization import MessageField, SerializationContext

import accord
from accord.codecs import DataFault, framing
from accord.registry.http.server import serve
from accord.schemas import SchemaGuid


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    amount: float


@dataclass(frozen=True, slots=True)
class Refund:
    reason: str


ORDERS = accord.contract("orders", Order)
ORDER = Order("o-1", 2.5)


@pytest.fixture(scope="module")
def server() -> Iterator[accord.Registry]:
    """A registry that tells GUIDs."""
    with serve() as running, accord.Registry(running.url) as registry:
        yield registry


def registered(registry: accord.Registry, contract: accord.Contract[Any]) -> SchemaGuid:
    guid = registry.register(contract.subject, contract.schema).guid
    assert guid is not None
    return guid


def value_of(topic: str, headers: Any = None) -> SerializationContext:
    return SerializationContext(topic, MessageField.VALUE, headers)


def key_of(topic: str) -> SerializationContext:
    return SerializationContext(topic, MessageField.KEY)


def serializing(mock: Any, serializer: accord.Serializer[Any]) -> SerializingProducer[Any, Any]:
    servers = mock.kafka.bootstrap_servers
    return SerializingProducer(
        {"bootstrap.servers": servers, "key.serializer": serializer, "value.serializer": serializer}
    )


def deserializing(mock: Any, deserializer: accord.Deserializer[Any]) -> DeserializingConsumer[Any, Any]:
    consumer: DeserializingConsumer[Any, Any] = DeserializingConsumer(
        {
            "bootstrap.servers": mock.kafka.bootstrap_servers,
            "group.id": "billing",
            "auto.offset.reset": "earliest",
            "key.deserializer": deserializer,
            "value.deserializer": deserializer,
        }
    )
    consumer.subscribe(["orders"])
    return consumer


def next_message(consumer: DeserializingConsumer[Any, Any], within_s: float = 20.0) -> Any:
    deadline = time.monotonic() + within_s
    while (message := consumer.poll(0.2)) is None:
        assert time.monotonic() < deadline, "no record came"
    return message


def test_confluents_clients_carry_our_events(mock: Any, registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    producer = serializing(mock, accord.Serializer(ORDERS, registry.client))
    consumer = deserializing(mock, accord.Deserializer(ORDERS, registry.new_client()))
    try:
        producer.produce("orders", key="k", value=ORDER)
        assert producer.flush(10) == 0
        message = next_message(consumer)
        assert (message.key(), message.value()) == ("k", ORDER)

        producer.produce("orders", key="k", value=None)
        assert producer.flush(10) == 0
        assert next_message(consumer).value() is None
    finally:
        consumer.close()


def test_errors_arrive_within_the_clients_own(mock: Any, registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    producer = serializing(mock, accord.Serializer(ORDERS, registry.client))
    with pytest.raises(ValueSerializationError, match="amount: ") as unwritten:
        producer.produce("orders", key="k", value=Order("o-1", "2.5"))  # type: ignore[arg-type]
    assert isinstance(unwritten.value.exception, accord.InvalidEvent)
    assert unwritten.value.exception.path == "amount"
    with pytest.raises(KeySerializationError, match="keys of 'orders' are string"):
        producer.produce("orders", key=b"k", value=ORDER)

    consumer = deserializing(mock, accord.Deserializer(ORDERS, registry.new_client()))
    try:
        mock_producer = SerializingProducer({"bootstrap.servers": mock.kafka.bootstrap_servers})
        mock_producer.produce("orders", key=b"k", value=b"{}")
        assert mock_producer.flush(10) == 0
        with pytest.raises(ValueDeserializationError, match="0x7b instead of 0x00") as unread:
            next_message(consumer)
        error = unread.value.exception
        assert isinstance(error, accord.InvalidData)
        assert (error.fault, "JSON" in error.hint) == (DataFault.WRONG_MAGIC_BYTE, True)
    finally:
        consumer.close()


def test_every_subject_has_its_own_id(registry: Any) -> None:
    contracts = [accord.contract(topic, Order, namespace="shop") for topic in ("a", "b")]
    for contract in contracts:
        registry.add(contract.subject, contract.schema)
    serialize = accord.Serializer(contracts, registry.client)
    written = [serialize(ORDER, value_of(topic)) for topic in ("a", "b", "a")]
    assert [framing.schema_id_of(value or b"") for value in written] == [1, 2, 1]


def test_several_events_of_a_topic_are_told_by_their_class(registry: Any) -> None:
    naming = accord.SubjectNaming.TOPIC_RECORD
    contracts: list[accord.Contract[Any]] = [
        accord.contract("orders", Order, subject=naming, namespace="shop"),
        accord.contract("orders", Refund, subject=naming, namespace="shop"),
    ]
    for contract in contracts:
        registry.add(contract.subject, contract.schema)
    serialize = accord.Serializer(contracts, registry.client)
    deserialize = accord.Deserializer(contracts, registry.client)
    for event in (ORDER, Refund("late")):
        assert deserialize(serialize(event, value_of("orders")), value_of("orders")) == event
    with pytest.raises(accord.InvalidEvent, match="carries Order, Refund, and this is str"):
        serialize("late", value_of("orders"))


def test_without_a_context_there_is_one_contract(registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    serialize, deserialize = (
        accord.Serializer(ORDERS, registry.client),
        accord.Deserializer(ORDERS, registry.client),
    )
    assert deserialize(serialize(ORDER)) == ORDER
    assert serialize(None) is None
    assert deserialize(None) is None


@pytest.mark.parametrize("empty", [{}, []])
def test_the_schema_may_be_named_in_a_header(server: accord.Registry, empty: Any) -> None:
    guid = registered(server, ORDERS)
    serialize = accord.Serializer(ORDERS, server, framing="header")
    deserialize = accord.Deserializer(ORDERS, server)
    for _ in range(2):
        body = serialize(ORDER, value_of("orders", empty))
        assert body == ORDERS.encode(ORDER)
        assert dict(empty) == {framing.VALUE_HEADER: framing.header(guid)}
        assert len(empty) == 1
        assert deserialize(body, value_of("orders", empty)) == ORDER
    with pytest.raises(accord.ConfigurationError, match="no list or dict of headers"):
        serialize(ORDER, value_of("orders"))


def test_headers_of_confluents_serializers_are_read(server: accord.Registry) -> None:
    guid = registered(server, ORDERS)
    ctx = value_of("orders", [])
    body = header_schema_id_serializer(ORDERS.encode(ORDER), ctx, SchemaId("AVRO", 1, guid))
    assert accord.Deserializer(ORDERS, server)(body, ctx) == ORDER


def test_of_several_headers_the_last_one_counts(server: accord.Registry) -> None:
    header = framing.header(registered(server, ORDERS))
    other = framing.header(registered(server, accord.contract("refunds", Refund)))
    ctx = value_of("orders", [(framing.VALUE_HEADER, other), (framing.VALUE_HEADER, header)])
    assert accord.Deserializer(ORDERS, server)(ORDERS.encode(ORDER), ctx) == ORDER


def test_bodies_of_no_bytes_are_records_in_both_framings(server: accord.Registry) -> None:
    @dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    nothing = accord.contract("pings", Nothing)
    guid = registered(server, nothing)
    deserialize = accord.Deserializer(nothing, server)
    prefix = framing.prefix(server.latest(nothing.subject).id)
    assert deserialize(prefix, value_of("pings")) == Nothing()
    headers = [(framing.VALUE_HEADER, framing.header(guid))]
    assert deserialize(b"", value_of("pings", headers)) == Nothing()


def test_a_body_of_one_byte_is_a_record_with_header_framing(server: accord.Registry) -> None:
    @dataclass(frozen=True, slots=True)
    class Flag:
        on: bool

    flags = accord.contract("flags", Flag)
    headers = [(framing.VALUE_HEADER, framing.header(registered(server, flags)))]
    assert accord.Deserializer(flags, server)(b"\x01", value_of("flags", headers)) == Flag(on=True)


def test_code_and_registry_that_disagree_are_told_at_the_start(registry: Any) -> None:
    with pytest.raises(accord.SchemaNotRegistered, match="orders-value"):
        accord.Serializer(ORDERS, registry.client)
    registry.add(ORDERS.subject, accord.contract("orders", Refund).schema)
    with pytest.raises(accord.ContractDisagrees, match="cannot read version 1"):
        accord.Deserializer(ORDERS, registry.client)


def test_an_outage_is_an_error_of_its_own_and_passes(registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    registry.down = True
    with pytest.raises(accord.RegistryUnavailable):
        accord.Serializer(ORDERS, registry.client)
    deserialize = accord.Deserializer(ORDERS, registry.client)
    value = framing.prefixed(1, ORDERS.encode(ORDER))
    with pytest.raises(accord.RegistryUnavailable):
        deserialize(value)
    registry.down = False
    assert accord.Serializer(ORDERS, registry.client)(ORDER) == value
    assert deserialize(value) == ORDER
    with pytest.raises(accord.NotFound):
        deserialize(framing.prefixed(4711, b""))


@pytest.mark.parametrize(
    ("contracts", "ctx", "reason"),
    [
        ([], None, "no contract to go by"),
        ([ORDERS, accord.contract("refunds", Refund)], None, "nobody says which"),
        ([ORDERS], value_of("payments"), "no contract is about the topic 'payments'"),
    ],
)
def test_a_record_without_a_contract_is_a_wrong_setting(
    registry: Any, contracts: list[accord.Contract[Any]], ctx: Any, reason: str
) -> None:
    for contract in contracts:
        registry.add(contract.subject, contract.schema)
    make: list[Callable[[], Any]] = [
        lambda: accord.Serializer(contracts, registry.client)(ORDER, ctx),
        lambda: accord.Deserializer(contracts, registry.client)(b"", ctx),
    ]
    for call in make:
        with pytest.raises(accord.ConfigurationError, match=reason):
            call()


def test_keys_are_what_their_contract_says(registry: Any) -> None:
    contract = accord.contract("orders", Order, key="bytes")
    registry.add(contract.subject, contract.schema)
    assert accord.Serializer(contract, registry.client)(b"k", key_of("orders")) == b"k"
    deserialize: accord.Deserializer[Any] = accord.Deserializer(contract, registry.client)
    assert deserialize(b"k", key_of("orders")) == b"k"
    with pytest.raises(accord.InvalidData, match="not UTF-8"):
        accord.Deserializer(ORDERS, registry.client)(b"\xff", key_of("orders"))


def test_what_is_wrong_with_a_schema_is_told_for_each_record_anew(registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    deserialize = accord.Deserializer(ORDERS, registry.client)
    number = registry.add("other", accord.contract("orders", Refund).schema)
    told = []
    for _ in range(3):
        with pytest.raises(accord.InvalidData) as caught:
            deserialize(framing.prefixed(number, b"\x02x"))
        assert caught.value.fault is DataFault.NOT_READABLE_AS_CONTRACT
        told.append(len(caught.traceback))
    assert told[0] == told[2]
