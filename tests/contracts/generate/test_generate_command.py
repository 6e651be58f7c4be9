"""``accord generate``, as somebody types it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from accord.cli.main import cli

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


def test_the_kind_of_class_can_be_chosen(project: Path) -> None:
    accord("python", "--into", "events", "--models", "pydantic")

    assert "class Order(BaseModel)" in (project / "events/shop/order.py").read_text()
