"""The fixtures that pytest finds by itself. Each is made when a test asks for it; until then nothing is imported."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from accord.cluster import Cluster
    from accord.kafka.mock import MockBroker
    from accord.testing.loopback import LoopbackRegistry


def pytest_addoption(parser: pytest.Parser) -> None:
    """What ``accord_cluster`` and ``accord_contract_case`` can be told in the settings of pytest."""
    parser.addini("accord_cache", "Folder for the downloads of accord_cluster.", type="string", default="")
    parser.addini("accord_brokers", "How many brokers accord_cluster has.", type="string", default="1")
    parser.addini(
        "accord_project", "The folder of accord_contract_case's project.", type="string", default=""
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each consumer, contract and example, of each that asks for ``accord_contract_case``."""
    if "accord_contract_case" not in metafunc.fixturenames:
        return
    from accord.testing.contracts import contract_cases  # noqa: PLC0415 -- see above

    folder = metafunc.config.rootpath / str(metafunc.config.getini("accord_project"))
    cases = contract_cases(folder)
    metafunc.parametrize("accord_contract_case", cases, ids=[case.id for case in cases])


@pytest.fixture
def accord_broker() -> "Iterator[MockBroker]":
    """A mock broker without topics, for faults in order; the test is skipped where the platform has none."""
    from accord.kafka.mock import MockBroker, MockBrokerUnavailable  # noqa: PLC0415 -- see above

    try:
        broker = MockBroker()
    except MockBrokerUnavailable as error:
        pytest.skip(error.message)
    with broker:
        yield broker


@pytest.fixture
def accord_registry() -> "Iterator[LoopbackRegistry]":
    """An empty schema registry in this process, over real HTTP."""
    from accord.testing.loopback import registry  # noqa: PLC0415 -- see above

    with registry() as served:
        yield served


@pytest.fixture(scope="session")
def accord_cluster(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> "Iterator[Cluster]":
    """A real Kafka that all tests of a run share; needs the extra ``cluster``, and a download the first time."""
    try:
        from accord.cluster import Cluster  # noqa: PLC0415 -- see above
        from accord.testing.ports import free_row  # noqa: PLC0415
    except ModuleNotFoundError as error:
        pytest.fail(
            f"accord_cluster needs the Python package that provides '{error.name}': pip install 'accord-kafka[cluster]'",
            pytrace=False,
        )
    cluster = Cluster(
        tmp_path_factory.mktemp("accord-kafka"),
        cache=_cache(pytestconfig),
        spec=free_row(brokers=int(pytestconfig.getini("accord_brokers"))),
    )
    try:
        cluster.up()
        yield cluster
    finally:
        cluster.down(delete=True)


def _cache(config: pytest.Config) -> Path:
    """Where the ``accord`` command keeps its downloads too, unless pytest's settings name another folder."""
    named = str(config.getini("accord_cache"))
    if named:
        return config.rootpath / Path(named).expanduser()
    caches = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path.home() / caches / "accord"
