"""``accord records``: look at what is on a topic, decoded, and put records there."""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import click

from accord.cli.output import Output, format_option, pass_output
from accord.cli.showing import FORMATS, RecordFormat, Shown
from accord.client import NotFound, RegisteredSchema, Registry
from accord.errors import AccordError, ConfigurationError
from accord.kafka import (
    Delivered,
    DeliveryFailed,
    Headers,
    KafkaSettings,
    OutgoingRecord,
    admin,
    is_header_name,
    read_properties,
)
from accord.kafka.placing import place_records
from accord.kafka.tail import From, tail_topic
from accord.schemas import Schema, SchemaId
from accord.streams.composing import Composer, LineFault, compose
from accord.streams.filtering import Filter
from accord.streams.viewing import Part, View, Viewer

NO_REGISTRY: Final = "none"
BEGINNINGS: Final[tuple[Literal["earliest", "latest"], ...]] = ("earliest", "latest")
EXIT_NOT_WRITTEN: Final = 3
FAULTS_SHOWN: Final = 20

_AGO: Final = re.compile(r"(\d+)(s|m|h|d)")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class BadLines(AccordError):
    """Some of what was to be written is no record of its schema; nothing was written."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where records and schemas are."""

    kafka: KafkaSettings
    registry_url: str

    def registry(self) -> Registry | None:
        """The registry, unless there is none."""
        return None if self.registry_url == NO_REGISTRY else Registry(self.registry_url)


pass_places = click.make_pass_decorator(Places)


@click.group("records")
@click.option(
    "--kafka", metavar="HOST:PORT", default="127.0.0.1:9092", show_default=True, help="Some brokers."
)
@click.option(
    "--kafka-config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of Kafka client properties (librdkafka's names): security and the like.",
)
@click.option(
    "--registry",
    metavar="URL|none",
    default="http://127.0.0.1:8081",
    show_default=True,
    help="The schema registry, with credentials in the address if it wants any; or none.",
)
@click.pass_context
def command(ctx: click.Context, kafka: str, kafka_config: Path | None, registry: str) -> None:
    """Look at what is on a topic, decoded, and put records there."""
    properties = {} if kafka_config is None else read_properties(kafka_config)
    ctx.obj = Places(KafkaSettings(kafka, properties=properties), registry)


def begin_of(_: click.Context, __: click.Parameter, value: str | None) -> From | None:
    """What --from means."""
    if value is None:
        return None
    for word in BEGINNINGS:
        if value == word:
            return word
    if re.fullmatch(r"-?\d+", value):
        return int(value)
    if ago := _AGO.fullmatch(value):
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(
            f"{value!r} is neither earliest, latest, an offset, a time such as 2026-03-01T12:00:00Z, nor one ago: 15m"
        ) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


TAIL: Final = """\
Show the records of a topic, decoded with the schemas that they were written with.

A record that cannot be decoded is shown as what it is, and why. No consumer group is joined, and no offset is
committed. Formats: text for people; json (one list) and jsonl (an object a line) with everything about a record; value
(the value as JSON, a line each); raw (the bytes of the value, and a newline).

\b
EXPR may speak of
  value, key            as --format jsonl shows them: decimals and times are text
  headers               by name, as text
  topic, partition, offset, timestamp
  schema_id, subject, version
  form, fault           what the value is, and why it could not be decoded
for example
  value.total_amount > 100.0 && key.startsWith('o-')
  double(value.price) >= 9.99 || has(value.coupon)
  timestamp(value.created_at) > timestamp('2026-03-01T00:00:00Z')
  fault != ''
A record without a field that it asks for does not match.
"""


