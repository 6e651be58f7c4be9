"""Brokers to measure against, each in processes of their own: librdkafka's mock, and real ones."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from accord.cli.settings import java_home, user_cache
from accord.cluster import Cluster, ClusterSpec
from accord.cluster.errors import PortTaken
from accord.cluster.ports import require_free
from benchmarks.registry.processes import SERVER_CORE, on_core

_MOCK = """
import sys
from confluent_kafka import Producer
client = Producer({"test.mock.num.brokers": 1, "log_level": 0})
print(*(f"{one.host}:{one.port}" for one in client.list_topics(timeout=10).brokers.values()), flush=True)
sys.stdin.read()
"""
_FIRST_PORT = 24092
_LAST_PORT = 31000


@contextmanager
def mock_broker() -> Iterator[str]:
    """The address of a mock broker, which makes topics of four partitions as they are asked for."""
    with on_core(SERVER_CORE):
        process = subprocess.Popen(
            [sys.executable, "-c", _MOCK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    with process:
        assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
        yield process.stdout.readline().strip()
        process.communicate("")


@contextmanager
def real_brokers(count: int = 3) -> Iterator[str]:
    """The addresses of so many brokers, which go with their data in the end."""
    with TemporaryDirectory(prefix="accord-bench-") as folder:
        cluster = Cluster(
            Path(folder),
            cache=user_cache(),
            spec=ClusterSpec(brokers=count, port_base=_free_ports()),
            java_home=java_home(),
        )
        try:
            with on_core(SERVER_CORE):
                cluster.up()
            yield cluster.bootstrap_servers
        finally:
            cluster.down(delete=True)


def _free_ports() -> int:
    for base in range(_FIRST_PORT, _LAST_PORT, 20):
        try:
            require_free(ClusterSpec(brokers=3, port_base=base).nodes(Path()))
        except PortTaken:
            continue
        return base
    raise RuntimeError("no row of free ports is left on this machine")
