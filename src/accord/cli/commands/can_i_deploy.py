"""``accord can-i-deploy``: whether a version of a service gets along with what runs in an environment."""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from accord.cli.deploying import target
from accord.cli.options import kafka_option, load_project, project_option, registry_option
from accord.cli.output import Output, pass_output
from accord.cli.reporting import Reporting, deliver, report_options
from accord.client import DeploymentReport, Registry
from accord.contracts.carried import Carried, carried_schemas
from accord.contracts.deployments import (
    Answer,
    can_i_deploy,
    deployment_of,
    recorded_deployment,
    situation,
)
from accord.contracts.deployments.recording import require_something
from accord.contracts.exemptions import exempt
from accord.contracts.model import Project
from accord.contracts.topics import topic_of
from accord.findings import Report, Severity
from accord.findings.report import counted
from accord.kafka import KafkaSettings, TopicNotFound


@click.command("can-i-deploy")
@click.option("--service", required=True, metavar="NAME", help="What is to be deployed.")
@click.option(
    "--version",
    metavar="VERSION",
    help="Its version. One that was recorded is taken from there, not from the project.",
)
@click.option("--to", required=True, metavar="ENVIRONMENT", help="Where to.")
@click.option(
    "--writes",
    multiple=True,
    metavar="SUBJECT",
    help="A subject that it writes to, beside those of its roles; may be repeated.",
)
@project_option
@registry_option
@kafka_option
@report_options
@pass_output
def command(
    output: Output,
    *,
    service: str,
    version: str | None,
    to: str,
    writes: tuple[str, ...],
    project: Path | None,
    registry: str | None,
    kafka: str | None,
    kafka_config: Path | None,
    reporting: Reporting,
) -> int:
    """Tell whether a version of a service may be deployed to an environment, and why.

    As a reader it has to read what everybody writes who runs there (`accord record-deployment`), as a writer it has to be
    read by everybody who runs there or was observed. Published contract tests (`accord test --publish`) decide where there
    are some; else the schemas are compared, narrowed to the fields that are read. Older registered versions are warned
    about; with a Kafka cluster it is looked whether records of them are there. What is not known is no yes. Where nothing
    runs yet, everything may be deployed. Exit code 1 if it may not.
    """
    started = time.monotonic()
    files = load_project(project)
    place = target(to, registry, kafka, kafka_config, project=project)
    with place.registry() as client:
        candidate = _candidate(service, version, to, writes=writes, project=files, registry=client)
        carried = {} if kafka is None and kafka_config is None else _carried(candidate, files, place.kafka())
        subjects = {read.subject for read in candidate.reads} | {write.subject for write in candidate.writes}
        there = situation(client, to, project=files, carried=carried, subjects=sorted(subjects))
        answer = can_i_deploy(candidate, there)
    findings = exempt(answer.findings, files, dt.datetime.now(dt.UTC).date(), looked_for=())
    may = all(one.exemption is not None or one.severity is not Severity.ERROR for one in findings)
    report = Report(
        "can-i-deploy",
        f"{counted(len(answer.pairs), 'pair')} of {service} {candidate.version} in {to}".replace("  ", " "),
        findings,
        _notes(answer, may=may),
        time.monotonic() - started,
        details=_details(answer, may=may),
    )
    return deliver(output, report, reporting)


def _candidate(
    service: str,
    version: str | None,
    to: str,
    *,
    writes: tuple[str, ...],
    project: Project,
    registry: Registry,
) -> DeploymentReport:
    """What is to be deployed: as it was recorded elsewhere, else as the project tells it."""
    if version is not None and not writes:
        recorded = recorded_deployment(registry.deployments(service=service), service, version)
        if recorded is not None:
            return recorded
    candidate = deployment_of(service, version or "", to, project=project, registry=registry, writes=writes)
    require_something(candidate)
    return candidate


def _carried(candidate: DeploymentReport, project: Project, kafka: KafkaSettings) -> Mapping[str, Carried]:
    found = {}
    for read in candidate.reads:
        try:
            found[read.subject] = carried_schemas(kafka, topic_of(read.subject, project))
        except TopicNotFound:
            found[read.subject] = Carried()
    return found


def _details(answer: Answer, *, may: bool) -> Mapping[str, object]:
    return {
        "service": answer.service,
        "version": answer.version,
        "environment": answer.environment,
        "may": may,
        "pairs": [asdict(pair) for pair in answer.pairs],
    }


def _notes(answer: Answer, *, may: bool) -> tuple[str, ...]:
    verdict = "may" if may else "may not"
    named = f"{answer.service} {answer.version}".rstrip()
    fine = [
        f"{pair.consumer} reads what {pair.provider} writes to {pair.subject}: {pair.why} ({pair.evidence})"
        for pair in answer.pairs
        if pair.verdict == "yes"
    ]
    return (*fine, *answer.notes, f"{named} {verdict} be deployed to {answer.environment}")
