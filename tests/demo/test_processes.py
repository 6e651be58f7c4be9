import json
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from accord.demo.processes import Service, ServiceFailed, end_leftovers, remember

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
    pid = json.loads((tmp_path / "processes.json").read_text())[0]["pid"]

    it.stop()

    assert not psutil.pid_exists(pid)


def test_a_service_that_ends_at_its_start_says_its_last_words(tmp_path: Path) -> None:
    it = service(tmp_path, "raise SystemExit('no database here')")
    it.start()

    with pytest.raises(ServiceFailed, match="no database here"):
        it.wait_until_well()


def test_a_service_that_never_becomes_well_is_reported(tmp_path: Path) -> None:
    it = service(tmp_path, "import time; print('still thinking', flush=True); time.sleep(60)")
    it.start()
    try:
        with pytest.raises(ServiceFailed, match="did not become well within 2 s:\n  still thinking"):
            it.wait_until_well(within_s=2)
    finally:
        it.stop()


def test_leftovers_of_a_killed_demo_are_ended(tmp_path: Path) -> None:
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    remember(tmp_path, left.pid)

    assert end_leftovers(tmp_path) == 1

    assert not psutil.pid_exists(left.pid)
    left.wait()
    assert end_leftovers(tmp_path) == 0


def test_a_pid_that_was_given_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = psutil.Process(other.pid).create_time()
    (tmp_path / "processes.json").write_text(json.dumps([{"pid": other.pid, "started": started - 100}]))
    try:
        assert end_leftovers(tmp_path) == 0
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
