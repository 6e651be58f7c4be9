"""Write ``jars.lock`` anew (``make lock-jars``): for whoever moves Accord to another Kafka."""

import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from accord.cluster.download import context
from accord.cluster.jars import KAFKA_VERSION, LOCK_FILE, Jar, digest, render_lock

ROOTS = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
    f"org.apache.kafka:kafka-tools:{KAFKA_VERSION}",
    f"org.apache.kafka:connect-mirror:{KAFKA_VERSION}",
)
# The binding must not steer the versions of the rest (the `!`): jgo would take the versions of its parent,
# which names an older Kafka client.
LOG_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.3!"

HEADER = f"""\
# Every jar of Apache Kafka {KAFKA_VERSION} with its tools and MirrorMaker, in class path order: coordinate, SHA-256, bytes.
# Made by `make lock-jars`; nothing else is fetched, and nothing that differs is run.
"""


def resolve(folder: Path) -> list[Jar]:
    """Resolve Kafka's closure, fetch it into ``folder`` and say what it is."""
    maven = context(folder)
    wanted = [maven.create_dependency(coordinate) for coordinate in (*ROOTS, LOG_BINDING)]
    for dependency in wanted:
        dependency.scope = "compile"
    named, further = maven.resolver.resolve(wanted)
    files = [
        dependency.artifact for dependency in (*named, *further) if dependency.scope in {"compile", "runtime"}
    ]
    jars = []
    for file in files:
        path = file.resolve()
        coordinate = f"{file.groupId}:{file.artifactId}:{file.version}"
        jars.append(Jar(coordinate, digest(path), path.stat().st_size))
    return jars


def main(arguments: Sequence[str]) -> None:
    """Write the lock beside this module, or to the file that is named."""
    target = Path(arguments[0]) if arguments else Path(__file__).with_name(LOCK_FILE)
    with tempfile.TemporaryDirectory() as folder:
        jars = resolve(Path(folder))
    target.write_text(HEADER + render_lock(jars), encoding="utf-8")
    logging.getLogger(__name__).info("wrote %s", target, extra={"jars": len(jars)})


if __name__ == "__main__":
    main(sys.argv[1:])
