"""``accord explain [TOPIC]``: what a rule or a compatibility level is about, with an example and what to do."""

import difflib
from collections.abc import Iterator

import click

from accord.cli.output import Output, pass_output
from accord.errors import ConfigurationError
from accord.schemas import CompatibilityLevel, catalogue
from accord.schemas.level_page import level_page
from accord.schemas.levels import GUIDES
from accord.schemas.pages import Page, to_plain
from accord.schemas.rule_page import rule_page
from accord.transfer import doctor


@click.command("explain")
@click.argument("topic", metavar="[RULE|ERROR_TYPE|LEVEL]", required=False)
@pass_output
def command(output: Output, topic: str | None) -> None:
    """Tell what a rule or a compatibility level is about.

    For example a rule of Accord's (AVRO_FIELD_WITHOUT_DEFAULT), what Confluent's registry calls an error (MAX_LENGTH_ADDED),
    or a level (BACKWARD). Without one, list all rules and levels.
    """
    if topic is None:
        output.table(["rule or level", "", "in short"], list(_listed()))
        return
    output.result(to_plain(_page(topic.upper())))


def _listed() -> Iterator[list[str]]:
    for rule in catalogue.RULES:
        yield [rule.id, rule.severity.value, rule.purpose]
    for log_rule in doctor.RULES:
        yield [log_rule.id, log_rule.severity.value, log_rule.purpose]
    for level, guide in GUIDES.items():
        yield [level.value, "level", guide.reads]


def _page(name: str) -> Page:
    rule = catalogue.find(name)
    if rule is not None:
        return rule_page(rule)
    log_rule = doctor.find(name)
    if log_rule is not None:
        return log_rule.page
    if name in set(CompatibilityLevel):
        return level_page(CompatibilityLevel(name))
    rules = [*(rule.id for rule in catalogue.RULES), *(rule.id for rule in doctor.RULES)]
    error_types = [error_type for rule in catalogue.RULES for error_type in rule.error_types]
    near = difflib.get_close_matches(name, [*rules, *CompatibilityLevel, *error_types], n=1)
    raise ConfigurationError(
        f"there is no rule, no error type and no level '{name}'",
        hint=f"did you mean {near[0]}?" if near else "`accord explain` lists them all",
    )
