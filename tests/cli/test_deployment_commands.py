"""``accord record-deployment`` and ``accord can-i-deploy`` as whoever deploys meets them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from accord.cli.main import run
from accord.client import ReaderReport, ReportedSchema
from accord.schemas import Schema
from accord.testing import LoopbackRegistry
from accord.testing import registry as serve

SUBJECT = "orders.created-value"
V1 = """{"type": "record", "name": "OrderCreated", "fields": [
  {"name": "order_id", "type": "string"},
  {"name": "total", "type": "double"}
]}"""
V2 = V1.replace('"total"', '"amount"')
CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: orders.created
name: Orders created
version: 1.0.0
status: active
schema:
  - name: OrderCreated
    physicalName: orders.created
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: OrderCreated.avsc
roles:
  - role: order-service
    access: write
customProperties:
  - property: kafka
    vendor: accord
    value:
      partitions: 1
"""
CLAIM = "service: billing\nreads:\n  - subject: orders.created-value\n    fields: [order_id, total]\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, files in {
        "orders": {"OrderCreated.avsc": V1, "orders.odcs.yaml": CONTRACT},
        "billing": {"consumers/billing.yaml": CLAIM},
    }.items():
        for path, text in files.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackRegistry]:
    with serve() as served:
        monkeypatch.setenv("ACCORD_REGISTRY", served.url)
        yield served


