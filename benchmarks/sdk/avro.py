"""Events to Avro bytes and back, against confluent-kafka's Avro serdes over the same registry."""

import dataclasses
import io
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import fastavro
import msgspec
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

import accord
from accord.codecs import Codec, codec_for, framing
from accord.demo.shop.events.v1 import ORDERS, OrderCreated
from accord.registry.http.server import serve
from accord.schemas import Schema, Subject
from benchmarks.measure import alone_us, pair
from benchmarks.report import Section, at_least
from benchmarks.sdk.orders import KINDS, ORDER, order, order_dict

EVENT = OrderCreated("order-000001", "customer-042", 129.95, "EUR", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


@dataclasses.dataclass(slots=True)
class _Slots:
    order_id: str
    customer_id: str
    total_amount: float
    currency: str
    created_at: datetime


class _Struct(msgspec.Struct):
    order_id: str
    customer_id: str
    total_amount: float
    currency: str
    created_at: datetime


def avro() -> Section:
    """Write and read, from and to each kind of class; confluent-kafka writes from a dict and reads into one."""
    section = Section("Avro")
    small = {
        "frozen dataclass": EVENT,
        "dataclass": _Slots(**asdict(EVENT)),
        "msgspec.Struct": _Struct(**asdict(EVENT)),
        "dict": asdict(EVENT),
    }
    large = {**{kind: order(define) for kind, define in KINDS.items()}, "dict": order_dict()}
    with serve() as server:
        _compare(
            section, "Avro, OrderCreated, 5 fields", ORDERS.schema, small, url=server.url, floors=(3.0, 5.0)
        )
        _compare(section, "Avro, order, 25 fields, nested", ORDER, large, url=server.url, floors=(2.0, 2.5))
    section.say(f"Making the codec of the order of 25 fields takes {_making_ms(large['dataclass']):.1f} ms.")
    return section


def _compare(
    section: Section,
    what: str,
    schema: Schema,
    values: Mapping[str, Any],
    *,
    url: str,
    floors: tuple[float, float],
) -> None:
    topic = json.loads(schema.text)["name"]
    schema_id = accord.Registry(url).register(Subject(f"{topic}-value"), schema).id
    registry = SchemaRegistryClient({"url": url})
    context = SerializationContext(topic, MessageField.VALUE)
    serializer = AvroSerializer(registry, schema.text, conf={"auto.register.schemas": False})
    deserializer = AvroDeserializer(registry)
    plain = values["dict"]
    for kind, value in values.items():
        codec = codec_for(schema, model=None if kind == "dict" else type(value))
        raw = framing.prefixed(schema_id, codec.encode(value))
        if raw != serializer(plain, context) or codec.decode(raw, framing.PREFIX_LENGTH) != value:
            raise AssertionError(f"{what} as {kind} is not what the peer makes of it")
        write = pair(
            f"{what}, write from {kind}",
            ("accord", _writing(codec, value, schema_id)),
            ("confluent-kafka AvroSerializer (dict)", lambda: serializer(plain, context)),
            calls=2000,
        )
        read = pair(
            f"{what}, read to {kind}",
            ("accord", _reading(codec, raw)),
            ("confluent-kafka AvroDeserializer (to dict)", _peer_reading(deserializer, raw, context)),
            calls=2000,
        )
        for ratio, floor in zip((write, read), floors, strict=True):
            section.say(str(ratio))
            section.goals.append(at_least(ratio.what, ratio.times, floor, "times the peer"))
    _say_bare(section, what, schema, plain)


def _writing(codec: Codec[Any], value: object, schema_id: int) -> Callable[[], object]:
    return lambda: framing.prefixed(schema_id, codec.encode(value))


def _reading(codec: Codec[Any], raw: bytes) -> Callable[[], object]:
    return lambda: codec.decode(raw, framing.PREFIX_LENGTH)


def _peer_reading(
    deserializer: AvroDeserializer, raw: bytes, context: SerializationContext
) -> Callable[[], object]:
    return lambda: deserializer(raw, context)


def _say_bare(section: Section, what: str, schema: Schema, value: object) -> None:
    """What fastavro takes without a registry, for orientation."""
    parsed = fastavro.parse_schema(json.loads(schema.text))

    def write() -> bytes:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, parsed, value)
        return out.getvalue()

    data = write()
    read_us = alone_us(lambda: fastavro.schemaless_reader(io.BytesIO(data), parsed, None))
    section.say(f"{what}: fastavro alone writes in {alone_us(write):.2f} us and reads in {read_us:.2f} us.")


def _making_ms(value: object) -> float:
    best = float("inf")
    for _ in range(20):
        started = time.thread_time()
        codec_for(ORDER, model=type(value))
        best = min(best, time.thread_time() - started)
    return best * 1e3
