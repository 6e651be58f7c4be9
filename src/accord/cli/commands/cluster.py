"""``accord cluster``: a real Kafka on this machine."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import click

from accord.cli.output import Output, format_option, pass_output
from accord.cli.settings import java_home, user_cache
from accord.cluster import BrokerStatus, Cluster, ClusterSpec
from accord.cluster.plan import DEFAULT_PORT_BASE, SIZES
from accord.cluster.tail import Tail
from accord.cluster.tail import follow as followed
from accord.cluster.tools import TOOLS
from accord.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cluster's files and the downloads are."""

    home: Path
    cache: Path

    def cluster(self, *, spec: ClusterSpec | None = None, jars: Path | None = None) -> Cluster:
        """The cluster of this place."""
        return Cluster(self.home, cache=self.cache, spec=spec, jars=jars, java_home=java_home())


class Shown:
    """Tells the progress of a cluster on a terminal: a line for each task, a bar for the downloads."""

    def __init__(self, output: Output, bars: ExitStack) -> None:
        self._output = output
        self._bars = bars
        self._move: Callable[[int], None] | None = None

    def doing(self, text: str) -> None:
        """Leave a line."""
        self._output.say(f"{text} ...")

    def warn(self, text: str) -> None:
        """Leave a warning."""
        self._output.warn(text)

    def loaded(self, done_bytes: int, total_bytes: int) -> None:
        """Move the bar; it goes away when all is there."""
        if self._move is None:
            bar = self._bars.enter_context(self._output.downloading())
            task = bar.add_task("", total=total_bytes)
            self._move = lambda done: bar.update(task, completed=done)
        self._move(done_bytes)
        if done_bytes >= total_bytes:
            self._bars.close()


pass_place = click.make_pass_decorator(Place)


@click.group("cluster")
@click.option(
    "--dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".accord/cluster"),
    show_default=True,
    help="Where the cluster keeps data, logs and its state.",
)
@click.option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=user_cache,
    show_default="the user's cache folder",
    help="Where downloads are kept for all clusters.",
)
@click.pass_context
def command(ctx: click.Context, dir: Path, cache_dir: Path) -> None:
    """A real Kafka on this machine: one, three or five brokers, without Docker or an installed Java."""
    ctx.obj = Place(dir, cache_dir)


@command.command("up")
@click.option(
    "--brokers",
    type=click.Choice(SIZES),
    help="How many brokers. [default: as the cluster was made; 3 for a new one]",
)
@click.option(
    "--port-base",
    type=int,
    help="The first broker's port; each broker takes two. "
    f"[default: as the cluster was made; {DEFAULT_PORT_BASE} for a new one]",
)
@click.option("--heap-mib", type=click.IntRange(min=128), help="Each broker's Java heap. [default: 400]")
@click.option(
    "--jars",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with Kafka's jars, for machines without network.",
)
@pass_place
@pass_output
def up(
    output: Output,
    place: Place,
    *,
    brokers: int | None,
    port_base: int | None,
    heap_mib: int | None,
    jars: Path | None,
) -> None:
    """Start the cluster, or what is down of it, and wait until every broker serves.

    The first time, Kafka's jars are downloaded and verified.
    """
    began = time.monotonic()
    asked = {"brokers": brokers, "port_base": port_base, "heap_mib": heap_mib}
    given = {name: value for name, value in asked.items() if value is not None}
    cluster = place.cluster(spec=replace(place.cluster().spec, **given), jars=jars)
    with ExitStack() as bars:
        started = cluster.up(Shown(output, bars))
    if not started:
        output.say(f"already up: {cluster.bootstrap_servers}")
        return
    output.good(f"{_counted(started)} up in {time.monotonic() - began:.1f} s: {cluster.bootstrap_servers}")


@command.command("status")
@format_option
@pass_place
@pass_output
def status(output: Output, place: Place, format: str) -> int:
    """Show every broker; exit code 3 unless all of them serve."""
    found = place.cluster().status()
    if format == "json":
        output.json(
            {"all_up": found.all_up, "brokers": [_document(broker) for broker in found.brokers]},
        )
    elif found.brokers:
        rows = [
            [
                str(broker.node_id),
                broker.state,
                broker.address,
                str(broker.pid or ""),
                f"{broker.memory_bytes / 2**20:.0f} MiB" if broker.pid else "",
            ]
            for broker in found.brokers
        ]
        output.table(["broker", "state", "address", "pid", "memory"], rows)
    else:
        output.say(f"there is no cluster in {place.home}")
    return 0 if found.all_up else UnavailableError.exit_code


@command.command("down")
@click.option("--delete", is_flag=True, help="Delete the data and the logs too.")
@pass_place
@pass_output
def down(output: Output, place: Place, *, delete: bool) -> None:
    """Stop the brokers that `up` started, and nothing else."""
    stopped = place.cluster().down(delete=delete)
    done = f"stopped {_counted(stopped)}" if stopped else "nothing was running"
    output.good(done + (", and its data is deleted" if delete else ""))


@command.command("logs")
@click.argument("broker", type=int, required=False)
@click.option("-f", "--follow", is_flag=True, help="Go on with what is added, until Ctrl-C.")
@click.option(
    "-n", "--lines", type=click.IntRange(min=0), default=40, show_default=True, help="How many lines of each."
)
@pass_place
@pass_output
def logs(output: Output, place: Place, broker: int | None, lines: int, *, follow: bool) -> None:
    """Show the last lines of a broker's log, or of all."""
    cluster = place.cluster()
    numbers = [broker] if broker is not None else range(1, cluster.spec.brokers + 1)
    tails = {number: Tail(cluster.log_file(number)) for number in numbers}

    def tell(number: int, line: str) -> None:
        output.result(line if broker is not None else f"{number} | {line}")

    for number, tail in tails.items():
        said = tail.read()
        for line in said[max(0, len(said) - lines) :]:
            tell(number, line)
    if follow:
        for number, line in followed(tails):
            tell(number, line)


@command.command("env")
@format_option
@pass_place
@pass_output
def env(output: Output, place: Place, format: str) -> None:
    """Print where the cluster is, for `eval "$(accord cluster env)"` or for programs."""
    cluster = place.cluster()
    if format == "text":
        output.result(f"export KAFKA_BOOTSTRAP_SERVERS={cluster.bootstrap_servers}")
        return
    output.json(
        {"bootstrap_servers": cluster.bootstrap_servers, "dir": cluster.home, "jars": cluster.jars_folder}
    )


@command.command(
    "exec",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="Tools: " + ", ".join(TOOLS),
)
@click.argument("tool")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@pass_place
def execute(place: Place, tool: str, arguments: tuple[str, ...]) -> int:
    """Run one of Kafka's own tools on this cluster, such as `accord cluster exec kafka-topics --list`."""
    return place.cluster().run_tool(tool, arguments)


def _document(broker: BrokerStatus) -> dict[str, object]:
    return {
        "broker": broker.node_id,
        "state": broker.state,
        "address": broker.address,
        "pid": broker.pid,
        "memory_bytes": broker.memory_bytes,
        "sees": sorted(broker.sees),
    }


def _counted(brokers: tuple[int, ...]) -> str:
    return f"{len(brokers)} broker{'s' * (len(brokers) > 1)}"
