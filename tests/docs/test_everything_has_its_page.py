"""Each command, flag, rule and exit code has its page."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from accord.cli.commands import COMMANDS
from accord.cli.main import EXIT_BUG, EXIT_INTERRUPTED, cli
from accord.contracts import catalogue
from accord.errors import AccordError
from accord.schemas import CompatibilityLevel

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
CLI_PAGE = (REFERENCE / "cli.md").read_text(encoding="utf-8")
EXIT_CODES = {0, 1, 2, 3, EXIT_BUG, EXIT_INTERRUPTED}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its whole name, groups among them."""
    with click.Context(cli, info_name="accord") as context:
        yield from _commands(context, cli, "accord")


def _commands(
    context: click.Context, command: click.Command, name: str
) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if not isinstance(command, click.Group):
        return
    for inner in command.list_commands(context):
        child = command.get_command(context, inner)
        assert child is not None, f"{name} {inner}"
        with click.Context(child, info_name=inner, parent=context) as below:
            yield from _commands(below, child, f"{name} {inner}")


EVERY = dict(commands())


def section_of(name: str) -> str:
    """What the page of the command line says of a command."""
    _, _, rest = CLI_PAGE.partition(f"## `{name}`\n")
    return rest.partition("\n## `")[0]


@pytest.mark.parametrize("name", EVERY)
def test_a_command_has_its_page(name: str) -> None:
    assert section_of(name), "run `make docs`"


@pytest.mark.parametrize("name", EVERY)
def test_a_flag_has_its_words_and_they_are_on_the_page(name: str) -> None:
    section = section_of(name)
    for parameter in EVERY[name].params:
        if not isinstance(parameter, click.Option) or parameter.hidden:
            continue
        flag = max(parameter.opts, key=len)
        assert parameter.help or name == "accord", f"{name} {flag} has no help"
        assert re.search(rf"(^|[ ,]){re.escape(flag)}\b", section, re.MULTILINE), (
            f"{name} {flag}: run `make docs`"
        )


@pytest.mark.parametrize("name", [name for name in EVERY if name != "accord"])
def test_a_command_says_what_it_does(name: str) -> None:
    told = EVERY[name].help or EVERY[name].short_help or ""
    assert told.strip().partition("\n")[0].rstrip().endswith((".", ":", ",")) or len(told.split()) > 3, name


def test_the_list_of_commands_says_what_each_does() -> None:
    assert [name for name, lazy in COMMANDS.items() if not lazy.summary.endswith(".")] == []


@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.id)
def test_a_rule_has_its_page_and_stands_in_the_list(entry: catalogue.Entry) -> None:
    assert (REFERENCE / "rules" / f"{entry.id}.md").is_file(), "run `make docs`"
    assert f"[{entry.id}](rules/{entry.id}.md)" in (REFERENCE / "rules.md").read_text(encoding="utf-8")


def test_the_id_of_a_rule_is_its_own() -> None:
    ids = [entry.id for entry in catalogue.entries()]
    assert sorted(ids) == sorted(set(ids))
    assert all(re.fullmatch(r"[A-Z]+(_[A-Z0-9]+)+", one) for one in ids)


def test_a_level_has_its_page() -> None:
    page = (REFERENCE / "compatibility-levels.md").read_text(encoding="utf-8")
    assert all(level.value in page for level in CompatibilityLevel)


def test_an_exit_code_has_its_page() -> None:
    [told] = re.findall(r"^Exit codes: (.*?)\n\n", CLI_PAGE, re.MULTILINE | re.DOTALL)
    assert {int(code) for code in re.findall(r"(?:^|· |·\n)(\d+) ", told)} == EXIT_CODES


def test_no_error_answers_with_another_exit_code() -> None:
    def below(kind: type[AccordError]) -> Iterator[type[AccordError]]:
        yield kind
        for inner in kind.__subclasses__():
            yield from below(inner)

    assert {kind.exit_code for kind in below(AccordError)} <= EXIT_CODES
