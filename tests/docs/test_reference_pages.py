import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    pages: dict[str, str] = generate.pages()
    return pages


def test_every_page_made_from_the_code_is_up_to_date(made: dict[str, str]) -> None:
    behind = [name for name, text in made.items() if (REFERENCE / name).read_text() != text]
    assert behind == [], "run `make docs`"


def test_no_page_of_a_rule_outlives_it(made: dict[str, str]) -> None:
    there = {str(path.relative_to(REFERENCE)) for path in (REFERENCE / "rules").glob("*.md")}
    assert there == {name for name in made if name.startswith("rules/")}
