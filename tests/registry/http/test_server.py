import socket
import threading
from collections.abc import Sequence

import httpx2
import pytest

from accord.registry.http.server import CannotListen, listen, serve, url_of
from accord.registry.log.memory import MemoryLog, in_memory
from accord.registry.log.port import START, LogFailed, LoggedRecord, Position


def test_a_registry_runs_beside_the_test_and_lets_go_of_its_port() -> None:
    log = MemoryLog()
    with serve(in_memory(log)) as server:
        registered = httpx2.post(f"{server.url}/subjects/a%2Fb/versions", json={"schema": '"string"'})
        assert registered.json()["id"] == 1
        assert httpx2.get(f"{server.url}/subjects").json() == ["a/b"]

    with pytest.raises(httpx2.ConnectError):
        httpx2.get(server.url)
    assert len(log.read(START)) == 1
    assert not any(thread.name == "accord-registry" for thread in threading.enumerate())


def test_two_registries_know_nothing_of_each_other() -> None:
    with serve() as one, serve() as other:
        httpx2.put(f"{one.url}/config", json={"compatibility": "NONE"})

        assert httpx2.get(f"{other.url}/config").json() == {"compatibilityLevel": "BACKWARD"}


def test_a_failure_in_the_block_comes_out_and_the_server_stops() -> None:
    with pytest.raises(ZeroDivisionError), serve():
        raise ZeroDivisionError

    assert not any(thread.name == "accord-registry" for thread in threading.enumerate())


def test_a_log_that_cannot_be_read_comes_out_at_the_start() -> None:
    class Unreadable(MemoryLog):
        def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
            raise LogFailed(f"the disk is gone: no {limit} records after {after}")

    with pytest.raises(LogFailed, match="the disk is gone"), serve(in_memory(Unreadable())):
        pytest.fail("it serves")


def test_a_taken_port_is_a_sentence() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CannotListen) as refusal:
            listen("127.0.0.1", port)

    assert refusal.value.message == f"port {port} on 127.0.0.1 is taken"
    assert "--port" in refusal.value.hint


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(CannotListen) as refusal:
        listen("192.0.2.1", 8081)

    assert "cannot listen on 192.0.2.1 port 8081" in refusal.value.message


def test_a_name_that_nobody_knows_is_a_sentence() -> None:
    with pytest.raises(CannotListen):
        listen("no-such-host.invalid", 8081)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_ipv6_address_is_put_in_brackets() -> None:
    try:
        taken = listen("::1", 0)
    except CannotListen:
        pytest.skip("this machine has no IPv6 loopback")
    with taken:
        assert url_of(taken).startswith("http://[::1]:")
