"""``accord serve`` as whoever runs it meets it: what it says, how it ends, and what is left when it is killed."""

import itertools
import signal
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from accord.registry.http.server import listen
from accord.registry.log.sqlite import FORMAT, open_sqlite

Serve = Callable[..., Any]


def test_it_says_where_it_is_and_where_it_keeps_things(accord_serve: Serve, tmp_path: Path) -> None:
    server = accord_serve()
    server.wait_until_it_serves()

    assert f"serving {server.url} from sqlite:accord-registry.db" in server.said
    assert (tmp_path / "accord-registry.db").exists()
    assert server.end() == 0
    assert "Traceback" not in server.said


@pytest.mark.soak
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order_and_starts_where_it_was(accord_serve: Serve, number: signal.Signals) -> None:
    server = accord_serve("--log", "sqlite:kept here.db")
    server.wait_until_it_serves()
    first = httpx2.post(f"{server.url}/subjects/s/versions", json={"schema": '"int"'}).json()
    assert server.end(number) == 0

    again = accord_serve("--log", "sqlite:kept here.db")
    again.wait_until_it_serves()

    kept = httpx2.get(f"{again.url}/subjects/s/versions/1").json()
    assert (kept["id"], kept["guid"]) == (first["id"], first["guid"])


def test_memory_keeps_nothing(accord_serve: Serve, tmp_path: Path) -> None:
    server = accord_serve("--log", "memory:")
    server.wait_until_it_serves()
    httpx2.post(f"{server.url}/subjects/s/versions", json={"schema": '"int"'})
    server.end()

    assert not list(tmp_path.glob("*.db*"))


def test_a_taken_port_is_one_sentence(accord_serve: Serve, tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        server = accord_serve(port=port)

        assert server.wait() == 2

    assert f"error: port {port} on 127.0.0.1 is taken" in server.said
    assert "help: " in server.said
    assert "Traceback" not in server.said
    assert not list(tmp_path.glob("*.db*")), "nothing is made before the port is known to be free"


@pytest.mark.soak
def test_a_second_server_on_the_same_file_is_one_sentence(accord_serve: Serve) -> None:
    first = accord_serve()
    first.wait_until_it_serves()
    second = accord_serve()

    assert second.wait() == 2

    assert "error: accord-registry.db is in use by another registry server" in second.said
    assert "Traceback" not in second.said
    assert httpx2.post(f"{first.url}/subjects/s/versions", json={"schema": '"int"'}).status_code == 200


def test_a_file_of_a_newer_format_is_one_sentence(accord_serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    open_sqlite(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    server = accord_serve("--log", "sqlite:newer.db")

    assert server.wait() == 2

    assert "error: newer.db was written by a newer Accord" in server.said


def test_a_log_that_is_none_is_one_sentence(accord_serve: Serve) -> None:
    server = accord_serve("--log", "redis:x")

    assert server.wait() == 2

    assert "error: 'redis:x' names no log" in server.said


class Hammer:
    """Registers new schemas from several threads until nobody answers; remembers what was acknowledged."""

    def __init__(self, url: str, begin: int) -> None:
        self.acknowledged: dict[str, tuple[int, int]] = {}
        self._url = url
        self._numbers = itertools.count(begin)
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(worker,)) for worker in range(4)]

    def strike_until(self, count: int) -> None:
        """Return when so many registrations were acknowledged, and go on."""
        self._wanted = count
        for thread in self._threads:
            thread.start()
        assert self._enough.wait(30)

    def join(self) -> None:
        """Wait until every thread has noticed that nobody answers."""
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()

    def _work(self, worker: int) -> None:
        with suppress(httpx2.TransportError), httpx2.Client(base_url=self._url, timeout=30) as client:
            while True:
                schema = f'{{"type":"int","number":{next(self._numbers)}}}'
                answer = (
                    client.post(f"/subjects/s{worker}/versions", json={"schema": schema})
                    .raise_for_status()
                    .json()
                )
                self.acknowledged[schema] = (answer["id"], answer["version"])
                if len(self.acknowledged) >= self._wanted:
                    self._enough.set()


@pytest.mark.soak
def test_what_was_acknowledged_survives_a_kill_and_ids_stay_what_they_were(accord_serve: Serve) -> None:
    acknowledged: dict[str, tuple[int, int]] = {}
    for life in range(3):
        server = accord_serve()
        server.wait_until_it_serves()
        hammer = Hammer(server.url, begin=life * 1_000_000)
        hammer.strike_until(40)
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        hammer.join()
        acknowledged |= hammer.acknowledged

    last = accord_serve()
    last.wait_until_it_serves()
    with httpx2.Client(base_url=last.url) as client:
        for schema, (schema_id, version) in acknowledged.items():
            kept = client.get(f"/schemas/ids/{schema_id}").raise_for_status().json()
            assert (kept["schema"], kept["version"]) == (schema, version)
        ids = [schema_id for schema_id, _ in acknowledged.values()]
        assert len(set(ids)) == len(ids)
        new = client.post("/subjects/new/versions", json={"schema": '"string"'}).json()
        assert new["id"] > max(ids)
    assert "skipped" not in last.said


class Reporters:
    """Threads that report one after the other until the server is gone; they remember what was answered."""

    def __init__(self, url: str, services: Sequence[str], begin: int) -> None:
        self.answered: dict[str, int] = {}
        self._begin = begin
        self._enough = threading.Barrier(len(services) + 1)
        self._threads = [threading.Thread(target=self._work, args=(url, name)) for name in services]
        for thread in self._threads:
            thread.start()

    def strike_until_each_was_answered(self) -> None:
        """Return when each has been answered ten times, and go on."""
        self._enough.wait(30)

    def join(self) -> None:
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()

    def _work(self, url: str, service: str) -> None:
        number = self._begin
        report = {"service": service, "subject": "orders-value", "origin": "observed"}
        with httpx2.Client(base_url=url) as client, suppress(httpx2.HTTPError):
            while True:
                number += 1
                client.post("/accord/v1/readers", json={**report, "number": number}).raise_for_status()
                self.answered[service] = number
                if number == self._begin + 10:
                    self._enough.wait(30)


@pytest.mark.soak
def test_what_was_reported_and_answered_survives_a_kill(accord_serve: Serve) -> None:
    answered: dict[str, int] = {}
    for life in range(3):
        server = accord_serve()
        server.wait_until_it_serves()
        reporters = Reporters(server.url, ["billing", "shipping", "stock"], begin=life * 1_000_000)
        reporters.strike_until_each_was_answered()
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        reporters.join()
        answered |= reporters.answered

    last = accord_serve()
    last.wait_until_it_serves()
    kept = {one["service"]: one["number"] for one in httpx2.get(f"{last.url}/accord/v1/readers").json()}
    assert kept.keys() == answered.keys()
    # What was written last may not have been answered any more.
    assert all(0 <= kept[service] - number <= 1 for service, number in answered.items())
    assert "skipped" not in last.said
