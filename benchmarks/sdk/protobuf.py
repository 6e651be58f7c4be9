"""One generated Protobuf message to a framed value and back, against confluent-kafka's serdes over the same registry."""

import base64
from datetime import UTC, datetime
from typing import Any

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import timestamp_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

import accord
from accord.codecs import framing
from accord.registry.http.server import serve
from accord.schemas import Schema, SchemaType, parse
from benchmarks.measure import pair
from benchmarks.report import Section, at_least

TEXT = """
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
message OrderCreated {
  string order_id = 1;
  string customer_id = 2;
  double total_amount = 3;
  string currency = 4;
  google.protobuf.Timestamp created_at = 5;
}
"""
TOPIC = "orders"
WHAT = "Protobuf, OrderCreated, 5 fields"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def protobuf() -> Section:
    """Write and read a generated message; both sides with the prefix and the message's indexes."""
    section = Section("Protobuf")
    schema = Schema(TEXT, SchemaType.PROTOBUF)
    order_class = _generated(schema)
    event = order_class(
        order_id="order-000001", customer_id="customer-042", total_amount=129.95, currency="EUR"
    )
    event.created_at.FromDatetime(MOMENT)
    with serve() as server, accord.Registry(server.url) as registry:
        contract = accord.contract(TOPIC, order_class)
        schema_id = registry.register(contract.subject, contract.schema).id
        # A client each, as in two programs: sharing one, the deserializer stumbles over what the serializer has cached.
        peer_registry, reading_registry = (SchemaRegistryClient({"url": server.url}) for _ in range(2))
        context = SerializationContext(TOPIC, MessageField.VALUE)
        default = ProtobufSerializer(order_class, peer_registry)
        deserializer = ProtobufDeserializer(order_class, schema_registry_client=reading_registry)
        serialize = accord.Serializer(contract, registry)
        deserialize = accord.Deserializer(contract, registry)
        codec = contract.codec
        prefix = framing.prefix(schema_id) + codec.indexes
        raw = prefix + codec.encode(event)
        read = codec.decode_indexed(raw, framing.PREFIX_LENGTH)
        assert deserializer(raw, context) == deserialize(raw, context) == read == event  # noqa: S101 -- all read the same
        write_peer = ("confluent-kafka ProtobufSerializer", lambda: default(event, context))
        read_peer = ("confluent-kafka ProtobufDeserializer with registry", lambda: deserializer(raw, context))
        ratios = (
            pair(f"{WHAT}, write", ("accord (codec)", lambda: prefix + codec.encode(event)), write_peer),
            pair(
                f"{WHAT}, read",
                ("accord (codec)", lambda: codec.decode_indexed(raw, framing.PREFIX_LENGTH)),
                read_peer,
            ),
            pair(
                f"{WHAT}, write by Serializer",
                ("accord.Serializer", lambda: serialize(event, context)),
                write_peer,
            ),
            pair(
                f"{WHAT}, read by Deserializer",
                ("accord.Deserializer", lambda: deserialize(raw, context)),
                read_peer,
            ),
        )
    for ratio in ratios:
        section.say(str(ratio))
        section.goals.append(at_least(ratio.what, ratio.times, 2.0, "times the peer"))
    return section


def _generated(schema: Schema) -> Any:  # noqa: ANN401 -- a class made at run time
    """The class that protoc would generate."""
    proto = FileDescriptorProto.FromString(base64.b64decode(parse(schema).formatted("serialized")))
    proto.name = "benchmarks_order.proto"
    pool = DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    return GetMessageClass(
        pool.AddSerializedFile(proto.SerializeToString()).message_types_by_name["OrderCreated"]
    )
