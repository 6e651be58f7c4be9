"""``accord lint``: what is questionable in schemas and contracts on their own."""

import difflib
import re
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from accord.cli.options import load_project, project_option
from accord.cli.output import Output, pass_output
from accord.cli.reporting import Reporting, deliver, report_options
from accord.cli.watching import watchable
from accord.contracts.allowance_rules import RULES as ALLOWANCE_RULES
from accord.contracts.exemptions import exempt
from accord.contracts.lint import Style, lint
from accord.contracts.lint.rules import RULES
from accord.contracts.lint.style import FIELD_NAMES, RECORD_NAMES, SYMBOL_NAMES, TOPIC_NAMES
from accord.contracts.loading.rules import RULES as LOADING_RULES
from accord.contracts.model import Project
from accord.errors import ConfigurationError
from accord.findings import Report

Command = TypeVar("Command", bound=Callable[..., Any])

_OWN_RULES: Final = frozenset(rule.id for rule in RULES)
_LOOKED_FOR: Final = _OWN_RULES | {rule.id for rule in LOADING_RULES}

LINT: Final = """\
Look at schemas and contracts on their own: names, documentation, null and defaults, logical types, personal data, and what
will be in the way of the next version.

Nothing is compared, and nothing but the files is looked at. What surely bites is an error; what is a matter of style or may
have its reasons is a warning or a remark. Exit code 1 if anything was found that counts.
"""


def _pattern(_: click.Context, parameter: click.Parameter, value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise click.BadParameter(f"{value!r} is no regular expression: {error}", param=parameter) from error
    return value


def _rules(_: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Rules, or what they begin with; several may stand in one text."""
    names = tuple(name.upper() for text in value for name in re.split(r"[,\s]+", text) if name)
    for name in names:
        if not any(rule.startswith(name) for rule in _OWN_RULES):
            near = difflib.get_close_matches(name, _OWN_RULES, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; `accord explain` lists all"
            raise click.BadParameter(f"no rule of lint begins with '{name}'{hint}", param=parameter)
    return names


def _names_option(what: str, default: str) -> Callable[[Command], Command]:
    return click.option(
        f"--{what}-names",
        metavar="REGEX",
        default=default,
        show_default=True,
        callback=_pattern,
        help=f"What the name of a {what} matches as a whole.",
    )


@click.command("lint", help=LINT)
@project_option
@click.option(
    "--select",
    metavar="RULE",
    multiple=True,
    callback=_rules,
    help="Look only for this rule, or for those that begin so; may be repeated.",
)
@click.option(
    "--ignore",
    metavar="RULE",
    multiple=True,
    callback=_rules,
    help="Do not look for this rule, or for those that begin so; may be repeated.",
)
@_names_option("record", RECORD_NAMES)
@_names_option("field", FIELD_NAMES)
@_names_option("symbol", SYMBOL_NAMES)
@_names_option("topic", TOPIC_NAMES)
@report_options
@pass_output
@watchable
def command(
    output: Output,
    *,
    project: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    record_names: str,
    field_names: str,
    symbol_names: str,
    topic_names: str,
    reporting: Reporting,
) -> int:
    """Look at schemas and contracts on their own."""
    started = time.perf_counter()
    style = Style(record_names, field_names, symbol_names, topic_names, select, ignore)
    loaded = load_project(project)
    if not loaded.schemas and not loaded.contracts and not loaded.findings:
        raise ConfigurationError(
            "there is no schema file and no contract to look at",
            hint="name the folder with --project, or begin with `accord init`",
        )
    return deliver(output, report_of(loaded, style, started), reporting)


def report_of(project: Project, style: Style, started: float) -> Report:
    """What is wrong with the files and questionable in them, with what the contracts accept for a while."""
    found = (*project.findings, *lint(project, style, known_rules=_known_rules(project)))
    looked_for = {*style.chosen_from(_OWN_RULES), *(_LOOKED_FOR - _OWN_RULES)}
    findings = exempt(found, project, datetime.now(UTC).date(), looked_for=looked_for)
    named = {finding.at.file for finding in findings if finding.at is not None}
    files = [file.source for file in project.schemas.values()]
    files += [contract.source for contract in project.contracts]
    return Report(
        "lint",
        checked_of(project),
        findings,
        seconds=time.perf_counter() - started,
        sources={file.path: file.text for file in files if file.path in named},
    )


def checked_of(project: Project) -> str:
    """How many files there are, in words."""
    schemas, contracts = len(project.schemas), len(project.contracts)
    told = f"{schemas} schema{'' if schemas == 1 else 's'}"
    return f"{told} and {contracts} contract{'' if contracts == 1 else 's'}" if contracts else told


def _known_rules(project: Project) -> Collection[str]:
    """The rules that an allowance may name."""
    if not any(contract.allowances for contract in project.contracts):
        return ()
    from accord.contracts.catalogue import entries  # noqa: PLC0415 -- it loads every package that has rules

    return {*(entry.id for entry in entries()), *(rule.id for rule in ALLOWANCE_RULES)}
