"""The commands in docs/deploying.md print what the page says."""

import re
import shutil
from pathlib import Path

import pytest

from accord.cli.main import run
from accord.testing import registry as serve

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
CHANGING = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|in \d+\.\d\d s")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    """Each command of the page and what it prints."""
    found = []
    for block in blocks("console"):
        for part in block.split("$ ")[1:]:
            command, _, printed = part.partition("\n")
            found.append((command, printed))
    return found


@pytest.mark.soak
def test_the_commands_of_the_page_print_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    project = shutil.copytree(ROOT / "examples" / "orders", tmp_path / "orders")
    monkeypatch.chdir(project)
    [_, examples] = blocks("yaml")
    contract = Path("contracts/orders.created.odcs.yaml")
    contract.write_text(contract.read_text(encoding="utf-8") + examples, encoding="utf-8")
    [environment] = blocks("toml")
    with serve() as registry:
        settings = Path("accord.toml")
        told = environment.replace("http://127.0.0.1:8081", registry.url)
        settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{told}", encoding="utf-8")
        for command, printed in commands():
            name, *arguments = command.split()
            if name == "cp":
                shutil.copy(*arguments)
                continue
            run(arguments)
            out, err = capfd.readouterr()
            assert plain(out + err, registry.url) == plain(printed, registry.url), command


def plain(printed: str, url: str) -> list[str]:
    """What is printed, but for moments and lengths of time, and what the registry itself logs."""
    lines = [CHANGING.sub("…", line) for line in printed.replace(url, "http://127.0.0.1:8081").splitlines()]
    return [line.rstrip() for line in lines if line.strip() and "accord.registry" not in line]


def test_the_page_has_commands() -> None:
    assert len(commands()) > 10
