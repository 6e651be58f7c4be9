"""What a registry is told of who reads what, and that nobody waits or worries for it."""

import asyncio
import base64
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

import accord
from accord.client import Patience, ReaderReport, ReportedSchema
from accord.errors import ConfigurationError
from accord.schemas import Schema, SchemaType, parse
from accord.streams.mapped_fields import mapped_fields
from accord.streams.reporting import Reporting, observed, tell


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    city: str


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    customer: Customer
    lines: list[dict[str, int]]
    partner: Customer | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    order_id: str


class Category(msgspec.Struct, rename="camel"):
    name: str
    parent_of: "list[Category]" = []


ORDERS = accord.contract("orders", Order)
PAYMENTS = accord.contract("payments", Payment)
CATEGORIES = accord.contract("categories", Category)

Until = Callable[[Callable[[], object]], None]


@pytest.mark.parametrize(
    ("contract", "fields"),
    [
        (ORDERS, ("order_id", "customer.name", "customer.city", "lines", "partner.name", "partner.city")),
        (accord.contract("orders", Order, format=SchemaType.JSON), ("order_id", "customer.name", "customer.city", "lines", "partner.name", "partner.city")),
        (CATEGORIES, ("name", "parentOf")),
    ],
    ids=["Avro", "JSON", "a record within itself"],
)  # fmt: skip
def test_fields_are_mapped_that_class_and_schema_both_have(
    contract: accord.Contract[Any], fields: tuple[str, ...]
) -> None:
    assert mapped_fields(contract) == fields


PROTO = """
syntax = "proto3";
package shop;
message Order {
  string id = 1;
  Customer customer = 2;
  map<string, Customer> by_role = 3;
  Order follows = 4;
}
message Customer { string city = 1; }
"""
MESSAGE_FIELDS = ("id", "customer.city", "by_role.city", "follows")


def generated(text: str, name: str) -> Any:
    """A class as protoc makes it."""
    parsed = parse(Schema(text, SchemaType.PROTOBUF))
    proto = FileDescriptorProto.FromString(base64.b64decode(parsed.formatted("serialized")))
    proto.name = "shop.proto"
    file = DescriptorPool().AddSerializedFile(proto.SerializeToString())
    return GetMessageClass(file.message_types_by_name[name])


def test_a_message_class_maps_what_the_schema_has_as_well() -> None:
    message = generated(PROTO, "Order")
    assert mapped_fields(accord.contract("orders", message)) == MESSAGE_FIELDS
    older = PROTO.replace("  map<string, Customer> by_role = 3;\n", "")
    schema = Schema(older, SchemaType.PROTOBUF)
    assert mapped_fields(accord.contract("orders", generated(older, "Order"), schema=schema)) == (
        "id",
        "customer.city",
        "follows",
    )


def test_a_record_that_is_taken_whole_is_told_by_its_own_name() -> None:
    @dataclass
    class Loose:
        order_id: str
        customer: dict[str, Any]

    schema = {
        "title": "Order",
        "type": "object",
        "properties": {
            "order_id": {"type": "string"},
            "customer": {"type": "object", "properties": {"city": {"type": "string"}}},
            "unread": {"type": "string"},
        },
        "required": ["order_id", "customer"],
    }
    loose = accord.contract("orders", Loose, schema=json.dumps(schema), format=SchemaType.JSON)
    assert mapped_fields(loose) == ("order_id", "customer")


def test_what_is_seen_is_the_schema_the_fields_and_the_group() -> None:
    assert observed([PAYMENTS], service="billing", group="billing-v1") == (
        ReaderReport(
            service="billing",
            subject="payments-value",
            origin="observed",
            groups=("billing-v1",),
            fields=("order_id",),
            schema=ReportedSchema.of(PAYMENTS.schema),
        ),
    )


class Told:
    """A registry that notes what it is told, and answers as the test wants."""

    def __init__(self, answer: Callable[[httpx2.Request], httpx2.Response] | None = None) -> None:
        self.reports: list[dict[str, Any]] = []
        self.answer = answer or (lambda request: httpx2.Response(200, content=request.content))
        self.client = self.new_client()

    def new_client(self) -> accord.Registry:
        return accord.Registry(
            "http://registry.example",
            transport=httpx2.MockTransport(self._note),
            patience=Patience(tries=5, first_wait_s=30.0),
        )

    def _note(self, request: httpx2.Request) -> httpx2.Response:
        self.reports.append(json.loads(request.content))
        return self.answer(request)


@pytest.fixture
def told() -> Told:
    return Told()


