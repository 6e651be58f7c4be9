"""One typed event to Avro bytes and back, against confluent-kafka's Avro serdes over the same registry."""

from dataclasses import asdict
from datetime import UTC, datetime

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

import accord
from accord.codecs import codec_for, framing
from accord.demo.shop.events.v1 import ORDERS, OrderCreated
from accord.registry.http.server import serve
from benchmarks.measure import pair
from benchmarks.report import Section, at_least

EVENT = OrderCreated("order-000001", "customer-042", 129.95, "EUR", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def avro() -> Section:
    """Write and read; confluent-kafka reads into a dict, Accord into the class."""
    section = Section("Avro")
    with serve() as server:
        registry = accord.Registry(server.url)
        schema_id = registry.register(ORDERS.subject, ORDERS.schema).id
        peer_registry = SchemaRegistryClient({"url": server.url})
        context = SerializationContext(ORDERS.topic, MessageField.VALUE)
        serializer = AvroSerializer(peer_registry, ORDERS.schema.text, conf={"auto.register.schemas": False})
        deserializer = AvroDeserializer(peer_registry)
        codec = codec_for(ORDERS.schema, model=OrderCreated)
        value = asdict(EVENT)
        raw = framing.prefixed(schema_id, codec.encode(EVENT))
        write = pair(
            "OrderCreated, 5 fields, write",
            ("accord (dataclass)", lambda: framing.prefixed(schema_id, codec.encode(EVENT))),
            ("confluent-kafka AvroSerializer (dict)", lambda: serializer(value, context)),
        )
        read = pair(
            "OrderCreated, 5 fields, read",
            ("accord (to dataclass)", lambda: codec.decode(framing.split(raw).body)),
            ("confluent-kafka AvroDeserializer (to dict)", lambda: deserializer(raw, context)),
        )
    for ratio, floor in ((write, 3.0), (read, 5.0)):
        section.say(str(ratio))
        section.goals.append(at_least(ratio.what, ratio.times, floor, "times the peer"))
    return section
