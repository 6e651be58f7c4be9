"""The page about contracts names every key that there is, and its examples are what it says."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from accord.contracts import project_file
from accord.contracts.loading import BLOCK, load
from accord.contracts.sample import FILES
from accord.contracts.tree import Folder

PAGE = (Path(__file__).parents[2] / "docs" / "contracts.md").read_text(encoding="utf-8")


def keys(shape: Mapping[str, Any]) -> Iterator[str]:
    for key, inner in shape.get("properties", {}).items():
        yield key
        yield from keys(inner)


def test_the_page_names_every_key_of_the_block() -> None:
    words = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
    named = set(re.findall(r"[A-Za-z]+", " ".join(words)))
    known = {*keys(BLOCK), *(key for shape in BLOCK["$defs"].values() for key in keys(shape))}

    assert known - named == {"role"}, "which is in the example"


def test_the_contract_of_the_page_loads(tmp_path: Path) -> None:
    [contract] = (
        text for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if text.startswith("apiVersion")
    )
    (tmp_path / "a.odcs.yaml").write_text(contract, encoding="utf-8")
    (tmp_path / "schemas").mkdir()
    schema = FILES["contracts/schemas/OrderCreated.avsc"]
    (tmp_path / "schemas" / "OrderCreated.avsc").write_text(schema, encoding="utf-8")

    project = load(Folder(tmp_path))

    assert project.findings == ()
    assert project.contracts[0].readers[0].fields == ("order_id", "total_amount")


def test_the_settings_of_the_page_can_be_used() -> None:
    for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL):
        assert list(project_file.faults(tomllib.loads(text))) == []
    assert all(key.replace("_", "-") in PAGE for key in project_file.PROJECT_KEYS)