@command.command("tail", help=TAIL)
@click.argument("topic")
@click.option(
    "--from",
    metavar="earliest|latest|TIME|OFFSET",
    callback=begin_of,
    help="Where to begin: an ISO time (UTC unless it says otherwise), 15m for a quarter of an hour ago (s, m, h, d), "
    "an offset in each partition, -10 for the last ten of each. "
    "[default: latest when following, else earliest]",
)
@click.option(
    "--partition", type=click.IntRange(min=0), multiple=True, help="Only this one; may be repeated."
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="End after so many records.")
@click.option(
    "--follow/--until-end",
    default=None,
    help="Wait for new records, or end at the last that is there now. [default: follow on a terminal]",
)
@click.option("--key", help="Only records with this key.")
@click.option(
    "--where", metavar="EXPR", help="Only records for which this CEL expression is true; see below."
)
@click.option(
    "--format", type=click.Choice(FORMATS), default="text", show_default=True, help="How records are told."
)
@pass_places
@pass_output
def tail(
    output: Output,
    places: Places,
    /,
    topic: str,
    *,
    partition: tuple[int, ...],
    limit: int | None,
    follow: bool | None,
    key: str | None,
    where: str | None,
    format: RecordFormat,
    # `from` is no name that a parameter may have.
    **others: From | None,
) -> None:
    """Show the records of a topic, decoded with the schemas that they were written with."""
    wanted = None if where is None else Filter(where)
    begin = others["from"]
    following = sys.stdout.isatty() if follow is None else follow
    records = tail_topic(
        places.kafka,
        topic,
        begin=begin if begin is not None else "latest" if following else "earliest",
        partitions=partition,
        until_end=not following,
    )
    registry = places.registry()
    with registry or nullcontext():
        viewer, shown, left = Viewer(registry), Shown(output, format), limit
        try:
            for raw in records:
                view = None if raw is None else viewer.view(raw)
                if view is None or not _matches(view, key, wanted):
                    continue
                shown.show(view)
                if left is not None and (left := left - 1) == 0:
                    break
        finally:
            records.close()
            _tell_unjudged(output, wanted)
        shown.end()


def _matches(view: View, key: str | None, wanted: Filter | None) -> bool:
    if key is not None and not (view.raw.key == key.encode() or _says(view.key, key)):
        return False
    return wanted is None or wanted.matches(view)


def _says(part: Part, key: str) -> bool:
    return part.form != "null" and str(part.spelled) == key


def _tell_unjudged(output: Output, wanted: Filter | None) -> None:
    if wanted is not None and wanted.unjudged:
        many = wanted.unjudged > 1
        output.say(
            f"{wanted.unjudged:,} record{'s' * many} left out for which the expression had no answer, "
            f"the last because {wanted.last_reason}"
        )


def header_of(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> Headers:
    """What --header means."""
    headers: list[tuple[str, bytes | None]] = []
    for value in values:
        name, equals, text = value.partition("=")
        if not name or not equals:
            raise click.BadParameter(f"{value!r} is not name=value")
        if not is_header_name(name + text):
            raise click.BadParameter(f"{value!r} is no UTF-8 text")
        headers.append((name, text.encode()))
    return tuple(headers)


@command.command("produce")
@click.argument("topic")
@click.option("--value", help="The one value to write, instead of lines of standard input.")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of values, a line each, instead of standard input.",
)
@click.option("--key", help="The key of every record, as text.")
@click.option("--header", metavar="NAME=TEXT", multiple=True, callback=header_of, help="May be repeated.")
@click.option(
    "--subject",
    metavar="NAME[/VERSION]",
    help="Where the schema is; its latest version, unless one is named. [default: TOPIC-value]",
)
@click.option("--schema-id", type=click.IntRange(min=1), help="The schema, in place of a subject.")
@click.option("--partition", type=click.IntRange(min=0), help="Where to. [default: where the key leads]")
@click.option(
    "--records",
    is_flag=True,
    help="Lines are records as `tail --format jsonl` shows them, with their keys.",
)
@click.option("--raw", is_flag=True, help="Write each line's bytes as they are, without a schema.")
@format_option
@pass_places
@pass_output
def produce(
    output: Output,
    places: Places,
    topic: str,
    *,
    value: str | None,
    file: Path | None,
    key: str | None,
    header: Headers,
    subject: str | None,
    schema_id: int | None,
    partition: int | None,
    format: str,
    records: bool,
    raw: bool,
) -> int:
    """Write records whose values are JSON, checked against their schema and encoded with it.

    A line is a value, and null is a tombstone. Decimals, times and UUIDs are text, bytes are base64 text; a value of a
    union needs its branch's name around it only where it could be another: {"string": "AAEC"}. It is the spelling that
    `accord records tail` shows. All lines are looked at before anything is written, and what is wrong is told with the
    numbers of the lines. Each record is written once all in-sync replicas have it; then it is told where it is. Exit code
    3 if the brokers did not take a record.
    """
    if sum((value is not None, file is not None)) > 1 or sum((raw, records)) > 1 or (subject and schema_id):
        raise ConfigurationError(
            "two of these options contradict each other",
            hint="choose one of --value and --file, of --raw and --records, of --subject and --schema-id",
        )
    _require_place(places.kafka, topic, partition)
    lines = list(_lines(value, file))
    key_bytes = None if key is None else key.encode()
    if raw:
        outgoing = [OutgoingRecord(topic, key_bytes, line.encode(), header) for _, line in lines]
    else:
        composer = _composer(places, topic, subject, schema_id, key=key_bytes, headers=header)
        outgoing, faults = compose(lines, composer.from_record if records else composer.from_value)
        if faults:
            raise _bad_lines(faults, alone=value is not None)
    return _tell_outcomes(output, place_records(places.kafka, outgoing, partition=partition), format)


