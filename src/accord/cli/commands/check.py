"""``accord check``: every schema and contract of a project against what was there before, and who is hit."""

import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from accord.cli import settings
from accord.cli.options import Environment, environment, environment_options, project_option, project_place
from accord.cli.output import Output, pass_output
from accord.cli.reporting import Reporting, deliver, report_options
from accord.cli.watching import watchable
from accord.client import Patience, Registry, RegistryUnavailable
from accord.contracts.check import CheckResult, check
from accord.contracts.check.opening import default_against, open_baseline
from accord.contracts.check.rules import RULES as CHECK_RULES
from accord.contracts.exemptions import exempt
from accord.contracts.known import KnownReader
from accord.contracts.model import Project
from accord.contracts.readers import known_readers
from accord.contracts.replay.rules import RULES as REPLAY_RULES
from accord.errors import ConfigurationError
from accord.findings import Report
from accord.schemas import CompatibilityLevel

_LEVELS: Final = [level.value for level in CompatibilityLevel]

CHECK: Final = """\
Check schemas and contracts against what was there before.

Every schema is compared with its earlier version at the level of its contract: for transitive levels with all that were
there. Every known reader is named that runs into a change, with the fields that it reads: readers of contracts, of claims,
and those that the registry knows. What changed in a contract itself is checked as well.

\b
What to compare with is one of
  git:REF         a branch (where ours left it), a tag or a commit
  registry:NAME   the registry of an environment of accord.toml, or a URL
  dir:PATH        another checkout

Exit code 1 if anything was found that counts.
"""


@click.command("check", help=CHECK)
@project_option
@environment_options
@click.option(
    "--against",
    metavar="git:REF|registry:NAME|dir:PATH",
    help="What to compare with. [default: the base of the pull request in CI, else git's default branch]",
)
@click.option(
    "--level",
    type=click.Choice(_LEVELS),
    default=CompatibilityLevel.BACKWARD.value,
    show_default=True,
    help="For schemas without a contract, where a registry does not say it.",
)
@click.option(
    "--replay",
    metavar="TOPIC",
    multiple=True,
    help="Decode real records of this topic with its new schema as well; may be repeated. Needs --kafka and --registry.",
)
@click.option(
    "--last",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    metavar="N",
    help="How many records to decode, a share of each schema that they were written with.",
)
@report_options
@pass_output
@watchable
def command(
    output: Output,
    *,
    project: Path | None,
    env: str | None,
    registry: str | None,
    kafka: str | None,
    kafka_config: Path | None,
    against: str | None,
    level: str,
    replay: tuple[str, ...],
    last: int,
    reporting: Reporting,
) -> int:
    """Check schemas and contracts against what was there before."""
    started = time.perf_counter()
    place = project_place(project)
    if against is None:
        against = default_against(place.root, settings.pull_request_base())
        output.say(f"comparing with {against}")
    loaded = place.load()
    with ExitStack() as open_things:
        world = environment(env, registry, kafka, kafka_config, project=project)
        baseline = open_baseline(
            against,
            loaded,
            place.tree,
            registry=lambda name: open_things.enter_context(_registry(name, project)),
        )
        if not any((loaded.schemas, loaded.findings, baseline.project and baseline.project.schemas)):
            raise ConfigurationError(
                f"there is no schema file to check in {place.root.resolve()}",
                hint="name the folder with --project, or begin with `accord init`",
            )
        is_named = bool(env or registry)
        readers = _readers(output, loaded, world, open_things, is_named=is_named)
        result = check(loaded, baseline, readers=readers, default_level=CompatibilityLevel(level))
        for topic in replay:
            result = _with_replay(output, result, loaded, world, topic=topic, last=last)
    return deliver(output, report_of(result, loaded, time.perf_counter() - started), reporting)


def report_of(result: CheckResult, project: Project, seconds: float) -> Report:
    """The result with what the contracts accept for a while."""
    findings = exempt(result.findings, project, datetime.now(UTC).date(), looked_for=_looked_for(project))
    sources = {file.source.path: file.source.text for file in project.schemas.values()}
    sources |= {contract.source.path: contract.source.text for contract in project.contracts}
    named = {finding.at.file for finding in findings if finding.at is not None}
    return Report(
        "check",
        result.checked,
        findings,
        result.notes,
        seconds,
        sources={path: text for path, text in sources.items() if path in named},
    )


def _with_replay(
    output: Output, result: CheckResult, project: Project, world: Environment, *, topic: str, last: int
) -> CheckResult:
    """The result and what came of decoding real records."""
    # Who checks files alone does not wait for the Kafka client and the codecs to load.
    from accord.contracts.replay.findings import findings_of, notes_of  # noqa: PLC0415
    from accord.contracts.replay.replay import WINDOW, candidates_for, replay  # noqa: PLC0415
    from accord.kafka import admin  # noqa: PLC0415
    from accord.kafka.tail import tail_topic  # noqa: PLC0415

    files, kafka = candidates_for(project, topic), world.kafka()
    with output.working(f"reading {topic} ...") as status, world.registry() as registry:
        [described] = admin.describe_topics(kafka, [topic])
        each = -(-last * WINDOW // len(described.partitions))
        with closing(tail_topic(kafka, topic, begin=-each, until_end=True)) as records:
            found = replay(
                records,
                topic,
                files,
                registry,
                last=last,
                progress=lambda seen: status.update(f"reading {topic}: {seen:,} records"),
            )
    return replace(
        result,
        findings=(*result.findings, *findings_of(found, project)),
        notes=(*result.notes, *notes_of(found)),
    )


def _looked_for(project: Project) -> set[str]:
    """The rules that a check looks for, as far as an allowance may name them."""
    if not any(contract.allowances for contract in project.contracts):
        return set()
    from accord.schemas import catalogue  # noqa: PLC0415 -- it loads every format

    return {*(rule.id for rule in catalogue.RULES), *(rule.id for rule in (*CHECK_RULES, *REPLAY_RULES))}


def _registry(name: str, project: Path | None) -> Registry:
    """The registry of an environment, or at a URL."""
    return Registry(name) if "://" in name else environment(name, project=project).registry()


def _readers(
    output: Output, project: Project, world: Environment, open_things: ExitStack, *, is_named: bool
) -> Sequence[KnownReader]:
    """Everybody who is known to read; a registry that only accord.toml names may be away."""
    if world.registry_url is None:
        return known_readers(project, None)
    patience = None if is_named else Patience(tries=1)
    registry = open_things.enter_context(Registry(world.registry_url, patience=patience))
    try:
        return known_readers(project, registry)
    except RegistryUnavailable as error:
        if is_named:
            raise
        output.warn(f"{error.message}: readers that only this registry knows are not looked at")
        return known_readers(project, None)
