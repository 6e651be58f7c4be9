"""How commands that check something tell what they found: flags, formats, files and the exit code."""

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import click

from accord.cli import settings
from accord.cli.output import Output
from accord.errors import ConfigurationError

if TYPE_CHECKING:
    from accord.findings import Finding, Format, Report, RuleText

FailOn: TypeAlias = Literal["error", "warning", "never"]

_FORMATS: Final = ("text", "json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown")


@dataclass(frozen=True, slots=True)
class Reporting:
    """How a report is wanted. ``file`` is where it goes instead of to standard output."""

    format: "Format" = "text"
    file: Path | None = None
    fail_on: FailOn = "error"
    exit_zero: bool = False


_OPTIONS: Final = (
    click.option(
        "--format",
        type=click.Choice(_FORMATS),
        default="text",
        show_default=True,
        help="How findings are told. With github, the page of the job gets all of them.",
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the report to this file. [default: standard output]",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "never"]),
        default="error",
        show_default=True,
        help="From which severity on a finding turns the verdict, and with it the exit code.",
    ),
    click.option(
        "--exit-zero", is_flag=True, help="Answer exit code 0 also where findings turn the verdict."
    ),
)


def report_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the flags of a report; it receives them as ``reporting``, to be handed to ``deliver``."""

    @functools.wraps(command)
    def with_reporting(
        *args: object,
        format: "Format",
        output: Path | None,
        fail_on: FailOn,
        exit_zero: bool,
        **others: object,
    ) -> int:
        reporting = Reporting(format, output, fail_on, exit_zero)
        return command(*args, reporting=reporting, **others)

    for option in reversed(_OPTIONS):
        with_reporting = option(with_reporting)
    return with_reporting


def deliver(output: Output, report: "Report", reporting: Reporting) -> int:
    """Tell the report as it is wanted, and answer the exit code: 0 fine, 1 findings.

    In a workflow of GitHub, the format ``github`` also leaves the whole report on the page of the job.
    Raises ConfigurationError if a file cannot be written.
    """
    from accord.findings import Severity, render  # noqa: PLC0415 -- `accord --help` imports no findings

    fail_on = None if reporting.fail_on == "never" else Severity(reporting.fail_on)
    report = _from_here(replace(report, fail_on=fail_on))
    text = render(report, reporting.format, rules=_rules(report, reporting.format))
    if reporting.file is None:
        (output.findings if reporting.format == "text" else output.line)(text)
    else:
        _write(reporting.file, f"{text}\n")
        output.say(f"{report.summary}; {reporting.file} has it all")
    page = settings.github_job_summary()
    if reporting.format == "github" and page is not None:
        _write(page, f"{render(report, 'markdown')}\n", append=True)
    return 0 if report.ok or reporting.exit_zero else 1


def _from_here(report: "Report") -> "Report":
    """The report with its files named as from here, which is how editors and servers find them."""
    context = click.get_current_context(silent=True)
    if context is None or "project" not in context.params:
        return report
    from accord.cli.options import project_place  # noqa: PLC0415 -- it loads what reads contracts

    folder = Path(os.path.relpath(project_place(context.params["project"]).root)).as_posix()
    if folder == ".":
        return report
    return replace(
        report,
        findings=tuple(_moved(finding, folder) for finding in report.findings),
        sources={f"{folder}/{file}": text for file, text in report.sources.items()},
    )


def _moved(finding: "Finding", folder: str) -> "Finding":
    if finding.at is None:
        return finding
    return replace(finding, at=replace(finding.at, file=f"{folder}/{finding.at.file}"))


def _rules(report: "Report", format: "Format") -> "tuple[RuleText, ...]":
    if format != "sarif":
        return ()
    from accord.contracts.catalogue import texts_of  # noqa: PLC0415 -- it knows every rule, and takes its time

    return texts_of(report.findings)


def _write(file: Path, text: str, *, append: bool = False) -> None:
    try:
        with file.open("a" if append else "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be written: {error.strerror}", hint="name a file that this user may write"
        ) from error
