from dataclasses import dataclass
from typing import Any

import pytest

import accord
from accord.schemas import SchemaType


@dataclass(frozen=True, slots=True)
class Placed:
    order_id: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    order_id: str


@dataclass(frozen=True, slots=True)
class Invoice:
    order_id: str


PLACED = accord.contract("orders", Placed, namespace="shop", subject=accord.SubjectNaming.TOPIC_RECORD)
CANCELLED = accord.contract("orders", Cancelled, namespace="shop", subject=accord.SubjectNaming.TOPIC_RECORD)
INVOICES = accord.contract("invoices", Invoice, format=SchemaType.JSON, key="bytes")


@pytest.fixture
def document() -> dict[str, Any]:
    app = accord.App("a:9092, b:9092", accord.Registry("http://127.0.0.1:8081"))

    @app.on(PLACED, CANCELLED, group="billing", publishes=INVOICES, key=lambda _: b"")
    def bill(order: Placed | Cancelled) -> Invoice | None:
        """Bill an order."""

    return app.asyncapi(title="Billing", version="1.2.0")


def test_it_says_what_it_is_and_where_it_lives(document: dict[str, Any]) -> None:
    assert document["asyncapi"] == "3.0.0"
    assert document["info"] == {"title": "Billing", "version": "1.2.0"}
    assert [server["host"] for server in document["servers"].values()] == ["a:9092", "b:9092"]


def test_each_topic_is_a_channel_with_a_message_for_each_event(document: dict[str, Any]) -> None:
    channels = document["channels"]
    assert {name: set(channel["messages"]) for name, channel in channels.items()} == {
        "orders": {"Placed", "Cancelled"},
        "invoices": {"Invoice"},
    }
    placed = channels["orders"]["messages"]["Placed"]
    assert placed["name"] == "shop.Placed"
    assert placed["payload"]["schemaFormat"] == "application/vnd.apache.avro;version=1.9.0"
    assert placed["payload"]["schema"]["fields"] == [{"name": "order_id", "type": "string"}]
    assert placed["bindings"]["kafka"]["key"] == {"type": "string"}
    assert placed["bindings"]["kafka"]["schemaLookupStrategy"] == "TopicRecordNameStrategy"
    invoice = channels["invoices"]["messages"]["Invoice"]
    assert invoice["contentType"] == "application/json"
    assert invoice["payload"]["schema"]["properties"]["order_id"] == {"type": "string"}
    assert invoice["bindings"]["kafka"]["schemaLookupStrategy"] == "TopicNameStrategy"
    assert invoice["x-subject"] == "invoices-value"


def test_each_handler_has_its_operations_and_references_lead_somewhere(document: dict[str, Any]) -> None:
    operations = document["operations"]
    assert {name: operation["action"] for name, operation in operations.items()} == {
        "billing.bill.receive.orders": "receive",
        "billing.bill.send.invoices": "send",
    }
    received = operations["billing.bill.receive.orders"]
    assert received["description"] == "Bill an order."
    assert received["bindings"]["kafka"]["groupId"]["enum"] == ["billing"]
    for operation in operations.values():
        for reference in (operation["channel"], *operation["messages"]):
            place: Any = document
            for step in reference["$ref"].removeprefix("#/").split("/"):
                place = place[step]
            assert place


@dataclass(frozen=True, slots=True)
class Tree:
    name: str
    inner: "list[Tree]"


def test_references_within_a_json_schema_lead_to_places_of_the_document() -> None:
    app = accord.App("a:9092", accord.Registry("http://127.0.0.1:8081"))
    trees = accord.contract("trees", Tree, format=SchemaType.JSON)

    @app.on(trees, group="gardens")
    def plant(tree: Tree) -> None:
        """Plant it."""

    schema = app.asyncapi(title="Garden", version="1")["channels"]["trees"]["messages"]["Tree"]["payload"][
        "schema"
    ]

    assert schema["properties"]["inner"]["items"] == {"$ref": "#/channels/trees/messages/Tree/payload/schema"}
