"""One Kafka cluster on this machine, from the first download to the last process."""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from accord.cluster import plan, ports, preparation, process, runtime, shutdown, state, storage, tools
from accord.cluster.errors import BrokerFailed, ClusterMismatch, ClusterNotRunning
from accord.cluster.jars import JarFolder, JarStore, locked, repositories
from accord.cluster.plan import ClusterSpec, Node
from accord.cluster.probe import brokers_seen
from accord.cluster.progress import Progress, Silent
from accord.cluster.status import ClusterStatus, status_of
from accord.cluster.toolchain import Toolchain

START_TIMEOUT_S = 90.0
POLL_S = 0.05


class Cluster:
    """The cluster whose files lie in ``home``; ``cache`` keeps jars and prepared files for all clusters of a user.

    ``spec`` is what is asked for; without it the cluster is as it was made, or three brokers. ``jars`` is a folder
    that somebody brought instead of the downloads, ``java_home`` the Java for platforms without a bundled one.
    """

    def __init__(
        self,
        home: Path,
        *,
        cache: Path,
        spec: ClusterSpec | None = None,
        jars: Path | None = None,
        java_home: Path | None = None,
    ) -> None:
        self.home = home.absolute()
        self.cache = cache
        self._asked = spec
        self._brought_jars = jars
        self._java_home = java_home

    @property
    def spec(self) -> ClusterSpec:
        """What this cluster is, or would be."""
        remembered = state.load(self.home)
        return self._asked or (remembered.spec if remembered else ClusterSpec())

    @property
    def jars_folder(self) -> Path:
        """Where the jars lie, or will."""
        remembered = state.load(self.home)
        brought = self._brought_jars or (remembered and remembered.jars)
        return Path(brought).absolute() if brought else self.cache / "jars"

    @property
    def bootstrap_servers(self) -> str:
        """Every broker's address, as clients want it."""
        return self.spec.bootstrap_servers

    def up(self, progress: Progress | None = None) -> tuple[int, ...]:
        """Start every broker that does not run and wait until all serve; answer those that were started.

        If one fails, those that this call started are stopped again. Raises PortTaken, ClusterMismatch, JarRefused,
        DownloadFailed, JavaMissing or BrokerFailed.
        """
        with state.exclusive(self.home):
            current = self._agreed()
            dead = [node for node in current.spec.nodes(self.home) if not _running(current, node)]
            self._start(current, dead, progress or Silent())
            return tuple(node.node_id for node in dead)

    def start_broker(self, node_id: int, progress: Progress | None = None) -> None:
        """Start one broker and wait until it serves; one that runs is left alone. Raises as ``up`` does."""
        with state.exclusive(self.home):
            current = self._known()
            node = self._node(current, node_id)
            if not _running(current, node):
                self._start(current, [node], progress or Silent())

    def down(self, *, delete: bool = False) -> tuple[int, ...]:
        """Stop every broker that was started here, in good order if they can; answer those that were stopped.

        ``delete`` also removes the data.
        """
        with state.exclusive(self.home):
            current = state.load(self.home)
            if current is None:
                return ()
            nodes = current.spec.nodes(self.home)
            running = [node for node in nodes if _running(current, node)]
            leaving = [current.processes[node.node_id] for node in running]
            shutdown.stop(leaving, staying=0, voters=len(nodes))
            if delete:
                for node in nodes:
                    storage.delete(node)
                state.forget(self.home)
            else:
                state.save(self.home, replace(current, processes={}))
        return tuple(node.node_id for node in running)

    def stop_broker(self, node_id: int) -> None:
        """Stop one broker in good order: it hands its partitions over first."""
        with state.exclusive(self.home):
            current = self._known()
            node = self._node(current, node_id)
            if _running(current, node):
                peers = [peer for peer in current.spec.nodes(self.home) if _running(current, peer)]
                shutdown.stop(
                    [current.processes[node_id]], staying=len(peers) - 1, voters=current.spec.brokers
                )

    def kill_broker(self, node_id: int) -> None:
        """End one broker at once, as a power cut would (``kill -9``)."""
        current = self._known()
        node = self._node(current, node_id)
        if _running(current, node):
            process.kill(current.processes[node.node_id])

    def status(self) -> ClusterStatus:
        """How every broker is now; none if there is no cluster here."""
        current = state.load(self.home)
        if current is None:
            return ClusterStatus(())
        nodes = current.spec.nodes(self.home)
        return ClusterStatus(tuple(status_of(node, current.processes.get(node.node_id)) for node in nodes))

    def log_file(self, node_id: int) -> Path:
        """The file with what a broker says."""
        return self._node(self._known(), node_id).log_file

    def run_tool(self, name: str, arguments: Sequence[str]) -> int:
        """Run one of Kafka's own tools on this terminal, pointed at this cluster unless told otherwise.

        Answers its exit code. Raises UnknownTool, and ClusterNotRunning where no broker serves.
        """
        tool = tools.find(name)
        current = self._known()
        pointed = tool.pointed_at(current.spec.bootstrap_servers, arguments)
        if len(pointed) > len(arguments) and not any(broker.sees for broker in self.status().brokers):
            raise ClusterNotRunning("no broker of this cluster serves", hint="start it: accord cluster up")
        return subprocess.call(self._toolchain(current, Silent()).tool(tool.main, pointed))

    def _agreed(self) -> state.State:
        """The cluster as remembered, if it is the one that is asked for; a new one if there is none."""
        current = state.load(self.home)
        brought = str(self._brought_jars.absolute()) if self._brought_jars else ""
        if current is None:
            return state.State(storage.new_id(), self.spec, brought)
        asked = self._asked or current.spec
        if asked.brokers != current.spec.brokers:
            raise ClusterMismatch(
                f"the cluster in {self.home} has {current.spec.brokers} brokers, not {asked.brokers}",
                hint=f"use it as it is with --brokers {current.spec.brokers}, "
                "or delete it and its data first: accord cluster down --delete",
            )
        running = any(process.find(broker) for broker in current.processes.values())
        if running and asked != current.spec:
            raise ClusterMismatch(
                f"the cluster in {self.home} runs with other settings (first port {current.spec.port_base}, "
                f"heap {current.spec.heap_mib} MiB)",
                hint="stop it first: accord cluster down",
            )
        return replace(current, spec=asked, jars=brought or current.jars)

    def _known(self) -> state.State:
        current = state.load(self.home)
        if current is None:
            raise ClusterNotRunning(
                f"there is no cluster in {self.home}", hint="start one: accord cluster up"
            )
        return current

    def _node(self, current: state.State, node_id: int) -> Node:
        for node in current.spec.nodes(self.home):
            if node.node_id == node_id:
                return node
        raise ClusterMismatch(
            f"there is no broker {node_id}", hint=f"this cluster has brokers 1 to {current.spec.brokers}"
        )

    def _toolchain(self, current: state.State, progress: Progress) -> Toolchain:
        java = runtime.find(self._java_home)
        if not java.bundled:
            progress.warn(f"no bundled Java for this platform: using {java.origin}, version {java.version}")
        if current.jars:
            jars = JarFolder(Path(current.jars), locked()).classpath()
        else:
            jars = JarStore(self.cache / "jars", locked(), connect=repositories).classpath(progress)
        return preparation.toolchain(java, jars, cache=self.cache)

    def _start(self, current: state.State, dead: Sequence[Node], progress: Progress) -> None:
        if not dead:
            self._await(current)
            return
        ports.require_free(dead)
        chain = self._toolchain(current, progress)
        preparation.prepare(chain, progress)
        progress.doing(f"Starting {_brokers(dead)}")
        started: list[process.ProcessId] = []
        try:
            for node in dead:
                storage.prepare(
                    node, current.spec, cluster_id=current.cluster_id, checkpoint=chain.checkpoint
                )
                command = chain.broker(node, current.spec)
                broker = process.launch(command, folder=node.folder, output=node.log_file)
                started.append(broker)
                current = replace(current, processes={**current.processes, node.node_id: broker})
                state.save(self.home, current)
            self._await(current)
        except BrokerFailed:
            for broker in started:
                process.kill(broker)
            raise

    def _await(self, current: state.State) -> None:
        """Wait until every broker that runs now serves and sees all that run now."""
        nodes = [node for node in current.spec.nodes(self.home) if _running(current, node)]
        everyone = {node.node_id for node in nodes}
        waiting = list(nodes)
        deadline = time.monotonic() + START_TIMEOUT_S
        while waiting:
            for node in nodes:
                if not _running(current, node):
                    raise _died(node)
            node = waiting[0]
            if brokers_seen(plan.HOST, node.port) >= everyone:
                waiting.pop(0)
                continue
            if time.monotonic() > deadline:
                raise BrokerFailed(
                    f"broker {node.node_id} runs but does not serve after {START_TIMEOUT_S:.0f} s",
                    hint=f"what it says is in {node.log_file}",
                )
            time.sleep(POLL_S)


def _running(current: state.State, node: Node) -> bool:
    known = current.processes.get(node.node_id)
    return known is not None and process.find(known) is not None


def _died(node: Node) -> BrokerFailed:
    words = plan.death_note(storage.log_text(node)) or ["(it said nothing)"]
    return BrokerFailed(
        f"broker {node.node_id} ended before it served; its last words:\n  " + "\n  ".join(words),
        hint=f"all it said is in {node.log_file}",
    )


def _brokers(nodes: Sequence[Node]) -> str:
    numbers = ", ".join(str(node.node_id) for node in nodes)
    return f"broker{'s' * (len(nodes) > 1)} {numbers}"
