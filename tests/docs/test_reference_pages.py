import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["cli.md", "rules.md"])
def test_a_page_made_from_the_code_is_up_to_date(name: str) -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)

    made = generate.pages()[name]

    assert (ROOT / "docs" / "reference" / name).read_text() == made, "run `make docs`"
