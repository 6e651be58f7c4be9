"""``accord format``: schema files and contracts in one layout."""

from collections.abc import Iterator
from pathlib import Path

import click

from accord.cli.options import project_option, project_place
from accord.cli.output import Output, pass_output
from accord.contracts.formatting import Layout, laid_out
from accord.contracts.model import Project, SourceFile
from accord.errors import ConfigurationError
from accord.findings.visible import visible


@click.command("format")
@project_option
@click.option(
    "--check", is_flag=True, help="Change nothing, and answer exit code 1 if anything looks otherwise."
)
@pass_output
def command(output: Output, *, project: Path | None, check: bool) -> int:
    """Bring schema files, contracts and claims into one layout.

    JSON is laid out anew: strings, numbers and the order of keys stay as they are written. In YAML and Protobuf only white
    space at the ends of lines and rows of empty lines go, so that no comment is ever lost. Nothing that has a meaning is
    changed: a schema keeps its fingerprint. Files that cannot be read are left alone; `accord lint` tells of them.
    """
    place = project_place(project)
    loaded = place.load()
    layouts = [laid_out(source) for source in _sources(loaded)]
    if not layouts and not loaded.findings:
        raise ConfigurationError(
            "there is no schema file and no contract to format",
            hint="name the folder with --project, or begin with `accord init`",
        )
    for layout in layouts:
        if layout.reason:
            output.say(f"{visible(layout.source.path)} is left alone: {visible(layout.reason)}")
    read = {layout.source.path for layout in layouts}
    for finding in loaded.findings:
        if finding.at is not None and finding.at.file not in read:
            output.say(f"{visible(finding.at.file)} is left alone: {visible(finding.message)}")
    others = [layout for layout in layouts if layout.is_other]
    for layout in others:
        output.line(visible(layout.source.path))
        if not check:
            _write(place.root / layout.source.path, layout)
    if others:
        files = f"{len(others)} of {len(layouts)} file{'' if len(layouts) == 1 else 's'}"
        output.say(f"{'to be laid' if check else 'laid'} out anew: {files}")
    else:
        output.say("everything is in its layout")
    return int(check and bool(others))


def _sources(project: Project) -> Iterator[SourceFile]:
    """Every file that could be read, once, in order of name."""
    sources = {file.source.path: file.source for file in project.schemas.values()}
    sources |= {contract.source.path: contract.source for contract in project.contracts}
    sources |= {claim.source.path: claim.source for claim in project.claims}
    yield from (sources[path] for path in sorted(sources))


def _write(path: Path, layout: Layout) -> None:
    try:
        path.write_text(layout.text, encoding="utf-8", newline="")
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}", hint="see that this user may write it"
        ) from error