def _require_place(kafka: KafkaSettings, topic: str, partition: int | None) -> None:
    """A topic that is not there must not come to be by a slip of the keyboard."""
    [described] = admin.describe_topics(kafka, [topic])
    if partition is not None and partition >= len(described.partitions):
        raise ConfigurationError(
            f"'{topic}' has no partition {partition}",
            hint=f"it has {len(described.partitions)}, counted from 0",
        )


def _lines(value: str | None, file: Path | None) -> Iterator[tuple[int, str]]:
    if value is not None:
        return iter([(1, value)])
    try:
        data = sys.stdin.buffer.read() if file is None else file.read_bytes()
        text = data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file or 'standard input'} cannot be read: {error}", hint="give lines of JSON in UTF-8"
        ) from error
    return _numbered(text.split("\n"))


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    return ((number, line.removesuffix("\r")) for number, line in enumerate(lines, 1) if line)


def _composer(
    places: Places,
    topic: str,
    subject: str | None,
    schema_id: int | None,
    *,
    key: bytes | None,
    headers: Headers,
) -> Composer:
    registry = places.registry()
    if registry is None:
        raise ConfigurationError(
            "without a registry there is no schema to write with", hint="name a registry, or write with --raw"
        )
    with registry:
        number, schema = _schema(registry, topic, subject, schema_id)
        referenced = registry.referenced_by(schema) if schema.references else {}
    return Composer(topic, schema, number, referenced, key=key, headers=headers)


def _schema(
    registry: Registry, topic: str, subject: str | None, schema_id: int | None
) -> tuple[SchemaId, Schema]:
    if schema_id is not None:
        return SchemaId(schema_id), registry.schema_by_id(schema_id)
    name, slash, version = (subject or f"{topic}-value").rpartition("/")
    try:
        if slash and version.isdecimal():
            found: RegisteredSchema = registry.version(name, int(version))
        else:
            found = registry.latest(subject or f"{topic}-value")
    except NotFound as error:
        raise ConfigurationError(
            f"the registry has no schema for '{topic}': {error.message}",
            hint="register it, name another with --subject or --schema-id, or write bytes as they are with --raw",
        ) from error
    return found.id, found.schema


def _bad_lines(faults: list[LineFault], *, alone: bool) -> BadLines:
    told = [
        error.message if alone else f"line {line}: {error.message}"
        for line, error in ((fault.line, fault.error) for fault in faults[:FAULTS_SHOWN])
    ]
    if len(faults) > FAULTS_SHOWN:
        told.append(f"and {len(faults) - FAULTS_SHOWN:,} more")
    return BadLines(
        "nothing was written: " + ("; ".join(told) if len(told) == 1 else "\n  " + "\n  ".join(told)),
        hint=next((fault.error.hint for fault in faults if fault.error.hint), "")
        or "mend what is told, and write all of it again",
    )


def _tell_outcomes(output: Output, outcomes: list[Delivered | DeliveryFailed], format: str) -> int:
    written = [outcome for outcome in outcomes if isinstance(outcome, Delivered)]
    failed = [outcome for outcome in outcomes if isinstance(outcome, DeliveryFailed)]
    if format == "json":
        output.json(
            [
                {"topic": place.topic, "partition": place.partition, "offset": place.offset}
                for place in written
            ]
        )
    else:
        for place in written:
            output.line(f"{place.topic}[{place.partition}]@{place.offset}")
    for number, outcome in enumerate(outcomes, 1):
        if isinstance(outcome, DeliveryFailed):
            output.bad(f"record {number}: {outcome.message}")
    if failed:
        output.say(f"{len(written):,} of {len(outcomes):,} records were written")
    return EXIT_NOT_WRITTEN if failed else 0
