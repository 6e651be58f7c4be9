"""``accord plan``: what would have to be done, so that cluster and registry are what Git says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from accord.cli.options import Environment, environment, environment_options, load_project, project_option
from accord.cli.output import Output, format_option, pass_output
from accord.contracts.model import Project
from accord.contracts.plan.changes import Choices
from accord.contracts.plan.cluster import KafkaCluster
from accord.contracts.plan.planning import Plan, make_plan
from accord.contracts.plan.ports import World
from accord.contracts.plan.rendering import to_document, to_lines
from accord.contracts.plan.saved import saved, write_plan
from accord.errors import ConfigurationError

CHANGES_PENDING: Final = 5

Command = TypeVar("Command", bound=Callable[..., Any])

PLAN: Final = """\
Show what has to be done so that cluster and registry are what Git says.

The files of the project are compared with what is there: topics with their partitions and settings, dead letter and retry
topics, ACLs, schemas and compatibility levels. Nothing is changed, and nothing is remembered: there is no state file.

\b
  +    something new              -    something that no contract names, with --allow-delete
  ~    a change                   -/+  deleted and made anew, with --allow-delete

If any part is refused, nothing can be applied, and all reasons are told at once: a schema that breaks a reader, a file that
cannot be read, what the brokers would not take, what only Kafka's own tools can do (with the command to run).

With --output the plan is kept in a file, and `accord apply FILE` does exactly that or nothing.

Exit code 1 if the plan is refused. With --detailed-exitcode it is 0 where there is nothing to do, and 5 where there is.
"""


def choice_options(command: Command) -> Command:
    """``--allow-delete`` and ``--acls``."""
    acls = click.option(
        "--acls",
        type=click.Choice(["auto", "require"]),
        default="auto",
        show_default=True,
        help="Where the brokers have no authorizer: skip the ACLs and say so, or refuse.",
    )
    delete = click.option(
        "--allow-delete",
        is_flag=True,
        help="Delete what belongs to the project and is in no contract: topics, subjects, ACLs, settings of topics.",
    )
    return delete(acls(command))


@click.command("plan", help=PLAN)
@project_option
@environment_options
@choice_options
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the plan in this file, for `accord apply FILE`.",
)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Answer exit code 5 where there is something to do, and 0 where there is not.",
)
@format_option
@pass_output
def command(
    terminal: Output,
    *,
    project: Path | None,
    env: str | None,
    registry: str | None,
    kafka: str | None,
    kafka_config: Path | None,
    allow_delete: bool,
    acls: str,
    output: Path | None,
    detailed_exitcode: bool,
    format: str,
) -> int:
    """Show what has to be done."""
    loaded = load_project(project)
    place = environment(env, registry, kafka, kafka_config, project=project)
    with opened(place) as world:
        plan = planned(terminal, loaded, world, choices(allow_delete=allow_delete, acls=acls))
    show(terminal, plan, format)
    if plan.refused:
        if output is not None:
            terminal.bad(f"{output} is not written: the plan is refused")
        return 1
    if output is not None:
        _keep(terminal, plan, output)
    return CHANGES_PENDING if detailed_exitcode and plan.steps else 0


def choices(*, allow_delete: bool, acls: str) -> Choices:
    """What the flags say."""
    return Choices(allow_delete=allow_delete, require_acls=acls == "require")


@contextmanager
def opened(place: Environment) -> Iterator[World]:
    """The world that flags and environment name; what is missing is told when it is needed."""
    cluster = KafkaCluster(place.kafka()) if place.kafka_servers else None
    if place.registry_url is None:
        yield World(cluster, None)
        return
    with place.registry() as registry:
        yield World(cluster, registry)


def planned(terminal: Output, project: Project, world: World, wanted: Choices) -> Plan:
    """The plan of today."""
    with terminal.working("comparing Git with what is there"):
        return make_plan(project, world, today=datetime.now(UTC).date(), choices=wanted)


def show(terminal: Output, plan: Plan, format: str) -> None:
    """The plan as people or programs read it."""
    if format == "json":
        terminal.json(to_document(plan))
    else:
        terminal.line("\n".join(to_lines(plan)))


def _keep(terminal: Output, plan: Plan, file: Path) -> None:
    try:
        file.write_bytes(write_plan(saved(plan)))
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be written: {error.strerror}", hint="name a file that this user may write"
        ) from error
    terminal.good(f"the plan is in {file}; accord apply {file} does exactly this")
