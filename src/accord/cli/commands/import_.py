"""``accord import``: the files of a project, made of what is there."""

from pathlib import Path
from urllib.parse import urlsplit

import click

from accord.cli.options import environment, environment_options
from accord.cli.output import Output, pass_output
from accord.contracts.importing import import_project, look_at_topics
from accord.contracts.importing.importing import SETTINGS
from accord.contracts.importing.writing import subject_lines
from accord.contracts.new_files import write_new
from accord.errors import ConfigurationError


@click.command("import")
@environment_options
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Where the files go. [default: this folder]",
)
@pass_output
def command(
    output: Output,
    env: str | None,
    registry: str | None,
    *,
    kafka: str | None,
    kafka_config: Path | None,
    into: Path,
) -> None:
    """Make contracts and schema files of a registry that is there, and of its topics.

    Of the registry come the newest schemas, with what they refer to, and the levels; of the cluster, where one is named,
    partitions, replicas, what is set on topics, dead letter and retry topics, and the groups that have read a topic, as
    consumers. No file that is there is overwritten. What files cannot say is told.
    """
    place = environment(env, registry, kafka, kafka_config)
    with place.registry() as client:
        topics = None if place.kafka_servers is None else look_at_topics(place.kafka())
        where = {"registry": _without_credentials(place.registry_url or "")}
        if place.kafka_servers is not None:
            where["kafka"] = place.kafka_servers
        made = import_project(client, topics, environment=where)
    if not made.files.keys() - {SETTINGS}:
        raise ConfigurationError(
            f"{client.url} has no schemas", hint="name another registry, or begin with accord init"
        )
    outcome = write_new(into, made.files)
    for path in outcome.left_alone:
        output.warn(f"{into / path} is there and says something else: it was left as it is")
    if SETTINGS in outcome.left_alone and made.subjects:
        output.warn(
            f"{into / SETTINGS} needs these lines, or some schemas get other subjects:\n{subject_lines(made.subjects)}"
        )
    for note in made.notes:
        output.warn(note)
    output.good(
        f"wrote {len(outcome.written)} files into {into}; {len(outcome.unchanged)} were there just so"
    )


def _without_credentials(url: str) -> str:
    """A password belongs into no file that is shared."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
