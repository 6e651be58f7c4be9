"""The demo from curtain to curtain: build the stage, play every act, and clear everything away whatever happens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from accord.cluster import Cluster
from accord.demo.reporter import Line, Reporter
from accord.demo.scenario import Play, acts
from accord.demo.stage import Ports, Stage
from accord.demo.traffic import Customers


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo is told: the cluster to run on, where its other files go, and how many orders open it."""

    cluster: Cluster
    folder: Path
    orders: int = 2000
    ports: Ports = field(default_factory=Ports)


def perform(
    demo: Demo, reporter: Reporter, *, before_the_end: Callable[[Stage, list[Line]], None]
) -> list[Line]:
    """Run the main job and answer one line per thing that must hold.

    ``before_the_end`` is called with the lines and everything still running: somebody may want to look around.
    Every program that was started is ended, on failure and on Ctrl-C too. Raises AccordError when something that the
    demo needs is missing or does not start.
    """
    stage = Stage(demo.folder, demo.ports, demo.cluster)
    reporter.doing("clearing what an earlier run has left")
    stage.prepare()
    customers = Customers(stage.orders.url)
    try:
        reporter.doing("starting three brokers")
        demo.cluster.up(reporter)
        lines = list(acts(Play(stage, customers, reporter, demo.orders)))
        before_the_end(stage, lines)
    finally:
        customers.close()
        stage.close(reporter)
    return lines
