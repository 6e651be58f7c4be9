"""One connection: how much may come in on it, and how long that may take."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from accord.registry.http.connection import ARRIVAL_S, IDLE_S, MAX_HEAD_BYTES, Connection

GET = b"GET / HTTP/1.1\r\nhost: registry\r\n\r\n"


class Wire(asyncio.Transport):
    """The other end of a connection, without a network between."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.closed = False
        self.reading = True

    def write(self, data: Any) -> None:
        self.sent += bytes(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Read all, then answer; but wait at /wait."""
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    if scope["path"] == "/wait":
        await asyncio.Event().wait()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def talk(what: Callable[[Connection, Wire], Awaitable[None]]) -> Wire:
    """Have ``what`` done with a new connection."""

    async def run() -> Wire:
        wire = Wire()
        connection = Connection(Config(app, log_config=None), ServerState(), {}, asyncio.get_running_loop())
        connection.connection_made(wire)
        await what(connection, wire)
        connection.connection_lost(None)
        return wire

    return asyncio.run(run())


async def answered() -> None:
    """Let who has something to do, do it."""
    for _ in range(10):
        await asyncio.sleep(0)


def ticks(connection: Connection, wire: Wire) -> int:
    """How many seconds the connection is kept from now on."""
    for seconds in range(1000):
        if wire.closed:
            return seconds
        connection.tick()
    return -1


@pytest.mark.parametrize("piece", [1, 7, 1000, 1 << 20])
def test_a_head_may_be_as_long_as_the_bound(piece: int) -> None:
    rest = MAX_HEAD_BYTES - len(b"GET / HTTP/1.1\r\na: \r\n\r\n")
    head = b"GET / HTTP/1.1\r\na: " + b"x" * rest + b"\r\n\r\n"

    async def send(connection: Connection, wire: Wire) -> None:
        for _ in range(2):
            for at in range(0, len(head), piece):
                connection.data_received(head[at : at + piece])
            await answered()
        assert not wire.closed

    assert talk(send).sent.count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize("piece", [1, 7, 1000, 1 << 20])
@pytest.mark.parametrize(
    "endless",
    [
        b"GET /" + b"x" * 100_000,
        b"GET /?" + b"a&" * 50_000,
        b"GET / HTTP/1.1\r\na: " + b"x" * 100_000,
        b"GET / HTTP/1.1\r\n" + b"a:b\r\n" * 20_000,
    ],
    ids=["path", "query", "header", "headers"],
)
def test_a_longer_head_is_refused_before_its_end(endless: bytes, piece: int) -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(GET)
        await answered()
        for at in range(0, len(endless), piece):
            if wire.closed:
                assert at <= MAX_HEAD_BYTES + piece
                break
            connection.data_received(endless[at : at + piece])
        assert wire.closed

    sent = talk(send).sent
    assert b"HTTP/1.1 431 Request Header Fields Too Large" in sent
    assert b'{"error_code":431,"message":"HTTP 431 Request Header Fields Too Large"' in sent


def test_a_body_does_not_count_as_head() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        body = b"x" * (3 * MAX_HEAD_BYTES)
        connection.data_received(b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % len(body) + body + GET)
        await answered()
        assert not wire.closed

    assert talk(send).sent.count(b"HTTP/1.1 200 OK") == 2


def test_headers_behind_a_body_are_bounded_too() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
        for _ in range(1000):
            connection.data_received(b"a:\r\n" * 1000)
            if wire.closed:
                break
        assert len(connection.headers) < 10_000

    assert b" 431 " in talk(send).sent


@pytest.mark.parametrize(
    "begun",
    [b"", b"\r\n", b"GET", b"GET / HTTP/1.1\r\na: b", b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nx"],
    ids=["nothing", "line end", "method", "header", "body"],
)
def test_who_does_not_finish_a_request_is_let_go(begun: bytes) -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(begun)
        await answered()
        assert ARRIVAL_S <= ticks(connection, wire) <= ARRIVAL_S + 3
        # What comes too late does no harm.
        connection.data_received(b"x")
        await answered()

    sent = talk(send).sent
    assert sent.startswith(b"HTTP/1.1 408 Request Timeout")
    assert sent.count(b"HTTP/1.1") == 1


def test_a_request_that_drips_in_has_no_more_time() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(b"POST / HTTP/1.1\r\ncontent-length: 500\r\n\r\n")
        for second in range(500):
            if wire.closed:
                assert ARRIVAL_S <= second <= ARRIVAL_S + 3
                return
            connection.data_received(b"x")
            await answered()
            connection.tick()

    assert b" 408 " in talk(send).sent


def test_who_asks_nothing_more_is_let_go_without_a_word() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(GET)
        await answered()
        assert IDLE_S <= ticks(connection, wire) <= IDLE_S + 3

    assert talk(send).sent.count(b"HTTP/1.1") == 1


def test_who_asks_now_and_then_is_kept() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        for _ in range(5):
            connection.data_received(GET)
            await answered()
            for _ in range(IDLE_S - 2):
                connection.tick()
            assert not wire.closed

    talk(send)


def test_who_waits_for_an_answer_is_kept() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(GET.replace(b"/", b"/wait", 1))
        await answered()
        assert ticks(connection, wire) == -1
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    talk(send)


@pytest.mark.parametrize(
    "nonsense", [b"\x16\x03\x01\x02\x00\x01", b"HELO\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"]
)
def test_what_is_no_http_is_refused_in_json(nonsense: bytes) -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(nonsense)
        assert wire.closed

    assert b'{"error_code":400,"message":"HTTP 400 Bad Request"' in talk(send).sent


def test_requests_that_come_together_are_answered_in_turn() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        del wire
        connection.data_received(GET * 20)
        for _ in range(20):
            await answered()

    assert talk(send).sent.count(b"HTTP/1.1 200 OK") == 20


@pytest.mark.parametrize("before", [0, 1, 16_200, 16_300, 16_320])
def test_requests_that_come_together_may_be_longer_than_a_head(before: int) -> None:
    sent = b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % before + b"x" * before + GET * 1000

    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(sent)
        for _ in range(1001):
            await answered()
        assert not wire.closed

    assert talk(send).sent.count(b"HTTP/1.1 200 OK") == 1001


def test_what_was_asked_before_nonsense_is_answered_before_the_end() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(GET + GET + b"nonsense\r\n\r\n")
        connection.data_received(b"more of it")
        assert not wire.closed
        for _ in range(3):
            await answered()
        assert wire.closed

    sent = talk(send).sent
    assert (sent.count(b"HTTP/1.1 200 OK"), sent.count(b"HTTP/1.1")) == (2, 2)


def test_who_waits_for_an_answer_is_kept_while_the_next_request_is_half_there() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(GET.replace(b"/", b"/wait", 1))
        connection.data_received(b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nx")
        await answered()
        assert ticks(connection, wire) == -1
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    talk(send)


@pytest.mark.parametrize("protocol", [b"Upgrade: h2c", b"upgrade: websocket"])
def test_who_offers_another_protocol_is_answered_in_this_one_body_and_all(
    protocol: bytes,
) -> None:
    body = b"\r\nupgrade: none of a head"
    head = (
        b"POST / HTTP/1.1\r\nconnection: upgrade\r\n"
        + protocol
        + b"\r\ncontent-length: %d\r\n\r\n" % len(body)
    )
    received: list[bytes] = []

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        while message["more_body"]:
            received.append(message["body"])
            message = await receive()
        received.append(message["body"])
        await app(scope, lambda: asyncio.sleep(0, {"more_body": False}), send)

    async def send(connection: Connection, wire: Wire) -> None:
        connection.app = noting
        connection.data_received(head)
        connection.data_received(body + GET)
        await answered()
        assert not wire.closed

    assert talk(send).sent.count(b"HTTP/1.1 200 OK") == 2
    assert b"".join(received) == body


@pytest.mark.parametrize("first", [b"", GET], ids=["alone", "behind another"])
@pytest.mark.parametrize("split", [True, False])
def test_a_body_is_never_taken_for_a_request(first: bytes, *, split: bool) -> None:
    offer = b"connection: upgrade\r\nupgrade: h2c\r\n"
    head = b"POST / HTTP/1.1\r\n" + offer + b"content-length: %d\r\n\r\n" % len(GET)
    at = head.index(b"upgrade: h2c") + 3 if split else len(head)

    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(first + head[:at])
        connection.data_received(head[at:])
        await answered()
        connection.data_received(GET)
        await answered()
        assert wire.closed is (split or bool(first))

    sent = talk(send).sent
    assert sent.count(b"HTTP/1.1 200 OK") == (bool(first) if split or first else 1)


def test_who_offers_another_protocol_in_two_pieces_is_answered() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(b"GET / HTTP/1.1\r\nconnection: upgrade\r\nupg")
        connection.data_received(b"rade: h2c\r\n\r\n")
        await answered()
        assert wire.closed

    assert b"HTTP/1.1 200 OK" in talk(send).sent


def test_who_was_answered_before_the_body_came_may_offer_another_protocol() -> None:
    async def at_once(scope: Any, receive: Any, send: Any) -> None:
        del receive
        await app(scope, lambda: asyncio.sleep(0, {"more_body": False}), send)

    async def send(connection: Connection, wire: Wire) -> None:
        connection.app = at_once
        connection.data_received(b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\n")
        await answered()
        connection.data_received(b"12345")
        connection.app = app
        connection.data_received(
            b"POST / HTTP/1.1\r\nconnection: upgrade\r\nupgrade: h2c\r\ncontent-length: 5\r\n\r\n12345"
        )
        await answered()
        assert not wire.closed

    assert talk(send).sent.count(b"HTTP/1.1 200 OK") == 2


def test_what_stands_behind_a_body_is_no_header() -> None:
    seen: list[Any] = []

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(name for name, _ in scope["headers"])
        await app(scope, receive, send)

    async def send(connection: Connection, wire: Wire) -> None:
        del wire
        connection.app = noting
        connection.data_received(
            b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\naccept: a/b\r\n\r\n"
        )
        await answered()

    assert b"HTTP/1.1 200 OK" in talk(send).sent
    assert seen == [b"transfer-encoding"]


def test_who_asks_faster_than_it_is_answered_is_not_read_any_more() -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(GET * 5)
        while wire.sent.count(b"HTTP/1.1 200 OK") < 3:
            assert not wire.reading
            await asyncio.sleep(0)
        await answered()
        assert wire.reading

    talk(send)


@pytest.mark.parametrize(("begun", "answers"), [(GET * 2, 2), (GET + GET[:9], 1), (GET[:9], 0), (b"", 0)])
def test_who_sends_no_more_is_answered_before_the_end(begun: bytes, answers: int) -> None:
    async def send(connection: Connection, wire: Wire) -> None:
        connection.data_received(begun)
        if not connection.eof_received():
            wire.close()
        assert wire.closed is not bool(answers)
        await answered()
        assert wire.closed

    assert talk(send).sent.count(b"HTTP/1.1 200 OK") == answers
