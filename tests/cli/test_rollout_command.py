"""``accord rollout`` as whoever brings a schema to production meets it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from accord.cli.main import run
from accord.client import DeploymentReport, Registry, ReportedSchema
from accord.client.reports import DeployedRead, DeployedWrite
from accord.schemas import Schema
from accord.testing import registry as serve

SUBJECT = "orders.created-value"
V1 = '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}'
V2 = V1.replace("]}", ', {"name": "coupon", "type": "string", "default": ""}]}')
BROKEN = V1.replace("]}", ', {"name": "coupon", "type": "string"}]}')
ROLLOUT = ["rollout", SUBJECT, "--env", "prod"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "orders.created.avsc").write_text(V2, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with serve() as served:
        monkeypatch.setenv("ACCORD_REGISTRY", served.url)
        client = served.client()
        client.register(SUBJECT, Schema(V1))
        deploy(client, "shop", "1.0", V1)
        read = DeployedRead(subject=SUBJECT, fields=("id",))
        client.report_deployment(
            DeploymentReport(
                service="billing", environment="prod", version="1.0", reads=(read,), deployed_at_ms=1
            )
        )
        yield client


def deploy(client: Registry, service: str, version: str, schema: str, at: int | None = 1) -> None:
    write = DeployedWrite(subject=SUBJECT, schema=ReportedSchema.of(Schema(schema)))
    client.report_deployment(
        DeploymentReport(
            service=service, environment="prod", version=version, writes=(write,), deployed_at_ms=at
        )
    )


def test_the_runbook_is_printed_and_nothing_is_done(
    client: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*ROLLOUT, "--dry-run"]) == 0

    told = capsys.readouterr().out
    assert run([*ROLLOUT, "--dry-run", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["runbook"] == told.splitlines()
    assert [one["service"] for one in document["readers"]] == ["billing"]
    assert document["check"]["state"] == "done"
    assert "Rollout of orders.created-value to prod" in told
    assert "2. register: make it version 2" in told
    assert "consumers: nothing to do, billing 1.0 reads it" in told
    assert "producers: deploy versions that write it, and record them: shop 1.0" in told
    assert client.versions(SUBJECT) == [1]
    assert client.rollouts() == []


def test_a_rollout_stops_goes_on_and_ends(client: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ROLLOUT, "--until", "check"]) == 0
    assert run([*ROLLOUT, "--until", "check"]) == 0
    assert client.versions(SUBJECT) == [1]
    assert run([*ROLLOUT, "--yes"]) == 1
    told = capsys.readouterr().err
    assert "register: version 2, schema id 2" in told
    assert "… producers: shop 1.0 does not write version 2 yet" in told
    assert "stands at 'producers': run the same command again to go on" in told

    deploy(client, "shop", "2.0", V2, at=None)
    assert run([*ROLLOUT, "--format", "json"]) == 0
    out, told = capsys.readouterr()
    assert "goes on: check, register, order, consumers done" in told
    assert json.loads(out)["state"] == "done"

    assert run(["rollout", "status", "--env", "prod"]) == 0
    assert ": done\n" in capsys.readouterr().out


def test_what_cannot_be_registered_is_refused(
    folder: Path, client: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "orders.created.avsc").write_text(BROKEN, encoding="utf-8")

    assert run([*ROLLOUT, "--yes"]) == 1

    assert "AVRO_FIELD_WITHOUT_DEFAULT" in capsys.readouterr().err
    assert client.versions(SUBJECT) == [1]


def test_a_way_back_hides_the_version(client: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ROLLOUT, "--yes"]) == 1

    assert run([*ROLLOUT, "--roll-back", "--yes"]) == 0

    told = capsys.readouterr().err
    assert "version 2 is hidden" in told
    assert "is rolled back" in told
    assert client.versions(SUBJECT) == [1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (ROLLOUT, "nobody can be asked"),
        ([*ROLLOUT, "--roll-back"], "there is none"),
        ([*ROLLOUT, "--roll-back", "--erase", "orders"], "--erase says orders"),
        (["rollout", "payments", "--env", "prod"], "payments is no contract, subject or topic"),
        (["rollout", SUBJECT], "no environment is named"),
    ],
)
def test_what_makes_no_sense_is_told(
    client: Registry, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert told in capsys.readouterr().err
    assert client.versions(SUBJECT) == [1]


def test_no_rollout_is_no_error(client: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert client.rollouts() == []
    assert run(["rollout", "status", "--env", "prod"]) == 0
    assert "nothing was rolled out to prod" in capsys.readouterr().err
    assert run(["rollout", "status"]) == 0
    assert "nothing was rolled out\n" in capsys.readouterr().err


def test_the_only_environment_is_the_one_that_is_meant(
    folder: Path, client: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = f'[environments.prod]\nregistry = "{client.url}"\n'
    (folder / "accord.toml").write_text(settings, encoding="utf-8")

    assert run(["rollout", SUBJECT, "--until", "check"]) == 0

    assert "compatible at the level BACKWARD" in capsys.readouterr().err
    assert [one.environment for one in client.rollouts()] == ["prod"]
