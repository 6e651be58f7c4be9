"""How brokers are, as seen now."""

from dataclasses import dataclass

from accord.cluster import plan, process
from accord.cluster.plan import Node
from accord.cluster.probe import brokers_seen
from accord.cluster.process import ProcessId


@dataclass(frozen=True, slots=True)
class BrokerStatus:
    """One broker as it is now: its process (None if it does not run), resident memory, and which brokers it sees."""

    node_id: int
    address: str
    pid: int | None
    memory_bytes: int
    sees: frozenset[int]

    @property
    def state(self) -> str:
        """``up``, ``not answering`` (it starts, hangs or is paused) or ``down``."""
        if self.pid is None:
            return "down"
        return "up" if self.node_id in self.sees else "not answering"


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """All brokers as they are now; none where there is no cluster."""

    brokers: tuple[BrokerStatus, ...]

    @property
    def all_up(self) -> bool:
        """Whether there are brokers, and every one serves and sees every other."""
        everyone = frozenset(broker.node_id for broker in self.brokers)
        return bool(everyone) and all(
            broker.pid is not None and broker.sees == everyone for broker in self.brokers
        )


def status_of(node: Node, known: ProcessId | None) -> BrokerStatus:
    """Look at one broker, given the process that was started for it."""
    running = known if known and process.find(known) else None
    return BrokerStatus(
        node_id=node.node_id,
        address=f"{plan.HOST}:{node.port}",
        pid=running.pid if running else None,
        memory_bytes=process.memory_bytes(running) if running else 0,
        sees=brokers_seen(plan.HOST, node.port) if running else frozenset(),
    )
