"""``accord readers`` as whoever publishes a claim meets it."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.client.conftest import Answer, Server, serving

from accord.cli.main import run
from accord.client import ReaderReport, Registry
from accord.registry.http.server import serve
from accord.schemas import Schema

ORDER = '{"type":"record","name":"Order","fields":[{"name":"order_id","type":"string"},{"name":"total","type":"double"}]}'
CLAIM = """\
service: billing
reads:
  - contract: orders.created
    groups: [billing-v1]
    fields: [order_id]
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve() as server:
        yield server.url


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    """The registry that all share, without readers."""
    with Registry(url) as client:
        client.register("orders.created-value", Schema(ORDER))
        yield client
        for report in client.readers():
            client.forget_report(report)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    # The registry beside the test would log to a stream that ends with the test.
    monkeypatch.setattr("accord.cli.logs.configure", lambda **_: None)
    (tmp_path / "consumers").mkdir()
    return tmp_path


def claim(folder: Path, text: str = CLAIM) -> None:
    (folder / "consumers/billing.yaml").write_text(text)


def known(registry: Registry) -> list[tuple[str, str, Any]]:
    return [(one.service, one.subject, one.fields) for one in registry.readers()]


def test_claims_are_published(folder: Path, registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    claim(folder)
    assert run(["readers", "publish", "--registry", registry.url, "--version", "1.4.0"]) == 0
    assert known(registry) == [("billing", "orders.created-value", ("order_id",))]
    assert registry.readers()[0].version == "1.4.0"
    said = capsys.readouterr().out
    assert "published: billing reads order_id of orders.created-value" in said
    assert f"checked 1 claim against {registry.url}" in said


@pytest.mark.parametrize("flags", [[], ["--exit-zero"], ["--fail-on", "never"]])
def test_a_field_that_nobody_writes_is_a_finding_and_nothing_is_published(
    folder: Path, registry: Registry, flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    claim(folder, CLAIM.replace("order_id", "total, discount"))
    code = run(["readers", "publish", "--registry", registry.url, "--format", "json", *flags])
    assert code == (0 if flags else 1)
    document = json.loads(capsys.readouterr().out)
    assert "CONTRACT_CLAIM_FIELD_NOT_REGISTERED" in json.dumps(document)
    assert "nothing was published" in json.dumps(document)
    assert not known(registry)


CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: orders.created
name: Orders created
version: 1.0.0
status: active
schema:
  - name: Order
    physicalName: orders.created
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: Order.avsc
customProperties:
  - property: kafka
    vendor: accord
    value:
      allow:
        - rule: CONTRACT_CLAIM_FIELD_NOT_REGISTERED
          path: discount
          reason: it is registered this afternoon
          until: 2999-12-31
"""


def test_what_the_contract_accepts_for_a_while_is_shown_and_published(
    folder: Path, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "orders.odcs.yaml").write_text(CONTRACT)
    (folder / "Order.avsc").write_text(ORDER.replace('"total"', '"discount"'))
    claim(folder, CLAIM.replace("order_id", "discount"))
    assert run(["readers", "publish", "--registry", registry.url]) == 0
    said = capsys.readouterr().out
    assert "accepted[CONTRACT_CLAIM_FIELD_NOT_REGISTERED]" in said
    assert "it is registered this afternoon" in said
    assert known(registry) == [("billing", "orders.created-value", ("discount",))]


@pytest.mark.parametrize(("flags", "code", "published"), [([], 0, 1), (["--fail-on", "warning"], 1, 0)])
def test_a_warning_keeps_a_claim_back_only_if_it_is_to_fail(
    folder: Path, registry: Registry, flags: list[str], code: int, published: int
) -> None:
    claim(folder, "service: billing\nreads: [{topic: payments}]\n")
    assert run(["readers", "publish", "--registry", registry.url, *flags]) == code
    assert len(known(registry)) == published


def test_a_file_that_is_no_claim_keeps_the_others_back(folder: Path, registry: Registry) -> None:
    claim(folder)
    (folder / "consumers/audit.yaml").write_text("service: audit\nreads: [{contract: [}]")
    assert run(["readers", "publish", "--registry", registry.url]) == 1
    assert not known(registry)


def test_what_is_claimed_no_longer_is_forgotten_where_that_is_wanted(
    folder: Path, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.report_reader(ReaderReport(service="billing", subject="old-value", origin="claim"))
    claim(folder)
    assert run(["readers", "publish", "--registry", registry.url]) == 0
    assert "--prune" in capsys.readouterr().out
    assert len(known(registry)) == 2
    assert run(["readers", "publish", "--registry", registry.url, "--prune"]) == 0
    assert "forgotten: billing claimed to read old-value" in capsys.readouterr().out
    assert known(registry) == [("billing", "orders.created-value", ("order_id",))]


def test_a_project_without_claims_is_told_where_they_go(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["readers", "publish", "--registry", registry.url]) == 2
    assert "consumers/<service>.yaml" in capsys.readouterr().err


@pytest.fixture
def two(registry: Registry) -> Registry:
    many = tuple(f"field_{number}" for number in range(9))
    registry.report_reader(
        ReaderReport(
            service="billing",
            subject="orders.created-value",
            origin="observed",
            groups=("a", "b"),
            fields=many,
        )
    )
    registry.report_reader(ReaderReport(service="audit", subject="payments-value", origin="claim"))
    return registry


def test_readers_are_listed_by_service(two: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["readers", "list", "--registry", two.url]) == 0
    head, audit, billing = capsys.readouterr().out.splitlines()
    assert head.split()[:5] == ["service", "subject", "fields", "origin", "groups"]
    assert audit.split()[:5] == ["audit", "payments-value", "every", "field", "claim"]
    assert "field_0, field_1, field_2, field_3, field_4, field_5 and 3 more" in billing
    assert "observed" in billing
    assert "a, b" in billing


@pytest.mark.parametrize(
    ("flags", "services"),
    [
        (["--subject", "orders.created-value"], ["billing"]),
        (["--service", "audit"], ["audit"]),
        (["--origin", "observed"], ["billing"]),
        (["--service", "nobody"], []),
    ],
)
def test_a_list_can_be_narrowed_and_read_by_a_program(
    two: Registry, flags: list[str], services: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["readers", "list", "--registry", two.url, "--format", "json", *flags]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["service"] for one in listed] == services
    assert all(one["reportedAt"].endswith("Z") for one in listed)


def test_names_steer_no_terminal(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.report_reader(ReaderReport(service="bill\u202eing", subject="orders-value", origin="claim"))
    assert run(["readers", "list", "--registry", registry.url]) == 0
    assert "bill\\u202eing" in capsys.readouterr().out


def test_nobody_is_said_to_be_nobody(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["readers", "list", "--registry", registry.url]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "no reader is known\n")


def test_a_reader_that_is_gone_is_forgotten(two: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["readers", "forget", "--registry", two.url, "--service", "billing"]) == 0
    assert "forgot that billing reads orders.created-value (observed)" in capsys.readouterr().err
    assert [service for service, *_ in known(two)] == ["audit"]
    assert run(["readers", "forget", "--registry", two.url, "--service", "billing"]) == 2


COMMANDS = [["publish"], ["list"], ["forget", "--service", "billing"]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
def test_a_registry_that_is_away_is_named(
    folder: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    claim(folder)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        away = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert run(["readers", *command, "--registry", away]) == 3
    assert away in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS[1:], ids=lambda one: one[0])
def test_a_registry_that_takes_no_reports_is_named(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    missing = Answer(404, {"error_code": 404, "message": "HTTP 404 Not Found"})
    with serving(Server(answer=lambda _: missing)) as other:
        assert run(["readers", *command, "--registry", other.url]) == 3
        said = capsys.readouterr().err
    assert other.url in said
    assert "accord serve" in said


READER = {"service": "billing", "subject": "orders-value", "origin": "claim", "reportedAtMs": 1}


@pytest.fixture(scope="module")
def other() -> Iterator[Server]:
    """A registry that answers what a test wants."""
    with serving(Server()) as server:
        yield server


@pytest.mark.parametrize(
    ("answer", "format", "code"),
    [
        ([READER | {"reportedAtMs": 10**18}], "text", 0),
        ([READER | {"reportedAtMs": -(10**18)}], "json", 0),
        ([READER | {"reportedAtMs": 10**40}], "text", 0),
        ([READER | {"fields": {"a": 1}}], "text", 3),
        ([READER | {"service": "\x1b[2Jbilling", "groups": ["a\nb"], "unknown": [[]]}], "text", 0),
        ([READER | {"service": "\x1b[2Jbilling", "groups": ["a\nb"], "unknown": [[]]}], "json", 0),
    ],
)
def test_whatever_a_registry_answers_is_no_fault_of_ours(
    answer: object, format: str, code: int, other: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    other.answer = lambda _: Answer(200, answer)
    assert run(["readers", "list", "--registry", other.url, "--format", format]) == code
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert ("billing" in told.out) == (code == 0)
