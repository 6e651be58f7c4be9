"""Who reads what and what runs where, as a registry is told it and tells it."""

import inspect
import json
from typing import Any

import httpx2
import pytest
from tests.client.conftest import Connect

from accord.client import (
    AsyncRegistry,
    DeployedRead,
    DeployedWrite,
    DeploymentReport,
    ExemptionReport,
    NotFound,
    ReaderReport,
    Registry,
    RegistryUnavailable,
    ReportedSchema,
    ReportsUnsupported,
    RolloutReport,
    RolloutStep,
    Unauthorized,
    VerificationReport,
    exchanges,
)
from accord.client.exchanges import Exchange
from accord.client.http import Response
from accord.client.question import Question
from accord.client.report_questions import ReportQuestions
from accord.schemas import Reference, Schema, SchemaType, Subject, Version

READER = ReaderReport(
    service="billing",
    subject="orders-value",
    origin="observed",
    groups=("billing-v1",),
    fields=("order_id", "customer.name"),
    schema=ReportedSchema.of(Schema("{}", SchemaType.JSON, (Reference("r", Subject("s"), Version(2)),))),
    schema_id=7,
)
READER_BODY = {
    "service": "billing",
    "subject": "orders-value",
    "origin": "observed",
    "groups": ["billing-v1"],
    "fields": ["order_id", "customer.name"],
    "versions": None,
    "contract": None,
    "version": "",
    "schema": {
        "schema": "{}",
        "schemaType": "JSON",
        "references": [{"name": "r", "subject": "s", "version": 2}],
    },
    "schemaId": 7,
    "examples": [],
}
DEPLOYMENT = DeploymentReport(
    service="billing",
    environment="prod",
    version="1.4.0",
    reads=(DeployedRead(subject="orders-value", fields=("order_id",)),),
    writes=(DeployedWrite(subject="invoices-value", schema_id=3),),
)
DEPLOYMENT_BODY = {
    "service": "billing",
    "environment": "prod",
    "version": "1.4.0",
    "reads": [{"subject": "orders-value", "fields": ["order_id"], "versions": None, "schema": None}],
    "writes": [{"subject": "invoices-value", "schema": None, "schemaId": 3}],
}
VERIFICATION = VerificationReport(
    consumer="billing", consumer_version="1", subject="s", fingerprint="g", ok=False, problems=("no",)
)
VERIFICATION_BODY = {
    "consumer": "billing",
    "consumerVersion": "1",
    "subject": "s",
    "fingerprint": "g",
    "version": None,
    "ok": False,
    "problems": ["no"],
}
ROLLOUT = RolloutReport(
    id="1", subject="s", fingerprint="g", state="running", steps=(RolloutStep(name="check", state="done"),)
)
ROLLOUT_BODY: dict[str, Any] = {
    "id": "1",
    "subject": "s",
    "fingerprint": "g",
    "state": "running",
    "steps": [{"name": "check", "state": "done", "at": None, "detail": None, "waitsFor": {}}],
    "environment": "",
    "version": None,
    "order": None,
    "back": False,
    "deadLetters": None,
}
EXEMPTION = ExemptionReport(contract="orders", rule="R", reason="why", until="2027-01-31", by="team-orders")
EXEMPTION_BODY = {
    "contract": "orders",
    "rule": "R",
    "path": None,
    "reason": "why",
    "until": "2027-01-31",
    "by": "team-orders",
}

TOLD = [
    (READER, "readers", READER_BODY),
    (DEPLOYMENT, "deployments", DEPLOYMENT_BODY),
    (VERIFICATION, "verifications", VERIFICATION_BODY),
    (ROLLOUT, "rollouts", ROLLOUT_BODY),
    (EXEMPTION, "exemptions", EXEMPTION_BODY),
]


@pytest.mark.parametrize(("report", "endpoint", "body"), TOLD, ids=[case[1] for case in TOLD])
def test_a_report_is_told_as_a_whole_and_answered_as_it_is_kept(
    report: Any, endpoint: str, body: Any
) -> None:
    exchange: Exchange[Any] = exchanges.TellReport(report)
    assert (exchange.request.method, exchange.request.path) == ("POST", f"/accord/v1/{endpoint}")
    assert json.loads(exchange.request.body or b"") == body
    kept = exchange.interpret(Response(200, json.dumps({**body, "reportedAtMs": 5, "new": 1}).encode()))
    assert kept.reported_at_ms == 5
    assert exchanges.TellReport(kept).request.path == exchange.request.path


