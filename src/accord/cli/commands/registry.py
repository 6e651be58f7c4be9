"""``accord registry``: move a registry from one place to another, and look whether its records are sound."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final

import click
from rich.status import Status

from accord.cli.output import Output, format_option, pass_output
from accord.errors import ConfigurationError
from accord.findings import to_json, to_text
from accord.kafka import read_properties
from accord.transfer.address import (
    Address,
    FileAddress,
    SqliteAddress,
    TopicAddress,
    UrlAddress,
    parse_address,
)
from accord.transfer.doctor import Diagnosis, Mended, Report, examine
from accord.transfer.doctor import mend as mend_records
from accord.transfer.places import World
from accord.transfer.ports import Row, Taken
from accord.transfer.reports import counted, live, words
from accord.transfer.words import SHOWN, shortened


class Progress:
    """Tells how far a move is: beside a spinner while it lasts, and a line for what should be known afterwards."""

    def __init__(self, output: Output, status: Status) -> None:
        self._output = output
        self._status = status
        self._task = ""
        self._total: int | None = None
        self.losses = 0

    def doing(self, text: str, *, total: int | None = None) -> None:
        """Show the task."""
        self._task, self._total = text, total
        self._status.update(f"{text} ...")

    def moved(self, done: int) -> None:
        """Show how far the task is."""
        of_total = "" if self._total is None else f" of {self._total:,}"
        self._status.update(f"{self._task}: {done:,}{of_total}")

    def warn(self, text: str) -> None:
        """Leave a warning."""
        self._output.warn(text)

    def left_out(self, text: str) -> None:
        """Leave a line, and remember that not everything was moved."""
        self.losses += 1
        if self.losses <= SHOWN:
            self._output.bad(f"left out: {text}")

    def end(self) -> None:
        """Say how many were left out without a line of their own."""
        if self.losses > SHOWN:
            self._output.bad(f"left out: … and {self.losses - SHOWN:,} more")


@dataclass(frozen=True, slots=True)
class Places:
    """How the places of one command are reached."""

    kafka_config: Path | None

    @contextmanager
    def world(self) -> Iterator[World]:
        """What places need; it closes what they open."""
        with ExitStack() as open_things:
            yield World(
                sys.stdin.buffer,
                sys.stdout.buffer,
                datetime.now(UTC),
                open_things,
                {} if self.kafka_config is None else read_properties(self.kafka_config),
            )


def address_of(_: click.Context, __: click.Parameter, value: str | None) -> Address | None:
    """What an address on the command line stands for. Raises PlaceRefused."""
    return None if value is None else parse_address(value)


pass_places = click.make_pass_decorator(Places)
source_argument = click.argument("source", callback=address_of)


PLACES: Final = """\
Move a registry, or look whether its records are sound.

\b
A place is one of
  http://HOST:PORT          a registry that runs, Accord's or another; credentials may stand in it
  sqlite:PATH               the file of an Accord registry that does not run
  kafka://HOST:PORT/TOPIC   a topic such as _schemas
  PATH or -                 a dump, or what kafka-console-consumer printed of such a topic
