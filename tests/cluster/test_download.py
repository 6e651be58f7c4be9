import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from accord.cluster.download import connected
from accord.cluster.errors import DownloadFailed
from accord.cluster.jars import Jar

CONTENT = b"a jar" * 1000
JAR = Jar("org.example:thing:1.2", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
PATH = "/org/example/thing/1.2/thing-1.2.jar"


class MavenServer(http.server.ThreadingHTTPServer):
    """A Maven repository on loopback that holds one jar and remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MavenHandler)
        self.asked: list[str] = []
        self.dropped = 0


class MavenHandler(http.server.BaseHTTPRequestHandler):
    server: MavenServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.dropped:
            self.server.dropped -= 1
            return
        found = self.path == PATH
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(CONTENT) if found else 0))
        self.end_headers()
        if found:
            self.wfile.write(CONTENT)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MavenServer]:
    server = MavenServer()
    settings = tmp_path / "jgo.conf"
    settings.write_text(f"[repositories]\ncentral = http://127.0.0.1:{server.server_port}\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("accord.cluster.download.PAUSE_S", 0.0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


def test_exactly_the_named_file_is_fetched_from_the_configured_repository(
    repository: MavenServer, incoming: Path
) -> None:
    received: list[int] = []

    with connected() as fetch:
        path = fetch(JAR, incoming, received=received.append)

    assert path.read_bytes() == CONTENT
    assert sum(received) == len(CONTENT)
    assert repository.asked == [PATH]


def test_a_connection_that_breaks_is_tried_again(repository: MavenServer, incoming: Path) -> None:
    repository.dropped = 2

    with connected() as fetch:
        path = fetch(JAR, incoming, received=lambda _count: None)

    assert path.read_bytes() == CONTENT
    assert len(repository.asked) == 3


def test_a_jar_that_no_repository_has_is_told_with_the_remedy(
    repository: MavenServer, incoming: Path
) -> None:
    absent = Jar("org.example:absent:1", "0" * 64, 1)

    with (
        connected() as fetch,
        pytest.raises(DownloadFailed, match=r"org\.example:absent:1 .* 404") as failure,
    ):
        fetch(absent, incoming, received=lambda _count: None)

    assert all(word in failure.value.hint for word in ("HTTPS_PROXY", "REQUESTS_CA_BUNDLE", "--jars DIR"))
    assert len(repository.asked) == 1


def test_a_network_that_does_not_answer_is_told_with_the_remedy(
    repository: MavenServer, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")

    with connected() as fetch, pytest.raises(DownloadFailed, match="ConnectionRefusedError") as failure:
        fetch(JAR, incoming, received=lambda _count: None)

    assert "--jars DIR" in failure.value.hint
    assert repository.asked == []
