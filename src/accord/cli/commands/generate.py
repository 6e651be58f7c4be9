"""``accord generate``: classes, documents and tests that follow from contracts."""

from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from accord.cli.options import (
    env_option,
    environment,
    load_project,
    project_option,
    registry_option,
)
from accord.cli.output import Output, pass_output
from accord.cli.reporting import Reporting, deliver, report_options
from accord.cli.settings import java_home, user_cache
from accord.cli.watching import watchable
from accord.contracts.exemptions import exempt
from accord.contracts.generate import Made, Outcome, Target
from accord.contracts.model import Project
from accord.errors import ConfigurationError
from accord.findings import Report, Severity
from accord.findings.report import counted
from accord.schemas import Subject

if TYPE_CHECKING:
    from accord.contracts.generate.asyncapi import Notation
    from accord.contracts.generate.java import Generate
    from accord.contracts.generate.python import Kind

Command = TypeVar("Command", bound=Callable[..., Any])

into_option: Final = click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="The folder that is brought to what is made. Files in it that others wrote are left alone.",
)
check_option: Final = click.option(
    "--check",
    is_flag=True,
    help="Write nothing: tell what is not as it would be made now, and answer exit code 1 if anything is.",
)


@click.group("generate")
def command() -> None:
    """Make classes, documents and tests of contracts.

    The same contracts always give the same files. Each file says in its first lines what it was made of; files without such
    a line are never overwritten and never removed. --check is for pipelines: it tells what was not made anew.
    """


def common(function: Command) -> Command:
    """The options that every kind of file has."""
    return project_option(into_option(check_option(report_options(function))))  # type: ignore[return-value]  # click's


@command.command("python")
@click.option(
    "--models",
    type=click.Choice(["msgspec", "dataclass", "pydantic"]),
    default="msgspec",
    show_default=True,
    help="The kind of class.",
)
@common
@pass_output
@watchable
def python(
    output: Output, project: Path | None, into: Path, models: "Kind", reporting: Reporting, *, check: bool
) -> int:
    """Make Python classes of schemas, with a ready `accord.contract(...)` for each contract.

    A module for each schema file, in packages that are named after its namespace. The folder is a package itself: modules
    import each other relatively. Protobuf files are left to protoc.
    """
    from accord.contracts.generate.python import COMMAND, LOOKED_AT  # noqa: PLC0415 -- each kind when it is asked for
    from accord.contracts.generate.python import python as make  # noqa: PLC0415

    known = load_project(project)
    target = Target(into, COMMAND, LOOKED_AT)
    return brought(output, known, make(known, models), target, reporting, check=check)


@command.command("java")
@click.option(
    "--jars",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with the compiler's jars, for machines without network.",
)
@click.option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=user_cache,
    show_default="the user's cache folder",
    help="Where downloads are kept.",
)
@common
@pass_output
@watchable
def java(
    output: Output,
    *,
    project: Path | None,
    into: Path,
    jars: Path | None,
    cache_dir: Path,
    reporting: Reporting,
    check: bool,
) -> int:
    """Make Java classes of Avro schemas, with Apache Avro's own compiler.

    The first time, the compiler's jars (10 MB) are downloaded and verified; it runs on the Java that `accord cluster` runs
    Kafka on. Text is java.lang.String, decimals are java.math.BigDecimal.
    """
    from accord.contracts.generate.java import COMMAND, LOOKED_AT  # noqa: PLC0415 -- see above
    from accord.contracts.generate.java import java as make  # noqa: PLC0415

    generate = _java_compiler(output, jars, cache_dir)
    known = load_project(project)
    target = Target(into, COMMAND, LOOKED_AT)
    return brought(output, known, make(known, generate), target, reporting, check=check)


@command.command("asyncapi")
@click.option(
    "--notation",
    type=click.Choice(["yaml", "json"]),
    default="yaml",
    show_default=True,
    help="How the document is written: asyncapi.yaml or asyncapi.json.",
)
@click.option("--title", default="", help="The title. [default: the name of the only contract]")
@click.option("--api-version", default="", help="The version. [default: that of the only contract]")
@registry_option
@common
@pass_output
@watchable
def asyncapi(
    output: Output,
    *,
    project: Path | None,
    into: Path,
    notation: "Notation",
    title: str,
    api_version: str,
    registry: str | None,
    reporting: Reporting,
    check: bool,
) -> int:
    """Make an AsyncAPI 3 document of the contracts.

    A channel for each topic with its partitions, replicas and settings, the messages with their schemas, an operation for
    each writer and reader, the servers of each environment. What AsyncAPI has no word for stands in x-accord-* members.
    """
    from accord.contracts.generate.asyncapi import COMMAND, LOOKED_AT, About  # noqa: PLC0415 -- see above
    from accord.contracts.generate.asyncapi import asyncapi as make  # noqa: PLC0415

    known = load_project(project)
    names = {name for contract in known.contracts for name in contract.servers}
    registries = {name: url for name in names if (url := registry or _registry_of(name, project))}
    target = Target(into, COMMAND, LOOKED_AT)
    made = make(known, About(title, api_version, registries), notation)
    return brought(output, known, made, target, reporting, check=check)


