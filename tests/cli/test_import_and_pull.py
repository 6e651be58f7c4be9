from collections.abc import Iterator
from pathlib import Path

import pytest

from accord.cli.main import run
from accord.schemas import Schema
from accord.testing import LoopbackRegistry
from accord.testing import registry as a_registry

ORDER = '{"type":"record","name":"OrderCreated","fields":[{"name":"id","type":"string"}]}'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def served() -> Iterator[LoopbackRegistry]:
    with a_registry() as one:
        one.client().register("orders-value", Schema(ORDER))
        yield one


def test_import_makes_a_project_that_lint_reads(
    served: LoopbackRegistry, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = served.url.replace("http://", "http://user:secret@")

    assert run(["import", "--registry", address, "--into", "shop"]) == 0

    told = capsys.readouterr().err
    assert "wrote 3 files into shop" in told
    settings = (here / "shop" / "accord.toml").read_text(encoding="utf-8")
    assert served.url in settings
    assert "secret" not in settings
    assert run(["lint", "--project", "shop", "--fail-on", "error"]) == 0


def test_import_overwrites_nothing(
    served: LoopbackRegistry, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "contracts").mkdir()
    (here / "contracts" / "orders.odcs.yaml").write_text("mine", encoding="utf-8")

    assert run(["import", "--registry", served.url]) == 0

    assert "orders.odcs.yaml is there and says something else" in capsys.readouterr().err
    assert (here / "contracts" / "orders.odcs.yaml").read_text(encoding="utf-8") == "mine"


def test_import_of_nothing_is_refused() -> None:
    with a_registry() as empty:
        assert run(["import", "--registry", empty.url]) == 2
    assert run(["import"]) == 2


def test_a_registry_that_does_not_answer_is_told_with_its_address(capsys: pytest.CaptureFixture[str]) -> None:
    with a_registry() as gone:
        url = gone.url

    assert run(["pull", "orders-value", "--registry", url]) == 3
    assert url in capsys.readouterr().err


def test_pull_checks_and_fetches(
    served: LoopbackRegistry, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["pull", "orders-*", "--registry", served.url]

    assert run([*arguments, "--check"]) == 1
    assert "is behind" in capsys.readouterr().err
    assert not (here / "pulled").exists()
    assert run(arguments) == 0
    assert run([*arguments, "--check"]) == 0
    assert (here / "pulled" / "orders-value.avsc").is_file()
    assert run(["pull", "nothing", "--registry", served.url]) == 2
