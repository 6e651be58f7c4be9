"""``accord drift``: whether cluster and registry still are what Git says."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from accord.cli.commands.plan import opened
from accord.cli.options import environment, environment_options, load_project, project_option
from accord.cli.output import Output, pass_output
from accord.cli.reporting import Reporting, deliver, report_options
from accord.contracts.exemptions import exempt
from accord.contracts.plan.drift import find_drift
from accord.contracts.plan.rules import DRIFT
from accord.errors import ConfigurationError
from accord.findings import Report

DRIFTED: Final = """\
Tell where cluster and registry are not what Git says.

For a job that runs by the clock: every topic, setting, ACL, schema and compatibility level that was changed outside of Git
is a finding, and so is what belongs to the project and is in no contract.

Exit code 1 if anything was found.
"""


@click.command("drift", help=DRIFTED)
@project_option
@environment_options
@report_options
@pass_output
def command(
    terminal: Output,
    *,
    project: Path | None,
    env: str | None,
    registry: str | None,
    kafka: str | None,
    kafka_config: Path | None,
    reporting: Reporting,
) -> int:
    """Tell where cluster and registry are not what Git says."""
    started = time.perf_counter()
    loaded = load_project(project)
    if not loaded.contracts and not loaded.schemas and not loaded.findings:
        raise ConfigurationError(
            "there is no schema file and no contract to compare with",
            hint="name the folder with --project, or begin with `accord init`",
        )
    with opened(environment(env, registry, kafka, kafka_config, project=project)) as world:
        found = (*loaded.findings, *find_drift(loaded, world))
        addresses = [world.kafka.address] if world.kafka else []
        addresses += [world.registry.url] if world.registry else []
    findings = exempt(found, loaded, datetime.now(UTC).date(), looked_for=[rule.id for rule in DRIFT])
    count = len(loaded.contracts)
    checked = f"{count} contract{'s' * (count != 1)} against {' and '.join(addresses)}"
    report = Report("drift", checked, findings, seconds=time.perf_counter() - started)
    return deliver(terminal, report, reporting)