@pytest.mark.parametrize(("report", "endpoint", "body"), TOLD, ids=[case[1] for case in TOLD])
def test_reports_of_a_kind_are_listed(report: Any, endpoint: str, body: Any) -> None:
    exchange: Exchange[Any] = exchanges.ListReports(type(report), (("a", "x"), ("b", None)))
    assert (exchange.request.path, exchange.request.query) == (f"/accord/v1/{endpoint}", (("a", "x"),))
    assert exchange.interpret(Response(200, json.dumps([body]).encode())) == [report]


@pytest.mark.parametrize(
    ("report", "key"),
    [
        (READER, {"service": "billing", "subject": "orders-value", "origin": "observed"}),
        (DEPLOYMENT, {"service": "billing", "environment": "prod", "version": "1.4.0"}),
        (VERIFICATION, {"consumer": "billing", "consumerVersion": "1", "subject": "s", "fingerprint": "g"}),
        (ROLLOUT, {"id": "1"}),
        (EXEMPTION, {"contract": "orders", "rule": "R"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_forgotten_is_named_by_its_whole_key(report: Any, key: dict[str, str]) -> None:
    exchange: Exchange[Any] = exchanges.ForgetReport(report)
    assert exchange.request.method == "DELETE"
    assert dict(exchange.request.query) == key
    assert not exchange.repeatable
    assert exchange.interpret(Response(200, b"anything")) is None


def test_a_schema_comes_back_as_it_was_told() -> None:
    assert READER.schema is not None
    assert READER.schema.to_schema() == Schema(
        "{}", SchemaType.JSON, (Reference("r", Subject("s"), Version(2)),)
    )


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, '{"error_code": 404, "message": "HTTP 404 Not Found"}', ReportsUnsupported),
        (404, "404: Not Found", ReportsUnsupported),
        (405, '{"error_code": 405, "message": "HTTP 405 Method Not Allowed"}', ReportsUnsupported),
        (404, '{"error_code": 40410, "message": "no such report"}', NotFound),
        (403, '{"error_code": 40301, "message": "no"}', Unauthorized),
        (503, "", RegistryUnavailable),
        (200, "<html>", RegistryUnavailable),
    ],
)
def test_a_registry_that_knows_schemas_alone_is_told_from_one_that_refuses(
    status: int, body: str, error: type[Exception]
) -> None:
    for exchange in (exchanges.TellReport(READER), exchanges.ListReports(ReaderReport)):
        with pytest.raises(error) as caught:
            exchange.interpret(Response(status, body.encode()))
        assert type(caught.value) is error


def test_both_clients_ask_for_what_is_wanted(connect: Connect) -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(f"{request.method} {request.url.raw_path.decode()}")
        return httpx2.Response(200, json=READER_BODY if request.method == "POST" else [])

    registry = connect("http://registry", answers=answer)
    assert registry.report_reader(READER) == READER
    registry.readers(subject="orders-value", service="billing", origin="claim")
    registry.deployments(service="billing", environment="prod", version="1")
    registry.verifications(consumer="billing", consumer_version="1", subject="s", fingerprint="g")
    registry.rollouts(rollout_id="1")
    registry.exemptions(contract="orders", rule="R", path="a.b")
    registry.forget_report(ROLLOUT)
    assert asked == [
        "POST /accord/v1/readers",
        "GET /accord/v1/readers?subject=orders-value&service=billing&origin=claim",
        "GET /accord/v1/deployments?service=billing&environment=prod&version=1",
        "GET /accord/v1/verifications?consumer=billing&consumerVersion=1&subject=s&fingerprint=g",
        "GET /accord/v1/rollouts?id=1",
        "GET /accord/v1/exemptions?contract=orders&rule=R&path=a.b",
        "DELETE /accord/v1/rollouts?id=1",
    ]


def test_nothing_that_is_told_of_readers_is_remembered(connect: Connect) -> None:
    answers = iter([[READER_BODY], []])
    registry = connect("http://registry", answers=lambda _: httpx2.Response(200, json=next(answers)))
    assert (registry.readers(), registry.readers()) == ([READER], [])


def test_a_registry_without_reports_is_asked_once(connect: Connect) -> None:
    waits: list[float] = []
    registry = connect("http://registry", answers=lambda _: httpx2.Response(404, json={}), waits=waits)
    with pytest.raises(ReportsUnsupported, match="no reports"):
        registry.readers()
    assert not waits


NAMES = sorted(name for name, value in vars(ReportQuestions).items() if isinstance(value, Question))


@pytest.mark.parametrize("name", NAMES)
def test_a_question_about_reports_is_awaited_where_the_others_are(name: str) -> None:
    assert inspect.iscoroutinefunction(getattr(AsyncRegistry, name))
    assert not inspect.iscoroutinefunction(getattr(Registry, name))
