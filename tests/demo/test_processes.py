import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from accord.demo.processes import DemoRuns, Service, ServiceFailed, remember, take_over

WELL = """
import http.server, sys
class Well(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Well).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def service(folder: Path, code: str, *arguments: str) -> Service:
    port = free_port()
    return Service(
        "it", [sys.executable, "-c", code, str(port), *arguments], f"http://127.0.0.1:{port}", folder
    )


def test_a_service_is_well_when_its_health_page_says_so_and_ends_when_asked(tmp_path: Path) -> None:
    it = service(tmp_path, WELL)
    it.start()
    it.wait_until_well()
    pid = json.loads((tmp_path / "processes.json").read_text())["started"][0]["pid"]

    it.stop()

    assert not psutil.pid_exists(pid)


def test_a_service_that_ends_at_its_start_says_its_last_words(tmp_path: Path) -> None:
    it = service(tmp_path, "raise SystemExit('no database here')")
    it.start()

    with pytest.raises(ServiceFailed, match="no database here"):
        it.wait_until_well()


@pytest.mark.soak
def test_a_service_that_never_becomes_well_is_reported(tmp_path: Path) -> None:
    it = service(tmp_path, "import time; print('still thinking', flush=True); time.sleep(60)")
    it.start()
    try:
        with pytest.raises(ServiceFailed, match="did not become well within 2 s:\n  still thinking"):
            it.wait_until_well(within_s=2)
    finally:
        it.stop()


def sleeper(code: str = "import time; time.sleep(60)") -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)


@contextmanager
def ended_at_last(program: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    with program:
        try:
            yield program
        finally:
            program.kill()


def note(folder: Path, *, owner: int, started: Sequence[int] = (), earlier_s: float = 0) -> None:
    def named(pid: int) -> dict[str, float]:
        return {"pid": pid, "began": psutil.Process(pid).create_time() - earlier_s}

    notes = {"owner": named(owner), "started": [named(pid) for pid in started]}
    (folder / "processes.json").write_text(json.dumps(notes))


def test_leftovers_of_a_killed_demo_are_ended(tmp_path: Path) -> None:
    with ended_at_last(sleeper()) as owner, ended_at_last(sleeper()) as left:
        note(tmp_path, owner=owner.pid, started=[left.pid])
        owner.kill()
        owner.wait()

        assert take_over(tmp_path) == 1

        assert not psutil.pid_exists(left.pid)
        assert take_over(tmp_path) == 0


def test_a_leftover_that_does_not_end_when_asked_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.demo.processes.GRACE_S", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with ended_at_last(sleeper(deaf)) as left:
        assert left.stdout
        left.stdout.readline()
        remember(tmp_path, left.pid)

        assert take_over(tmp_path) == 1

        assert not psutil.pid_exists(left.pid)


def test_a_demo_that_is_at_work_is_not_disturbed(tmp_path: Path) -> None:
    with ended_at_last(sleeper()) as owner, ended_at_last(sleeper()) as its_own:
        note(tmp_path, owner=owner.pid, started=[its_own.pid])

        with pytest.raises(DemoRuns, match=f"already \\(process {owner.pid}\\)"):
            take_over(tmp_path)

        assert its_own.poll() is None


def test_a_pid_that_was_given_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with ended_at_last(sleeper()) as other:
        note(tmp_path, owner=other.pid, started=[other.pid], earlier_s=100)

        assert take_over(tmp_path) == 0

        assert other.poll() is None


def test_notes_that_cannot_be_read_are_no_notes(tmp_path: Path) -> None:
    (tmp_path / "processes.json").write_text('{"owner": ')

    assert take_over(tmp_path) == 0