"""


@click.group("registry", help=PLACES)
@click.option(
    "--kafka-config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of Kafka client properties (librdkafka's names) for kafka:// places: security and the like.",
)
@click.pass_context
def command(ctx: click.Context, kafka_config: Path | None) -> None:
    """Move a registry, or look whether its records are sound."""
    ctx.obj = Places(kafka_config)


@command.command("export")
@source_argument
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    callback=address_of,
    default="-",
    show_default="standard output",
    help="The dump to write.",
)
@pass_places
@pass_output
def export(terminal: Output, places: Places, source: Address, output: Address) -> int:
    """Write a dump of a registry: all of its subjects, versions, ids, deletes, configurations and modes.

    An Accord registry is dumped record by record while it runs: its dump is a backup, restored with `accord registry
    import`. What was reported to it (readers, deployments and the like) goes along. Of another one everything is dumped
    that its API tells. Exit code 1 if something had to be left out.
    """
    with places.world() as world, _progress(terminal) as progress:
        where = world.source(source)
        row = where.read(progress)
        taken = world.dump(output, origin=where.name).take(row, progress)
    kind = "the log itself" if row.exact else "composed of what the registry tells"
    tell = terminal.say if progress.losses else terminal.good
    tell(f"{taken.written:,} records of {where.name} are in {output}: {kind}; {_reports_words(row, taken)}")
    return int(progress.losses > 0)


@command.command("import")
@source_argument
@click.option(
    "--to",
    metavar="ADDRESS",
    callback=address_of,
    required=True,
    help="Where to: sqlite:PATH, kafka://HOST:PORT/TOPIC or http://HOST:PORT.",
)
@click.option(
    "--force", is_flag=True, help="Let subjects of a running registry that have versions already take more."
)
@pass_places
@pass_output
def import_(terminal: Output, places: Places, source: Address, to: Address, *, force: bool) -> int:
    """Bring a registry to another place: ids, versions, deletes, configurations and modes stay what they are.

    A file or a topic must be new or empty. A registry that runs may hold other subjects; everything is compared before
    anything is written, and looked at again afterwards. What was reported of readers, deployments and the like is put
    beside what the target holds of it, and the newer of two counts; only an Accord registry takes it. What was
    interrupted goes on if it is run again. Exit code 1 if the target holds something else.
    """
    with places.world() as world, _progress(terminal) as progress:
        goal = world.target(to, force=force)
        taken = goal.take(world.source(source).read(progress), progress)
    for difference in shortened(taken.differences):
        terminal.bad(difference)
    whole = not taken.differences and not progress.losses
    (terminal.good if whole else terminal.say)(_summary(taken, goal.name))
    return int(not whole)


@command.command("doctor")
@source_argument
@click.option("--mend", is_flag=True, help="Write the records with everything mended that can be.")
@click.option("-o", "--output", metavar="FILE", callback=address_of, help="The dump to write with --mend.")
@format_option
@pass_places
@pass_output
def doctor(
    terminal: Output, places: Places, source: Address, output: Address | None, format: str, *, mend: bool
) -> int:
    """Look for what is wrong in the records of a registry, and mend it on request.

    Finds records that nobody can read, keys that outlive deletes, ids with two contents, ids that were given again,
    references that lead nowhere, wrong MD5s and more; `accord explain RULE` says more about each. What was reported of
    readers, deployments and the like is looked at, too. Exit code 1 if anything worse than a remark is found. With --mend nothing is changed in place: a dump is written, and the exit code is about
    that.
    """
    if mend != (output is not None):
        raise ConfigurationError(
            "--mend and --output belong together",
            hint="say both: the mended records go to a dump of their own",
        )
    if output == FileAddress(None):
        raise ConfigurationError(
            "the mended records cannot go to standard output: that is where the findings are told",
            hint="name a file with --output",
        )
    mended = None
    with places.world() as world, _progress(terminal) as progress:
        where = world.source(source)
        row = where.read(progress)
        records = list(row.records)
        progress.doing("examining the records")
        reports = row.reports or ()
        report = examine(records, reports)
        if output is not None:
            mended = mend_records(records, reports)
            dump = world.dump(output, origin=f"{where.name}, mended")
            dump.take(Row(mended.records, exact=row.exact, reports=mended.reports), progress)
    if format == "json":
        terminal.json(_document(where.name, report, mended))
    else:
        _tell(terminal, where.name, report)
        if mended is not None:
            _tell_mended(terminal, mended, source, output)
    return int(not (report if mended is None else mended.report).sound or progress.losses > 0)


@contextmanager
def _progress(output: Output) -> Iterator[Progress]:
    with output.working("working") as status:
        progress = Progress(output, status)
        yield progress
        progress.end()


def _reports_words(row: Row, taken: Taken) -> str:
    """What became of the second log in a dump."""
    if row.reports is None:
        return "it keeps no reports of readers, deployments and the like, as only an Accord registry does"
    return f"with {counted(len(taken.reports.missing))} of readers, deployments and the like"


def _summary(taken: Taken, target: str) -> str:
    found = f", {taken.found:,} stood there already" if taken.found else ""
    reports = words(taken.reports)
    return f"{taken.written:,} {taken.what} were written to {target}{found}" + (reports and f"; {reports}")


def _tell(output: Output, name: str, report: Report) -> None:
    for _, group in groupby(report.diagnoses, key=lambda one: one.finding.rule):
        found = list(group)
        for diagnosis in found[:SHOWN]:
            output.result(to_text(diagnosis.finding) + "\n")
        if len(found) > SHOWN:
            output.result(
                f"… and {len(found) - SHOWN} more of {found[0].finding.rule}; --format json has all\n"
            )
    if not report.diagnoses:
        output.good(f"nothing is wrong in the {report.records:,} records of {name}")
        return
    output.say(
        f"{_counted(report.diagnoses)} in {report.records:,} records of {name}; --mend can mend {len(report.mendable)}"
    )


def _tell_mended(output: Output, mended: Mended, source: Address, file: Address | None) -> None:
    for _, group in groupby(mended.done, key=lambda one: one.finding.rule):
        for line in shortened([_done(diagnosis) for diagnosis in group]):
            output.good(line)
    for context, highest in mended.highest_ids.items():
        output.good(
            f"a record keeps in mind that the ids up to {highest} of the context '{context}' were given"
        )
    if mended.report.diagnoses:
        output.say(f"left for people: {_counted(mended.report.diagnoses)}")
    held = len(mended.records) + len(live(mended.reports))
    output.say(f"{file} holds {held:,} records. {_in_place(source, file)}")


def _done(diagnosis: Diagnosis) -> str:
    [fix] = diagnosis.finding.fixes
    return f"{diagnosis.finding.rule}, {diagnosis.finding.reader.name}: {fix.summary}"


def _in_place(source: Address, file: Address | None) -> str:
    """How the mended records take the place of those that they were made of."""
    match source:
        case SqliteAddress(path):
            new = SqliteAddress(path.with_stem(f"{path.stem}-mended"))
            return f"To use them: accord registry import {file} --to {new}, then start the server with --log {new}."
        case TopicAddress(servers, topic):
            new_topic = TopicAddress(servers, f"{topic}_mended")
            return (
                f"To use them: stop the registries, accord registry import {file} --to {new_topic}, then start them with "
                f"the topic {new_topic.topic} (kafkastore.topic for Confluent's)."
            )
        case UrlAddress():
            return "To use them, import them into an empty registry, a new file or a new topic: accord registry import."
        case FileAddress():
            return "To use them, import them: accord registry import."


def _document(name: str, report: Report, mended: Mended | None) -> dict[str, object]:
    document: dict[str, object] = {
        "source": name,
        "records": report.records,
        "sound": report.sound,
        "findings": [_finding(diagnosis) for diagnosis in report.diagnoses],
    }
    if mended is not None:
        document["mended"] = {
            "records": len(mended.records) + len(live(mended.reports)),
            "sound": mended.report.sound,
            "done": [_finding(diagnosis) for diagnosis in mended.done],
            "highestIds": dict(mended.highest_ids),
            "left": [_finding(diagnosis) for diagnosis in mended.report.diagnoses],
        }
    return document


def _finding(diagnosis: Diagnosis) -> dict[str, object]:
    return {**to_json(diagnosis.finding), "mendable": bool(diagnosis.changes)}


def _counted(diagnoses: Sequence[Diagnosis]) -> str:
    return f"{len(diagnoses)} finding{'s' * (len(diagnoses) > 1)}"
