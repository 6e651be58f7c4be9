"""A real Kafka for every test that is marked ``kafka``, the schema of SARIF, and a root logger that no test leaves changed."""

import importlib.metadata
import json
import logging
import pickletools
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import settings

from accord.cli.settings import java_home, user_cache
from accord.cluster import Cluster, ClusterSpec
from accord.cluster.errors import PortTaken
from accord.cluster.ports import require_free

SARIF = b'"title": "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"'


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let whoever has the time give more of it to the soak."""
    parser.addoption(
        "--soak-minutes",
        type=float,
        default=3.0,
        help="how long the soak makes trouble (default: %(default)s)",
    )


@pytest.fixture(scope="session")
def soak_minutes(pytestconfig: pytest.Config) -> float:
    """How long a soak makes trouble."""
    minutes: float = pytestconfig.getoption("--soak-minutes")
    return minutes


def pytest_configure() -> None:
    """Let Ctrl-C mean something, and time nothing.

    A shell starts what runs in its background, and all that this starts, deaf to Ctrl-C.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Machines are shared: how long an example takes says nothing about the code.
    settings.register_profile("accord", deadline=None)
    settings.load_profile("accord")


@pytest.fixture(autouse=True)
def root_logger_as_it_was() -> Iterator[None]:
    """A command that runs in this process sets up logging for itself, on streams that end with its test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level


@pytest.fixture(scope="session")
def free_port_base() -> Callable[[int], int]:
    """Find the first port of a row that is free for so many brokers.

    It is away from the defaults and from what systems give out by themselves.
    """

    def find(brokers: int) -> int:
        for base in range(21092, 31000, 20):
            try:
                require_free(ClusterSpec(brokers=brokers, port_base=base).nodes(Path()))
            except PortTaken:
                continue
            return base
        pytest.fail("no row of free ports is left on this machine")

    return find


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests on a real Kafka the time that its first download may take."""
    for item in items:
        if item.get_closest_marker("kafka") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def kafka_cluster(
    tmp_path_factory: pytest.TempPathFactory, free_port_base: Callable[[int], int]
) -> Iterator[Cluster]:
    """Three brokers that all tests of a run share; whoever stops a broker starts it again."""
    cluster = Cluster(
        tmp_path_factory.mktemp("kafka"),
        cache=user_cache(),
        spec=ClusterSpec(port_base=free_port_base(3)),
        java_home=java_home(),
    )
    try:
        cluster.up()
        yield cluster
    finally:
        cluster.down(delete=True)


@pytest.fixture(scope="session")
def sarif_schema() -> dict[str, Any]:
    """The final schema of SARIF 2.1.0, out of a package that holds a collection of schemas as pickled answers.

    They are only read, never unpickled.
    """
    cache = importlib.metadata.distribution("schemastore").locate_file("schemastore/cache.sqlite")
    with closing(sqlite3.connect(f"file:{cache}?mode=ro", uri=True)) as store:
        [[answer]] = store.execute("SELECT value FROM responses WHERE instr(value, ?) > 0", (SARIF,))
    [text] = [arg for _, arg, _ in pickletools.genops(answer) if isinstance(arg, bytes) and SARIF in arg]
    # A bracket that closes nothing is one only to engines that are lenient, which the validator's is not.
    schema: dict[str, Any] = json.loads(text.replace(b"{2}]?$", b"{2}\\\\]?$"))
    return schema


@pytest.fixture(scope="session")
def sarif_errors(sarif_schema: dict[str, Any]) -> Callable[[object], list[str]]:
    """What the schema of SARIF has to say about a document."""
    validator = jsonschema_rs.Draft7Validator(sarif_schema, validate_formats=True)
    return lambda document: [
        f"{error.instance_path}: {error.message}" for error in validator.iter_errors(document)
    ]