def report(told: Told, *contracts: Any, group: str = "billing-v1", service: str | None = None) -> None:
    reporting = Reporting(told.client, contracts, service=service, group=group)
    reporting.start()
    reporting.close()


def test_a_group_stands_for_the_service_that_has_no_name(told: Told) -> None:
    report(told, PAYMENTS)
    report(told, PAYMENTS, service="billing")
    assert [(one["service"], one["groups"]) for one in told.reports] == [
        ("billing-v1", ["billing-v1"]),
        ("billing", ["billing-v1"]),
    ]


def test_the_same_is_told_once_by_a_process(told: Told) -> None:
    for _ in range(3):
        report(told, PAYMENTS, ORDERS)
    assert [one["subject"] for one in told.reports] == ["payments-value", "orders-value"]


def test_groups_of_one_service_are_told_together(told: Told) -> None:
    report(told, PAYMENTS, service="billing", group="b")
    report(told, PAYMENTS, service="billing", group="a")
    report(told, PAYMENTS, service="billing", group="b")
    assert [one["groups"] for one in told.reports] == [["b"], ["a", "b"]]
    assert told.reports[-1]["schema"]["schema"] == PAYMENTS.schema.text


def test_programs_with_different_schemas_read_what_each_of_them_reads(told: Told) -> None:
    @dataclass
    class Paid:
        amount: int

    report(told, PAYMENTS, service="billing")
    report(told, accord.contract("payments", Paid), service="billing")
    assert told.reports[-1]["fields"] == ["order_id", "amount"]
    assert told.reports[-1]["schema"] is None


def test_another_registry_is_told_as_well(told: Told) -> None:
    other = Told()
    report(told, PAYMENTS)
    report(other, PAYMENTS)
    assert len(other.reports) == 1


def refusing(status: int) -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda _: httpx2.Response(status, json={"error_code": status, "message": "no"})


