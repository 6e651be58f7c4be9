import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.demo.conftest import TOPIC, Broker, Caller, running

import accord
from accord.codecs import codec_for, framing
from accord.demo.shop.events import VERSIONS, v2
from accord.demo.shop.order_service import app as order_service
from accord.demo.shop.order_service.app import MAX_BODY_BYTES, create_app
from accord.demo.shop.settings import Settings
from accord.kafka import RawRecord, read_topic
from accord.registry.http.server import serve

ORDER: dict[str, object] = {
    "order_id": "a-1",
    "customer_id": "c-1",
    "total_amount": 12.5,
    "currency": "EUR",
}


def body(**changes: object) -> bytes:
    return json.dumps({**ORDER, **changes}).encode()


@pytest.fixture(scope="module")
def orders(settings: Callable[[int], Settings]) -> Iterator[Caller]:
    with running(create_app(settings(2))) as caller:
        yield caller


def on_topic(broker: Broker, order_id: str) -> list[RawRecord]:
    return [
        record for record in read_topic(broker.bootstrap_servers, TOPIC) if record.key == order_id.encode()
    ]


def event(record: RawRecord, version: int) -> Any:
    contract = VERSIONS[version]
    assert record.value is not None
    return codec_for(contract.schema, model=contract.model).decode(record.value[framing.PREFIX_LENGTH :])


def test_an_accepted_order_is_on_the_topic_under_its_id(orders: Caller, broker: Broker) -> None:
    answer = orders.post("/orders", body(order_id="on-topic", discount_code="TEN"))

    assert (answer.status_code, answer.json()) == (202, {"order_id": "on-topic", "status": "accepted"})
    [record] = on_topic(broker, "on-topic")
    told = event(record, 2)
    assert told == v2.OrderCreated("on-topic", "c-1", 12.5, "EUR", told.created_at, "TEN")
    assert datetime.now(UTC) - told.created_at < timedelta(minutes=1)


def test_an_order_that_is_posted_again_is_accepted_again(orders: Caller, broker: Broker) -> None:
    answers = [orders.post("/orders", body(order_id="twice")).status_code for _ in range(2)]

    assert answers == [202, 202]
    assert len({record.partition for record in on_topic(broker, "twice")}) == 1


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", "truncated"),
        (b"not json", "malformed"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"order_id": "\xff"}', "utf-8"),
        (body(order_id=""), "length >= 1 - at `$.order_id`"),
        (body(order_id="x" * 65), "length <= 64 - at `$.order_id`"),
        (body(order_id=None), "Expected `str`, got `null` - at `$.order_id`"),
        (b'{"order_id": "a"}', "missing required field `customer_id`"),
        (body(total_amount=-0.01), ">= 0.0 - at `$.total_amount`"),
        (body(total_amount="12.5"), "Expected `float`, got `str`"),
        (body().replace(b"12.5", b"1e999"), "out of range - at `$.total_amount`"),
        (body().replace(b"12.5", b"NaN"), "malformed"),
        (body(currency="euro"), "`$.currency`"),
        (body(currency="EUR\n"), "`$.currency`"),
        (body(colour="red"), "unknown field `colour`"),
    ],
)
def test_an_order_that_is_none_is_refused_with_the_reason(orders: Caller, sent: bytes, reason: str) -> None:
    answer = orders.post("/orders", sent)

    assert answer.status_code == 400
    assert answer.json()["error"] == "the order was not accepted"
    assert reason in answer.json()["reason"]


def test_a_refused_order_reaches_no_topic(orders: Caller, broker: Broker) -> None:
    orders.post("/orders", body(order_id="refused", currency="euro"))

    assert on_topic(broker, "refused") == []


def test_a_body_larger_than_any_order_is_refused(orders: Caller) -> None:
    answer = orders.post("/orders", body(customer_id="x" * MAX_BODY_BYTES))

    assert answer.status_code == 413
    assert str(MAX_BODY_BYTES) in answer.json()["reason"]


def test_orders_are_only_posted(orders: Caller) -> None:
    assert orders.get("/orders").status_code == 405


def test_answers_are_counted_by_status(orders: Caller) -> None:
    orders.post("/orders", b"")
    orders.post("/orders", body())

    counted = orders.get("/metrics").text

    assert 'orders_answers_total{status="202"}' in counted
    assert 'orders_answers_total{status="400"}' in counted
    assert "orders_acknowledged_seconds_count" in counted
    assert orders.get("/healthz").json() == {"status": "ok"}


def test_the_first_version_of_the_event_knows_no_discount(settings: Callable[[int], Settings]) -> None:
    with running(create_app(settings(1))) as first:
        refused = first.post("/orders", body(discount_code="TEN"))
        accepted = first.post("/orders", body())

    assert refused.status_code == 400
    assert "`discount_code`" in refused.json()["reason"]
    assert accepted.status_code == 202


def test_an_order_that_no_broker_acknowledges_is_to_be_tried_again(
    settings: Callable[[int], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_service, "ACKNOWLEDGED_WITHIN_S", 0.3)
    monkeypatch.setattr(order_service, "CLOSED_WITHIN_S", 0.1)
    broker = Broker()
    with running(create_app(replace(settings(2), kafka=broker.bootstrap_servers))) as orders:
        broker.end()

        answer = orders.post("/orders", body())

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json() == {
        "error": "try again: sending an order twice is safe",
        "reason": "Kafka did not acknowledge within 0 s",
    }


def test_a_service_whose_schema_is_not_registered_does_not_start(settings: Callable[[int], Settings]) -> None:
    with serve() as empty:
        app = create_app(replace(settings(2), registry=empty.url))
        with pytest.raises(accord.SchemaNotRegistered, match=r"orders\.created-value"), running(app):
            pass
