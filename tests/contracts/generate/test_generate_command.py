"""``accord generate``, as somebody types it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from accord.cli.main import cli
from accord.contracts.generate.reading import readings
from accord.errors import ConfigurationError
from accord.schemas import Schema
from accord.testing import registry

SCHEMA = (
    '{"type": "record", "name": "Order", "namespace": "shop", "fields": [{"name": "id", "type": "string"}]}'
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "accord.toml").write_text('[project]\npaths = ["schemas"]\n')
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/orders-value.avsc").write_text(SCHEMA)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def accord(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["generate", *arguments], standalone_mode=False, catch_exceptions=False)


def test_python_is_made_and_is_then_as_it_should_be(project: Path) -> None:
    made = accord("python", "--into", "events")

    assert made.return_value == 0
    assert "3 files written, 0 unchanged in events" in made.stderr
    assert "class Order(Struct" in (project / "events/shop/order.py").read_text()
    assert accord("python", "--into", "events", "--check").return_value == 0


def test_a_check_fails_where_the_schema_has_changed_and_shows_what(project: Path) -> None:
    accord("python", "--into", "events")
    (project / "schemas/orders-value.avsc").write_text(SCHEMA.replace('"id"', '"number"'))

    checked = accord("python", "--into", "events", "--check", "--format", "json")

    assert checked.return_value == 1
    [finding] = json.loads(checked.stdout)["findings"]
    assert finding["rule"] == "GENERATED_FILE_STALE"
    assert "number: str" in finding["fixes"][0]["after"]
    assert "number" not in (project / "events/shop/order.py").read_text()


def test_what_cannot_be_read_is_told_and_nothing_is_removed(project: Path) -> None:
    accord("python", "--into", "events")
    (project / "schemas/orders-value.avsc").write_text("{")

    made = accord("python", "--into", "events")

    assert made.return_value == 1
    assert "schemas/orders-value.avsc" in made.stdout
    assert (project / "events/shop/order.py").exists()


def test_an_empty_project_removes_nothing(project: Path) -> None:
    accord("python", "--into", "events")
    (project / "schemas/orders-value.avsc").unlink()

    made = accord("python", "--into", "events")

    assert (made.return_value, "nothing is removed" in made.stderr) == (0, True)
    assert (project / "events/shop/order.py").exists()


def test_the_kind_of_class_can_be_chosen(project: Path) -> None:
    accord("python", "--into", "events", "--models", "pydantic")

    assert "class Order(BaseModel)" in (project / "events/shop/order.py").read_text()


def test_tests_are_made_from_what_a_registry_has(project: Path) -> None:
    (project / "accord.toml").write_text('[project]\npaths = ["schemas", "consumers"]\n')
    (project / "consumers").mkdir()
    (project / "consumers/billing.yaml").write_text(
        "service: billing\nreads:\n  - subject: orders-value\n    fields: [id]\n"
    )
    with registry() as server, server.client() as client:
        client.register("orders-value", Schema(SCHEMA))

        made = accord("tests", "--service", "billing", "--into", "checks", "--registry", server.url)

        assert (made.return_value, made.stdout) == (0, "")
        assert (
            accord(
                "tests", "--service", "billing", "--into", "checks", "--registry", server.url, "--check"
            ).return_value
            == 0
        )
    assert '"orders-value: version 1"' in (project / "checks/test_billing_reads.py").read_text()
    kept = readings(project / "checks/billing_reads")
    for case in kept.cases.values():
        case.check()


def test_a_model_must_be_named_in_full(project: Path) -> None:
    del project
    with pytest.raises(ConfigurationError, match="names no class"):
        accord("tests", "--service", "billing", "--into", "checks", "--model", "orders-value")


def test_asyncapi_is_made_of_the_contracts(project: Path) -> None:
    shutil.copytree(Path(__file__).parents[3] / "examples/orders/contracts", project / "contracts")
    (project / "accord.toml").write_text('[environments.dev]\nregistry = "http://127.0.0.1:8081"\n')

    made = accord("asyncapi", "--into", "docs", "--notation", "json")

    assert made.return_value == 0
    document = json.loads((project / "docs/asyncapi.json").read_text())
    assert list(document["channels"]) == ["orders.created"]
    assert "http://127.0.0.1:8081" in json.dumps(document["servers"])
