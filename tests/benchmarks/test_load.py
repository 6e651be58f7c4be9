import itertools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.registry.load import Outcome, drive, get, post, shared

SECONDS = 0.05


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[bytes]

    def do_GET(self) -> None:
        self._answer(b"read")

    def do_POST(self) -> None:
        posted = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append(posted)
        self._answer(posted)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, body: bytes) -> None:
        if self.path == "/hang-up":
            self.close_connection = True
            return
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", str(len(body)))
        # Head and body leave one by one, so that they are read one by one, too.
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    _Answers.seen = []
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_every_expected_answer_has_a_latency(port: int) -> None:
    outcome = drive(port, lambda _: itertools.repeat(get("/")), connections=3, seconds=SECONDS)
    assert outcome.errors == {}
    assert len(outcome.latencies_us) >= 3
    assert outcome.latencies_us == sorted(outcome.latencies_us)
    assert 0 < outcome.latencies_us[-1] <= outcome.seconds * 1e6


def test_an_unexpected_status_is_an_error_and_no_answer(port: int) -> None:
    asked: list[bytes] = []

    def in_turns() -> Iterator[bytes]:
        for request in itertools.cycle((get("/"), get("/missing"))):
            asked.append(request)
            yield request

    outcome = drive(port, lambda _: in_turns(), connections=1, seconds=SECONDS)
    assert outcome.errors == {"HTTP/1.1 404 Not Found": asked.count(get("/missing"))}
    assert len(outcome.latencies_us) == asked.count(get("/"))


def test_what_is_expected_can_be_another_status(port: int) -> None:
    outcome = drive(
        port, lambda _: itertools.repeat(get("/missing")), connections=1, seconds=SECONDS, expected=404
    )
    assert outcome.errors == {}
    assert outcome.latencies_us


def test_a_connection_that_is_lost_is_one_error_and_the_others_go_on(port: int) -> None:
    outcome = drive(
        port,
        lambda connection: itertools.repeat(get("/hang-up" if connection == 0 else "/")),
        connections=2,
        seconds=SECONDS,
    )
    assert outcome.errors == {"connection lost": 1}
    assert outcome.latencies_us


def test_a_run_ends_with_the_requests_that_its_connections_share(port: int) -> None:
    outcome = drive(port, shared(iter([get("/")] * 10)), connections=3, seconds=60)
    assert len(outcome.latencies_us) == 10
    assert outcome.errors == {}


def test_what_is_posted_arrives_whole(port: int) -> None:
    body = b'{"schema": "' + b"x" * 100_000 + b'"}'
    outcome = drive(port, lambda _: itertools.repeat(post("/", body)), connections=1, seconds=SECONDS)
    assert outcome.errors == {}
    assert set(_Answers.seen) == {body}


@pytest.mark.parametrize(
    ("share", "latency_us"), [(0, 1), (0.5, 51), (0.99, 100), (0.999, 100), (1, 100)], ids=str
)
def test_a_latency_is_the_one_that_a_share_of_the_answers_did_not_exceed(
    share: float, latency_us: int
) -> None:
    outcome = Outcome(seconds=2, cpu_s=1, latencies_us=list(range(1, 101)), errors={})
    assert outcome.latency_us(share) == latency_us
    assert outcome.rate == 50


def test_a_run_without_answers_has_no_latency() -> None:
    outcome = Outcome(seconds=2, cpu_s=1, latencies_us=[], errors={"no answer": 1})
    assert outcome.latency_us(0.99) == 0
    assert outcome.rate == 0
