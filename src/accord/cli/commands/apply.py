"""``accord apply``: make cluster and registry what Git says, or what a saved plan says."""

import sys
from pathlib import Path
from typing import Final

import click

from accord.cli.agreeing import require_agreement
from accord.cli.commands.plan import choice_options, choices, opened, planned, show
from accord.cli.options import environment, environment_options, load_project, project_option
from accord.cli.output import Output, pass_output
from accord.contracts.plan.applying import apply_plan
from accord.contracts.plan.ports import World
from accord.contracts.plan.rendering import step_line
from accord.contracts.plan.saved import SavedPlan, read_plan, saved
from accord.contracts.plan.seeing import await_seen
from accord.contracts.plan.steps import Step
from accord.errors import AccordError, ConfigurationError

APPLY: Final = """\
Make cluster and registry what Git says.

Without a file: plan, show the plan, ask, and apply it; without a terminal, --yes is the answer. With the FILE that
`accord plan --output` made: apply exactly that, or nothing if cluster or registry changed meanwhile, or somebody edited it.

Steps are done in order, and each is told. What is interrupted can be run again: the rest is planned and done. Whatever is
deleted asks for its name; without a terminal, --confirm gives it.

Exit code 1 if the plan is refused or no longer holds.
"""


@click.command("apply", help=APPLY)
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@project_option
@environment_options
@choice_options
@click.option("--yes", is_flag=True, help="Apply without being asked.")
@click.option(
    "--confirm",
    multiple=True,
    metavar="NAME",
    help="The name of something that is deleted, instead of typing it. Say it once for each.",
)
@pass_output
def command(
    terminal: Output,
    *,
    file: Path | None,
    project: Path | None,
    env: str | None,
    registry: str | None,
    kafka: str | None,
    kafka_config: Path | None,
    allow_delete: bool,
    acls: str,
    yes: bool,
    confirm: tuple[str, ...],
) -> int:
    """Make cluster and registry what Git says."""
    place = environment(env, registry, kafka, kafka_config, project=project)
    with opened(place) as world:
        if file is not None:
            plan = read_plan(file.read_bytes(), name=str(file))
            terminal.line("\n".join(step_line(step) for step in plan.steps) or "Nothing to do.")
        else:
            wanted = choices(allow_delete=allow_delete, acls=acls)
            made = planned(terminal, load_project(project), world, wanted)
            show(terminal, made, "text")
            if made.refused:
                return 1
            plan = saved(made)
        if not plan.steps:
            return 0
        # A saved plan was agreed to when somebody chose to apply it.
        _ask(plan, yes=yes or file is not None, confirmed=confirm)
        _apply(terminal, plan, world)
    return 0


def _ask(plan: SavedPlan, *, yes: bool, confirmed: tuple[str, ...]) -> None:
    """Let somebody agree, and type what is lost. Raises ConfigurationError without a terminal, and NotAgreed."""
    is_terminal = sys.stdin.isatty()
    missing = [name for name in plan.names_to_confirm if name not in confirmed]
    if missing and not is_terminal:
        raise ConfigurationError(
            f"this deletes something of {', '.join(missing)}, and nobody is here to type the name",
            hint=" ".join(f"--confirm {name}" for name in missing),
        )
    for name in missing:
        typed = click.prompt(f"This deletes something of '{name}'. Type its name", err=True)
        if typed != name:
            raise ConfigurationError(
                f"'{typed}' is not '{name}'", hint="nothing was changed; run it again to type the name"
            )
    if yes or missing:
        return
    if not is_terminal:
        raise ConfigurationError(
            "nobody is here to agree to the plan", hint="give --yes, or save the plan and apply the file"
        )
    require_agreement("Apply this?")


def _apply(terminal: Output, plan: SavedPlan, world: World) -> None:
    done: list[Step] = []

    def report(step: Step) -> None:
        done.append(step)
        terminal.good(step_line(step).strip())

    try:
        apply_plan(plan, world, report=report)
    except (AccordError, KeyboardInterrupt):
        if done:
            terminal.bad(f"{len(done)} of {len(plan.steps)} steps are done; run it again for the rest")
        raise
    with terminal.working("waiting until every broker tells of it"):
        unseen = await_seen(plan, world)
    if unseen:
        names = ", ".join(dict.fromkeys(step.name for step in unseen))
        terminal.warn(
            f"not every broker tells of {names} yet: a plan made right now may still see what was before"
        )
    terminal.say(
        f"{len(done)} step{'s' * (len(done) != 1)} done: {' and '.join(plan.addresses)} are what Git says"
    )
