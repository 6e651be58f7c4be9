"""No start is refused for how somebody registered a schema, or for what was deleted around it."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

import accord
from accord.client import Patience
from accord.schemas import SchemaType
from accord.streams import agreement


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


ORDERS = accord.contract("orders", Order, format=SchemaType.JSON)

Answer = Callable[[httpx2.Request], httpx2.Response]


def client(answer: Answer, keep_in: Path | None = None) -> accord.Registry:
    return accord.Registry(
        "http://registry.example",
        transport=httpx2.MockTransport(answer),
        patience=Patience(tries=1),
        keep_in=keep_in,
    )


def normalized_only(request: httpx2.Request) -> httpx2.Response:
    """A registry whose version was registered with normalize=true, and looks different from what was given."""
    if request.method == "POST" and request.url.params.get("normalize") == "true":
        return httpx2.Response(
            200, json={"subject": "orders-value", "version": 1, "id": 7, "schema": "{}", "schemaType": "JSON"}
        )
    return httpx2.Response(404, json={"error_code": 40403, "message": "Schema not found"})


def away(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("connection refused")


def test_a_schema_that_was_normalized_when_it_was_registered_is_found() -> None:
    [(_, found)] = agreement.check_producer(client(normalized_only), [ORDERS])
    assert found.id == 7


def test_a_normalized_schema_is_known_while_the_registry_is_away(tmp_path: Path) -> None:
    agreement.check_producer(client(normalized_only, tmp_path), [ORDERS])
    [(_, found)] = agreement.check_producer(client(away, tmp_path), [ORDERS])
    assert found.id == 7


def test_nothing_kept_is_an_outage_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(accord.RegistryUnavailable):
        agreement.check_producer(client(away, tmp_path), [ORDERS])


def test_a_newest_version_whose_reference_is_gone_is_a_warning_to_a_consumer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path != "/subjects/orders-value/versions/latest":
            return httpx2.Response(404, json={"error_code": 40402, "message": "Version 1 not found"})
        return httpx2.Response(
            200,
            json={
                "subject": "orders-value",
                "version": 3,
                "id": 9,
                "schemaType": "JSON",
                "schema": json.dumps({"$ref": "money.json"}),
                "references": [{"name": "money.json", "subject": "money", "version": 1}],
            },
        )

    with caplog.at_level(logging.WARNING):
        agreement.check_consumer(client(answer), [ORDERS])
    assert "version 3 of 'orders-value' cannot be read" in caplog.text
