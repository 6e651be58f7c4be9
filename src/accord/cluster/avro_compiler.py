"""Apache Avro's own compiler for Java, on the Java that runs Kafka here.

It has no command line that takes schemas one after the other, so a few lines of Java call it: they are compiled once, by
Eclipse's compiler, which runs where no JDK is. That compiler serves tests as well.
"""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from accord.cluster import jars, runtime
from accord.cluster.errors import JavaRefused
from accord.cluster.progress import Progress, Silent
from accord.cluster.runtime import Runtime

_DRIVER: Final = Path(__file__).with_name("GenerateAvro.java")
_JAVAC: Final = "org.eclipse.jdt.internal.compiler.batch.Main"
_OPTIONS: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8")
_TIMEOUT_S: Final = 300


@dataclass(frozen=True, slots=True)
class AvroCompiler:
    """Makes Java classes of Avro schemas. ``prepared`` is where its own few classes are kept."""

    runtime: Runtime
    classpath: tuple[Path, ...]
    prepared: Path

    def generate(self, schemas: Sequence[Path], into: Path) -> None:
        """Make the classes of schema files, each after those it needs. Raises JavaRefused."""
        self._prepare()
        done = self._java([self.prepared, *self.classpath], "GenerateAvro", [str(into), *map(str, schemas)])
        if done.returncode != 0:
            raise JavaRefused(
                f"Avro's compiler for Java does not take a schema: {_last_line(done.stderr)}",
                hint="Java is stricter than the registry in some things; change the schema, or generate without it",
            )

    def compile(self, sources: Sequence[Path], into: Path, *, release: int = 17) -> None:
        """Compile Java sources, files or folders, that need Avro. Raises JavaRefused with what is wrong."""
        arguments = [f"-{release}", "-proc:none", "-nowarn", "-encoding", "UTF-8", "-d", str(into)]
        arguments += ["-classpath", _joined(self.classpath, self.runtime), *map(str, sources)]
        done = self._java(self.classpath, _JAVAC, arguments)
        if done.returncode != 0:
            raise JavaRefused(
                f"Java does not compile: {done.stderr.strip()}", hint="see what the compiler says"
            )

    def _prepare(self) -> None:
        if (self.prepared / "GenerateAvro.class").is_file():
            return
        self.prepared.parent.mkdir(parents=True, exist_ok=True)
        # Made aside and moved: another process may be here at the same time.
        with tempfile.TemporaryDirectory(dir=self.prepared.parent) as folder:
            made = Path(folder) / "classes"
            self.compile([_DRIVER], made)
            shutil.copytree(made, self.prepared, dirs_exist_ok=True)

    def _java(
        self, classpath: Sequence[Path], main: str, arguments: Sequence[str]
    ) -> subprocess.CompletedProcess[str]:
        command = [
            str(self.runtime.java),
            *_OPTIONS,
            "-cp",
            _joined(classpath, self.runtime),
            main,
            *arguments,
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)


def avro_compiler(
    *,
    cache: Path,
    brought: Path | None = None,
    java_home: Path | None = None,
    progress: Progress | None = None,
) -> AvroCompiler:
    """The compiler, its jars in ``cache`` or, if somebody brought them, in the folder ``brought``.

    Raises DownloadFailed, JarRefused or JavaMissing.
    """
    java, locked = runtime.find(java_home), jars.locked(jars.AVRO_COMPILER)
    if brought is not None:
        classpath = jars.JarFolder(brought, locked).classpath()
    else:
        store = jars.JarStore(
            cache / "jars", locked, connect=jars.repositories, title=jars.AVRO_COMPILER.title
        )
        classpath = store.classpath(progress or Silent())
    made_from = hashlib.sha256(_DRIVER.read_bytes())
    made_from.update("".join(jar.sha256 for jar in locked).encode())
    return AvroCompiler(java, tuple(classpath), cache / "prepared" / f"avro-{made_from.hexdigest()[:12]}")


def _joined(paths: Sequence[Path], runtime: Runtime) -> str:
    return (";" if runtime.java.suffix == ".exe" else ":").join(map(str, paths))


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("SLF4J")]
    return next((line for line in lines if not line.startswith("\t")), "it said nothing")
