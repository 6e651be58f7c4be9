"""``accord readers``: who reads what, as services claim it and their programs are seen doing it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import click

from accord.cli import completing
from accord.cli.options import (
    ProjectPlace,
    env_option,
    environment,
    project_option,
    project_place,
    registry_option,
)
from accord.cli.output import Output, format_option, pass_output
from accord.cli.reporting import Reporting, deliver, report_options
from accord.client import ReaderReport, Registry, ReportsUnsupported
from accord.client.reports import ReaderOrigin
from accord.contracts import claims
from accord.contracts.exemptions import exempt
from accord.contracts.model import Claim, Project
from accord.contracts.readers.rules import RULES
from accord.errors import ConfigurationError
from accord.findings import Finding, Report, Severity
from accord.findings.report import counted
from accord.findings.visible import visible

_MOST_FIELDS: Final = 6

subject_option = click.option(
    "--subject",
    metavar="NAME",
    shell_complete=completing.subjects,
    help="Only those who read this subject.",
)
origin_option = click.option(
    "--origin",
    type=click.Choice(["claim", "observed"]),
    help="Only what services claim themselves, or only what their programs were seen doing.",
)


@click.group("readers")
def command() -> None:
    """Know who reads what, so that a check of a new schema can say who is hit.

    A service claims what it reads in consumers/*.yaml of its own repository; programs that use Accord's consumers are
    observed when they start. Both are kept in the registry.
    """


@command.command("publish")
@project_option
@env_option
@registry_option
@click.option(
    "--version", default="", metavar="VERSION", help="The service's own version, to be told with the claims."
)
@click.option(
    "--prune", is_flag=True, help="Also forget what the same services claimed before and claim no longer."
)
@report_options
@pass_output
def publish_command(
    output: Output,
    *,
    project: Path | None,
    env: str | None,
    registry: str | None,
    version: str,
    reporting: Reporting,
    prune: bool,
) -> int:
    """Tell the registry what the claims of this project say, unless something is wrong with one of them.

    A field that the newest registered version does not have is such a finding. Nothing is published where one counts.
    """
    place = project_place(project)
    said = place.load()
    _require_claims(said, place)
    with _asked(env, registry, project) as client:
        found = (*said.findings, *claims.outdated(said.claims, client))
        own = {rule.id for rule in RULES}
        findings = exempt(found, said, datetime.now(UTC).date(), looked_for=own)
        notes: tuple[str, ...] = ("nothing was published",)
        if not _refused(findings, reporting):
            notes = tuple(_published(said.claims, client, version, prune=prune))
    checked = f"{counted(len(said.claims), 'claim')} against {client.url}"
    return deliver(output, Report("readers publish", checked, findings, notes), reporting)


@command.command("list")
@env_option
@registry_option
@subject_option
@click.option("--service", metavar="NAME", help="Only what this service reads.")
@origin_option
@format_option
@pass_output
def list_command(
    output: Output,
    *,
    env: str | None,
    registry: str | None,
    subject: str | None,
    service: str | None,
    origin: ReaderOrigin | None,
    format: Literal["text", "json"],
) -> None:
    """List who reads what, and when the registry was last told so."""
    with _asked(env, registry, None) as client:
        found = client.readers(subject=subject, service=service, origin=origin)
    found.sort(key=lambda one: (one.service, one.subject, one.origin))
    if format == "json":
        output.json([_document(one) for one in found])
    elif found:
        output.table(
            ["service", "subject", "fields", "origin", "groups", "last told"], [_row(one) for one in found]
        )
    else:
        output.say("nobody is known to read it" if subject or service or origin else "no reader is known")


@command.command("forget")
@env_option
@registry_option
@click.option("--service", metavar="NAME", required=True, help="The service that reads it no longer.")
@subject_option
@origin_option
@pass_output
def forget_command(
    output: Output,
    *,
    env: str | None,
    registry: str | None,
    service: str,
    subject: str | None,
    origin: ReaderOrigin | None,
) -> None:
    """Let the registry forget what a service reads: one that is gone, or that reads a subject no longer.

    A program that is still running is observed again when it starts the next time.
    """
    with _asked(env, registry, None) as client:
        found = client.readers(subject=subject, service=service, origin=origin)
        if not found:
            raise ConfigurationError(
                f"the registry knows of no such reader '{service}'",
                hint="`accord readers list` shows those that it knows",
            )
        for one in found:
            client.forget_report(one)
            output.good(visible(f"forgot that {one.service} reads {one.subject} ({one.origin})"))


@contextmanager
def _asked(env: str | None, registry: str | None, project: Path | None) -> Iterator[Registry]:
    """The registry that is meant. Raises ReportsUnsupported, which says at which address."""
    with environment(env, registry, project=project).registry() as client:
        try:
            yield client
        except ReportsUnsupported as error:
            raise ReportsUnsupported(
                f"{client.url}: {error.message}", error_code=error.error_code, hint=error.hint
            ) from error


def _require_claims(project: Project, place: ProjectPlace) -> None:
    if not project.claims and not project.findings:
        raise ConfigurationError(
            f"there is no claim in {place.root}",
            hint="write what the service reads to consumers/<service>.yaml; docs/readers.md shows how",
        )


def _refused(findings: Sequence[Finding], reporting: Reporting) -> bool:
    counting = {Severity.ERROR, Severity.WARNING} if reporting.fail_on == "warning" else {Severity.ERROR}
    return any(finding.severity in counting and finding.exemption is None for finding in findings)


def _published(said: Sequence[Claim], client: Registry, version: str, *, prune: bool) -> Iterator[str]:
    """Publish the claims; gives a line about each."""
    for report in claims.publish(said, client, version=version):
        yield f"published: {report.service} reads {_fields(report)} of {report.subject}"
    for report in claims.left_over(said, client):
        if prune:
            client.forget_report(report)
            yield f"forgotten: {report.service} claimed to read {report.subject}"
        else:
            yield (
                f"{report.service} claimed before to read {report.subject}, which no file says now; "
                "--prune lets the registry forget it"
            )


def _row(report: ReaderReport) -> list[str]:
    cells = (
        report.service,
        report.subject,
        _fields(report),
        report.origin,
        ", ".join(report.groups),
        _told(report).replace("T", " ").removesuffix("Z"),
    )
    # Anybody may have reported it, under any name.
    return [visible(cell) for cell in cells]


def _fields(report: ReaderReport) -> str:
    if report.fields is None:
        return "every field"
    named = ", ".join(report.fields[:_MOST_FIELDS])
    more = len(report.fields) - _MOST_FIELDS
    return (f"{named} and {more} more" if more > 0 else named) or "no field"


def _told(report: ReaderReport) -> str:
    """When it was reported last, in UTC; "" where the registry does not say."""
    if report.reported_at_ms is None:
        return ""
    try:
        moment = datetime.fromtimestamp(report.reported_at_ms / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        # No calendar has that day.
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _document(report: ReaderReport) -> dict[str, object]:
    return {
        "service": report.service,
        "subject": report.subject,
        "fields": None if report.fields is None else list(report.fields),
        "origin": report.origin,
        "groups": list(report.groups),
        "versions": report.versions,
        "contract": report.contract,
        "version": report.version,
        "reportedAt": _told(report),
    }
