"""What hostile and clumsy askers send to a running server: a refusal in bounded time, and nobody else waits."""

import json
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest

from accord.registry.http.server import serve

REGISTER = b"POST /subjects/s/versions HTTP/1.1\r\nhost: registry\r\ncontent-type: application/json\r\n"
SCHEMA = b'{"schema":"\\"int\\""}'
LENGTH = b"content-length: %d\r\n" % len(SCHEMA)
GET = b"GET /subjects HTTP/1.1\r\nhost: registry\r\n"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve() as server:
        httpx2.post(f"{server.url}/subjects/s/versions", content=SCHEMA)
        yield server.url


def connected(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=10)


def answers(url: str, sent: bytes, *, count: int = 1) -> list[tuple[int, bytes]]:
    """Status and body of the first ``count`` answers to ``sent``, fewer if the server ends the connection before."""
    found: list[tuple[int, bytes]] = []
    with connected(url) as wire, wire.makefile("rb") as answer:
        wire.sendall(sent)
        while len(found) < count and (line := answer.readline()):
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += answer.readline()
            (length,) = re.findall(rb"content-length: (\d+)", head)
            found.append((int(line.split()[1]), answer.read(int(length))))
    return found


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (REGISTER + b"content-length: 99999999999\r\n\r\n", 413),
        (REGISTER + b"expect: 100-continue\r\ncontent-length: 99999999999\r\n\r\n", 413),
        (REGISTER + b"content-length: 9999999999999999999999\r\n\r\n", 400),
        (REGISTER + b"content-length: -1\r\n\r\n", 400),
        (REGISTER + b"content-length: x\r\n\r\n", 400),
        (REGISTER + b"content-length: 5\r\ncontent-length: 6\r\n\r\nabcdef", 400),
        (REGISTER + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (REGISTER + b"transfer-encoding: gzip\r\n\r\nabc", 400),
        (REGISTER + b"transfer-encoding: chunked\r\n\r\nzz\r\n", 400),
        (REGISTER + b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n", 422),
        (REGISTER + b"content-length: 0\r\n\r\n", 422),
        (REGISTER + LENGTH + b"content-type: text/plain\r\n\r\n" + SCHEMA, 415),
        (GET + b"a: \0\r\n\r\n", 400),
        (GET + b"a: b\r\n folded\r\n\r\n", 400),
        (GET + b"a b: c\r\n\r\n", 400),
        (b"GET /subjects/\xff HTTP/1.1\r\n\r\n", 400),
        (b"GET /subjects/%ff%00 HTTP/1.1\r\n\r\n", 405),
        (b"GET /subjects/%/versions HTTP/1.1\r\n\r\n", 404),
        (b"GET http://registry HTTP/1.1\r\n\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\n\r\n", 404),
        (b"CONNECT registry:80 HTTP/1.1\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\n\r\n", 431),
        (b"GET /subjects?" + b"a=b&" * 100_000 + b" HTTP/1.1\r\n\r\n", 431),
        (GET + b"accept: " + b"a/b," * 10_000 + b"\r\n\r\n", 431),
        (GET + b"a: b\r\n" * 10_000 + b"\r\n", 431),
    ],
)
def test_what_is_wrong_with_a_request_is_told_in_json(sent: bytes, status: int, url: str) -> None:
    ((told, body),) = answers(url, sent)

    assert told == status
    assert str(json.loads(body)["error_code"]).startswith(str(status))
    assert json.loads(body)["message"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /subjects?" + b"a&" * 8_000 + b" HTTP/1.1\r\n\r\n", 200),
        (GET + b"accept: " + b"a/b," * 4_000 + b"\r\n\r\n", 406),
        (GET + b"accept: " + b"*/*," * 4_000 + b"\r\n\r\n", 200),
        (GET + b"a:\r\n" * 4_000 + b"\r\n", 200),
        (b"GET http://registry/subjects HTTP/1.1\r\n\r\n", 200),
        (b"GET /subjects HTTP/1.0\r\n\r\n", 200),
        (GET + b"connection: close\r\n\r\n", 200),
        (GET + b"connection: Upgrade\r\nupgrade: h2c\r\n\r\n", 200),
        (REGISTER + b"connection: Upgrade\r\nupgrade: h2c\r\n" + LENGTH + b"\r\n" + SCHEMA, 200),
        (REGISTER + b"expect: 100-continue\r\n" + LENGTH + b"\r\n" + SCHEMA, 100),
    ],
)
def test_what_is_only_odd_is_answered(sent: bytes, status: int, url: str) -> None:
    if status == 100:
        with connected(url) as wire:
            wire.sendall(sent)
            assert wire.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"[:25]
        return
    assert answers(url, sent)[0][0] == status


def test_a_body_in_a_hundred_thousand_pieces_is_read(url: str) -> None:
    body = SCHEMA.rjust(100_000)
    pieces = b"".join(b"1\r\n%c\r\n" % byte for byte in body)

    ((status, _),) = answers(url, REGISTER + b"transfer-encoding: chunked\r\n\r\n" + pieces + b"0\r\n\r\n")

    assert status == 200


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET /subj", REGISTER, REGISTER + b"content-length: 1000000\r\n\r\n" + b" " * 1000],
    ids=["nothing", "line", "head", "body"],
)
def test_nobody_waits_for_those_who_do_not_go_on(begun: bytes, url: str) -> None:
    slow = [connected(url) for _ in range(50)]
    try:
        for wire in slow:
            wire.sendall(begun)
        assert httpx2.get(f"{url}/subjects").json() == ["s"]
    finally:
        for wire in slow:
            wire.close()
    assert httpx2.get(f"{url}/subjects").json() == ["s"]


def test_a_body_longer_than_announced_is_the_next_request_and_refused(url: str) -> None:
    told = answers(url, REGISTER + LENGTH + b"\r\n" + SCHEMA + b'{"schema":"x"}', count=3)

    assert [status for status, _ in told] in ([200, 400], [200])


def test_the_body_of_a_request_that_takes_none_is_passed_over(url: str) -> None:
    told = answers(url, (GET + b"content-length: 5\r\n\r\n12345") * 3, count=3)

    assert told == [(200, b'["s"]')] * 3


@pytest.mark.parametrize("sent", [b"a\xe9b", b"a\tb", b"a,b", b"x" * 129, b""])
def test_a_request_id_that_is_no_word_is_not_given_back(sent: bytes, url: str) -> None:
    with connected(url) as wire:
        wire.sendall(GET + b"x-request-id: " + sent + b"\r\n\r\n")
        answer = wire.recv(4096)

    assert re.search(rb"x-request-id: [0-9a-f-]{36}\r\n", answer)
