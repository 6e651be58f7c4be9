"""The page about generated files shows what is made of the example."""

from pathlib import Path
from typing import Final

from accord.cli.commands.generate import command
from accord.contracts.generate.python import python
from accord.contracts.loading import ProjectSettings, load
from accord.contracts.tree import Folder

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs/generating.md").read_text(encoding="utf-8")


def test_the_module_that_is_shown_is_the_one_that_is_made() -> None:
    shown = PAGE.partition("```python\n")[2].partition("```")[0]
    project = load(Folder(ROOT / "examples/orders"), settings=ProjectSettings(paths=("contracts",)))

    made = python(project, "msgspec").files[-1].text

    parts = [part.strip("\n") for part in shown.split("...\n")]
    assert len(parts) == 3
    for part in parts:
        assert part in made


def test_every_kind_of_file_is_told_of() -> None:
    for name in command.commands:
        assert f"accord generate {name} " in PAGE
