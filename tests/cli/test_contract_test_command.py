"""``accord test`` as whoever reads or writes a topic meets it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from accord.cli.main import run
from accord.client import ReaderReport
from accord.schemas import Schema
from accord.testing import LoopbackRegistry
from accord.testing import registry as serve

SCHEMA = """{"type": "record", "name": "OrderCreated", "fields": [
  {"name": "order_id", "type": "string"},
  {"name": "total", "type": "double"}
]}"""
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
customProperties:
  - property: kafka
    vendor: accord
    value:
      partitions: 1
"""
CLAIM = """\
service: billing
reads:
  - contract: orders.created
    fields: [order_id, total]
    examples:
      - {order_id: o-1, total: 12.5}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "consumers").mkdir()
    (tmp_path / "OrderCreated.avsc").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "orders.odcs.yaml").write_text(CONTRACT, encoding="utf-8")
    (tmp_path / "consumers" / "billing.yaml").write_text(CLAIM, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def registry() -> Iterator[LoopbackRegistry]:
    with serve() as served:
        yield served


def test_a_project_is_tried_without_a_registry(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["test"]) == 0

    told = capsys.readouterr().out
    assert "billing gets what it needs of orders.created-value (2 cases)" in told
    assert "checked 2 cases of 1 consumer and 1 subject" in told
    assert run(["test", "--format", "json"]) == 0
    [result] = json.loads(capsys.readouterr().out)["details"]["results"]
    assert (result["consumer"], result["subject"], result["ok"]) == ("billing", "orders.created-value", True)
    assert result["cases"] == 2


def test_what_a_consumer_does_not_get_is_told_with_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "OrderCreated.avsc").write_text(SCHEMA.replace('"double"', '"string"'), encoding="utf-8")

    assert run(["test", "--format", "json"]) == 1

    [found] = json.loads(capsys.readouterr().out)["findings"]
    assert (found["rule"], found["severity"]) == ("TEST_EXAMPLE_NOT_WRITTEN", "error")
    assert "billing" in found["message"]


def test_a_field_that_is_gone_is_told_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "OrderCreated.avsc").write_text(SCHEMA.replace('"total"', '"amount"'), encoding="utf-8")

    assert run(["test", "--format", "json"]) == 1

    found = json.loads(capsys.readouterr().out)["findings"]
    assert {one["rule"] for one in found} == {"TEST_FIELD_MISSING", "TEST_EXAMPLE_NOT_WRITTEN"}
    assert len(found) == 2


def test_observed_readers_are_tried_and_the_results_published(
    folder: Path, registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    client = registry.client()
    client.register("orders.created-value", Schema(SCHEMA))
    client.report_reader(
        ReaderReport(
            service="search",
            subject="orders.created-value",
            origin="observed",
            version="2.0",
            fields=("total",),
        )
    )
    (folder / "OrderCreated.avsc").write_text(SCHEMA.replace('"double"', '"string"'), encoding="utf-8")
    (folder / "consumers" / "billing.yaml").unlink()

    assert run(["test", "--registry", registry.url, "--publish"]) == 1

    assert "search 2.0 cannot read what OrderCreated.avsc writes" in capsys.readouterr().out
    [result] = client.verifications(subject="orders.created-value")
    assert (result.consumer, result.consumer_version, result.ok) == ("search", "2.0", False)


def test_a_consumers_repository_publishes_for_its_version(folder: Path, registry: LoopbackRegistry) -> None:
    registry.client().register("orders.created-value", Schema(SCHEMA))
    (folder / "OrderCreated.avsc").unlink()
    (folder / "orders.odcs.yaml").unlink()
    claim = folder / "consumers" / "billing.yaml"
    claim.write_text(
        CLAIM.replace("contract: orders.created", "subject: orders.created-value"), encoding="utf-8"
    )

    assert run(["test", "--registry", registry.url, "--publish", "--version", "1.4.0"]) == 0

    [result] = registry.client().verifications(consumer="billing")
    assert (result.consumer_version, result.ok) == ("1.4.0", True)


def test_a_registry_that_cannot_be_reached_is_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["test", "--registry", "http://127.0.0.1:1"]) == 3
    assert "http://127.0.0.1:1" in capsys.readouterr().err


def test_examples_are_published_with_a_claim_and_meet_the_producer(
    folder: Path, registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.client().register("orders.created-value", Schema(SCHEMA))
    assert run(["readers", "publish", "--registry", registry.url]) == 0
    (folder / "consumers" / "billing.yaml").unlink()
    (folder / "OrderCreated.avsc").write_text(SCHEMA.replace('"double"', '"int"'), encoding="utf-8")
    capsys.readouterr()

    assert run(["test", "--registry", registry.url, "--format", "json"]) == 1

    found = json.loads(capsys.readouterr().out)["findings"]
    assert "TEST_EXAMPLE_NOT_WRITTEN" in [one["rule"] for one in found]


def test_what_could_not_be_tried_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "OrderCreated.avsc").unlink()
    (folder / "orders.odcs.yaml").unlink()
    assert run(["test"]) == 0
    assert "billing reads orders.created-value, which has no file here" in capsys.readouterr().out

    (folder / "consumers" / "billing.yaml").unlink()
    assert run(["test"]) == 0
    assert "there is no schema and no claim here" in capsys.readouterr().out


def test_one_consumer_may_be_chosen_and_has_to_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["test", "--consumer", "billing"]) == 0
    assert run(["test", "--consumer", "search"]) == 2
    assert "search is no consumer that is known here" in capsys.readouterr().err


def test_what_the_contract_accepts_is_shown_and_turns_nothing(
    folder: Path, registry: LoopbackRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "consumers" / "billing.yaml").write_text(
        CLAIM.replace("total]", "total, gone]"), encoding="utf-8"
    )
    allowed = "      allow: [{rule: TEST_FIELD_MISSING, reason: billing is mended, until: 2999-12-31}]\n"
    (folder / "orders.odcs.yaml").write_text(CONTRACT + allowed, encoding="utf-8")

    assert run(["test", "--registry", registry.url, "--publish"]) == 0

    told = capsys.readouterr().out
    assert "accepted[TEST_FIELD_MISSING]: billing needs `gone`" in told
    assert "until 2999-12-31: billing is mended" in told
    [result] = registry.client().verifications(consumer="billing")
    assert result.ok