def away(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("nobody listens")


def broken(_: httpx2.Request) -> httpx2.Response:
    raise ZeroDivisionError("a fault of the client's own")


ANSWERS = {
    "it knows schemas alone": refusing(404),
    "it does not let us": refusing(403),
    "it is ill": refusing(503),
    "it is away": away,
    "something is wrong": broken,
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_registry_that_takes_no_report_is_worth_one_debug_line(
    answer: Callable[[httpx2.Request], httpx2.Response], caplog: pytest.LogCaptureFixture
) -> None:
    told = Told(answer)
    with caplog.at_level(logging.DEBUG, logger="accord"):
        report(told, PAYMENTS, ORDERS)
    [line] = [one for one in caplog.records if one.name.startswith("accord")]
    assert (line.levelno, "not told" in line.message) == (logging.DEBUG, True)
    assert len(told.reports) == 1


def test_what_is_refused_keeps_nothing_else_from_being_told(caplog: pytest.LogCaptureFixture) -> None:
    told = Told(refusing(422))
    with caplog.at_level(logging.DEBUG, logger="accord.streams"):
        report(told, PAYMENTS, ORDERS)
    assert [one["subject"] for one in told.reports] == ["payments-value", "orders-value"]
    assert len(caplog.records) == 1


def test_a_process_without_a_thread_to_spare_starts_all_the_same(
    told: Told, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with caplog.at_level(logging.DEBUG, logger="accord.streams"):
        report(told, PAYMENTS)
    assert (len(told.reports), len(caplog.records)) == (0, 1)


def test_a_registry_that_knows_schemas_alone_is_not_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    told = Told(refusing(404))
    with caplog.at_level(logging.DEBUG, logger="accord.streams"):
        report(told, PAYMENTS)
        report(told, ORDERS)
    assert (len(told.reports), len(caplog.records)) == (1, 1)


def test_a_registry_that_comes_back_is_told_at_the_next_start() -> None:
    told = Told(away)
    report(told, PAYMENTS)
    told.answer = lambda request: httpx2.Response(200, content=request.content)
    report(told, PAYMENTS)
    assert len(told.reports) == 2


def test_a_closed_client_is_no_matter(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    told.client.close()
    with caplog.at_level(logging.DEBUG):
        report(told, PAYMENTS)
    assert max(one.levelno for one in caplog.records) == logging.DEBUG


def test_a_registry_that_does_not_answer_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.streams.reporting.CLOSE_WITHIN_S", 0.01)
    answered = threading.Event()

    def answer(request: httpx2.Request) -> httpx2.Response:
        answered.wait(10)
        return httpx2.Response(200, content=request.content)

    told = Told(answer)
    reporting = Reporting(told.client, [PAYMENTS], service=None, group="billing")
    began = time.monotonic()
    reporting.start()
    reporting.close()
    assert time.monotonic() - began < 5
    answered.set()


def test_many_groups_wait_for_a_registry_that_does_not_answer_as_long_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("accord.streams.reporting.CLOSE_WITHIN_S", 0.2)
    answered = threading.Event()

    def answer(request: httpx2.Request) -> httpx2.Response:
        answered.wait(10)
        return httpx2.Response(200, content=request.content)

    told = Told(answer)
    groups = [
        Reporting(told.client, [PAYMENTS], service=None, group=f"group-{number}") for number in range(20)
    ]
    for group in groups:
        group.start()
    began = time.monotonic()
    for group in groups:
        group.close()
    assert time.monotonic() - began < 2
    answered.set()


def test_a_service_without_a_name_is_refused(told: Told) -> None:
    with pytest.raises(ConfigurationError, match="has a name"):
        Reporting(told.client, [PAYMENTS], service=" ", group="billing")


# The consumers.


@pytest.fixture
def registered(registry: Any) -> Any:
    registry.add(PAYMENTS.subject, PAYMENTS.schema)
    return registry


@pytest.fixture
def payments(mock: Any) -> Any:
    mock.create_topic("payments")
    mock.create_topic("payments-dlq")
    return mock


def test_a_consumer_tells_what_it_reads(payments: Any, registered: Any, patiently: Until) -> None:
    choices: dict[str, Any] = {"group": "billing-v1", "contracts": [PAYMENTS], "service": "billing"}
    with accord.Consumer(payments.settings(), registered.client, **choices):
        patiently(registered.reports.readers)
    [reader] = registered.reports.readers()
    assert (reader.service, reader.groups, reader.fields) == ("billing", ("billing-v1",), ("order_id",))


def test_an_asynchronous_consumer_tells_it_too(payments: Any, registered: Any) -> None:
    async def run() -> None:
        choices: dict[str, Any] = {"group": "billing", "contracts": [PAYMENTS]}
        async with accord.AsyncConsumer(payments.settings(), registered.client, **choices):
            pass

    asyncio.run(run())
    assert [one.service for one in registered.reports.readers()] == ["billing"]


@pytest.mark.parametrize(
    ("choices", "services"), [({}, {"mail", "billing"}), ({"service": "shop"}, {"shop"})]
)
def test_an_application_tells_what_its_groups_read(
    payments: Any, registered: Any, choices: dict[str, Any], services: set[str]
) -> None:
    app = accord.App(payments.settings(), registered.client, budget_s=5.0, **choices)
    app.on(PAYMENTS, group="billing")(lambda _: None)
    app.on(PAYMENTS, group="mail")(lambda _: None)
    assert {one.service for one in app.readers()} == services

    def told() -> tuple[set[str], set[str]]:
        readers = registered.reports.readers()
        return {one.service for one in readers}, {group for one in readers for group in one.groups}

    with app.running():
        # The start does not wait for it, and neither does an end for longer than a moment.
        deadline = time.monotonic() + 30
        while told() != (services, {"billing", "mail"}) and time.monotonic() < deadline:
            time.sleep(0.01)
    assert told() == (services, {"billing", "mail"})


def test_who_does_not_want_it_tells_nothing(payments: Any, registered: Any) -> None:
    choices: dict[str, Any] = {"group": "billing", "contracts": [PAYMENTS], "report_reader": False}
    with accord.Consumer(payments.settings(), registered.client, **choices):
        pass
    app = accord.App(payments.settings(), registered.client, report_reader=False, budget_s=5.0)
    app.on(PAYMENTS, group="billing")(lambda _: None)
    with app.running():
        pass
    assert not app.readers()
    assert not registered.reports.readers()


def test_what_a_harness_runs_is_told_to_its_registry() -> None:
    from accord.testing import Harness  # noqa: PLC0415 -- beside the brokers of the other tests

    app = accord.App("127.0.0.1:9", accord.Registry("http://127.0.0.1:9"), service="billing")
    app.on(PAYMENTS, group="billing-v1")(lambda _: None)
    harness = Harness(app)
    harness.consume([ORDERS], lambda _: None, group="mail")
    assert [(one.service, one.subject, one.groups) for one in harness.readers()] == [
        ("billing", "payments-value", ("billing-v1",)),
        ("mail", "orders-value", ("mail",)),
    ]


def test_nothing_is_told_twice_by_hand_either(told: Told) -> None:
    reports = observed([PAYMENTS], service="billing", group="billing")
    tell(told.client, reports)
    tell(told.client, reports)
    assert len(told.reports) == 1
