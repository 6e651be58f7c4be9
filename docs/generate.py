"""Write the reference pages that are made from the code: ``python docs/generate.py [FOLDER]``.

A test compares the committed pages with what this writes, so they cannot fall behind.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from accord.cli.main import cli
from accord.contracts import catalogue as contract_rules
from accord.registry.http.app import operations_of
from accord.registry.http.errors import CODES
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.rest_page import rest_page
from accord.registry.log.memory import in_memory
from accord.registry.node import RegistryNode
from accord.schemas import catalogue
from accord.schemas.level_page import levels_page
from accord.schemas.pages import to_markdown
from accord.transfer import doctor

REFERENCE = Path(__file__).parent / "reference"
MADE = "<!-- Made by `make docs`; change the code instead. -->\n"


def main() -> None:
    """Write every page into the folder that was named, or docs/reference."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REFERENCE
    for name, text in pages().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Every page that is made from the code, by its path in the folder."""
    return {
        "cli.md": cli_page(),
        "rules.md": rules_page(),
        "compatibility-levels.md": levels(),
        "rest-api.md": rest_api(),
        **rule_pages(),
    }


def cli_page() -> str:
    """The command line, as its own help tells it."""
    parts = [MADE, "# Command line\n", EXIT_CODES]
    with click.Context(cli, info_name="accord", terminal_width=100) as root:
        for path, text in _commands(root, cli, ("accord",)):
            parts.append(f"## `{' '.join(path)}`\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def _commands(
    context: click.Context, command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    yield path, command.get_help(context)
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        if child is not None:
            with click.Context(child, info_name=name, parent=context, terminal_width=100) as inner:
                yield from _commands(inner, child, (*path, name))


EXIT_CODES = """\
Every option is a setting: a flag wins over the environment (`ACCORD_SERVE_PORT` for `accord serve --port`), the
environment over `accord.toml` (`port` under `[serve]`), the file over the default. `accord config show` lists them all.

Exit codes: 0 fine · 1 findings · 2 usage or configuration · 3 could not check (unreachable, not allowed) ·
4 a fault in Accord (a report is left) · 130 interrupted.
"""


def rules_page() -> str:
    """Every rule that a check may report, with a link to its page."""
    parts = [MADE, "# Rules\n"]
    for words, rules in (
        (RULES, catalogue.RULES),
        (CONTRACT_RULES, contract_rules.RULES),
        (LOG_RULES, doctor.RULES),
    ):
        rows = (f"| [{rule.id}](rules/{rule.id}.md) | {rule.severity} | {rule.purpose} |" for rule in rules)
        parts += [words, "| rule | severity | in short |", "| --- | --- | --- |", *rows, ""]
    return "\n".join(parts)


RULES = """\
What a check of schemas may report. An error refuses a schema; a warning tells of what is compatible and questionable
all the same, and refuses it only where a strict check was asked for. What is marked info is good to know, and refuses
nothing. `accord explain RULE` prints the page of a rule.
"""

CONTRACT_RULES = """\
## What is found in the files of a project

These are about contracts, schema files on their own, what is made of them, and what they meet in a cluster: `accord lint`,
`accord check`, `accord plan`, `accord drift`, `accord test` and their like report them. See [Lint](../lint.md).
"""

LOG_RULES = """\
## What `accord registry doctor` looks for

These are about the records that a registry is made of. See [Moving a registry](../moving.md).
"""


def rule_pages() -> dict[str, str]:
    """The page of each rule."""
    every = [entry.page for entry in contract_rules.entries()]
    return {f"rules/{page.title}.md": f"{MADE}\n{to_markdown(page)}" for page in every}


def levels() -> str:
    """The compatibility levels."""
    return f"{MADE}\n{to_markdown(levels_page())}"


def rest_api() -> str:
    """What the registry's REST API takes and answers."""
    node = RegistryNode(in_memory(), now_ms=lambda: 0)
    return "\n".join([MADE, rest_page(operations_of(node, RegistryMetrics(node.state)), CODES)])


if __name__ == "__main__":
    main()
