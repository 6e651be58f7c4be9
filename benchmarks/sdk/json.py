"""One event to validated JSON and back, against confluent-kafka's JSON serdes, which validate as well, over one registry."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import pydantic
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

import accord
from accord.codecs import Codec, codec_for, derive_schema, framing
from accord.registry.http.server import serve
from accord.schemas import SchemaType
from benchmarks.measure import Ratio, pair
from benchmarks.report import Section, at_least

_CALLS = 1000
_TOPIC = "orders.created"
_FLOOR = 15.0


@dataclass(frozen=True, slots=True)
class OrderCreated:
    """A customer has placed an order."""

    order_id: str
    customer_id: str
    amount: float
    currency: str
    created_at: datetime


class OrderStruct(msgspec.Struct, frozen=True):
    """The same as a Struct."""

    order_id: str
    customer_id: str
    amount: float
    currency: str
    created_at: datetime


class OrderModel(pydantic.BaseModel):
    """The same as a pydantic model."""

    order_id: str
    customer_id: str
    amount: float
    currency: str
    created_at: datetime


EVENT = OrderCreated("order-000001", "customer-042", 129.95, "EUR", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def json() -> Section:
    """Write and read, each kind of class and dicts; the peer takes and gives dicts."""
    section = Section("JSON Schema")
    schema = derive_schema(OrderCreated, type=SchemaType.JSON)
    with serve() as server:
        schema_id = accord.Registry(server.url).register(f"{_TOPIC}-value", schema).id
        peer_registry = SchemaRegistryClient({"url": server.url})
        context = SerializationContext(_TOPIC, MessageField.VALUE)
        serializer = JSONSerializer(schema.text, peer_registry, conf={"auto.register.schemas": False})
        deserializer = JSONDeserializer(None, schema_registry_client=peer_registry)
        plain = msgspec.to_builtins(EVENT)
        peer = Peer(lambda: serializer(plain, context), lambda raw: deserializer(raw, context))
        for name, model, event in _kinds(plain):
            for ratio in _ratios(name, codec_for(schema, model=model), event, schema_id, peer):
                section.say(str(ratio))
                # What pydantic takes for its own validation is its own.
                if model is not OrderModel:
                    section.goals.append(at_least(ratio.what, ratio.times, _FLOOR, "times the peer"))
    return section


@dataclass(frozen=True, slots=True)
class Peer:
    """What confluent-kafka does with the same event as a dict."""

    write: Callable[[], object]
    read: Callable[[bytes], object]


def _ratios(name: str, codec: Codec[Any], event: object, schema_id: int, peer: Peer) -> Iterable[Ratio]:
    raw = framing.prefixed(schema_id, codec.encode(event))
    yield _compared(f"{name}, write", lambda: framing.prefixed(schema_id, codec.encode(event)), peer.write)
    yield _compared(f"{name}, read", lambda: codec.decode(raw, framing.PREFIX_LENGTH), lambda: peer.read(raw))


def _kinds(plain: dict[str, Any]) -> Iterable[tuple[str, type[Any] | None, Any]]:
    values = asdict(EVENT)
    yield "dataclass", OrderCreated, EVENT
    yield "Struct", OrderStruct, OrderStruct(**values)
    yield "pydantic model", OrderModel, OrderModel(**values)
    yield "dict", None, plain


def _compared(what: str, ours: Callable[[], object], peer: Callable[[], object]) -> Ratio:
    return pair(
        f"JSON, OrderCreated, 5 fields, {what}",
        ("accord", ours),
        ("confluent-kafka, a dict", peer),
        calls=_CALLS,
    )
