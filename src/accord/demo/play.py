"""The demo from curtain to curtain: build the stage, play every act, and clear everything away whatever happens."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from accord.cluster import Cluster
from accord.demo.reporter import Line, Reporter
from accord.demo.scenario import Play, acts
from accord.demo.stage import Ports, Stage
from accord.demo.traffic import Customers

Handler = Callable[[int, FrameType | None], object] | signal.Handlers

ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""What asks a program to end: Ctrl-C, a supervisor, a terminal that is closed."""


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
    Every program that was started is ended: on failure, on Ctrl-C, on SIGTERM. Runs in the main thread. Raises
    AccordError when something that the demo needs is missing or does not start.
    """
    with _when_asked_to_end(signal.default_int_handler):
        return _perform(demo, reporter, before_the_end)


def _perform(
    demo: Demo, reporter: Reporter, before_the_end: Callable[[Stage, list[Line]], None]
) -> list[Line]:
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
        # A second Ctrl-C would leave programs behind.
        with _when_asked_to_end(signal.SIG_IGN):
            customers.close()
            stage.close(reporter)
    return lines


@contextmanager
def _when_asked_to_end(handler: Handler) -> Iterator[None]:
    """Do this at Ctrl-C and its like while the block runs."""
    before = {number: signal.signal(number, handler) for number in ENDING}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
