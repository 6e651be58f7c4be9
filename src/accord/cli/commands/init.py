"""``accord init``: a project that runs, to begin with."""

from pathlib import Path

import click

from accord.cli.output import Output, pass_output
from accord.contracts.new_files import write_new
from accord.contracts.sample import FILES


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@pass_output
def command(output: Output, folder: Path) -> None:
    """Write a sample project into FOLDER: a contract, its schema, a consumer's claim, accord.toml and a README.

    The folder is this one unless another is named; it is made if it is not there. No file that is there is overwritten:
    those that say something else are named, and stay as they are.
    """
    outcome = write_new(folder, FILES)
    for path in outcome.written:
        output.good(f"wrote {folder / path}")
    for path in outcome.unchanged:
        output.say(f"{folder / path} is there already")
    for path in outcome.left_alone:
        output.warn(f"{folder / path} is there and says something else: it was left as it is")
    if outcome.written:
        # A folder that is not this one comes first on the command line, so that it can be pasted.
        there = "" if folder == Path() else f"cd {folder} && "
        output.say(f"begin with: {there}accord lint")
