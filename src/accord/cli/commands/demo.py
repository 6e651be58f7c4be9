"""``accord demo``: the main job, told as it happens."""

import threading
import time
from contextlib import suppress
from pathlib import Path

import click
from rich.status import Status

from accord.cli.output import Output, pass_output
from accord.cli.settings import java_home, user_cache
from accord.cluster import Cluster, ClusterSpec
from accord.cluster.plan import DEFAULT_PORT_BASE
from accord.demo.play import Demo, perform
from accord.demo.reporter import Line
from accord.demo.stage import Stage


class Story:
    """A Reporter that tells the demo on a terminal."""

    def __init__(self, output: Output, status: Status) -> None:
        self._output = output
        self._status = status
        self._started = time.monotonic()

    def doing(self, text: str) -> None:
        """Show what is going on beside the spinner."""
        self._status.update(f"[{self._elapsed()}] {text} ...")

    def done(self, text: str) -> None:
        """Leave a line behind."""
        self._output.good(f"[{self._elapsed()}] {text}")

    def warn(self, text: str) -> None:
        """Say what may surprise later."""
        self._output.warn(text)

    def loaded(self, done_bytes: int, total_bytes: int) -> None:
        """Show how far the downloads are."""
        self.doing(f"fetching Kafka: {done_bytes / 1e6:.0f} of {total_bytes / 1e6:.0f} MB")

    def quote(self, text: str) -> None:
        """Leave a text behind as it is, set off."""
        self._output.say("\n" + "\n".join(f"      {line}" for line in text.splitlines()) + "\n")

    def _elapsed(self) -> str:
        return f"{time.monotonic() - self._started:5.1f} s"


@click.command("demo")
@click.option(
    "--orders",
    type=click.IntRange(min=1),
    default=2000,
    show_default=True,
    help="How many orders open the demo.",
)
@click.option("--keep", is_flag=True, help="Leave everything running at the end, until Ctrl-C.")
@click.option(
    "--dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".accord/demo"),
    show_default=True,
    help="Where data and logs go; what an earlier demo left there is cleared at each start.",
)
@click.option(
    "--port-base",
    type=int,
    default=DEFAULT_PORT_BASE,
    show_default=True,
    help="The first broker's port; each broker takes two.",
)
@pass_output
def command(output: Output, orders: int, dir: Path, port_base: int, *, keep: bool) -> int:
    """Run event-driven services with governed contracts on a real three-broker Kafka.

    Starts brokers, registry and services on this machine; sends orders; rolls the contract to its next version while
    orders flow; has a breaking change refused; puts poison on the topic; kills a broker; rebuilds billing from the
    log; then reconciles. Exit code 0 only if every line of the closing table holds.
    """
    folder = dir.resolve()
    spec = ClusterSpec(brokers=3, port_base=port_base)
    cluster = Cluster(folder / "cluster", cache=user_cache(), spec=spec, java_home=java_home())
    demo = Demo(cluster, folder, orders)
    with output.working("setting the stage") as status:
        story = Story(output, status)

        def look_around(stage: Stage, lines: list[Line]) -> None:
            if not keep:
                return
            status.stop()
            _show(output, lines, folder)
            output.say(f"{_addresses(stage)}\nEverything is left running; Ctrl-C ends it.")
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
            status.start()

        lines = perform(demo, story, before_the_end=look_around)
    if not keep:
        _show(output, lines, folder)
    return int(not all(line.holds for line in lines))


def _show(output: Output, lines: list[Line], folder: Path) -> None:
    rows = [["✓" if line.holds else "✗", line.claim, line.seen] for line in lines]
    output.table(["", "what must hold", "what was seen"], rows)
    failed = sum(not line.holds for line in lines)
    if failed:
        output.bad(f"{failed} of {len(lines)} lines do not hold; the logs are in {folder}")
    else:
        output.good(f"all {len(lines)} lines hold")


def _addresses(stage: Stage) -> str:
    members = "\n".join(f"billing         {member.url}/invoices" for member in stage.billing)
    return (
        f"\nKafka           {stage.cluster.bootstrap_servers}\nregistry        {stage.registry.url}/subjects\n"
        f"order service   {stage.orders.url}/orders (POST)\n{members}\nlogs            {stage.folder}\n"
    )
