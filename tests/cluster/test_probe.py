import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from accord.cluster.probe import brokers_seen


@contextmanager
def answering(answer: bytes | None) -> Iterator[int]:
    """A server on loopback that answers one request with these bytes, or never."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                size = struct.unpack(">i", connection.recv(4))[0]
                connection.recv(size)
                if answer is None:
                    done.wait()
                else:
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        done.set()
        thread.join()


def response(*brokers: tuple[int, str, str | None]) -> bytes:
    body = struct.pack(">ii", 1, len(brokers))
    for node_id, host, rack in brokers:
        body += struct.pack(">ih", node_id, len(host)) + host.encode() + struct.pack(">i", 9092)
        body += struct.pack(">h", -1) if rack is None else struct.pack(">h", len(rack)) + rack.encode()
    body += struct.pack(">ii", 1, 0)
    return struct.pack(">i", len(body)) + body


def test_a_broker_tells_whom_it_sees() -> None:
    with answering(response((1, "127.0.0.1", None), (3, "localhost", "rack-a"), (2, "h", ""))) as port:
        assert brokers_seen("127.0.0.1", port) == {1, 2, 3}


@pytest.mark.parametrize(
    "answer", [b"", b"\x00", response((1, "127.0.0.1", None))[:20], b"HTTP/1.1 400 Bad Request"]
)
def test_what_is_not_a_whole_answer_means_not_serving(answer: bytes) -> None:
    with answering(answer) as port:
        assert brokers_seen("127.0.0.1", port, timeout_s=0.5) == frozenset()


def test_a_broker_that_hangs_does_not_serve() -> None:
    with answering(None) as port:
        assert brokers_seen("127.0.0.1", port, timeout_s=0.05) == frozenset()


def test_where_nobody_listens_nobody_serves() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert brokers_seen("127.0.0.1", port) == frozenset()
