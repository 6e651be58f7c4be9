"""The contracts of a project as an AsyncAPI document."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest
import yaml
from tests.contracts.generate.making import project_of, schema_file

from accord.contracts.generate.asyncapi import About, asyncapi
from accord.contracts.model import (
    Claim,
    DataContract,
    DeadLetters,
    DeclaredReader,
    Event,
    Key,
    Project,
    Role,
    SourceFile,
)
from accord.schemas import CompatibilityLevel

ORDER: Final = schema_file(
    "s/Order.avsc",
    '{"type": "record", "name": "Order", "namespace": "shop", "fields": [{"name": "id", "type": "string"}]}',
)
TREE: Final = schema_file(
    "s/tree.json",
    '{"title": "Tree", "type": "object", "properties": {"inner": {"$ref": "#"}, "leaf": {"$ref": "#/definitions/a~1b"}}, '
    '"definitions": {"a/b": {"type": "string"}}}',
)


def contract() -> DataContract:
    return replace(
        project_of(topics={"orders": ORDER}).contracts[0],
        name="Orders",
        version="1.2.0",
        description="Every order.",
        owner="team-orders",
        domain="sales",
        partitions=12,
        replicas=3,
        config={"retention.ms": "1000", "cleanup.policy": "compact,delete", "compression.type": "zstd"},
        key=Key("string", "id"),
        compatibility=CompatibilityLevel.FULL,
        dead_letters=DeadLetters("orders-dlq", retention_ms=5),
        roles=(Role("order-service", "write"), Role("billing", "read"), Role("audit", "read")),
        readers=(DeclaredReader("billing", ("billing-v1",), ("id",)),),
        servers={"prod": "a:9092, b:9092"},
    )


def document(*contracts: DataContract, **more: Any) -> Any:
    project = Project(tuple(contracts), **more)
    [file] = asyncapi(project, About(registries={"prod": "http://me:secret@registry:8081"}), "json").files
    return json.loads(file.text)


def test_it_says_what_it_is_and_whose() -> None:
    info = document(contract())["info"]

    assert info == {
        "title": "Orders",
        "version": "1.2.0",
        "description": "Every order.",
        "contact": {"name": "team-orders"},
        "tags": [{"name": "team-orders"}],
    }


def test_several_contracts_share_a_document() -> None:
    other = replace(contract(), id="x", topic="a-first", owner="team-x", events=(Event("Tree", TREE),))
    told = document(contract(), other)

    assert list(told["channels"]) == ["a-first", "orders"]
    assert told["info"]["title"] == "Contracts"
    assert "contact" not in told["info"]
    assert told["info"]["tags"] == [{"name": "team-orders"}, {"name": "team-x"}]


def test_each_broker_is_a_server_with_the_registry_and_no_secrets() -> None:
    servers = document(contract())["servers"]

    assert {name: server["host"] for name, server in servers.items()} == {
        "prod-1": "a:9092",
        "prod-2": "b:9092",
    }
    assert servers["prod-1"]["bindings"]["kafka"] == {
        "schemaRegistryUrl": "http://registry:8081",
        "schemaRegistryVendor": "confluent",
        "bindingVersion": "0.5.0",
    }


def test_a_channel_is_a_topic_with_its_settings() -> None:
    channel = document(contract())["channels"]["orders"]

    assert channel["bindings"]["kafka"] == {
        "topic": "orders",
        "partitions": 12,
        "replicas": 3,
        "topicConfiguration": {
            "cleanup.policy": ["compact", "delete"],
            "compression.type": "zstd",
            "retention.ms": 1000,
        },
        "bindingVersion": "0.5.0",
    }
    assert channel["x-accord-compatibility"] == "FULL"
    assert channel["x-accord-dlq"] == {"topic": "orders-dlq", "retentionMs": 5}
    assert {"principal": "User:order-service", "access": "write"} in channel["x-accord-principals"]
    assert channel["servers"] == [{"$ref": "#/servers/prod-1"}, {"$ref": "#/servers/prod-2"}]
    message = channel["messages"]["Event"]
    assert message["payload"]["schema"]["name"] == "Order"
    assert message["bindings"]["kafka"]["key"] == {"type": "string"}
    assert message["x-accord-key-field"] == "id"


def test_writers_send_and_readers_receive() -> None:
    operations = document(contract())["operations"]

    assert {name: told["action"] for name, told in operations.items()} == {
        "order-service.send.orders": "send",
        "audit.receive.orders": "receive",
        "billing.receive.orders": "receive",
    }
    billing = operations["billing.receive.orders"]
    assert billing["bindings"]["kafka"]["groupId"]["enum"] == ["billing-v1"]
    assert billing["x-accord-fields"] == ["id"]
    assert "bindings" not in operations["audit.receive.orders"]


def test_what_a_service_claims_counts_more_than_what_the_contract_says_of_it() -> None:
    claim = Claim(
        SourceFile("consumers/billing.yaml", ""),
        "orders",
        "orders",
        ORDER.subject,
        DeclaredReader("billing", ("billing-v2",), ("id", "total"), ">=1 <2"),
    )

    billing = document(contract(), claims=(claim,))["operations"]["billing.receive.orders"]

    assert billing["bindings"]["kafka"]["groupId"]["enum"] == ["billing-v2"]
    assert (billing["x-accord-fields"], billing["x-accord-versions"]) == (["id", "total"], ">=1 <2")


@pytest.mark.parametrize("step", ["inner", "leaf"])
def test_references_within_a_schema_lead_somewhere(step: str) -> None:
    told = document(replace(contract(), topic="a/b", events=(Event("A~B", TREE),)))

    place: Any = told
    schema = told["channels"]["a/b"]["messages"]["A~B"]["payload"]["schema"]
    for one in schema["properties"][step]["$ref"].removeprefix("#/").split("/"):
        place = place[one.replace("~1", "/").replace("~0", "~")]

    assert place == (schema if step == "inner" else {"type": "string"})


def test_yaml_and_json_say_the_same() -> None:
    project = Project((contract(),))
    [as_yaml], [as_json] = (asyncapi(project, About(), kind).files for kind in ("yaml", "json"))

    assert (as_yaml.path, as_json.path) == ("asyncapi.yaml", "asyncapi.json")
    marks = {"x-accord-made", "x-accord-fingerprint"}
    from_json = {key: value for key, value in json.loads(as_json.text).items() if key not in marks}
    assert yaml.safe_load(as_yaml.text) == from_json
    assert "Made by `accord generate asyncapi`" in as_yaml.text[:100]
    assert "Made by `accord generate asyncapi`" in as_json.text[:100]
    assert asyncapi(project, About(), "yaml").files == (as_yaml,)


def test_without_contracts_there_is_nothing_to_tell() -> None:
    made = asyncapi(Project(), About(), "yaml")

    assert made.files == ()
    assert "there is no contract" in made.notes[0]
