"""What a cluster on this machine looks like: ports, folders, broker settings and command lines. Nothing is done here.

Broker N (from 1) serves clients on ``port_base + 2(N-1)`` and the other controllers on the port after it: 9092 and
9093, 9094 and 9095, 9096 and 9097 for three brokers with the default base.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.errors import ConfigurationError

HOST = "127.0.0.1"
SIZES = (1, 3, 5)
DEFAULT_PORT_BASE = 9092
FIRST_PORT = 1024


@dataclass(frozen=True, slots=True)
class ClusterSpec:
    """What is asked for: how many brokers, the first broker's port, and each broker's Java heap in MiB.

    Raises ConfigurationError for a size or port that cannot be.
    """

    brokers: int = 3
    port_base: int = DEFAULT_PORT_BASE
    heap_mib: int = 400

    def __post_init__(self) -> None:
        if self.brokers not in SIZES:
            raise ConfigurationError(
                f"a cluster has 1, 3 or 5 brokers, not {self.brokers}",
                hint="an even number survives no more failures than the odd one below it",
            )
        last = 65536 - 2 * self.brokers
        if not FIRST_PORT <= self.port_base <= last:
            raise ConfigurationError(
                f"port base {self.port_base} leaves no room for {self.brokers} brokers",
                hint=f"choose one from {FIRST_PORT} to {last} with --port-base",
            )

    def nodes(self, home: Path) -> tuple["Node", ...]:
        """The brokers of this cluster, their files under ``home``."""
        return tuple(
            Node(
                node_id=number,
                port=self.port_base + 2 * (number - 1),
                controller_port=self.port_base + 2 * (number - 1) + 1,
                folder=home / f"broker-{number}",
            )
            for number in range(1, self.brokers + 1)
        )

    @property
    def bootstrap_servers(self) -> str:
        """Every broker's address, as clients want it."""
        return ",".join(f"{HOST}:{self.port_base + 2 * index}" for index in range(self.brokers))


@dataclass(frozen=True, slots=True)
class Node:
    """One broker (and controller): its id, its two ports and the folder that holds all its files."""

    node_id: int
    port: int
    controller_port: int
    folder: Path

    @property
    def data(self) -> Path:
        """Where the broker keeps its records."""
        return self.folder / "data"

    @property
    def scratch(self) -> Path:
        """Where Java unpacks native libraries; emptied before each start."""
        return self.folder / "tmp"

    @property
    def properties_file(self) -> Path:
        """The broker's settings in Kafka's form."""
        return self.folder / "server.properties"

    @property
    def log_file(self) -> Path:
        """What the broker says in its present life."""
        return self.folder / "server.log"

    @property
    def previous_log_file(self) -> Path:
        """What it said in the life before."""
        return self.folder / "server.previous.log"


def server_properties(node: Node, spec: ClusterSpec) -> dict[str, str]:
    """The broker's settings: safe for records (copies, no topics by typo), small, and quick to react.

    The authorizer is always on, so that access rules work as they will in production; in this plain profile the
    nameless user is a super user.
    """
    replicas = min(3, spec.brokers)
    in_sync = 2 if replicas > 1 else 1
    voters = ",".join(
        f"{peer.node_id}@{HOST}:{peer.controller_port}" for peer in spec.nodes(node.folder.parent)
    )
    return {
        "process.roles": "broker,controller",
        "node.id": str(node.node_id),
        "controller.quorum.voters": voters,
        "listeners": f"PLAINTEXT://{HOST}:{node.port},CONTROLLER://{HOST}:{node.controller_port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": node.data.as_posix(),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "auto.create.topics.enable": "false",
        "default.replication.factor": str(replicas),
        "min.insync.replicas": str(in_sync),
        "offsets.topic.replication.factor": str(replicas),
        "offsets.topic.num.partitions": "6",
        "transaction.state.log.replication.factor": str(replicas),
        "transaction.state.log.min.isr": str(in_sync),
        "transaction.state.log.num.partitions": "6",
        "group.coordinator.rebalance.protocols": "classic,consumer",
        "group.initial.rebalance.delay.ms": "0",
        # A killed broker's partitions get a new leader after this long; Kafka's 9 s is made for networks.
        "broker.session.timeout.ms": "5000",
        "broker.heartbeat.interval.ms": "1000",
        # Kafka sizes these for servers with many cores and gigabytes of heap.
        "log.cleaner.dedupe.buffer.size": "8388608",
        "num.network.threads": "2",
        "num.io.threads": "4",
        "background.threads": "4",
    }


def render_properties(properties: Mapping[str, str]) -> str:
    """The settings as a Java properties file."""
    return "".join(f"{key}={_escaped(value)}\n" for key, value in properties.items())


def java_command(
    java: Path,
    *,
    classpath: Sequence[Path],
    log_settings: Path,
    main: str,
    arguments: Sequence[str],
    options: Sequence[str] = (),
) -> list[str]:
    """The command line that runs one of Kafka's programs."""
    separator = ";" if java.suffix == ".exe" else ":"
    return [
        str(java),
        *QUICK_START,
        *options,
        f"-Dlog4j2.configurationFile={log_settings}",
        "-cp",
        separator.join(str(jar) for jar in classpath),
        main,
        *arguments,
    ]


FEATURES = ("share.version=0",)
"""Features that a new cluster begins without; all others start at the level of this Kafka."""

QUICK_START = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
    # The compression libraries are native; Java warns of them otherwise.
    "--enable-native-access=ALL-UNNAMED",
)
"""Options that cost a broker nothing here and halve its start: this Kafka serves one machine, often briefly."""


def broker_options(node: Node, spec: ClusterSpec) -> list[str]:
    """The Java options of one broker."""
    return [
        f"-Xmx{spec.heap_mib}m",
        "-XX:+ExitOnOutOfMemoryError",
        f"-Djava.io.tmpdir={node.scratch}",
    ]


def death_note(log: str, *, lines: int = 12) -> list[str]:
    """The lines of a dead broker's log that say why: its errors without their stack frames, else its last words."""
    told = [
        line for line in log.splitlines() if line.strip() and not line.lstrip().startswith(("at ", "... "))
    ]
    errors = list(_errors(told))
    return (errors or told)[-lines:]


def _errors(lines: Sequence[str]) -> Iterator[str]:
    speaking = False
    for line in lines:
        level = line.split(maxsplit=2)[1:2]
        if level and level[0] in {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}:
            speaking = level[0] in {"ERROR", "FATAL"}
        if speaking:
            yield line


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\")
