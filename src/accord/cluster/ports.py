"""Which local ports are free."""

import socket
from collections.abc import Sequence

from accord.cluster.errors import PortTaken
from accord.cluster.plan import HOST, Node
from accord.cluster.process import listener

ATTEMPTS = 50


def require_free(nodes: Sequence[Node]) -> None:
    """Raise PortTaken naming every port of these brokers that another process holds."""
    taken = [port for node in nodes for port in (node.port, node.controller_port) if not is_free(port)]
    if not taken:
        return
    first = nodes[0].port
    holders = [f"{port}" + (f" ({who})" if (who := listener(port)) else "") for port in taken]
    raise PortTaken(
        f"port{'s' * (len(taken) > 1)} {', '.join(holders)} {'are' if len(taken) > 1 else 'is'} taken",
        hint=f"stop what listens there, or choose other ports: --port-base {first + 10000}",
    )


def free_pair() -> int:
    """A port that is free together with the next one."""
    for _ in range(ATTEMPTS):
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port: int = probe.getsockname()[1]
        if port < 65535 and is_free(port) and is_free(port + 1):  # noqa: PLR2004 -- the last port there is
            return port
    raise PortTaken(
        "no two neighbouring ports are free on this machine", hint="end some programs and try again"
    )


def is_free(port: int) -> bool:
    """Whether a server could listen on ``port`` of the loopback address now."""
    with socket.socket() as probe:
        # As a broker binds: connections of a former broker that are still winding down do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
