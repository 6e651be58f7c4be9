"""Confluent's own Python client and serializers, unchanged, against a running server."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from confluent_kafka.schema_registry import (
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    SchemaRegistryError,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

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
def client() -> Iterator[SchemaRegistryClient]:
    with serve() as server, SchemaRegistryClient({"url": server.url}) as client:
        yield client


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
