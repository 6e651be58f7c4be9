import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.demo.conftest import TOPIC, Broker, Caller, running

import accord
from accord.demo.shop.billing_service.app import create_app
from accord.demo.shop.events import VERSIONS, v1, v2
from accord.demo.shop.settings import Settings
from accord.kafka import OutgoingRecord, send_raw

AT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
WITHIN_S = 20.0


def order(order_id: str, amount: float = 9.5) -> v1.OrderCreated:
    return v1.OrderCreated(order_id, "c-1", amount, "EUR", AT)


@pytest.fixture(scope="module")
def billing(settings: Callable[[int], Settings]) -> Iterator[Caller]:
    with running(create_app(settings(2))) as caller:
        yield caller


@pytest.fixture(scope="module")
def producer(broker: Broker, registry_url: str) -> Iterator[accord.Producer]:
    with (
        accord.Registry(registry_url) as registry,
        accord.Producer(broker.bootstrap_servers, registry) as producer,
    ):
        yield producer


@pytest.fixture
def tell(producer: accord.Producer) -> Callable[..., None]:
    """Put events on the topic, in their order and acknowledged."""

    def tell(*events: v1.OrderCreated | v2.OrderCreated) -> None:
        for event in events:
            version = 2 if isinstance(event, v2.OrderCreated) else 1
            producer.send(VERSIONS[version], event, key=event.order_id).result(10)

    return tell


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def has_invoice(billing: Caller, order_id: str) -> Callable[[], bool]:
    return lambda: billing.get(f"/invoices/{order_id}").status_code == 200


def counted(billing: Caller, name: str) -> float:
    lines = billing.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name))


@pytest.mark.soak
def test_an_order_gets_its_invoice(billing: Caller, tell: Callable[..., None]) -> None:
    tell(order("b-1"))

    until(has_invoice(billing, "b-1"))

    invoice = billing.get("/invoices/b-1").json()
    assert invoice.pop("invoice_number")
    assert invoice == {
        "order_id": "b-1",
        "customer_id": "c-1",
        "amount": 9.5,
        "currency": "EUR",
        "ordered_at": "2026-01-02T03:04:05.678+00:00",
    }


def test_an_order_that_nobody_told_has_no_invoice(billing: Caller) -> None:
    answer = billing.get("/invoices/nobody")

    assert (answer.status_code, answer.json()) == (404, {"error": "order 'nobody' has no invoice yet"})


def test_an_order_that_is_told_twice_keeps_its_first_invoice(
    billing: Caller, tell: Callable[..., None]
) -> None:
    repeated = counted(billing, "billing_repeated_orders_total")

    tell(order("b-2", 1.0), order("b-2", 2.0))

    until(lambda: counted(billing, "billing_repeated_orders_total") == repeated + 1)
    assert billing.get("/invoices/b-2").json()["amount"] == 1.0


def test_a_discount_of_the_second_version_is_read(billing: Caller, tell: Callable[..., None]) -> None:
    tell(v2.OrderCreated("b-3", "c-1", 9.5, "EUR", AT, "TEN"))

    until(has_invoice(billing, "b-3"))

    assert counted(billing, "billing_discounted_orders_total") == 1


@pytest.mark.parametrize("order_id", ["b/4", "b 5", "ö?#"])
def test_an_order_id_may_hold_what_its_client_likes(
    billing: Caller, tell: Callable[..., None], order_id: str
) -> None:
    tell(order(order_id))

    until(has_invoice(billing, order_id.replace("?", "%3F").replace("#", "%23")))


def test_invoices_are_listed_in_pages(
    billing: Caller, tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.demo.shop.billing_service.app.PAGE", 2)
    tell(order("p-1"), order("p-2"), order("p-3"))
    until(lambda: all(has_invoice(billing, f"p-{number}")() for number in (1, 2, 3)))

    first = billing.get("/invoices?after=p-").json()
    second = billing.get("/invoices?after=p-2").json()

    assert [invoice["order_id"] for invoice in first["invoices"]] == ["p-1", "p-2"]
    assert second["invoices"][0]["order_id"] == "p-3"
    assert first["count"] >= 3


def test_a_tombstone_takes_no_invoice_back(
    billing: Caller, tell: Callable[..., None], producer: accord.Producer
) -> None:
    tell(order("b-6"))
    done = counted(billing, "billing_records_total")

    producer.send(v2.ORDERS, None, key="b-6").result(10)

    until(lambda: counted(billing, "billing_records_total") > done)
    until(has_invoice(billing, "b-6"))


def test_poison_is_counted_by_its_code_and_billing_goes_on(
    billing: Caller, tell: Callable[..., None], broker: Broker
) -> None:
    send_raw(broker.bootstrap_servers, [OutgoingRecord(TOPIC, b"b-7", b"")])
    tell(order("b-7"))

    until(has_invoice(billing, "b-7"))
    until(lambda: counted(billing, 'billing_dead_letters_total{code="ZERO_BYTES"}') == 1)
    assert billing.get("/healthz").status_code == 200


@pytest.mark.soak
def test_billing_that_has_given_up_is_not_healthy(
    settings: Callable[[int], Settings], caplog: pytest.LogCaptureFixture
) -> None:
    broker = Broker()
    told = settings(2)
    told = replace(told, kafka=broker.bootstrap_servers, database=told.database.with_name("given-up.db"))
    send_raw(broker.bootstrap_servers, [OutgoingRecord(TOPIC, b"k", b"poison")] * 102)

    # Until somebody ends it, it says that it is not healthy; then why.
    with pytest.raises(accord.TooManyDeadLetters), running(create_app(told)) as billing:  # noqa: PT012 -- see above
        until(lambda: billing.get("/healthz").status_code == 503)
        assert billing.get("/healthz").json() == {"status": "failing"}
    [said] = [record for record in caplog.records if "has failed: 101 records in a row" in record.message]
    assert said.exc_info is None


def test_billing_without_brokers_does_not_start(
    settings: Callable[[int], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.streams.member.CONNECT_S", 0.3)
    app = create_app(replace(settings(2), kafka="127.0.0.1:9"))

    with pytest.raises(accord.BrokersUnavailable, match=r"no broker at 127\.0\.0\.1:9"), running(app):
        pass
