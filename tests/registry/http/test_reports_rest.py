"""Reports as those who make and read them meet them: paths, contexts, pages, sizes, and what is counted."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pytest

from accord.client import (
    DeploymentReport,
    ExemptionReport,
    ReaderReport,
    RolloutReport,
    VerificationReport,
)
from accord.client.exchanges.reports import ForgetReport, ListReports, TellReport
from accord.client.http import Request, Response
from accord.client.reports import (
    DeployedRead,
    DeployedWrite,
    Report,
    ReportedSchema,
    RolloutStep,
)
from accord.registry.log.memory import CompactedMemoryLog, MemoryLog
from accord.registry.log.port import START, LoggedRecord, Position, Record
from accord.registry.reports.bodies import MAX_DEPTH, MAX_REPORT_BYTES
from accord.registry.reports.kinds import KINDS

READER = {"service": "billing", "subject": "orders-value", "origin": "claim"}


@pytest.fixture
def registry(in_process: Any) -> Iterator[Any]:
    with in_process(MemoryLog()) as served:
        yield served


def metrics(registry: Any) -> Mapping[str, str]:
    lines = registry.ask("GET /metrics").text.splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_a_report_is_answered_as_it_is_kept(registry: Any) -> None:
    made = registry.ask("POST /accord/v1/readers", {**READER, "fields": ["id"], "team": "a"})

    assert made.status_code == 200
    assert made.json() == {**made.json(), **READER, "fields": ["id"], "team": "a"}
    assert made.json()["reportedAtMs"] == 1_700_000_000_000
    assert registry.ask("GET /accord/v1/readers").json() == [made.json()]


def test_who_says_when_it_was_reported_is_not_believed(registry: Any) -> None:
    made = registry.ask("POST /accord/v1/readers", {**READER, "reportedAtMs": 5})

    assert made.json()["reportedAtMs"] == 1_700_000_000_000


def test_a_list_comes_in_pages(registry: Any) -> None:
    for service in "abc":
        registry.ask("POST /accord/v1/readers", {**READER, "service": service})

    def services(query: str) -> list[str]:
        return [one["service"] for one in registry.ask(f"GET /accord/v1/readers?{query}").json()]

    assert services("limit=2") == ["a", "b"]
    assert services("offset=2&limit=2") == ["c"]
    assert services("service=b&limit=2") == ["b"]


def test_a_context_before_the_path_is_that_of_the_subjects(registry: Any) -> None:
    registry.ask("POST /accord/v1/readers", READER)
    inside = registry.ask("POST /contexts/.eu/accord/v1/readers", READER).json()
    deployed = registry.ask(
        "POST /contexts/.eu/accord/v1/deployments",
        {"service": "s", "environment": "e", "version": "1", "reads": [{"subject": "orders-value"}]},
    ).json()

    assert inside["subject"] == ":.eu:orders-value"
    assert deployed["reads"] == [{"subject": ":.eu:orders-value"}]
    assert registry.ask("GET /contexts/.eu/accord/v1/readers").json() == [inside]
    assert registry.ask("GET /contexts/.eu/accord/v1/readers?subject=orders-value").json() == [inside]
    assert registry.ask("GET /accord/v1/readers?subject=:.eu:orders-value").json() == [inside]
    assert len(registry.ask("GET /accord/v1/readers").json()) == 2
    named = "service=billing&subject=orders-value&origin=claim"
    assert registry.ask(f"DELETE /contexts/.eu/accord/v1/readers?{named}").status_code == 204
    assert [one["subject"] for one in registry.ask("GET /accord/v1/readers").json()] == ["orders-value"]


def test_reports_go_on_where_schemas_are_read_only(registry: Any) -> None:
    registry.ask("PUT /mode", {"mode": "READONLY"})

    assert registry.ask("POST /subjects/s/versions", {"schema": '"int"'}).status_code == 422
    assert registry.ask("POST /accord/v1/readers", READER).status_code == 200


def test_a_report_does_not_make_answers_about_schemas_be_found_anew(registry: Any) -> None:
    registry.ask("POST /subjects/s/versions", {"schema": '"int"'})
    before = registry.node.state.revision

    registry.ask("POST /accord/v1/readers", READER)

    assert registry.node.state.revision == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{" + b" " * MAX_REPORT_BYTES + b"}", 413, 413),
        (b"[" * 100_000, 400, 400),
        (b"\xff", 400, 400),
        (b"", 422, 422),
        ({**READER, "origin": "rumour"}, 422, 42290),
        ({**READER, "groups": ["a"] * 1001}, 422, 42290),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(
    registry: Any, body: object, status: int, code: int
) -> None:
    refused = registry.ask("POST /accord/v1/readers", body)

    assert (refused.status_code, refused.json()["error_code"]) == (status, code)
    assert refused.json()["hint"]
    assert registry.ask("GET /accord/v1/readers").json() == []


def test_a_long_list_goes_out_in_parts_and_is_whole(registry: Any) -> None:
    long = {**READER, "note": "x" * 900_000}
    for service in ("a", "b", "c"):
        assert registry.ask("POST /accord/v1/readers", {**long, "service": service}).status_code == 200

    every, page = (registry.ask(f"GET /accord/v1/readers{query}") for query in ("", "?limit=1"))

    assert [(one["service"], len(one["note"])) for one in every.json()] == [
        ("a", 900_000),
        ("b", 900_000),
        ("c", 900_000),
    ]
    # Only what is whole in memory may be packed.
    assert "vary" not in every.headers
    assert every.headers["content-type"] == registry.ask("GET /accord/v1/rollouts").headers["content-type"]
    assert len(page.json()) == 1


def test_a_report_that_would_keep_others_from_reading_the_list_is_refused(registry: Any) -> None:
    def deep(levels: int) -> Any:
        note: Any = 1
        for _ in range(levels):
            note = [note, {}]
        return registry.ask("POST /accord/v1/readers", {**READER, "note": note})

    refused = deep(MAX_DEPTH)

    assert deep(MAX_DEPTH - 1).status_code == 200
    assert refused.json()["error_code"] == 42290
    assert "lie deeper than 64 levels" in refused.json()["message"]


def test_the_description_says_which_parameters_name_a_report(registry: Any) -> None:
    paths = registry.ask("GET /openapi.json").json()["paths"]
    for kind in KINDS:
        [(path, told)] = [(path, told) for path, told in paths.items() if path == f"/accord/v1/{kind.path}"]
        needed = [one["name"] for one in told["delete"]["parameters"] if one.get("required")]
        refusal = registry.ask(f"DELETE {path}").json()["message"]

        assert needed == [name for name in kind.key if f"{name} is missing" in refusal]
        assert not any(one.get("required") for one in told["get"]["parameters"])


def test_reports_are_counted_by_kind_and_by_what_became_of_them(registry: Any) -> None:
    registry.ask("POST /accord/v1/readers", READER)
    registry.ask("POST /accord/v1/readers", READER)
    registry.ask("POST /accord/v1/rollouts", {})

    told = metrics(registry)
    assert told['accord_registry_reports_total{kind="reader",result="kept"}'] == "2.0"
    assert told['accord_registry_reports_total{kind="rollout",result="refused"}'] == "1.0"


def test_the_second_log_is_read_and_extended_by_itself(registry: Any) -> None:
    registry.ask("POST /subjects/s/versions", {"schema": '"int"'})
    registry.ask("POST /accord/v1/readers", READER)
    (line,) = registry.ask("GET /accord/v1/log/_accord").text.splitlines()
    told = json.loads(line)

    gone = {"key": told["key"], "value": None, "timestampMs": 1}
    query = f"after={told['position']}"
    extended = registry.ask(f"POST /accord/v1/log/_accord?{query}", {"records": [gone]})

    assert extended.json()["position"] > told["position"]
    assert registry.ask("GET /accord/v1/readers").json() == []
    assert registry.ask(f"POST /accord/v1/log/_accord?{query}", {"records": [gone]}).status_code == 422
    assert len(registry.ask("GET /accord/v1/log").text.splitlines()) == 1


def test_who_reads_the_second_log_gets_to_its_end_although_others_go_on(in_process: Any) -> None:
    class Busy(CompactedMemoryLog):
        """A log to which somebody writes whenever it is read."""

        is_busy = False

        def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
            if self.is_busy:
                self.append([Record(b"busy", b"", 0)], after=Position(10**9))
            return super().read(after, limit=min(limit, 2))

    log = Busy()
    log.append([Record(str(number).encode(), b"", 0) for number in range(5)], after=START)
    with in_process(MemoryLog(), accord=log) as registry:
        log.is_busy = True
        lines = registry.ask("GET /accord/v1/log/_accord").text.splitlines()
        log.is_busy = False

    assert [json.loads(line)["key"] for line in lines][:5] == ["0", "1", "2", "3", "4"]
    assert len(lines) <= 6


SCHEMA = ReportedSchema(schema='"int"')
OF_CLIENTS: list[Report] = [
    ReaderReport(
        service="billing",
        subject="orders-value",
        origin="observed",
        groups=("billing",),
        fields=("id", "amount.cents"),
        versions=">=1",
        contract="orders",
        version="1.4.0",
        schema=SCHEMA,
        schema_id=7,
    ),
    DeploymentReport(
        service="billing",
        environment="prod",
        version="1.4.0",
        reads=(DeployedRead(subject="orders-value", fields=("id",), schema=SCHEMA),),
        writes=(DeployedWrite(subject="invoices-value", schema=SCHEMA, schema_id=1),),
    ),
    VerificationReport(
        consumer="billing",
        consumer_version="1.4.0",
        subject="orders-value",
        fingerprint="f",
        ok=False,
        problems=("amount is missing",),
    ),
    RolloutReport(
        id="r",
        subject="orders-value",
        fingerprint="f",
        state="running",
        steps=(RolloutStep(name="check", state="done", at=5, waits_for={"billing": "1.4.0"}),),
        environment="prod",
        began_at_ms=5,
    ),
    ExemptionReport(contract="orders", rule="R", path="a.b", reason="so", until="2026-12-31", by="a"),
]


@pytest.mark.parametrize("report", OF_CLIENTS, ids=lambda report: report.endpoint)
def test_what_clients_report_comes_back_whole_and_can_be_forgotten(registry: Any, report: Report) -> None:
    def ask(request: Request) -> Response:
        query = "&".join(f"{name}={value}" for name, value in request.query)
        told = registry.ask(f"{request.method} {request.path}?{query}", request.body)
        return Response(told.status_code, told.content, dict(told.headers))

    kind = type(report)
    kept = TellReport(report).interpret(ask(TellReport(report).request))
    dated = {"reported_at_ms": 1_700_000_000_000}
    if isinstance(report, DeploymentReport):
        dated["deployed_at_ms"] = 1_700_000_000_000

    assert kept == msgspec.structs.replace(report, **dated)
    assert ListReports(kind).interpret(ask(ListReports(kind).request)) == [kept]
    assert ask(ForgetReport(report).request).status == 204
    assert ListReports(kind).interpret(ask(ListReports(kind).request)) == []


def test_clients_know_every_kind_by_its_key() -> None:
    of_clients = {type(report).endpoint: type(report).identity for report in OF_CLIENTS}

    assert of_clients == {kind.path: kind.key for kind in KINDS}
