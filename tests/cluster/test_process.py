import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from accord.cluster import process
from accord.cluster.process import ProcessId

Start = Callable[[str], ProcessId]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a Python program detached; it is ended with the test."""
    started: list[ProcessId] = []

    def launch(program: str) -> ProcessId:
        one = process.launch([sys.executable, "-c", program], folder=tmp_path, output=tmp_path / "output")
        started.append(one)
        return one

    yield launch
    for one in started:
        process.kill(one)


SLEEP = "import time; print('here', flush=True); time.sleep(60)"


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_started_process_is_found_again_and_its_words_are_kept(start: Start, tmp_path: Path) -> None:
    one = start(SLEEP)

    found = process.find(one)

    assert found is not None
    assert found.pid == one.pid
    wait_until(lambda: (tmp_path / "output").read_text() == "here\n")


def test_a_process_of_the_same_id_but_another_beginning_is_not_ours(start: Start) -> None:
    one = start(SLEEP)
    stranger = replace(one, began=one.began - 3600)

    assert process.find(stranger) is None
    process.kill(stranger)
    process.ask_to_end(stranger)
    assert process.find(one) is not None


def test_a_killed_process_is_gone(start: Start) -> None:
    one = start(SLEEP)

    process.kill(one)

    assert process.find(one) is None
    assert not psutil.pid_exists(one.pid)


def test_a_process_that_ended_by_itself_is_gone(start: Start) -> None:
    one = start("pass")

    wait_until(lambda: process.find(one) is None)


def test_asking_lets_a_process_end_in_its_own_way(start: Start, tmp_path: Path) -> None:
    one = start(
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye', flush=True)))\n"
        "print('ready', flush=True)\ntime.sleep(60)"
    )
    wait_until(lambda: "ready" in (tmp_path / "output").read_text())

    process.ask_to_end(one)

    wait_until(lambda: process.find(one) is None)
    assert (tmp_path / "output").read_text() == "ready\nbye\n"


def test_a_process_outlives_its_starter_and_a_ctrl_c_on_its_terminal(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from accord.cluster import process\n"
        f"one = process.launch([sys.executable, '-c', {SLEEP!r}], folder=Path('.'), output=Path('output'))\n"
        "print(one.pid, one.began, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with starter:
        assert starter.stdout is not None
        pid, began = starter.stdout.readline().split()
        one = ProcessId(int(pid), float(began))
        try:
            # What a terminal does on Ctrl-C: the signal goes to everyone in the foreground group.
            os.killpg(starter.pid, signal.SIGINT)
            assert starter.wait(10) in (-signal.SIGINT, 130)
            assert process.find(one) is not None
        finally:
            process.kill(one)


def test_memory_of_a_running_process_is_told_and_that_of_a_dead_one_is_zero(start: Start) -> None:
    one = start(SLEEP)

    assert process.memory_bytes(one) > 0
    process.kill(one)
    assert process.memory_bytes(one) == 0
