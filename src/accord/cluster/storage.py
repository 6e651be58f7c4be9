"""The files of one broker: its settings, its data folder in Kafka's format, its log."""

import base64
import shutil
import uuid
from pathlib import Path

from accord.cluster.plan import ClusterSpec, Node, render_properties, server_properties


def new_id() -> str:
    """A random id in Kafka's form: 22 characters, and no leading dash, which command lines would misread."""
    while True:
        made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not made.startswith("-"):
            return made


def prepare(node: Node, spec: ClusterSpec, *, cluster_id: str, checkpoint: Path) -> None:
    """Make a broker ready to start: fresh settings, formatted data, the log of its last life set aside."""
    write_properties(node, spec)
    shutil.rmtree(node.scratch, ignore_errors=True)
    node.scratch.mkdir()
    if node.log_file.exists():
        node.log_file.replace(node.previous_log_file)
    meta = node.data / "meta.properties"
    if meta.is_file():
        return
    node.data.mkdir(exist_ok=True)
    shutil.copyfile(checkpoint, node.data / checkpoint.name)
    meta.write_text(
        render_properties(
            {
                "version": "1",
                "cluster.id": cluster_id,
                "node.id": str(node.node_id),
                "directory.id": new_id(),
            }
        ),
        encoding="utf-8",
    )


def write_properties(node: Node, spec: ClusterSpec) -> None:
    """Write the broker's settings as they are planned now."""
    node.folder.mkdir(parents=True, exist_ok=True)
    node.properties_file.write_text(render_properties(server_properties(node, spec)), encoding="utf-8")


def log_text(node: Node) -> str:
    """What the broker has said in this life; empty if it never started."""
    try:
        return node.log_file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def delete(node: Node) -> None:
    """Remove everything of this broker."""
    shutil.rmtree(node.folder, ignore_errors=True)
