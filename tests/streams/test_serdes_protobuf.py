"""Protobuf events with a registry: generated classes and others, several messages of a file, files that import others."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

import accord
from accord.codecs import DataFault, framing
from accord.registry.http.server import serve
from accord.schemas import Reference, Schema, SchemaType, Subject, Version, parse

TEXT = """
syntax = "proto3";
package shop;
message Refund { string reason = 1; }
message Order { string id = 1; int64 cents = 2; }
"""
VALUE = SerializationContext("orders", MessageField.VALUE, [])


def generated(name: str) -> Any:
    """A class as protoc makes it."""
    proto = FileDescriptorProto.FromString(
        base64.b64decode(parse(Schema(TEXT, SchemaType.PROTOBUF)).formatted("serialized"))
    )
    proto.name = "shop.proto"
    return GetMessageClass(
        DescriptorPool().AddSerializedFile(proto.SerializeToString()).message_types_by_name[name]
    )


Order = generated("Order")
Refund = generated("Refund")


@dataclass(frozen=True, slots=True)
class PlainOrder:
    id: str
    cents: int


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve() as running:
        yield running.url


@pytest.fixture
def registry(url: str) -> Iterator[accord.Registry]:
    with accord.Registry(url) as registry:
        yield registry


def released(registry: accord.Registry, *contracts: accord.Contract[Any]) -> None:
    for contract in contracts:
        registry.register(contract.subject, contract.schema)


def test_a_generated_class_is_a_contract_by_itself(registry: accord.Registry, url: str) -> None:
    contract = accord.contract("orders", Order)
    released(registry, contract)
    value = accord.Serializer(contract, registry)(Order(id="o-1", cents=995), VALUE)
    assert accord.Deserializer(contract, registry)(value, VALUE) == Order(id="o-1", cents=995)

    with SchemaRegistryClient({"url": url}) as theirs:
        serialize = ProtobufSerializer(
            Order, theirs, conf={"auto.register.schemas": False, "use.latest.version": True}
        )
        assert serialize(Order(id="o-1", cents=995), VALUE) == value
        assert ProtobufDeserializer(Order, schema_registry_client=theirs)(value, VALUE).cents == 995


def test_a_dataclass_reads_what_messages_wrote(registry: accord.Registry) -> None:
    messages = accord.contract("orders", Order)
    released(registry, messages)
    value = accord.Serializer(messages, registry)(Order(id="o-1", cents=995), VALUE)
    text = 'syntax = "proto3"; package shop; message Order { string id = 1; int64 cents = 2; }'
    plain = accord.contract("orders", PlainOrder, schema=text, format=SchemaType.PROTOBUF)
    assert plain.encode(PlainOrder("o-1", 995)) == Order(id="o-1", cents=995).SerializeToString()
    # Its file lacks the other message, which it does not read.
    assert accord.Deserializer(plain, registry)(value, VALUE) == PlainOrder("o-1", 995)
    named = msgspec.defstruct("Order", [("id", str), ("cents", int)], frozen=True)
    whole: accord.Contract[Any] = accord.contract("orders", named, schema=messages.schema)
    assert accord.Deserializer(whole, registry)(value, VALUE) == named("o-1", 995)


@pytest.mark.parametrize("how", ["prefix", "header"])
def test_several_messages_of_a_file_share_a_topic(registry: accord.Registry, how: Any) -> None:
    naming = accord.SubjectNaming.TOPIC_RECORD
    contracts: list[accord.Contract[Any]] = [
        accord.contract("orders", Order, subject=naming),
        accord.contract("orders", Refund, subject=naming),
    ]
    released(registry, *contracts)
    serialize = accord.Serializer(contracts, registry, framing=how)
    deserialize = accord.Deserializer(contracts, registry)
    for event in (Order(id="o-1"), Refund(reason="late"), Refund()):
        ctx = SerializationContext("orders", MessageField.VALUE, [])
        assert deserialize(serialize(event, ctx), ctx) == event


@pytest.mark.parametrize("how", ["prefix", "header"])
def test_another_message_of_the_file_is_no_event_of_the_contract(registry: accord.Registry, how: Any) -> None:
    orders, refunds = accord.contract("orders", Order), accord.contract("orders", Refund)
    released(registry, orders)
    ctx = SerializationContext("orders", MessageField.VALUE, [])
    value = accord.Serializer(refunds, registry, framing=how)(Refund(reason="late"), ctx)
    with pytest.raises(accord.InvalidData, match=r"shop\.Refund") as caught:
        accord.Deserializer(orders, registry)(value, ctx)
    assert caught.value.fault is DataFault.NOT_READABLE_AS_CONTRACT


def test_files_that_import_others_are_read_with_those_of_both_sides(registry: accord.Registry) -> None:
    money = Schema('syntax = "proto3"; package geo; message Money { int64 cents = 1; }', SchemaType.PROTOBUF)
    registry.register("money", money)
    text = 'syntax = "proto3"; package shop; import "money.proto"; message Sale { geo.Money total = 1; }'
    references = (Reference("money.proto", Subject("money"), Version(1)),)

    @dataclass(frozen=True, slots=True)
    class Money:
        cents: int

    @dataclass(frozen=True, slots=True)
    class Sale:
        total: Money | None

    contract = accord.contract(
        "sales",
        Sale,
        schema=Schema(text, SchemaType.PROTOBUF, references),
        referenced={"money.proto": money},
    )
    released(registry, contract)
    value = accord.Serializer(contract, registry)(Sale(Money(5)))
    assert accord.Deserializer(contract, registry)(value) == Sale(Money(5))


def test_indexes_that_lead_nowhere_are_a_fault_of_the_record(registry: accord.Registry) -> None:
    contract = accord.contract("orders", Order)
    released(registry, contract)
    value = framing.prefix(registry.latest(contract.subject).id) + framing.indexed((7,), b"")
    with pytest.raises(accord.InvalidData) as caught:
        accord.Deserializer(contract, registry)(value)
    assert caught.value.fault is DataFault.WRONG_MESSAGE_INDEXES
