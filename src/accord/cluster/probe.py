"""Asks one broker which brokers it sees: the smallest question that only a serving Kafka answers.

One Metadata request (version 1) over a plain socket: no client library, no retries, and it is this very broker that
answers, not one of its peers.
"""

import socket
import struct

METADATA, VERSION, CORRELATION = 3, 1, 1
CLIENT_ID = b"accord-cluster"
NO_TOPICS = 0
LONGEST_ANSWER_BYTES = 1 << 16


def brokers_seen(host: str, port: int, *, timeout_s: float = 1.0) -> frozenset[int]:
    """The ids of the live brokers in this broker's view; empty where it does not serve."""
    header = struct.pack(">hhih", METADATA, VERSION, CORRELATION, len(CLIENT_ID)) + CLIENT_ID
    request = header + struct.pack(">i", NO_TOPICS)
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            with connection.makefile("rb") as stream:
                (size,) = struct.unpack(">i", stream.read(4))
                # Whoever answers more than this is no Kafka.
                return _node_ids(stream.read(min(size, LONGEST_ANSWER_BYTES)))
    except (OSError, struct.error):
        return frozenset()


def _node_ids(response: bytes) -> frozenset[int]:
    """Read: correlation id, then an array of (node id, host, port, rack); what follows does not matter here."""
    _correlation, count = struct.unpack_from(">ii", response)
    position, ids = 8, []
    for _ in range(count):
        node_id, host_length = struct.unpack_from(">ih", response, position)
        position += 6 + host_length + 4
        (rack_length,) = struct.unpack_from(">h", response, position)
        position += 2 + max(rack_length, 0)
        ids.append(node_id)
    return frozenset(ids)
