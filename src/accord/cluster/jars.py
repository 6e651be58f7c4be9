"""The jars that make a Kafka, or a compiler: which files exactly, where they lie, and the proof that they are what they should be.

The lock of a set names every jar by its Maven coordinate with size and SHA-256. Nothing else is ever fetched, and nothing
that differs is ever run. A set is fetched when it is first needed.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Protocol

from accord.cluster.errors import DownloadFailed, JarRefused
from accord.cluster.progress import Progress
from accord.errors import ConfigurationError

KAFKA_VERSION = "4.2.0"
AVRO_VERSION = "1.12.1"
PARALLEL = 8


@dataclass(frozen=True, slots=True)
class JarSet:
    """Jars that belong together: what they are in words, and the file that names them."""

    title: str
    lock_file: str


KAFKA = JarSet(f"Apache Kafka {KAFKA_VERSION}", "jars.lock")
AVRO_COMPILER = JarSet(f"Apache Avro's compiler {AVRO_VERSION} for Java", "avro-compiler.lock")


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of the lock: Maven coordinate ``group:artifact:version``, SHA-256 in hex, size."""

    coordinate: str
    sha256: str
    size_bytes: int

    @property
    def file_name(self) -> str:
        """The name of the file, as Maven has it."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


class Fetch(Protocol):
    """Brings one jar into a folder, from wherever jars come from."""

    def __call__(self, jar: Jar, folder: Path, *, received: Callable[[int], None]) -> Path:
        """Answer the file; tell ``received`` the bytes of each piece. Raises DownloadFailed."""


def locked(jar_set: JarSet = KAFKA) -> tuple[Jar, ...]:
    """Every jar of the set, in the order of the class path."""
    return parse_lock(files("accord.cluster").joinpath(jar_set.lock_file).read_text(encoding="utf-8"))


def repositories() -> AbstractContextManager[Fetch]:
    """The way to Maven's repositories. Raises ConfigurationError where what it needs is not installed."""
    try:
        from accord.cluster.download import connected  # noqa: PLC0415 -- a third of a second, only to download
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"jars are fetched with the Python package that provides '{error.name}', which is not installed",
            hint="pip install 'accord-kafka[cluster]'",
        ) from error
    return connected()


def parse_lock(text: str) -> tuple[Jar, ...]:
    """Read the lock: a line is ``coordinate sha256:HEX size``; ``#`` begins a comment."""
    rows = (line.split() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(
        Jar(coordinate, digest.removeprefix("sha256:"), int(size)) for coordinate, digest, size in rows
    )


def render_lock(jars: Iterable[Jar]) -> str:
    """The text of the lock."""
    return "".join(f"{jar.coordinate} sha256:{jar.sha256} {jar.size_bytes}\n" for jar in jars)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verified(jars: Sequence[Jar], folder: Path, *, remedy: str) -> list[Path]:
    """The class path in ``folder``.

    Raises JarRefused naming every jar that is missing or altered; ``remedy`` says what to do about them.
    """
    paths = [folder / jar.file_name for jar in jars]
    with ThreadPoolExecutor(PARALLEL) as pool:
        digests = list(pool.map(lambda path: digest(path) if path.is_file() else None, paths))
    missing = [jar.file_name for jar, found in zip(jars, digests, strict=True) if found is None]
    altered = [
        jar.file_name for jar, found in zip(jars, digests, strict=True) if found not in (None, jar.sha256)
    ]
    if altered:
        raise JarRefused(
            f"{_listed(altered)} in {folder} {'is' if len(altered) == 1 else 'are'} not what Accord was tested with"
            " (SHA-256 differs), so nothing is run with it",
            hint=remedy,
        )
    if missing:
        raise JarRefused(f"{_listed(missing)} missing in {folder}", hint=remedy)
    return paths


class JarStore:
    """The jars in this user's cache, fetched when they are first needed; ``connect`` opens the way to them."""

    def __init__(
        self,
        folder: Path,
        jars: Sequence[Jar],
        *,
        connect: Callable[[], AbstractContextManager[Fetch]],
        title: str = KAFKA.title,
    ) -> None:
        self.folder = folder
        self.jars = tuple(jars)
        self.title = title
        self._connect = connect

    def classpath(self, progress: Progress) -> list[Path]:
        """Every jar, present and proven. Raises DownloadFailed or JarRefused."""
        missing = [jar for jar in self.jars if not (self.folder / jar.file_name).is_file()]
        if missing:
            self._download(missing, progress)
        return verified(
            self.jars, self.folder, remedy="delete it and run the command again: it is fetched anew"
        )

    def _download(self, missing: Sequence[Jar], progress: Progress) -> None:
        total = sum(jar.size_bytes for jar in missing)
        progress.doing(f"Downloading {self.title} ({len(missing)} jars, {total / 1e6:.0f} MB)")
        self.folder.mkdir(parents=True, exist_ok=True)
        counter = _Counter(total, progress)
        with (
            self._connect() as fetch,
            tempfile.TemporaryDirectory(dir=self.folder, prefix="incoming-") as incoming,
            ThreadPoolExecutor(PARALLEL) as pool,
        ):
            futures = [pool.submit(self._bring, fetch, jar, Path(incoming), counter.add) for jar in missing]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _bring(self, fetch: Fetch, jar: Jar, incoming: Path, received: Callable[[int], None]) -> None:
        path = fetch(jar, incoming, received=received)
        if digest(path) != jar.sha256:
            raise DownloadFailed(
                f"what arrived for {jar.coordinate} is not the file that Accord was tested with (SHA-256 differs)",
                hint="something on the way alters downloads (a proxy, a mirror); try another network, "
                "or bring the jars in a folder: --jars DIR",
            )
        path.replace(self.folder / jar.file_name)


@dataclass(frozen=True, slots=True)
class JarFolder:
    """The jars in a folder that somebody brought (``--jars DIR``); nothing is fetched."""

    folder: Path
    jars: tuple[Jar, ...]

    def classpath(self) -> list[Path]:
        """Every jar, present and proven. Raises JarRefused."""
        return verified(
            self.jars,
            self.folder,
            remedy="copy the jars from a machine where the same command has run without --jars "
            "(there `accord cluster env --format json` names the folder)",
        )


class _Counter:
    """Adds up what several downloads receive."""

    def __init__(self, total_bytes: int, progress: Progress) -> None:
        self._done, self._total, self._progress, self._lock = 0, total_bytes, progress, Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self._done += count
            # A download that was begun again counts what it brings twice.
            self._progress.loaded(min(self._done, self._total), self._total)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"  # noqa: PLR2004
