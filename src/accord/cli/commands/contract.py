"""``accord contract``: what contract files look like."""

import click

from accord.cli.output import Output, pass_output
from accord.contracts.loading import BLOCK, CLAIMS, CONTRACT


@click.group("contract")
def command() -> None:
    """Know what contract files look like."""


@command.command("schema")
@click.option("--whole", is_flag=True, help="Of a whole contract file, as far as Accord reads it.")
@click.option("--claims", is_flag=True, help="Of consumers/*.yaml, in which services say what they read.")
@pass_output
def schema(output: Output, *, whole: bool, claims: bool) -> None:
    r"""Print the JSON Schema of the kafka block in a contract file (accord.kafka/v1).

    It is what files are checked with when they are loaded. Editors that know JSON Schema complete and check with it:

    \b
    accord contract schema --whole > odcs.schema.json
    # yaml-language-server: $schema=odcs.schema.json      (first line of a contract file)
    """
    if whole and claims:
        raise click.UsageError("--whole and --claims are two different files: ask for one")
    output.json(CONTRACT if whole else CLAIMS if claims else BLOCK)
