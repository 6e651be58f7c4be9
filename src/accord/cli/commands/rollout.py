"""``accord rollout``: a new schema on its way into an environment, step by step, and back."""

import sys
import time
from pathlib import Path
from typing import Final

import click
import msgspec

from accord.cli import completing
from accord.cli.agreeing import require_agreement
from accord.cli.deploying import target
from accord.cli.options import (
    Environment,
    env_option,
    kafka_option,
    load_project,
    project_option,
    registry_option,
)
from accord.cli.output import Output, format_option, pass_output
from accord.client import Registry, RolloutReport
from accord.contracts.carried import RECORDS
from accord.contracts.model import Project, SchemaFile
from accord.contracts.rollout import (
    BACK,
    FORWARD,
    KafkaTopics,
    Rollouts,
    World,
    is_over,
    next_step,
    runbook,
    steps_of,
)
from accord.contracts.rollout.clock import registry_clock
from accord.contracts.rollout.forward import Choices
from accord.errors import ConfigurationError
from accord.schemas import Subject

STATUS: Final = "status"
LOOK_EVERY_S: Final = 10.0
CHANGING: Final = frozenset({"register", "version back"})

HELP: Final = """\
Roll a new schema out: check, register, tell who is deployed in which order, and watch until it is everywhere.

TARGET is a contract, a subject or a topic of the project; `accord rollout status` lists what was rolled out and how far it
is. Each step is recorded in the registry: stop it at any time, and run the same command again, here or elsewhere, to go on.

\b
  check       the schema against what its level asks for, and who is hit
  register    make it a version
  order       who moves first, by both schemas and by the readers that are there
  consumers   wait until every reader there reads the new records
  producers   wait until everybody there who writes the topic writes them
  settle      wait until consumer groups have caught up and no dead letter comes (with a Kafka cluster)

\b
With --roll-back, whatever step it is at:
  consumers back   what ran before runs again
  producers back   the same for who writes
  version back     hide the version; with --erase delete it for good, if no record carries it

What runs where is what `accord record-deployment` was told, and which readers were observed. Exit code 0 once it is done, or
at the step of --until; 1 while it waits or where it is refused.
"""


@click.command("rollout", help=HELP)
@click.argument("target_", metavar="TARGET|status", shell_complete=completing.contracts)
@env_option
@click.option(
    "--until", type=click.Choice([*FORWARD, *BACK]), metavar="STEP", help="Stop when this step is done."
)
@click.option("--roll-back", is_flag=True, help="Go back.")
@click.option("--dry-run", is_flag=True, help="Print the runbook, and do nothing.")
@click.option(
    "--yes", is_flag=True, help="Ask nothing before the registry is changed; needed without a terminal."
)
@click.option(
    "--wait",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="SECONDS",
    help="How long to look again while a step waits.",
)
@click.option(
    "--max-lag",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    metavar="RECORDS",
    help="How far behind a group may be at the end.",
)
@click.option("--accept-dead-letters", is_flag=True, help="Finish although dead letters came meanwhile.")
@click.option(
    "--erase", metavar="SUBJECT", help="Delete the version for good on the way back: type the subject's name."
)
@click.option(
    "--scan",
    type=click.IntRange(min=1),
    default=RECORDS,
    show_default=True,
    metavar="RECORDS",
    help="How many records of a topic are looked at for the version.",
)
@project_option
@registry_option
@kafka_option
@format_option
@pass_output
def command(
    output: Output,
    *,
    target_: str,
    env: str | None,
    until: str | None,
    roll_back: bool,
    dry_run: bool,
    yes: bool,
    wait: int,
    max_lag: int,
    accept_dead_letters: bool,
    erase: str | None,
    scan: int,
    project: Path | None,
    registry: str | None,
    kafka: str | None,
    kafka_config: Path | None,
    format: str,
) -> int:
    """Roll a new schema out, or back."""
    place = target(env, registry, kafka, kafka_config, project=project)
    with place.registry() as client:
        if target_ == STATUS:
            return _status(output, client, env, format)
        files = load_project(project)
        file = _file(files, target_)
        choices = Choices(max_lag, accept_dead_letters, _is_named(erase, file.subject))
        rollouts = Rollouts(_world(client, place, scan), files, file, _named(place))
        if dry_run:
            return _dry_run(output, rollouts, file, place.name, format)
        walk = _Walk(output, rollouts, choices, is_sure=yes, until=until, wait_s=wait)
        rollout = walk.to_the_end(rollouts.turn_back(choices) if roll_back else rollouts.begin())
    if format == "json":
        output.json(msgspec.to_builtins(rollout))
    return 0 if walk.arrived else 1


def _named(place: Environment) -> str:
    if not place.name:
        raise ConfigurationError(
            "no environment is named", hint="say --env NAME, as deployments are recorded"
        )
    return place.name


