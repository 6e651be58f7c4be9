"""AsyncAPI's own parser takes the documents that are made of contracts, and those of applications."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
from tests.contracts.generate.making import project_of, schema_file

import accord
from accord.contracts.generate.asyncapi import About, Notation, asyncapi
from accord.contracts.loading import load
from accord.contracts.model import (
    DataContract,
    DeadLetters,
    DeclaredReader,
    Event,
    Key,
    Project,
    Role,
    SchemaFile,
)
from accord.contracts.tree import Folder

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]

ROOT: Final = Path(__file__).parents[2]
ADDRESS: Final = schema_file(
    "s/address.json",
    '{"title": "Address", "type": "object", "properties": {"city": {"$ref": "#/definitions/text"}}, '
    '"definitions": {"text": {"type": "string"}}}',
)
FILES: Final = {
    "avro": schema_file(
        "s/Order.avsc",
        json.dumps(
            {
                "type": "record",
                "name": "Order",
                "namespace": "shop",
                "fields": [
                    {"name": "id", "type": "string"},
                    {"name": "next", "type": ["null", "Order"], "default": None},
                    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                    {"name": "of", "type": {"type": "enum", "name": "Kind", "symbols": ["A"]}, "default": "A"},
                ],
            }
        ),
    ),
    "json": schema_file(
        "s/tree.json",
        '{"title": "Tree", "type": "object", "properties": {"inner": {"$ref": "#"}, "to": {"$ref": "address.json"}, '
        '"amount": {"type": "number", "minimum": 0.5}}}',
        needs={"address.json": ADDRESS},
    ),
    "protobuf": schema_file("s/order.proto", 'syntax = "proto3";\npackage shop;\nmessage Paid { string id = 1; }\n'),
}  # fmt: skip


def contract(topic: str, file: SchemaFile) -> DataContract:
    return replace(
        project_of(topics={topic: file}).contracts[0],
        owner="team-orders",
        partitions=12,
        replicas=3,
        config={"retention.ms": "1000", "cleanup.policy": "compact,delete", "min.insync.replicas": "2"},
        key=Key("bytes"),
        events=(Event("Happened", file),),
        dead_letters=DeadLetters(f"{topic}-dlq", retention_ms=5),
        roles=(Role("order-service", "write"),),
        readers=(DeclaredReader("billing", ("billing-v1",), ("id",)),),
        servers={"prod": "a:9092,b:9092"},
    )


def check(told: Any) -> None:
    """Nothing but the remark that there is a newer version of the specification."""
    assert [one for one in told["diagnostics"] if one["code"] != "asyncapi-latest-version"] == []
    assert told["valid"]


@pytest.mark.parametrize("notation", ["yaml", "json"])
def test_a_document_of_contracts_in_all_formats(
    notation: Notation, parse_asyncapi: Callable[[Path], Any], tmp_path: Path
) -> None:
    project = Project(tuple(contract(f"topic.{name}", file) for name, file in FILES.items()))
    [file] = asyncapi(project, About(registries={"prod": "http://registry:8081"}), notation).files
    path = tmp_path / file.path
    path.write_text(file.text)

    told = parse_asyncapi(path)

    check(told)
    assert told["channels"] == ["topic.avro", "topic.json", "topic.protobuf"]
    assert ["order-service.send.topic.avro", "send"] in told["operations"]
    assert ["billing.receive.topic.json", "receive"] in told["operations"]
    assert {name: members for name, _, members in told["messages"]} == {
        "shop.Order": ["id", "next", "at", "of"],
        "Tree": ["inner", "to", "amount"],
        "shop.Paid": ["id"],
    }


def test_the_example_project(parse_asyncapi: Callable[[Path], Any], tmp_path: Path) -> None:
    project = load(Folder(ROOT / "examples/orders/contracts"))
    [file] = asyncapi(project, About(), "yaml").files
    path = tmp_path / file.path
    path.write_text(file.text)

    told = parse_asyncapi(path)

    check(told)
    assert told["channels"] == ["orders.created"]


@dataclass(frozen=True, slots=True)
class Tree:
    name: str
    inner: "list[Tree]"


def test_the_document_of_an_application(parse_asyncapi: Callable[[Path], Any], tmp_path: Path) -> None:
    app = accord.App("a:9092", accord.Registry("http://127.0.0.1:8081"))
    trees = accord.contract("trees", Tree, format=accord.SchemaType.JSON)

    @app.on(trees, group="gardens")
    def plant(tree: Tree) -> None:
        """Plant it."""

    path = tmp_path / "asyncapi.json"
    path.write_text(json.dumps(app.asyncapi(title="Garden", version="1")))

    check(parse_asyncapi(path))
