"""What is made once for a Java and its jars, so that every later start is quick.

The *checkpoint* is what ``kafka-storage format`` writes: it is the same for every broker, so no Java is started to
format each of them. The *start cache* holds Kafka's classes loaded and linked, recorded from a broker that is started
once for nothing else; it more than halves the start of the brokers that come after.
"""

import hashlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from accord.cluster import plan, ports, process, storage
from accord.cluster.errors import BrokerFailed
from accord.cluster.probe import brokers_seen
from accord.cluster.progress import Progress
from accord.cluster.runtime import FIRST_WITH_START_CACHE, Runtime
from accord.cluster.toolchain import Toolchain

FORMATTER = "kafka.tools.StorageTool"
FORMAT_TIMEOUT_S = 120
RECORDING_TIMEOUT_S = 180
POLL_S = 0.05


def toolchain(runtime: Runtime, classpath: Sequence[Path], *, cache: Path) -> Toolchain:
    """The toolchain with its folder of prepared files, emptied if the Java or a jar is another by now."""
    pair = hashlib.sha256(f"{runtime.java}\n{classpath[0].parent}".encode()).hexdigest()[:12]
    folder = cache / "prepared" / pair
    made_from, note = _ingredients(runtime, classpath), folder / "made-from"
    if not note.is_file() or note.read_text(encoding="utf-8") != made_from:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(made_from, encoding="utf-8")
    return Toolchain(runtime, tuple(classpath), folder)


def prepare(tools: Toolchain, progress: Progress) -> None:
    """Make what is not there yet. Raises BrokerFailed if Kafka's formatter fails; a start cache is never required."""
    if not tools.checkpoint.is_file():
        progress.doing("Preparing the storage format (once)")
        with tempfile.TemporaryDirectory(dir=tools.prepared.parent, prefix="format-") as folder:
            _format(tools, Path(folder))
    if tools.runtime.major >= FIRST_WITH_START_CACHE and not tools.start_cache.is_file():
        progress.doing("Preparing a quicker start (once, about ten seconds)")
        try:
            with tempfile.TemporaryDirectory(dir=tools.prepared.parent, prefix="record-") as folder:
                _record(tools, Path(folder))
        except (OSError, BrokerFailed) as error:
            progress.warn(f"brokers will start more slowly: no start cache could be made ({error})")


def _format(tools: Toolchain, folder: Path) -> None:
    node = plan.ClusterSpec(brokers=1).nodes(folder)[0]
    storage.write_properties(node, plan.ClusterSpec(brokers=1))
    features = [part for feature in plan.FEATURES for part in ("--feature", feature)]
    arguments = ["format", "-t", storage.new_id(), "-c", str(node.properties_file), *features]
    answer = subprocess.run(
        tools.tool(FORMATTER, arguments),
        capture_output=True,
        text=True,
        timeout=FORMAT_TIMEOUT_S,
        check=False,
    )
    made = node.data / tools.checkpoint.name
    if answer.returncode != 0 or not made.is_file():
        raise BrokerFailed(
            f"Kafka's storage formatter failed: {(answer.stderr or answer.stdout).strip()}",
            hint=f"it ran on {tools.runtime.origin} ({tools.runtime.version})",
        )
    made.replace(tools.checkpoint)


def _record(tools: Toolchain, folder: Path) -> None:
    """Run a broker on free ports until it serves, and let it write down what it loaded as it ends."""
    spec = plan.ClusterSpec(brokers=1, port_base=ports.free_pair())
    node = spec.nodes(folder)[0]
    storage.prepare(node, spec, cluster_id=storage.new_id(), checkpoint=tools.checkpoint)
    recorded = folder / tools.start_cache.name
    broker = process.launch(
        tools.broker(node, spec, record=recorded), folder=node.folder, output=node.log_file
    )
    deadline = time.monotonic() + RECORDING_TIMEOUT_S
    try:
        while not brokers_seen(plan.HOST, node.port):
            _still(broker, node, deadline)
        process.ask_to_end(broker)
        while process.find(broker):
            if time.monotonic() > deadline:
                raise BrokerFailed("the recording did not end in time")
            time.sleep(POLL_S)
    finally:
        process.kill(broker)
    recorded.replace(tools.start_cache)


def _still(broker: process.ProcessId, node: plan.Node, deadline: float) -> None:
    if not process.find(broker):
        raise BrokerFailed("the broker ended: " + " ".join(plan.death_note(storage.log_text(node), lines=2)))
    if time.monotonic() > deadline:
        raise BrokerFailed("the broker did not come up in time")
    time.sleep(POLL_S)


def _ingredients(runtime: Runtime, classpath: Sequence[Path]) -> str:
    """All that Java compares before it trusts a start cache, and the options it was recorded with."""
    modules = runtime.java.parent.parent / "lib" / "modules"
    stamps = [
        f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}"
        for path in (modules, *classpath)
        if path.exists()
    ]
    return "\n".join([runtime.version, *plan.QUICK_START, *stamps])
