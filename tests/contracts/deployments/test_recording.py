"""What is recorded of a deployment."""

from collections.abc import Iterator

import pytest

from accord.client import Registry
from accord.contracts.deployments import deployment_of
from accord.contracts.model import FileReference, Project, SchemaFile, SourceFile
from accord.schemas import CompatibilityLevel, Reference, Schema, Subject, Version, parse
from accord.testing import registry as serve

ORDERS, MONEY = Subject("orders-value"), Subject("money-value")
TEXT = '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "Money"}]}'


def money(kind: str) -> Schema:
    return Schema(f'{{"type": "record", "name": "Money", "fields": [{{"name": "cents", "type": "{kind}"}}]}}')


def order(version: int) -> Schema:
    return Schema(TEXT, references=(Reference("Money", MONEY, Version(version)),))


@pytest.fixture
def client() -> Iterator[Registry]:
    """Orders are registered twice, with each of two versions of what they refer to."""
    with serve() as served, served.client() as client:
        client.set_compatibility(None, CompatibilityLevel.NONE)
        client.register(MONEY, money("int"))
        client.register(MONEY, money("string"))
        client.register(ORDERS, order(1))
        client.register(ORDERS, order(2))
        yield client


@pytest.mark.parametrize(("kind", "version"), [("int", 1), ("string", 2), ("bytes", None)])
def test_what_is_written_is_the_version_that_refers_to_what_the_files_say(
    client: Registry, kind: str, version: int | None
) -> None:
    parsed = parse(order(1), referenced={"Money": money(kind)})
    file = SchemaFile(
        SourceFile("Order.avsc", TEXT), ORDERS, Schema(TEXT), parsed, (FileReference("Money", MONEY),)
    )

    told = deployment_of(
        "shop", "1.0", "prod", project=Project((), {ORDERS: file}), registry=client, writes=[ORDERS]
    )

    ids = {1: client.version(ORDERS, 1).id, 2: client.version(ORDERS, 2).id, None: None}
    assert [one.schema_id for one in told.writes] == [ids[version]]
