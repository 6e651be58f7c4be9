import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from accord.cli.settings import java_home, user_cache
from accord.cluster import Cluster, ClusterSpec, ClusterStatus, runtime, state
from accord.cluster.errors import (
    BrokerFailed,
    ClusterMismatch,
    ClusterNotRunning,
    JarRefused,
    PortTaken,
)
from accord.cluster.plan import SIZES
from accord.cluster.process import ProcessId
from accord.cluster.progress import Silent

MakeCluster = Callable[..., Cluster]


class Told(Silent):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.warnings: list[str] = []

    def doing(self, text: str) -> None:
        self.steps.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def pids(status: ClusterStatus) -> dict[int, int | None]:
    return {broker.node_id: broker.pid for broker in status.brokers}


def run_tool(cluster: Cluster, capfd: pytest.CaptureFixture[str], *words: str) -> str:
    assert cluster.run_tool(words[0], words[1:]) == 0
    return capfd.readouterr().out


@pytest.fixture
def stranger() -> Iterator[psutil.Popen]:
    """A process that no cluster has started."""
    with psutil.Popen([sys.executable, "-c", "import time; time.sleep(300)"]) as process:
        yield process
        process.kill()


@pytest.fixture(scope="module")
def brought_jars(tmp_path_factory: pytest.TempPathFactory, kafka_cluster: Cluster) -> Path:
    """A copy of the jars; what a test spoils it mends."""
    return Path(shutil.copytree(kafka_cluster.jars_folder, tmp_path_factory.mktemp("brought") / "jars"))


