"""Both clients on real sockets: nodes that die and come back, proxies, tokens that expire."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle

import pytest
from tests.client.conftest import LOOPBACK, Answer, Asked, Connect, Proxy, Server, serving

from accord.client import (
    AsyncRegistry,
    ClientClosed,
    Patience,
    Registry,
    RegistrySettings,
    RegistryUnavailable,
    Unauthorized,
    UnusableAnswer,
)
from accord.client.exchanges import Exchange
from accord.client.http import Request
from accord.schemas import Schema

SCHEMA = Schema('"string"')
ONCE = Patience(tries=1)


def nobody() -> str:
    """The address of a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return f"http://{LOOPBACK}:{probe.getsockname()[1]}"


def test_nobody_listening_is_told_in_words(connect: Connect) -> None:
    url = nobody()
    with pytest.raises(RegistryUnavailable, match=f"{url} does not answer") as caught:
        connect(url, patience=ONCE).subjects()
    assert "check the address" in caught.value.hint


def test_a_node_that_dies_is_replaced_by_the_next(connect: Connect) -> None:
    with serving(Server()) as second:
        with serving(Server()) as first:
            client = connect(f"{first.url},{second.url}")
            client.schema_by_id(1)
        client.schema_by_id(2)
        client.schema_by_id(3)
    assert [asked.path for asked in first.asked] == ["/schemas/ids/1"]
    assert [asked.path for asked in second.asked] == ["/schemas/ids/2", "/schemas/ids/3"]


def test_a_node_that_is_stopping_is_replaced_for_registrations_too(connect: Connect) -> None:
    def stopping(_: Asked) -> Answer:
        return Answer(503, {"error_code": 50301, "message": "stopping"}, {"Retry-After": "9"})

    def registered(_: Asked) -> Answer:
        return Answer(200, {"id": 7, "version": 3})

    waits = list[float]()
    with serving(Server(answer=stopping)) as first, serving(Server(answer=registered)) as second:
        client = connect([first.url, second.url], waits=waits)
        assert client.register("s", SCHEMA).version == 3
    assert [asked.method for asked in second.asked] == ["POST"]
    assert waits == []


def test_a_lone_node_says_how_long_it_wants_to_be_left_alone(connect: Connect) -> None:
    answers = cycle([Answer(429, {}, {"Retry-After": "3"}), Answer()])
    waits = list[float]()
    with serving(Server(answer=lambda _: next(answers))) as server:
        connect(server.url, waits=waits).schema_by_id(7)
    assert waits == [3.1]


def test_a_node_that_never_answers_is_given_up_in_time(connect: Connect) -> None:
    with socket.create_server((LOOPBACK, 0)) as silent, serving(Server()) as second:
        url = f"http://{LOOPBACK}:{silent.getsockname()[1]}"
        started = time.monotonic()
        assert connect([url, second.url], timeout_s=0.2).schema_by_id(7) == SCHEMA
        with pytest.raises(RegistryUnavailable, match=r"nothing comes within 0\.2 s"):
            connect(url, timeout_s=0.2, patience=ONCE).schema_by_id(7)
        assert time.monotonic() - started < 5


def test_credentials_in_an_address_are_taken_out_of_it(connect: Connect) -> None:
    with serving(Server()) as server:
        client = connect(server.url.replace("://", "://us%40er:p%2Cw%3A@"))
        client.schema_by_id(7)
        assert client.url == server.url
    assert server.asked[0].headers["Authorization"] == "Basic dXNAZXI6cCx3Og=="


