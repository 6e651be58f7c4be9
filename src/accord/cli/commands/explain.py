"""``accord explain [RULE|LEVEL]``: what a rule or a compatibility level is about, with an example and what to do."""

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
@click.argument("topic", metavar="[RULE|LEVEL]", required=False)
@pass_output
def command(output: Output, topic: str | None) -> None:
    """Tell what a rule (such as AVRO_FIELD_WITHOUT_DEFAULT) or a compatibility level (such as BACKWARD) is about.

    Without one, list them all.
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
    known = [*rules, *CompatibilityLevel]
    near = difflib.get_close_matches(name, known, n=1)
    raise ConfigurationError(
        f"there is no rule and no level '{name}'",
        hint=f"did you mean {near[0]}?" if near else "`accord explain` lists them all",
    )
