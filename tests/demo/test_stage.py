import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from accord.cluster import Cluster, ClusterSpec
from accord.demo.play import ENDING, Demo, perform
from accord.demo.reporter import Line
from accord.demo.stage import Ports, Stage
from accord.errors import ConfigurationError


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def ports() -> Ports:
    registry, orders, one, other = free_ports(4)
    return Ports(registry, orders, (one, other))


def cluster(folder: Path) -> Cluster:
    return Cluster(folder / "cluster", cache=folder / "cache", spec=ClusterSpec(brokers=3))


def test_only_the_files_of_an_earlier_demo_are_cleared(tmp_path: Path) -> None:
    ours = ["registry.log", "order-service.log", "billing-service-2.log", "registry.db", "billing.db-wal"]
    theirs = ["thesis.txt", "holiday.db", "server.log"]
    for name in (*ours, *theirs):
        (tmp_path / name).write_text("x")

    Stage(tmp_path, ports(), cluster(tmp_path)).prepare()

    assert [name for name in ours if (tmp_path / name).exists()] == []
    assert [name for name in theirs if not (tmp_path / name).exists()] == []


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with taken_port() as port:
        stage = Stage(tmp_path, replace(ports(), orders=port), cluster(tmp_path))
        with pytest.raises(ConfigurationError, match=f"port {port} on 127.0.0.1 is taken"):
            stage.prepare()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    folder = tmp_path / "file" / "demo"

    with pytest.raises(ConfigurationError, match="cannot be used: Not a directory"):
        Stage(folder, ports(), cluster(tmp_path)).prepare()


class Teller:
    """Takes the story, and does something at one point of it."""

    def __init__(self, at: str, number: signal.Signals) -> None:
        self.at = at
        self.number = number
        self.heard: list[str] = []

    def doing(self, text: str) -> None:
        self.heard.append(text)
        if text.startswith((self.at, "stopping order-service")):
            os.kill(os.getpid(), self.number)

    def done(self, text: str) -> None: ...
    def warn(self, text: str) -> None: ...
    def quote(self, text: str) -> None: ...
    def loaded(self, done_bytes: int, total_bytes: int) -> None: ...


@pytest.mark.parametrize("number", ENDING)
def test_a_demo_that_is_asked_to_end_clears_up_undisturbed(tmp_path: Path, number: signal.Signals) -> None:
    def nothing_to_see(_stage: Stage, _lines: list[Line]) -> None: ...

    teller = Teller("starting three brokers", number)
    before = [signal.getsignal(ending) for ending in ENDING]

    with pytest.raises(KeyboardInterrupt):
        perform(Demo(cluster(tmp_path), tmp_path, 1, ports()), teller, before_the_end=nothing_to_see)

    assert teller.heard[-1] == "stopping the brokers"
    assert [signal.getsignal(ending) for ending in ENDING] == before
