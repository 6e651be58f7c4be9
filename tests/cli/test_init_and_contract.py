import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from accord.cli.main import run
from accord.contracts.loading import BLOCK, CLAIMS, CONTRACT


def test_init_writes_a_project_that_lint_and_test_find_nothing_wrong_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["init", "shop"]) == 0
    assert "begin with: cd shop && accord lint" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path / "shop")
    assert run(["lint", "--fail-on", "warning"]) == 0
    assert run(["test"]) == 0


def test_init_overwrites_nothing_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("Ours.", encoding="utf-8")

    assert run(["init"]) == 0

    assert "README.md is there and says something else: it was left as it is" in capsys.readouterr().err
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "Ours."
    assert (tmp_path / "accord.toml").is_file()


def test_init_into_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("a file", encoding="utf-8")

    assert run(["init", str(tmp_path / "shop")]) == 2


@pytest.mark.parametrize(
    ("flags", "shape"),
    [([], BLOCK), (["--whole"], CONTRACT), (["--claims"], CLAIMS)],
    ids=["block", "whole", "claims"],
)
def test_the_printed_schema_is_the_one_that_files_are_checked_with(
    flags: list[str], shape: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["contract", "schema", *flags]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert printed == shape
    jsonschema_rs.meta.validate(printed)


def test_every_key_that_is_ours_says_what_it_brings_about(capsys: pytest.CaptureFixture[str]) -> None:
    def undescribed(shape: dict[str, Any], path: str) -> list[str]:
        return [
            name
            for key, inner in shape.get("properties", {}).items()
            for name in [
                *([] if "description" in inner else [f"{path}.{key}"]),
                *undescribed(inner, f"{path}.{key}"),
            ]
        ]

    run(["contract", "schema"])
    block = json.loads(capsys.readouterr().out)

    assert undescribed(block, "kafka") == []
    assert [name for key, shape in block["$defs"].items() for name in undescribed(shape, key)] == []
