"""``accord contract``: what contract files look like."""

from typing import Final

import click

from accord.cli.output import Output, pass_output
from accord.contracts.loading import BLOCK, CLAIMS, CONTRACT

_SHAPES: Final = {"block": BLOCK, "whole": CONTRACT, "claims": CLAIMS}


@click.group("contract")
def command() -> None:
    """Know what contract files look like."""


@command.command("schema")
@click.option(
    "--whole", "which", flag_value="whole", help="Of a whole contract file, as far as Accord reads it."
)
@click.option(
    "--claims",
    "which",
    flag_value="claims",
    help="Of consumers/*.yaml, in which services say what they read.",
)
@pass_output
def schema(output: Output, which: str | None) -> None:
    r"""Print the JSON Schema of the kafka block in a contract file (accord.kafka/v1).

    It is what files are checked with when they are loaded. Editors that know JSON Schema complete and check with it:

    \b
    accord contract schema --whole > odcs.schema.json
    # yaml-language-server: $schema=odcs.schema.json      (first line of a contract file)
    """
    output.json(_SHAPES[which or "block"])