@command.command("tests")
@click.option("--service", required=True, help="The service that reads, by its name.")
@click.option(
    "--model",
    multiple=True,
    metavar="SUBJECT=MODULE:CLASS",
    help="A class that the service reads a subject into; the tests import it and read into it, too.",
)
@env_option
@registry_option
@common
@pass_output
@watchable
def tests(
    output: Output,
    *,
    project: Path | None,
    into: Path,
    service: str,
    model: tuple[str, ...],
    env: str | None,
    registry: str | None,
    reporting: Reporting,
    check: bool,
) -> int:
    """Make a pytest file that reads what a service reads.

    It decodes every registered version of each subject and every stated example with the service's reader: its own schema
    where it is known, else the newest one narrowed to the fields that it claims. All that it needs is kept in a folder
    beside it, so it runs without a registry.
    """
    from accord.contracts.generate.consumer_tests import (  # noqa: PLC0415 -- see above
        LOOKED_AT,
        Models,
        command_for,
        consumer_tests,
    )

    known = load_project(project)
    where = environment(env, registry, project=project)
    classes = Models(dict(_model(one) for one in model))
    with where.registry() if where.registry_url else nullcontext() as client:
        made = consumer_tests(known, service, registry=client, models=classes)
    target = Target(into, command_for(service), LOOKED_AT)
    return brought(output, known, made, target, reporting, check=check)


def _model(text: str) -> tuple[Subject, str]:
    subject, equals, path = text.partition("=")
    if not equals or ":" not in path:
        raise ConfigurationError(
            f"'{text}' names no class", hint="write --model SUBJECT=package.module:Class"
        )
    return Subject(subject), path


def _registry_of(name: str, project: Path | None) -> str | None:
    """The registry of an environment; None for one that accord.toml does not know."""
    try:
        return environment(name, project=project).registry_url
    except ConfigurationError:
        return None


def _java_compiler(output: Output, jars: Path | None, cache: Path) -> "Generate":
    try:
        from accord.cli.commands.cluster import Shown  # noqa: PLC0415 -- see above
        from accord.cluster.avro_compiler import avro_compiler  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"Java is run with the Python package that provides '{error.name}', which is not installed",
            hint="pip install 'accord-kafka[cluster]'",
        ) from error
    with ExitStack() as bars:
        shown = Shown(output, bars)
        return avro_compiler(cache=cache, brought=jars, java_home=java_home(), progress=shown).generate


def brought(
    output: Output, project: Project, made: Made, target: Target, reporting: Reporting, *, check: bool
) -> int:
    """Bring the folder to what was made, or compare them, and tell of it."""
    wrong = [one for one in project.findings if one.severity is Severity.ERROR] + list(made.findings)
    # What could not be read or made is not left over.
    complete = bool(made.files) and not any(finding.severity is Severity.ERROR for finding in wrong)
    if not made.files and not wrong:
        output.warn("there is nothing in this project to make files of, so nothing is removed either")
    bring = target.check if check else target.write
    outcome = bring(made.files, complete=complete)
    report = Report(
        target.command,
        f"{counted(len(made.files), 'file')} in {target.folder}",
        exempt((*wrong, *outcome.findings), project, datetime.now(UTC).date(), looked_for=()),
        made.notes,
    )
    if not check:
        _tell(output, outcome, target)
        if not report.findings:
            for note in made.notes:
                output.say(note)
            return 0
    return deliver(output, report, reporting)


def _tell(output: Output, outcome: Outcome, target: Target) -> None:
    for path in outcome.removed:
        output.say(f"removed {target.folder / path}")
    done = f"{counted(len(outcome.written), 'file')} written, {len(outcome.unchanged)} unchanged"
    (output.say if outcome.findings else output.good)(f"{done} in {target.folder}")
