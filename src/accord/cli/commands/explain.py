"""``accord explain [TOPIC]``: what a rule or a compatibility level is about, with an example and what to do."""

import difflib
from collections.abc import Iterator

import click

from accord.cli.output import Output, pass_output
from accord.contracts import catalogue
from accord.errors import ConfigurationError
from accord.schemas import CompatibilityLevel
from accord.schemas.level_page import level_page
from accord.schemas.levels import GUIDES
from accord.schemas.pages import Page, to_plain


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
    for entry in catalogue.entries():
        yield [entry.id, entry.severity.value, entry.purpose]
    for level, guide in GUIDES.items():
        yield [level.value, "level", guide.reads]


def _page(name: str) -> Page:
    entry = catalogue.find(name)
    if entry is not None:
        return entry.page
    if name in set(CompatibilityLevel):
        return level_page(CompatibilityLevel(name))
    known = [known for entry in catalogue.entries() for known in (entry.id, *entry.other_names)]
    near = difflib.get_close_matches(name, [*known, *CompatibilityLevel], n=1)
    raise ConfigurationError(
        f"there is no rule, no error type and no level '{name}'",
        hint=f"did you mean {near[0]}?" if near else "`accord explain` lists them all",
    )
