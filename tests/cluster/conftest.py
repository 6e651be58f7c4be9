"""Clusters of a test's own, for tests that stop, kill and spoil."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accord.cli.settings import java_home, user_cache
from accord.cluster import Cluster, ClusterSpec
from accord.cluster.ports import free_pair

MakeCluster = Callable[..., Cluster]


@pytest.fixture
def make_cluster(tmp_path: Path, free_port_base: Callable[[int], int]) -> Iterator[MakeCluster]:
    """Make a cluster that is not started; it is stopped with the test."""
    made: list[Cluster] = []

    def make(*, brokers: int = 1, cache: Path | None = None, jars: Path | None = None) -> Cluster:
        cluster = Cluster(
            tmp_path / f"cluster-{len(made)}",
            cache=cache or user_cache(),
            spec=ClusterSpec(brokers=brokers, port_base=free_port_base(brokers)),
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
    base = free_pair()
    with socket.create_server(("127.0.0.1", base + 1)):
        yield base + 1
