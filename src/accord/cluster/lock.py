"""Write the locks anew (``make lock-jars``): for whoever moves Accord to another Kafka or Avro compiler."""

import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from accord.cluster.download import context
from accord.cluster.jars import (
    AVRO_COMPILER,
    AVRO_VERSION,
    KAFKA,
    KAFKA_VERSION,
    Jar,
    JarSet,
    digest,
    render_lock,
)

# The binding must not steer the versions of the rest (the `!`): jgo would take the versions of its parent,
# which names an older Kafka client.
_LOG_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.3!"

ROOTS = {
    KAFKA: (
        f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
        f"org.apache.kafka:kafka-tools:{KAFKA_VERSION}",
        f"org.apache.kafka:connect-mirror:{KAFKA_VERSION}",
        _LOG_BINDING,
    ),
    # The Java that runs the compiler has none for Java itself: Eclipse's is one jar.
    AVRO_COMPILER: (f"org.apache.avro:avro-compiler:{AVRO_VERSION}", "org.eclipse.jdt:ecj:3.43.0"),
}

HEADER = """\
# Every jar of {title}{more}, in class path order: coordinate, SHA-256, bytes.
# Made by `make lock-jars`; nothing else is fetched, and nothing that differs is run.
"""
_MORE = {KAFKA: " with its tools and MirrorMaker", AVRO_COMPILER: " with a compiler of Java"}


def resolve(folder: Path, roots: Sequence[str]) -> list[Jar]:
    """Resolve what the roots need, fetch it into ``folder`` and say what it is."""
    maven = context(folder)
    wanted = [maven.create_dependency(coordinate) for coordinate in roots]
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


def write(jar_set: JarSet, target: Path) -> None:
    """Write the lock of a set."""
    with tempfile.TemporaryDirectory() as folder:
        jars = resolve(Path(folder), ROOTS[jar_set])
    header = HEADER.format(title=jar_set.title, more=_MORE[jar_set])
    target.write_text(header + render_lock(jars), encoding="utf-8")
    logging.getLogger(__name__).info("wrote %s", target, extra={"jars": len(jars)})


def main(arguments: Sequence[str]) -> None:
    """Write the locks beside this module, or into the folder that is named."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parent
    for jar_set in ROOTS:
        write(jar_set, folder / jar_set.lock_file)


if __name__ == "__main__":
    main(sys.argv[1:])
