import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from accord.cli.main import run
from accord.cluster import Cluster

MakeCluster = Callable[..., Cluster]
Command = Callable[..., int]


@pytest.fixture
def cluster_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run ``accord cluster …`` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*words: str, home: Path | None = None) -> int:
        place: Sequence[str] = ["--dir", str(home)] if home else []
        return run(["cluster", *place, *words])

    return command


def test_without_a_cluster_the_status_is_that_there_is_none(
    cluster_command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cluster_command("status") == 3
    assert "no cluster in .accord/cluster" in capsys.readouterr().err


def test_without_a_cluster_the_status_in_json_is_empty(
    cluster_command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cluster_command("status", "--format", "json") == 3
    assert json.loads(capsys.readouterr().out) == {"all_up": False, "brokers": []}


@pytest.mark.parametrize("words", [["logs"], ["exec", "kafka-topics", "--list"]])
def test_what_needs_a_cluster_says_how_to_start_one(
    cluster_command: Command, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert cluster_command(*words) == 3
    assert "accord cluster up" in capsys.readouterr().err


def test_down_without_a_cluster_is_fine(cluster_command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert cluster_command("down") == 0
    assert "nothing was running" in capsys.readouterr().err


def test_a_cluster_of_two_is_refused(cluster_command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert cluster_command("up", "--brokers", "2") == 2
    assert "'2' is not one of" in capsys.readouterr().err


def test_a_taken_port_ends_with_its_number_and_the_way_out(
    cluster_command: Command, capsys: pytest.CaptureFixture[str], taken_port: int
) -> None:
    assert cluster_command("up", "--brokers", "1", "--port-base", str(taken_port - 1)) == 2

    said = capsys.readouterr().err
    assert f"port {taken_port}" in said
    assert "--port-base" in said


def test_an_unknown_tool_is_told_with_the_nearest(
    cluster_command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cluster_command("exec", "kafka-topic", "--list") == 2
    assert "did you mean 'kafka-topics'" in capsys.readouterr().err


def test_the_environment_can_be_taken_over_by_a_shell_or_a_program(
    cluster_command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cluster_command("env") == 0
    shell = capsys.readouterr().out
    assert cluster_command("env", "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)

    assert shell == "export KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092,127.0.0.1:9094,127.0.0.1:9096\n"
    assert document["bootstrap_servers"] == "127.0.0.1:9092,127.0.0.1:9094,127.0.0.1:9096"
    assert document["dir"] == str(tmp_path / ".accord" / "cluster")


@pytest.mark.kafka
def test_the_story_of_a_cluster_on_the_command_line(
    cluster_command: Command, make_cluster: MakeCluster, capfd: pytest.CaptureFixture[str]
) -> None:
    cluster = make_cluster()
    port = cluster.spec.port_base

    assert cluster_command("up", "--brokers", "1", "--port-base", str(port), home=cluster.home) == 0
    assert "1 broker up" in capfd.readouterr().err
    assert cluster_command("up", home=cluster.home) == 0
    assert f"already up: 127.0.0.1:{port}" in capfd.readouterr().err

    assert cluster_command("status", home=cluster.home) == 0
    assert f"127.0.0.1:{port}" in capfd.readouterr().out
    assert cluster_command("exec", "kafka-topics", "--create", "--topic", "t", home=cluster.home) == 0
    assert cluster_command("exec", "kafka-topics", "--describe", "--topic", "absent", home=cluster.home) == 1
    assert "Created topic t" in capfd.readouterr().out

    assert cluster_command("logs", "1", "-n", "1", home=cluster.home) == 0
    assert len(capfd.readouterr().out.splitlines()) == 1
    assert cluster_command("logs", "-n", "1000", home=cluster.home) == 0
    assert "1 | " in capfd.readouterr().out

    cluster.stop_broker(1)
    assert cluster_command("status", "--format", "json", home=cluster.home) == 3
    document = json.loads(capfd.readouterr().out)
    assert [broker["state"] for broker in document["brokers"]] == ["down"]

    assert cluster_command("up", home=cluster.home) == 0
    assert cluster_command("down", "--delete", home=cluster.home) == 0
    assert "its data is deleted" in capfd.readouterr().err
    assert cluster_command("status", home=cluster.home) == 3
