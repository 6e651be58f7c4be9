"""Confluent's own Python client and serializers, unchanged, against a running server."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from importlib import resources
from pathlib import Path
from uuid import UUID

import pytest
from confluent_kafka.schema_registry import (
    AsyncSchemaRegistryClient,
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    SchemaRegistryError,
)
from confluent_kafka.schema_registry.avro import (
    AsyncAvroDeserializer,
    AsyncAvroSerializer,
    AvroDeserializer,
    AvroSerializer,
)
from confluent_kafka.schema_registry.json_schema import (
    AsyncJSONDeserializer,
    AsyncJSONSerializer,
    JSONDeserializer,
    JSONSerializer,
)
from confluent_kafka.schema_registry.protobuf import (
    AsyncProtobufDeserializer,
    AsyncProtobufSerializer,
    ProtobufDeserializer,
    ProtobufSerializer,
)
from confluent_kafka.serialization import MessageField, SerializationContext, SerializationError
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_tools import protoc

from accord.registry.http.server import serve

ORDER = """
{"type": "record", "name": "Order", "fields": [
  {"name": "id", "type": "string"},
  {"name": "cents", "type": "long"}
]}
"""
NOTED = ORDER.replace('"long"}', '"long"}, {"name": "note", "type": "string", "default": ""}')
BROKEN = ORDER.replace('"long"', '"string"')
VALUE = SerializationContext("orders", MessageField.VALUE)


@pytest.fixture
def url() -> Iterator[str]:
    with serve() as server:
        yield server.url


@pytest.fixture
def client(url: str) -> Iterator[SchemaRegistryClient]:
    with SchemaRegistryClient({"url": url}) as client:
        yield client


@pytest.fixture
def other(url: str) -> Iterator[SchemaRegistryClient]:
    """A second service: a client that has not seen what the first one sent."""
    with SchemaRegistryClient({"url": url}) as other:
        yield other


def test_schemas_are_registered_looked_up_and_read(client: SchemaRegistryClient) -> None:
    schema_id = client.register_schema("orders-value", Schema(ORDER, "AVRO"))

    found = client.lookup_schema("orders-value", Schema(ORDER, "AVRO"))
    assert (found.schema_id, found.version, found.subject) == (schema_id, 1, "orders-value")
    assert client.get_schema(schema_id).schema_type == "AVRO"
    latest = client.get_latest_version("orders-value")
    assert (latest.version, latest.schema_id) == (1, schema_id)
    assert str(UUID(latest.guid)) == latest.guid
    assert client.get_version("orders-value", 1).schema_id == schema_id
    assert client.get_versions("orders-value") == [1]
    assert client.get_subjects() == ["orders-value"]
    assert client.get_schema_by_guid(str(latest.guid)).schema_str == client.get_schema(schema_id).schema_str
    assert client.get_schema_types() == ["JSON", "PROTOBUF", "AVRO"]
    assert client.get_subjects_by_schema_id(schema_id) == ["orders-value"]


def test_compatibility_is_checked_and_configured(client: SchemaRegistryClient) -> None:
    client.register_schema("orders-value", Schema(ORDER, "AVRO"))

    assert client.test_compatibility("orders-value", Schema(NOTED, "AVRO"))
    assert not client.test_compatibility("orders-value", Schema(BROKEN, "AVRO"))
    assert client.get_compatibility() == "BACKWARD"
    client.set_compatibility("orders-value", "NONE")
    assert client.get_compatibility("orders-value") == "NONE"
    assert client.test_compatibility("orders-value", Schema(BROKEN, "AVRO"))


def test_a_refusal_is_an_error_that_the_client_knows(client: SchemaRegistryClient) -> None:
    client.register_schema("orders-value", Schema(ORDER, "AVRO"))

    with pytest.raises(SchemaRegistryError) as refusal:
        client.register_schema("orders-value", Schema(BROKEN, "AVRO"))

    assert (refusal.value.http_status_code, refusal.value.error_code) == (409, 40901)
    assert "TYPE_MISMATCH" in str(refusal.value)


def test_subjects_and_versions_are_deleted(client: SchemaRegistryClient) -> None:
    client.register_schema("orders/value", Schema(ORDER, "AVRO"))
    client.register_schema("orders/value", Schema(NOTED, "AVRO"))

    assert client.delete_version("orders/value", 1) == 1
    assert client.delete_subject("orders/value") == [2]
    assert client.get_subjects() == []
    assert client.delete_subject("orders/value", permanent=True) == [1, 2]
    with pytest.raises(SchemaRegistryError) as refusal:
        client.get_latest_version("orders/value")
    assert refusal.value.error_code == 40401


def test_references_are_followed(client: SchemaRegistryClient) -> None:
    client.register_schema("order", Schema(ORDER, "AVRO"))
    basket = Schema(
        '{"type": "record", "name": "Basket", "fields": [{"name": "orders", "type": {"type": "array", "items": "Order"}}]}',
        "AVRO",
        [SchemaReference("Order", "order", 1)],
    )
    client.register_schema("baskets-value", basket)
    serializer = AvroSerializer(client, basket, conf={"auto.register.schemas": False})
    deserializer = AvroDeserializer(client)
    context = SerializationContext("baskets", MessageField.VALUE)
    value = {"orders": [{"id": "a", "cents": 1}]}

    assert deserializer(serializer(value, context), context) == value


def test_records_travel_from_serializer_to_deserializer_over_two_versions(
    client: SchemaRegistryClient,
) -> None:
    old, new = AvroSerializer(client, ORDER), AvroSerializer(client, NOTED)
    reader = AvroDeserializer(client, NOTED)

    first = old({"id": "a", "cents": 1}, VALUE)
    second = new({"id": "b", "cents": 2, "note": "soon"}, VALUE)

    assert first is not None
    assert first[:5] == b"\x00\x00\x00\x00\x01"
    assert reader(first, VALUE) == {"id": "a", "cents": 1, "note": ""}
    assert reader(second, VALUE) == {"id": "b", "cents": 2, "note": "soon"}


def test_a_serializer_may_use_the_latest_version_and_normalize(client: SchemaRegistryClient) -> None:
    client.register_schema("orders-value", Schema(ORDER, "AVRO"), normalize_schemas=True)
    serializer = AvroSerializer(client, conf={"auto.register.schemas": False, "use.latest.version": True})

    assert serializer({"id": "a", "cents": 1}, VALUE)


MONEY_JSON = '{"title": "Money", "type": "object", "properties": {"cents": {"type": "integer"}}, "required": ["cents"]}'
JSON_PROPERTIES = '"id": {"type": "string"}, "total": {"$ref": "money.json"}'


def json_order(more: str = "", required: str = '"id"') -> Schema:
    text = (
        '{"title": "Order", "type": "object", "properties": {'
        f'{JSON_PROPERTIES}{more}}}, "required": [{required}], "additionalProperties": false}}'
    )
    return Schema(text, "JSON", [SchemaReference("money.json", "money", 1)])


def test_json_documents_travel_with_references_over_two_versions(
    client: SchemaRegistryClient, other: SchemaRegistryClient
) -> None:
    client.register_schema("money", Schema(MONEY_JSON, "JSON"))
    first = JSONSerializer(json_order(), client)({"id": "a", "total": {"cents": 1}}, VALUE)
    noted = JSONSerializer(json_order(', "note": {"type": "string"}'), client)
    second = noted({"id": "b", "note": "soon"}, VALUE)
    reader = JSONDeserializer(None, schema_registry_client=other)

    assert first is not None
    assert first[:5] == b"\x00\x00\x00\x00\x02"
    assert reader(first, VALUE) == {"id": "a", "total": {"cents": 1}}
    assert reader(second, VALUE) == {"id": "b", "note": "soon"}
    found = other.get_latest_version("orders-value")
    assert (found.version, found.schema.schema_type) == (2, "JSON")
    assert found.schema.references == json_order().references


def test_a_json_schema_that_asks_for_more_is_refused(client: SchemaRegistryClient) -> None:
    client.register_schema("money", Schema(MONEY_JSON, "JSON"))
    client.register_schema("orders-value", json_order())
    demanding = JSONSerializer(json_order(required='"id", "total"'), client)

    assert not client.test_compatibility("orders-value", json_order(required='"id", "total"'))
    with pytest.raises(SchemaRegistryError) as refusal:
        demanding({"id": "a", "total": {"cents": 1}}, VALUE)
    assert (refusal.value.http_status_code, refusal.value.error_code) == (409, 40901)
    assert "REQUIRED_ATTRIBUTE_ADDED" in str(refusal.value)


def test_a_json_serializer_may_use_the_latest_version_and_normalize(
    client: SchemaRegistryClient, other: SchemaRegistryClient
) -> None:
    client.register_schema("money", Schema(MONEY_JSON, "JSON"))
    schema_id = client.register_schema("orders-value", json_order(), normalize_schemas=True)
    assert other.lookup_schema("orders-value", json_order(), normalize_schemas=True).schema_id == schema_id
    latest = JSONSerializer(None, other, conf={"auto.register.schemas": False, "use.latest.version": True})

    written = latest({"id": "a", "total": {"cents": 1}}, VALUE)
    assert JSONDeserializer(None, schema_registry_client=client)(written, VALUE)["total"] == {"cents": 1}
    with pytest.raises(SerializationError):
        latest({"id": "a", "total": {"cents": "1"}}, VALUE)


MONEY_PROTO = 'syntax = "proto3";\npackage shop;\nmessage Money { int64 cents = 1; }\n'


def proto_order(*fields: str) -> str:
    return (
        'syntax = "proto3";\npackage shop;\nimport "shop/money.proto";\nimport "google/protobuf/timestamp.proto";\n'
        f"message Order {{ string id = 1; Money total = 2; {' '.join(fields)} }}\n"
        "message Cancel { message Reason { string words = 1; } google.protobuf.Timestamp at = 1; }\n"
    )


@pytest.fixture
def compiled(tmp_path: Path) -> Callable[..., DescriptorPool]:
    """What protoc makes of the text of ``shop/order.proto`` for generated code."""

    def run(text: str) -> DescriptorPool:
        (tmp_path / "shop").mkdir(exist_ok=True)
        (tmp_path / "shop/money.proto").write_text(MONEY_PROTO)
        (tmp_path / "shop/order.proto").write_text(text)
        included = resources.files("grpc_tools") / "_proto"
        arguments = ["--include_imports", f"-o{tmp_path}/set", "shop/order.proto"]
        assert protoc.main(["protoc", f"-I{tmp_path}", f"-I{included}", *arguments]) == 0
        pool = DescriptorPool()
        for file in FileDescriptorSet.FromString((tmp_path / "set").read_bytes()).file:
            _forget_json_names(file.message_type)
            pool.Add(file)
        return pool

    return run


def _forget_json_names(messages: Iterable[DescriptorProto]) -> None:
    """Generated code, which clients serialize with, says no JSON names that follow from those of the fields."""
    for message in messages:
        for one in message.field:
            one.ClearField("json_name")
        _forget_json_names(message.nested_type)


def message(pool: DescriptorPool, name: str) -> type[Message]:
    return GetMessageClass(pool.FindMessageTypeByName(name))


NEW_FORMAT = {"use.deprecated.format": False}


def test_protobuf_messages_travel_with_imports_over_two_versions(
    client: SchemaRegistryClient, other: SchemaRegistryClient, compiled: Callable[..., DescriptorPool]
) -> None:
    old, new = compiled(proto_order()), compiled(proto_order("string note = 3;"))
    order, noted = message(old, "shop.Order"), message(new, "shop.Order")
    money = message(old, "shop.Money")(cents=250)
    first = ProtobufSerializer(order, client, NEW_FORMAT)(order(id="a", total=money), VALUE)
    second = ProtobufSerializer(noted, client, NEW_FORMAT)(noted(id="b", note="soon"), VALUE)
    reader = ProtobufDeserializer(order, NEW_FORMAT, other)

    assert first is not None
    assert first[:6] == b"\x00\x00\x00\x00\x02\x00"
    assert reader(first, VALUE) == order(id="a", total=money)
    assert reader(second, VALUE).id == "b"
    assert sorted(other.get_subjects()) == ["orders-value", "shop/money.proto"]
    found = other.get_latest_version("orders-value").schema
    assert found.references == [SchemaReference("shop/money.proto", "shop/money.proto", 1)]
    assert str(found.schema_str).startswith('syntax = "proto3";\npackage shop;\n')


def test_a_protobuf_message_inside_of_another_is_found_by_its_place(
    client: SchemaRegistryClient, other: SchemaRegistryClient, compiled: Callable[..., DescriptorPool]
) -> None:
    reason = message(compiled(proto_order()), "shop.Cancel.Reason")
    written = ProtobufSerializer(reason, client, NEW_FORMAT)(reason(words="late"), VALUE)

    assert written is not None
    assert written[5:8] == b"\x04\x02\x00"
    assert ProtobufDeserializer(reason, NEW_FORMAT, other)(written, VALUE) == reason(words="late")


def test_a_protobuf_schema_that_reads_other_values_is_refused(
    client: SchemaRegistryClient, compiled: Callable[..., DescriptorPool]
) -> None:
    old, new = compiled(proto_order("string note = 3;")), compiled(proto_order("bool paid = 3;"))
    order, paid = message(old, "shop.Order"), message(new, "shop.Order")
    ProtobufSerializer(order, client, NEW_FORMAT)(order(id="a"), VALUE)

    with pytest.raises(SchemaRegistryError) as refusal:
        ProtobufSerializer(paid, client, NEW_FORMAT)(paid(id="a"), VALUE)
    assert (refusal.value.http_status_code, refusal.value.error_code) == (409, 40901)
    assert "FIELD_SCALAR_KIND_CHANGED" in str(refusal.value)


def test_a_protobuf_serializer_finds_what_was_registered_as_text(
    client: SchemaRegistryClient, other: SchemaRegistryClient, compiled: Callable[..., DescriptorPool]
) -> None:
    references = [SchemaReference("shop/money.proto", "shop/money.proto", 1)]
    client.register_schema("shop/money.proto", Schema(MONEY_PROTO, "PROTOBUF"), normalize_schemas=True)
    text = Schema(proto_order(), "PROTOBUF", references)
    schema_id = client.register_schema("orders-value", text, normalize_schemas=True)
    order = message(compiled(proto_order()), "shop.Order")
    settings = {**NEW_FORMAT, "auto.register.schemas": False}

    for conf in ({**settings, "normalize.schemas": True}, {**settings, "use.latest.version": True}):
        written = ProtobufSerializer(order, other, conf)(order(id="a"), VALUE)
        assert written is not None
        assert int.from_bytes(written[1:5]) == schema_id


AsyncTalk = Callable[[AsyncSchemaRegistryClient, AsyncSchemaRegistryClient], Coroutine[None, None, None]]


def asynchronously(url: str, talk: AsyncTalk) -> None:
    """Two services talk: the second has not seen what the first one sent."""

    async def main() -> None:
        connect = {"url": url}
        async with AsyncSchemaRegistryClient(connect) as client, AsyncSchemaRegistryClient(connect) as other:
            await talk(client, other)

    asyncio.run(main())


def test_the_asynchronous_client_registers_evolves_and_is_refused(url: str) -> None:
    async def talk(client: AsyncSchemaRegistryClient, other: AsyncSchemaRegistryClient) -> None:
        first = await client.register_schema("orders-value", Schema(ORDER, "AVRO"))
        found = await client.lookup_schema("orders-value", Schema(ORDER, "AVRO"))
        assert (found.schema_id, found.version) == (first, 1)
        assert await client.test_compatibility("orders-value", Schema(NOTED, "AVRO"))
        second = await client.register_schema("orders-value", Schema(NOTED, "AVRO"))
        assert (await other.get_latest_version("orders-value")).schema_id == second
        assert '"note"' in str((await other.get_schema(second)).schema_str)

        with pytest.raises(SchemaRegistryError, match="TYPE_MISMATCH") as refusal:
            await client.register_schema("orders-value", Schema(BROKEN, "AVRO"))
        assert (refusal.value.http_status_code, refusal.value.error_code) == (409, 40901)
        with pytest.raises(SchemaRegistryError, match="'nothing' not found") as missing:
            await client.get_latest_version("nothing")
        assert missing.value.error_code == 40401
        assert await client.get_versions("orders-value") == [1, 2]

    asynchronously(url, talk)


def test_records_travel_between_asynchronous_serializers(url: str) -> None:
    async def talk(client: AsyncSchemaRegistryClient, other: AsyncSchemaRegistryClient) -> None:
        writer = await AsyncAvroSerializer(client, ORDER)
        reader = await AsyncAvroDeserializer(other, NOTED)
        first = await writer({"id": "a", "cents": 1}, VALUE)

        assert await reader(first, VALUE) == {"id": "a", "cents": 1, "note": ""}

    asynchronously(url, talk)


def test_json_documents_travel_between_asynchronous_serializers(url: str) -> None:
    async def talk(client: AsyncSchemaRegistryClient, other: AsyncSchemaRegistryClient) -> None:
        await client.register_schema("money", Schema(MONEY_JSON, "JSON"))
        writer = await AsyncJSONSerializer(json_order(), client)
        reader = await AsyncJSONDeserializer(None, schema_registry_client=other)
        value = {"id": "a", "total": {"cents": 1}}
        first = await writer(value, VALUE)

        assert await reader(first, VALUE) == value
        with pytest.raises(SchemaRegistryError, match="REQUIRED_ATTRIBUTE_ADDED"):
            await (await AsyncJSONSerializer(json_order(required='"id", "total"'), client))(value, VALUE)

    asynchronously(url, talk)


def test_protobuf_messages_travel_between_asynchronous_serializers(
    url: str, compiled: Callable[..., DescriptorPool]
) -> None:
    pool = compiled(proto_order())
    order, money = message(pool, "shop.Order"), message(pool, "shop.Money")

    async def talk(client: AsyncSchemaRegistryClient, other: AsyncSchemaRegistryClient) -> None:
        writer = await AsyncProtobufSerializer(order, client, NEW_FORMAT)
        reader = await AsyncProtobufDeserializer(order, NEW_FORMAT, other)
        value = order(id="a", total=money(cents=250))
        first = await writer(value, VALUE)

        assert await reader(first, VALUE) == value
        found = (await other.get_latest_version("orders-value")).schema
        assert found.references == [SchemaReference("shop/money.proto", "shop/money.proto", 1)]

    asynchronously(url, talk)
