"""``accord pull``: copies of schemas that others own."""

from pathlib import Path

import click

from accord.cli import completing
from accord.cli.options import env_option, environment, registry_option
from accord.cli.output import Output, pass_output
from accord.contracts.importing.pulling import behind, pull, write


@click.command("pull")
@click.argument("subjects", nargs=-1, required=True, metavar="SUBJECT...", shell_complete=completing.subjects)
@env_option
@registry_option
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("pulled"),
    show_default=True,
    metavar="DIR",
    help="Where the files go.",
)
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if a file is not what it should be.")
@pass_output
def command(
    output: Output,
    subjects: tuple[str, ...],
    env: str | None,
    registry: str | None,
    into: Path,
    *,
    check: bool,
) -> int:
    """Fetch the newest schemas of SUBJECTs, and what they refer to, into files.

    SUBJECT may be a pattern: 'orders.*' in quotes. Beside the files stands pulled.json, which says of each its subject and
    version. Schemas of a project may refer to what is in its folder `pulled`; it is no part of the project. Files that were
    not pulled are never overwritten.
    """
    with environment(env, registry).registry() as client:
        pulled = pull(client, subjects)
    for note in pulled.notes:
        output.warn(note)
    changed = behind(into, pulled) if check else write(into, pulled)
    for path in changed:
        (output.bad if check else output.good)(f"{into / path} {'is behind' if check else 'was written'}")
    if not changed:
        output.good(f"{into} is up to date")
    return int(check and bool(changed))