def _is_named(erase: str | None, subject: str) -> bool:
    """Whether the version is to be erased: the name of its subject has to be typed."""
    if erase not in {None, subject}:
        raise ConfigurationError(
            f"--erase says {erase}, and this is {subject}",
            hint="type the name of the subject, or leave it out",
        )
    return erase is not None


def _world(client: Registry, place: Environment, scan: int) -> World:
    topics = KafkaTopics(place.kafka(), scan=scan) if place.kafka_servers is not None else None
    return World(client, registry_clock(client), topics)


class _Walk:
    """One run of the command over as many steps as it can take."""

    def __init__(
        self,
        output: Output,
        rollouts: Rollouts,
        choices: Choices,
        *,
        is_sure: bool,
        until: str | None,
        wait_s: int,
    ) -> None:
        self._output = output
        self._rollouts = rollouts
        self._choices = choices
        self._is_sure = is_sure
        self._until = until
        self._deadline = time.monotonic() + wait_s
        self.arrived = False

    def to_the_end(self, rollout: RolloutReport) -> RolloutReport:
        """Take step after step; answers how far it came."""
        done = {step.name for step in rollout.steps if step.state == "done"} & set(steps_of(rollout))
        self.arrived = self._until in done
        if done:
            self._output.say(
                f"{rollout.id} goes on: {', '.join(sorted(done, key=steps_of(rollout).index))} done"
            )
        told = ""
        while not self.arrived and (name := next_step(rollout)) is not None:
            self._confirm(rollout, name)
            rollout = self._rollouts.step(rollout, self._choices)
            [step] = [one for one in rollout.steps if one.name == name]
            line = f"{name}: {step.detail}"
            if step.state == "done":
                self._output.good(line)
                self.arrived = name == self._until
                continue
            if step.state == "refused":
                self._output.bad(line)
            elif line != told:
                self._output.say(f"… {line}")
            if step.state == "refused" or time.monotonic() >= self._deadline:
                self._output.say(f"{rollout.id} stands at '{name}': run the same command again to go on")
                return rollout
            told = line
            time.sleep(min(LOOK_EVERY_S, max(0.0, self._deadline - time.monotonic())))
        self.arrived = True
        if is_over(rollout):
            self._output.good(f"{rollout.id} is {rollout.state}")
        return rollout

    def _confirm(self, rollout: RolloutReport, name: str) -> None:
        if self._is_sure or name not in CHANGING:
            return
        if not sys.stdin.isatty():
            raise ConfigurationError(
                f"'{name}' changes the registry, and nobody can be asked",
                hint="say --yes, or stop earlier with --until",
            )
        what = (
            f"register a new version of {rollout.subject}"
            if name == "register"
            else f"take version {rollout.version} back"
        )
        require_agreement(f"{name}: {what}?")
        self._is_sure = True


def _status(output: Output, client: Registry, env: str | None, format: str) -> int:
    known = [one for one in client.rollouts() if env in {None, one.environment}]
    known.sort(key=lambda one: one.began_at_ms or 0)
    if format == "json":
        output.json([msgspec.to_builtins(one) for one in known])
        return 0
    if not known:
        output.say(f"nothing was rolled out{'' if env is None else f' to {env}'}")
    for one in known:
        output.line(f"{one.id}: {one.state}{'' if is_over(one) else f', at {next_step(one)!r}'}")
        for step in one.steps:
            output.line(f"  {step.at}  {step.name}: {step.state}: {step.detail}")
    return 0


def _file(project: Project, named: str) -> SchemaFile:
    """The schema that is meant. Raises ConfigurationError."""
    for subject in (named, f"{named}-value"):
        if (found := project.schemas.get(Subject(subject))) is not None:
            return found
    files = [
        event.schema
        for contract in project.contracts
        if named in {contract.id, contract.topic}
        for event in contract.events
    ]
    if len(files) == 1:
        return files[0]
    names = ", ".join(file.subject for file in files) or ", ".join(project.schemas) or "none"
    raise ConfigurationError(
        f"{named} is {'several subjects' if files else 'no contract, subject or topic of the project'}",
        hint=f"name one: {names}",
    )


def _dry_run(output: Output, rollouts: Rollouts, file: SchemaFile, env: str, format: str) -> int:
    checked, decided, facts = rollouts.preview()
    lines = list(runbook(file.subject, env, checked=checked, decided=decided, facts=facts))
    if format == "json":
        output.json(
            {
                "subject": file.subject,
                "environment": env,
                "check": {"state": checked.state, "detail": checked.detail},
                "order": {"order": decided.order, "detail": decided.why},
                "readers": [msgspec.to_builtins(one) for one in facts.readers],
                "writers": [msgspec.to_builtins(one) for one in facts.writers],
                "groups": facts.groups,
                "runbook": lines,
            }
        )
    else:
        for line in lines:
            output.line(line)
    return int(checked.state == "refused")
