"""Clusters of a test's own, for tests that stop, kill and spoil."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accord.cli.settings import java_home, user_cache
from accord.cluster import Cluster, ClusterSpec
from accord.cluster.errors import PortTaken
from accord.cluster.ports import require_free

MakeCluster = Callable[..., Cluster]


def free_base(brokers: int) -> int:
    for base in range(23092, 31000, 20):
        try:
            require_free(ClusterSpec(brokers=brokers, port_base=base).nodes(Path()))
        except PortTaken:
            continue
        return base
    pytest.fail("no row of free ports is left on this machine")


@pytest.fixture
def make_cluster(tmp_path: Path) -> Iterator[MakeCluster]:
    """Make a cluster that is not started; it is stopped with the test."""
    made: list[Cluster] = []

    def make(*, brokers: int = 1, cache: Path | None = None, jars: Path | None = None) -> Cluster:
        cluster = Cluster(
            tmp_path / f"cluster-{len(made)}",
            cache=cache or user_cache(),
            spec=ClusterSpec(brokers=brokers, port_base=free_base(brokers)),
            jars=jars,
            java_home=java_home(),
        )
        made.append(cluster)
        return cluster

    yield make
    for cluster in made:
        cluster.down(delete=True)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on; the one before it is free."""
    base = free_base(1)
    with socket.create_server(("127.0.0.1", base + 1)):
        yield base + 1
