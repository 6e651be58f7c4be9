import threading
from pathlib import Path

import pytest

from accord.cluster import state
from accord.cluster.plan import ClusterSpec
from accord.cluster.process import ProcessId
from accord.cluster.state import State
from accord.errors import ConfigurationError


def test_a_cluster_is_remembered_whole(tmp_path: Path) -> None:
    written = State(
        "cluster-id",
        ClusterSpec(brokers=5, port_base=20000),
        "/some/jars",
        {1: ProcessId(7, 1.5), 3: ProcessId(8, 2.5)},
    )

    state.save(tmp_path / "home", written)

    assert state.load(tmp_path / "home") == written


def test_where_no_cluster_was_made_none_is_remembered(tmp_path: Path) -> None:
    assert state.load(tmp_path) is None


def test_a_forgotten_cluster_is_not_remembered(tmp_path: Path) -> None:
    state.save(tmp_path, State("cluster-id", ClusterSpec()))

    state.forget(tmp_path)

    assert state.load(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ("{}", "cluster_id"),
        ('{"cluster_id": "a", "spec": {"brokers": "three"}}', "brokers"),
        ('{"cluster_id": "a", "spec": {}, "format": 99}', "written by a newer Accord"),
    ],
)
def test_a_state_that_cannot_be_used_is_refused_with_its_file(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "cluster.json").write_text(text)

    with pytest.raises(ConfigurationError, match=words) as refusal:
        state.load(tmp_path)

    assert str(tmp_path / "cluster.json") in refusal.value.message
    assert refusal.value.hint


def test_a_second_command_waits_for_the_first(tmp_path: Path) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        waiting.set()
        with state.exclusive(tmp_path):
            order.append("second")

    thread = threading.Thread(target=second)
    with state.exclusive(tmp_path):
        thread.start()
        waiting.wait()
        thread.join(0.1)
        order.append("first")
    thread.join()

    assert order == ["first", "second"]


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with (
        pytest.raises(ConfigurationError, match="file/cluster cannot be used: Not a directory"),
        state.exclusive(tmp_path / "file" / "cluster"),
    ):
        pass
