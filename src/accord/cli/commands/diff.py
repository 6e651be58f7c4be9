"""``accord diff``: what changes from one version of a schema to the next, in meaning first."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from accord.cli import settings
from accord.cli.options import ProjectPlace, environment, project_option, project_place
from accord.cli.output import Output, pass_output
from accord.client import Registry
from accord.contracts.check import Baseline
from accord.contracts.check.opening import default_against, open_baseline
from accord.contracts.check.sameness import says_the_same
from accord.contracts.diff import SchemaDiff, Side, diff, to_json, to_markdown, to_text
from accord.contracts.loading import load
from accord.contracts.model import SchemaFile
from accord.contracts.tree import Folder
from accord.errors import ConfigurationError

DIFF: Final = """\
Show what changes from one version of a schema to the next: in meaning first, then in text.

Fields that came, went, were renamed, or changed their type, default or documentation; what that means for readers with the
new schema and old records, and the other way round; and what each compatibility level would say.

\b
  accord diff OLD NEW               two files
  accord diff FILE --against X      a file and what it was there
  accord diff --against X           every schema that is not what it was there

Exit code 0, whatever changed: to judge it is `accord check`.
"""


@click.command("diff", help=DIFF)
@click.argument("old", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@project_option
@click.option(
    "--against",
    metavar="git:REF|registry:NAME|dir:PATH",
    help="What to compare with. [default: the base of the pull request in CI, else git's default branch]",
)
@click.option(
    "--format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How the changes are told.",
)
@pass_output
def command(
    output: Output,
    *,
    old: Path | None,
    new: Path | None,
    project: Path | None,
    against: str | None,
    format: str,
) -> int:
    """Show what changes from one version of a schema to the next."""
    if new is not None and against is not None:
        raise ConfigurationError(
            "two files and --against are one version too many", hint="name one file, or leave out --against"
        )
    with ExitStack() as open_things:
        if old is not None and new is not None:
            found = [_of_files(_file_at(old), _file_at(new))]
        else:
            found = list(_against(output, project_place(project), old, against, open_things))
    if format == "json":
        output.json([to_json(one) for one in found])
        return 0
    render = to_markdown if format == "markdown" else to_text
    output.line("\n\n".join(map(render, found)) or "nothing has changed")
    return 0


def _of_files(before: SchemaFile, after: SchemaFile) -> SchemaDiff:
    return diff(
        Side(before.source.path, before.source.text, before.parsed),
        Side(after.source.path, after.source.text, after.parsed),
    )


def _against(
    output: Output, place: ProjectPlace, file: Path | None, against: str | None, open_things: ExitStack
) -> Iterator[SchemaDiff]:
    if against is None:
        against = default_against(place.root, settings.pull_request_base())
        output.say(f"comparing with {against}")
    project = place.load()
    baseline = open_baseline(
        against,
        project,
        place.tree,
        registry=lambda name: open_things.enter_context(_registry(name, place.root)),
    )
    schemas: Sequence[SchemaFile] = tuple(project.schemas.values())
    if file is not None:
        wanted = file.resolve()
        schemas = [one for one in schemas if (place.root / one.source.path).resolve() == wanted]
        if not schemas:
            raise ConfigurationError(
                f"{file} is no schema of the project in {place.root}",
                hint="`accord lint` tells what is wrong with files that cannot be read",
            )
    for one in schemas:
        yield from _since(baseline, one)


def _since(baseline: Baseline, file: SchemaFile) -> Iterator[SchemaDiff]:
    """What became of a file, if anything; a new one has nothing to be compared with."""
    earlier = baseline.past(file.subject, every=True).earlier
    if not earlier or (newest := earlier[-1].schema) is file.parsed or says_the_same(file.parsed, newest):
        return
    known = baseline.project.schemas.get(file.subject) if baseline.project is not None else None
    text = known.source.text if known is not None else newest.canonical
    yield diff(
        Side(earlier[-1].words, text, newest),
        Side(file.source.path, file.source.text, file.parsed),
        subject=file.subject,
        earlier=earlier,
        policy=baseline.terms(file.subject).policy,
    )


def _file_at(path: Path) -> SchemaFile:
    """A schema file wherever it is; what it refers to lies beside or below."""
    project = load(Folder(path.parent))
    found = next((one for one in project.schemas.values() if one.source.path == path.name), None)
    if found is None:
        told = [one.message for one in project.findings if one.at is not None and one.at.file == path.name]
        raise ConfigurationError(
            f"{path} cannot be read as a schema" + (f": {'; '.join(told)}" if told else ""),
            hint="name a file that ends in .avsc, .json or .proto",
        )
    return replace(found, source=replace(found.source, path=path.as_posix()))


def _registry(name: str, project: Path) -> Registry:
    return Registry(name) if "://" in name else environment(name, project=project).registry()