def expiring(good: Callable[[], str]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if asked.headers.get("Authorization") == f"Bearer {good()}":
            return Answer()
        return Answer(401, {"error_code": 40101, "message": "the token has expired"})

    return answer


def test_a_token_that_expires_is_followed_by_the_next(connect: Connect) -> None:
    good = given = "first"
    with serving(Server(answer=expiring(lambda: good))) as server:
        client = connect(RegistrySettings(server.url, token=lambda: given))
        client.schema_by_id(1)
        good = "second"
        with pytest.raises(Unauthorized, match="expired"):
            client.schema_by_id(2)
        given = "second"
        assert client.schema_by_id(2) == SCHEMA
    assert len(server.asked) == 3


# Answers without an end


@contextlib.contextmanager
def pouring(begin: bytes, drop: bytes, every_s: float) -> Iterator[str]:
    """The address of a server that answers everyone, drop by drop, until they hang up."""

    def pour(glass: socket.socket) -> None:
        with glass, contextlib.suppress(OSError):
            glass.recv(65536)
            glass.sendall(begin)
            while not over.wait(every_s):
                glass.sendall(drop)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                glass, _ = tap.accept()
                pouring = threading.Thread(target=pour, args=(glass,))
                pouring.start()
                threads.append(pouring)

    over, threads = threading.Event(), list[threading.Thread]()
    with socket.create_server((LOOPBACK, 0)) as tap:
        server = threading.Thread(target=serve)
        server.start()
        try:
            yield f"http://{LOOPBACK}:{tap.getsockname()[1]}"
        finally:
            over.set()
            tap.shutdown(socket.SHUT_RDWR)
            server.join(10)
            for thread in threads:
                thread.join(10)


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"


def test_an_answer_that_drips_is_given_up_in_time(connect: Connect) -> None:
    with pouring(ANSWER, b" ", 0.05) as url:
        client, started = connect(url, timeout_s=0.2, patience=ONCE), time.monotonic()
        with pytest.raises(RegistryUnavailable, match=r"whole answer is not there within 0\.4 s"):
            client.schema_by_id(7)
        assert 0.35 < time.monotonic() - started < 2


def test_an_answer_that_is_too_long_is_not_read_to_its_end(connect: Connect) -> None:
    with pouring(ANSWER, b" " * 65536, 0) as url:
        client = connect(url)
        with pytest.raises(UnusableAnswer, match="longer than 1000000 bytes"):
            client.ask(Everything(limit_bytes=1_000_000))


def test_an_answer_without_a_limit_may_last(connect: Connect) -> None:
    with pouring(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", b"x", 0.04) as url:
        client, started = connect(url, timeout_s=0.2, patience=ONCE), time.monotonic()
        assert client.ask(Everything(limit_bytes=None)) == b"x" * 20
        assert time.monotonic() - started > 0.4


def test_an_exchange_says_how_long_an_answer_it_takes(connect: Connect) -> None:
    with serving(Server(answer=lambda _: Answer(body="x" * 1000))) as server:
        assert len(connect(server.url).ask(Everything(limit_bytes=1002))) == 1002
        with pytest.raises(UnusableAnswer):
            connect(server.url).ask(Everything(limit_bytes=1001))
    assert len(server.asked) == 2


@dataclass(frozen=True)
class Everything(Exchange[bytes]):
    """Whatever there is."""

    limit_bytes: int | None

    @property
    def request(self) -> Request:
        return Request("GET", "/everything", answer_limit_bytes=self.limit_bytes)

    def read(self, body: bytes) -> bytes:
        return body


# Closing


def silent(asked: threading.Event) -> Callable[[Asked], Answer]:
    def answer(_: Asked) -> Answer:
        asked.set()
        threading.Event().wait(0.5)
        return Answer()

    return answer


@pytest.mark.parametrize("question", ["subjects", "schema_by_id"])
def test_closing_while_a_question_is_asked_tells_whoever_asks(question: str) -> None:
    arguments = [7] if question == "schema_by_id" else []

    async def story(url: str) -> None:
        client = AsyncRegistry(url)
        asking = asyncio.create_task(getattr(client, question)(*arguments))
        await asyncio.to_thread(asked.wait, 10)
        await client.aclose()
        with pytest.raises(ClientClosed):
            await asking

    asked = threading.Event()
    with serving(Server(answer=silent(asked))) as server:
        asyncio.run(story(server.url))


@pytest.mark.parametrize("question", ["subjects", "schema_by_id"])
def test_closing_while_a_thread_asks_ends_its_question(question: str) -> None:
    arguments = [7] if question == "schema_by_id" else []
    asked = threading.Event()
    with serving(Server(answer=silent(asked))) as server, ThreadPoolExecutor(1) as pool:
        client = Registry(server.url, timeout_s=0.2)
        asking = pool.submit(getattr(client, question), *arguments)
        assert asked.wait(10)
        client.close()
        with pytest.raises(ClientClosed):
            asking.result(10)


# Proxies


def test_a_proxy_is_asked_for_the_registry(connect: Connect) -> None:
    with serving(Server()) as server, serving(Proxy()) as proxy:
        assert connect(RegistrySettings(server.url, proxy=proxy.url)).schema_by_id(7) == SCHEMA
    assert [(asked.method, asked.path) for asked in proxy.asked] == [("GET", f"{server.url}/schemas/ids/7")]


def test_without_a_proxy_the_environment_counts(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Server()) as server, serving(Proxy()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        connect(server.url).schema_by_id(7)
        monkeypatch.setenv("NO_PROXY", LOOPBACK)
        connect(server.url).schema_by_id(7)
    assert (len(proxy.asked), len(server.asked)) == (1, 2)


def test_a_proxy_learns_who_we_are_and_the_registry_does_not_learn_it(connect: Connect) -> None:
    with serving(Server()) as server, serving(Proxy(authorization="Basic dXNlcjpzZWNyZXQ=")) as proxy:
        address = proxy.url.replace("://", "://user:secret@")
        settings = RegistrySettings(server.url, proxy=address)
        assert connect(settings).schema_by_id(7) == SCHEMA
        with pytest.raises(RegistryUnavailable, match="407") as caught:
            connect(RegistrySettings(server.url, proxy=proxy.url), patience=ONCE).schema_by_id(7)
        assert "prox" in caught.value.hint
    assert "Proxy-Authorization" not in server.asked[0].headers
    assert "secret" not in repr(settings)


def test_a_proxy_that_is_not_there_is_suspected(connect: Connect) -> None:
    with serving(Server()) as server, pytest.raises(RegistryUnavailable) as caught:
        connect(
            RegistrySettings(server.url, proxy=nobody().replace("://", "://user:secret@")), patience=ONCE
        ).subjects()
    assert "the proxy's address" in caught.value.hint
    assert "secret" not in caught.value.message + caught.value.hint
    assert server.asked == []