@pytest.fixture(scope="module")
def bare_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache without jars."""
    return tmp_path_factory.mktemp("cache")


def test_a_taken_port_is_refused_by_its_number_before_anything_starts(
    tmp_path: Path, taken_port: int
) -> None:
    cluster = Cluster(
        tmp_path / "home", cache=tmp_path / "cache", spec=ClusterSpec(brokers=1, port_base=taken_port - 1)
    )

    with pytest.raises(PortTaken, match=str(taken_port)) as refusal:
        cluster.up()

    assert "--port-base" in refusal.value.hint
    assert not (tmp_path / "cache").exists()
    assert cluster.status().brokers == ()


@pytest.mark.parametrize("size", SIZES)
def test_a_cluster_is_used_as_it_was_made(tmp_path: Path, size: int) -> None:
    made = ClusterSpec(brokers=size, port_base=20000)
    state.save(tmp_path, state.State("id", made))

    assert Cluster(tmp_path, cache=tmp_path).spec == made


def test_another_number_of_brokers_than_the_cluster_has_is_refused(tmp_path: Path) -> None:
    state.save(tmp_path, state.State("id", ClusterSpec(brokers=3)))

    with pytest.raises(ClusterMismatch, match="has 3 brokers, not 1") as refusal:
        Cluster(tmp_path, cache=tmp_path, spec=ClusterSpec(brokers=1)).up()

    assert "down --delete" in refusal.value.hint


def test_a_broker_that_there_is_not_is_refused(tmp_path: Path) -> None:
    state.save(tmp_path, state.State("id", ClusterSpec(brokers=3)))

    with pytest.raises(ClusterMismatch, match="no broker 4"):
        Cluster(tmp_path, cache=tmp_path).kill_broker(4)


def test_a_process_that_only_has_the_id_of_a_broker_is_left_alone(
    tmp_path: Path, stranger: psutil.Popen
) -> None:
    remembered = ProcessId(stranger.pid, stranger.create_time() - 3600)
    state.save(tmp_path, state.State("id", ClusterSpec(brokers=1), processes={1: remembered}))
    cluster = Cluster(tmp_path, cache=tmp_path)

    cluster.kill_broker(1)
    cluster.stop_broker(1)

    assert cluster.down() == ()
    assert stranger.poll() is None


@pytest.mark.kafka
def test_up_starts_all_brokers_and_a_second_up_changes_nothing(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(brokers=3)

    assert cluster.up() == (1, 2, 3)
    first = cluster.status()
    assert cluster.up() == ()

    assert first.all_up
    assert all(broker.memory_bytes > 0 for broker in first.brokers)
    assert pids(cluster.status()) == pids(first)


@pytest.mark.kafka
def test_up_heals_a_killed_broker_and_touches_no_other(
    make_cluster: MakeCluster, capfd: pytest.CaptureFixture[str]
) -> None:
    cluster = make_cluster(brokers=3)
    cluster.up()
    run_tool(cluster, capfd, "kafka-topics", "--create", "--topic", "orders", "--partitions", "6")
    before = pids(cluster.status())

    cluster.kill_broker(2)
    hurt = cluster.status()

    assert not hurt.all_up
    assert [broker.state for broker in hurt.brokers] == ["up", "down", "up"]
    assert cluster.up() == (2,)
    healed = cluster.status()
    assert healed.all_up
    assert {node: pid for node, pid in pids(healed).items() if node != 2} == {1: before[1], 3: before[3]}
    assert "ReplicationFactor: 3" in run_tool(
        cluster, capfd, "kafka-topics", "--describe", "--topic", "orders"
    )


@pytest.mark.kafka
def test_one_broker_is_stopped_and_started_while_another_is_down(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(brokers=3)
    cluster.up()

    cluster.stop_broker(3)
    assert [broker.state for broker in cluster.status().brokers] == ["up", "up", "down"]
    cluster.start_broker(3)
    cluster.start_broker(3)

    assert cluster.status().all_up
    cluster.kill_broker(1)
    cluster.kill_broker(2)
    cluster.start_broker(2)
    assert [broker.state for broker in cluster.status().brokers] == ["down", "up", "up"]


@pytest.mark.kafka
def test_down_stops_every_broker_and_keeps_the_data(
    make_cluster: MakeCluster, capfd: pytest.CaptureFixture[str]
) -> None:
    cluster = make_cluster(brokers=3)
    cluster.up()
    run_tool(cluster, capfd, "kafka-topics", "--create", "--topic", "kept")
    running = pids(cluster.status())

    assert cluster.down() == (1, 2, 3)
    assert cluster.down() == ()
    assert not [pid for pid in running.values() if pid and psutil.pid_exists(pid)]

    cluster.up()
    assert run_tool(cluster, capfd, "kafka-topics", "--list").split() == ["kept"]


@pytest.mark.kafka
def test_down_with_delete_leaves_no_data(
    make_cluster: MakeCluster, capfd: pytest.CaptureFixture[str]
) -> None:
    cluster = make_cluster()
    cluster.up()
    run_tool(cluster, capfd, "kafka-topics", "--create", "--topic", "gone")

    cluster.down(delete=True)

    assert not list(cluster.home.rglob("*.log"))
    cluster.up()
    assert run_tool(cluster, capfd, "kafka-topics", "--list").strip() == ""


@pytest.mark.kafka
def test_a_broker_that_cannot_start_says_why_and_the_others_are_stopped_again(
    make_cluster: MakeCluster,
) -> None:
    cluster = make_cluster(brokers=3)
    cluster.up()
    cluster.down()
    spoiled = cluster.home / "broker-2" / "data" / "meta.properties"
    spoiled.write_text(spoiled.read_text().replace("node.id=2", "node.id=7"))

    with pytest.raises(BrokerFailed, match="broker 2 ended before it served") as failure:
        cluster.up()

    assert "Stored node id 7" in failure.value.message
    assert "\tat " not in failure.value.message
    assert str(cluster.log_file(2)) in failure.value.hint
    assert {broker.state for broker in cluster.status().brokers} == {"down"}


@pytest.mark.kafka
def test_a_running_cluster_is_not_moved_to_other_ports(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    cluster.up()
    moved = Cluster(
        cluster.home, cache=cluster.cache, spec=replace(cluster.spec, port_base=cluster.spec.port_base + 2)
    )

    with pytest.raises(ClusterMismatch, match=str(cluster.spec.port_base)):
        moved.up()

    assert cluster.status().all_up


@pytest.mark.kafka
def test_a_stopped_cluster_comes_up_on_other_ports_with_its_data(
    make_cluster: MakeCluster, capfd: pytest.CaptureFixture[str], free_port_base: Callable[[int], int]
) -> None:
    cluster = make_cluster(brokers=3)
    cluster.up()
    run_tool(cluster, capfd, "kafka-topics", "--create", "--topic", "moved")
    elsewhere = free_port_base(3)
    cluster.down()
    spec = replace(cluster.spec, port_base=elsewhere)

    moved = Cluster(cluster.home, cache=cluster.cache, spec=spec)

    assert moved.up() == (1, 2, 3)
    assert run_tool(moved, capfd, "kafka-topics", "--list").split() == ["moved"]


@pytest.mark.kafka
def test_two_clusters_run_beside_each_other(kafka_cluster: Cluster, make_cluster: MakeCluster) -> None:
    second = make_cluster()

    second.up()
    second.down()

    assert kafka_cluster.status().all_up


@pytest.mark.kafka
def test_kafkas_tools_run_on_the_cluster_and_answer_their_exit_code(
    kafka_cluster: Cluster, capfd: pytest.CaptureFixture[str]
) -> None:
    run_tool(kafka_cluster, capfd, "kafka-topics", "--create", "--topic", "tooled", "--partitions", "12")

    told = run_tool(kafka_cluster, capfd, "kafka-topics", "--describe", "--topic", "tooled")
    assert "PartitionCount: 12" in told
    assert "ReplicationFactor: 3" in told
    assert "min.insync.replicas=2" in told
    assert kafka_cluster.run_tool("kafka-topics", ["--describe", "--topic", "absent"]) == 1


@pytest.mark.kafka
def test_access_rules_can_be_set_because_the_authorizer_is_on(
    kafka_cluster: Cluster, capfd: pytest.CaptureFixture[str]
) -> None:
    rule = ["--allow-principal", "User:alice", "--operation", "Read", "--topic", "ruled"]

    run_tool(kafka_cluster, capfd, "kafka-acls", "--add", *rule)

    assert "User:alice" in run_tool(kafka_cluster, capfd, "kafka-acls", "--list", "--topic", "ruled")


@pytest.mark.kafka
def test_both_group_protocols_are_on_and_share_groups_are_off(
    kafka_cluster: Cluster, capfd: pytest.CaptureFixture[str]
) -> None:
    features = run_tool(kafka_cluster, capfd, "kafka-features", "describe")
    levels = {
        line.split()[1]: line.partition("FinalizedVersionLevel:")[2].split()[0]
        for line in features.splitlines()
    }

    assert levels["group.version"] == "1"
    assert levels["share.version"] == "0"


@pytest.mark.kafka
def test_a_tool_without_a_running_broker_says_so_instead_of_waiting(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    cluster.up()
    cluster.down()

    with pytest.raises(ClusterNotRunning) as refusal:
        cluster.run_tool("kafka-topics", ["--list"])

    assert "accord cluster up" in refusal.value.hint


@pytest.mark.kafka
def test_brought_jars_are_enough_and_remembered(
    make_cluster: MakeCluster, brought_jars: Path, bare_cache: Path
) -> None:
    cluster, told = make_cluster(jars=brought_jars, cache=bare_cache), Told()

    cluster.up(told)
    cluster.down()
    Cluster(cluster.home, cache=bare_cache).up(told)

    assert cluster.status().all_up
    assert not [step for step in told.steps if "Downloading" in step]
    assert not (bare_cache / "jars").exists()


@pytest.mark.kafka
def test_a_damaged_start_cache_does_not_keep_the_cluster_from_starting(
    make_cluster: MakeCluster, brought_jars: Path, bare_cache: Path
) -> None:
    cluster = make_cluster(jars=brought_jars, cache=bare_cache)
    cluster.up()
    cluster.down()
    (start_cache,) = bare_cache.rglob("start.aot")
    start_cache.write_bytes(b"damaged")

    assert cluster.up() == (1,)


@pytest.mark.kafka
def test_a_tampered_jar_keeps_the_cluster_from_starting(
    make_cluster: MakeCluster, brought_jars: Path
) -> None:
    victim = next(brought_jars.glob("kafka-clients-*.jar"))
    sound = victim.read_bytes()
    cluster = make_cluster(jars=brought_jars)

    victim.write_bytes(sound + b"\x00")
    try:
        with pytest.raises(JarRefused, match=victim.name):
            cluster.up()
    finally:
        victim.write_bytes(sound)

    assert cluster.status().brokers == ()


@pytest.mark.kafka
def test_another_java_serves_where_none_is_bundled_and_is_told(
    make_cluster: MakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("java") and not java_home():
        pytest.skip("this machine has no Java of its own")
    monkeypatch.setattr(runtime, "find_spec", lambda _name: None)
    cluster, told = make_cluster(jars=user_cache() / "jars", cache=tmp_path / "cache"), Told()

    cluster.up(told)

    assert cluster.status().all_up
    assert len(told.warnings) == 1
    assert "no bundled Java" in told.warnings[0]


@pytest.mark.kafka
def test_brokers_outlive_the_command_that_started_them(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    command = [sys.executable, "-m", "accord.cli", "cluster", "--dir", str(cluster.home)]

    subprocess.run(
        [*command, "up", "--brokers", "1", "--port-base", str(cluster.spec.port_base)],
        check=True,
        capture_output=True,
    )

    assert cluster.status().all_up
    subprocess.run([*command, "down"], check=True, capture_output=True)
    assert not cluster.status().all_up
