"""``accord explain RULE``: what a rule is about, with an example and what to do."""

import difflib

import click

from accord.cli.output import Output, pass_output
from accord.errors import ConfigurationError
from accord.schemas import catalogue
from accord.schemas.pages import to_plain
from accord.schemas.rule_page import rule_page


@click.command("explain")
@click.argument("rule", required=False)
@pass_output
def command(output: Output, rule: str | None) -> None:
    """Tell what RULE (such as AVRO_FIELD_WITHOUT_DEFAULT) is about; without one, list them all."""
    if rule is None:
        output.table(["rule", "in short"], [[known.id, known.purpose] for known in catalogue.RULES])
        return
    found = catalogue.find(rule)
    if found is None:
        near = difflib.get_close_matches(rule.upper(), [known.id for known in catalogue.RULES], n=1)
        raise ConfigurationError(
            f"there is no rule '{rule}'",
            hint=f"did you mean {near[0]}?" if near else "`accord explain` lists them all",
        )
    output.result(to_plain(rule_page(found)))