def test_a_service_is_deployed_asked_about_and_stopped_by_who_reads_it(
    folder: Path, registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.client().register(SUBJECT, Schema(V1))
    billing = ["--project", "billing", "--service", "billing", "--to", "prod"]
    orders = ["--project", "orders", "--service", "order-service", "--to", "prod"]

    assert run(["can-i-deploy", *billing, "--version", "1.0"]) == 0
    assert "nobody is recorded to write orders.created-value in prod" in capsys.readouterr().out
    assert run(["record-deployment", *billing, "--version", "1.0"]) == 0
    assert run(["record-deployment", *orders, "--version", "7"]) == 0
    told = capsys.readouterr().err
    assert "billing 1.0 runs in prod; nothing was recorded there before" in told
    assert "reads orders.created-value: order_id, total" in told
    assert "writes orders.created-value: schema id 1" in told

    (folder / "orders" / "OrderCreated.avsc").write_text(V2, encoding="utf-8")
    assert run(["can-i-deploy", *orders, "--version", "8"]) == 1
    told = capsys.readouterr().out
    assert "DEPLOY_READER_WOULD_BREAK" in told
    assert "billing 1.0 in prod does not read what order-service 8 would write" in told
    assert "order-service 8 may not be deployed to prod" in told


def test_a_recorded_version_is_asked_about_without_a_project(
    registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.client().register(SUBJECT, Schema(V1))
    orders = ["--project", "orders", "--service", "order-service", "--version", "7"]
    assert run(["record-deployment", *orders, "--to", "staging", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["writes"][0]["schemaId"] == 1

    assert run(["can-i-deploy", "--service", "order-service", "--version", "7", "--to", "prod"]) == 0
    assert "nobody is recorded to read orders.created-value in prod" in capsys.readouterr().out


def test_machines_are_told_of_every_pair_also_of_those_that_go_together(
    registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.client().register(SUBJECT, Schema(V1))
    assert (
        run(
            [
                "record-deployment",
                "--project",
                "billing",
                "--service",
                "billing",
                "--version",
                "1.0",
                "--to",
                "prod",
            ]
        )
        == 0
    )
    capsys.readouterr()

    asked = ["can-i-deploy", "--project", "orders", "--service", "order-service", "--to", "prod"]
    assert run([*asked, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["details"] == {
        "service": "order-service",
        "version": "",
        "environment": "prod",
        "may": True,
        "pairs": [
            {
                "subject": SUBJECT,
                "consumer": "billing 1.0",
                "provider": "order-service",
                "is_reader": False,
                "verdict": "yes",
                "why": "the fields that it needs are there",
                "evidence": "computed",
                "fields": [],
            }
        ],
    }

    gone = ["record-deployment", "--service", "billing", "--to", "prod", "--gone", "--format", "json"]
    assert run(gone) == 0
    assert [one["version"] for one in json.loads(capsys.readouterr().out)["gone"]] == ["1.0"]


def test_a_version_that_comes_back_is_what_it_was(
    folder: Path, registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    client = registry.client()
    orders = ["--project", "orders", "--service", "order-service", "--to", "prod", "--version"]
    client.register(SUBJECT, Schema(V1))
    assert run(["record-deployment", *orders, "7"]) == 0
    (folder / "orders" / "OrderCreated.avsc").write_text(V1.replace('"double"', '"float"'), encoding="utf-8")
    assert run(["record-deployment", *orders, "7"]) == 0
    assert "a schema that is not registered" in capsys.readouterr().err

    assert run(["record-deployment", *orders, "8"]) == 0
    (folder / "orders" / "OrderCreated.avsc").write_text(V1, encoding="utf-8")
    capsys.readouterr()
    assert run(["record-deployment", *orders, "7"]) == 0
    told = capsys.readouterr().err
    assert "order-service 7 runs in prod, as it was recorded before; before it was 8" in told
    assert "a schema that is not registered" in told


def test_a_published_contract_test_decides(
    folder: Path, registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.client().register(SUBJECT, Schema(V1))
    claim = folder / "billing" / "consumers" / "billing.yaml"
    claim.write_text(CLAIM + "    examples: [{total: many}]\n", encoding="utf-8")
    billing = ["--project", "billing", "--version", "1.0"]
    assert run(["record-deployment", "--service", "billing", "--to", "prod", *billing]) == 0
    assert run(["test", *billing, "--publish"]) == 1
    capsys.readouterr()

    assert run(["can-i-deploy", "--project", "orders", "--service", "order-service", "--to", "prod"]) == 1
    assert "cannot write example 1 of billing 1.0" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["record-deployment", "can-i-deploy"])
def test_a_service_of_which_nothing_is_known_is_no_deployment(
    registry: LoopbackRegistry, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert registry.url
    assert run([command, "--service", "shipping", "--version", "1", "--to", "prod"]) == 2
    assert "nothing is known of what shipping reads or writes" in capsys.readouterr().err


def test_an_environment_that_nobody_knows_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["can-i-deploy", "--service", "billing", "--to", "prod"]) == 2
    assert "prod" in capsys.readouterr().err


def test_what_was_observed_of_another_version_is_not_what_is_deployed(
    registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    client = registry.client()
    client.register(SUBJECT, Schema(V1))
    for service, version in (("billing", "0.9"), ("search", "")):
        client.report_reader(
            ReaderReport(
                service=service,
                subject=SUBJECT,
                origin="observed",
                version=version,
                fields=("gone",),
                schema=ReportedSchema.of(Schema(V2)),
            )
        )

    assert (
        run(
            [
                "record-deployment",
                "--project",
                "billing",
                "--service",
                "billing",
                "--version",
                "1.0",
                "--to",
                "prod",
            ]
        )
        == 0
    )
    assert run(["record-deployment", "--service", "search", "--version", "3", "--to", "prod"]) == 0

    [billing, search] = client.deployments(environment="prod")
    assert (billing.reads[0].fields, billing.reads[0].schema) == (("order_id", "total"), None)
    assert search.reads[0].fields == ("gone",)
    assert run(["test", "--project", "billing", "--version", "1.0", "--registry", registry.url]) == 0
    assert run(["test", "--project", "billing", "--registry", registry.url]) == 1
    assert "0.9" in capsys.readouterr().out


def test_what_the_contract_accepts_may_be_deployed(
    folder: Path, registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.client().register(SUBJECT, Schema(V1))
    billing = ["--project", "billing", "--service", "billing", "--version", "1.0", "--to", "prod"]
    assert run(["record-deployment", *billing]) == 0
    (folder / "orders" / "OrderCreated.avsc").write_text(V2, encoding="utf-8")
    allowed = "      allow: [{rule: DEPLOY_READER_WOULD_BREAK, reason: billing stops, until: 2999-12-31}]\n"
    (folder / "orders" / "orders.odcs.yaml").write_text(CONTRACT + allowed, encoding="utf-8")

    assert run(["can-i-deploy", "--project", "orders", "--service", "order-service", "--to", "prod"]) == 0

    told = capsys.readouterr().out
    assert "accepted[DEPLOY_READER_WOULD_BREAK]" in told
    assert "order-service may be deployed to prod" in told
    assert "does not read what order-service would write" in told


def test_a_service_that_is_gone_stands_in_nobodys_way(
    folder: Path, registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.client().register(SUBJECT, Schema(V1))
    billing = ["--project", "billing", "--service", "billing", "--to", "prod"]
    for version in ("1.0", "1.1"):
        assert run(["record-deployment", *billing, "--version", version]) == 0
    (folder / "orders" / "OrderCreated.avsc").write_text(V2, encoding="utf-8")
    ask = ["can-i-deploy", "--project", "orders", "--service", "order-service", "--to", "prod"]
    assert run(ask) == 1

    assert run(["record-deployment", *billing, "--gone"]) == 0

    assert "billing runs in prod no more: 2 deployments forgotten" in capsys.readouterr().err
    assert run(ask) == 0
    assert run(["record-deployment", *billing, "--gone"]) == 2
    assert "nothing is recorded of billing in prod" in capsys.readouterr().err


@pytest.mark.parametrize("said", [[], ["--version", "1", "--gone"]])
def test_a_version_is_recorded_or_its_end(said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record-deployment", "--service", "billing", "--to", "prod", *said]) == 2
    assert "say one of --version and --gone" in capsys.readouterr().err
