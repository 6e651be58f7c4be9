"""What is remembered of a cluster between two commands: its identity, its plan, and which processes are its brokers."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from accord.cluster.plan import ClusterSpec
from accord.cluster.process import ProcessId
from accord.errors import ConfigurationError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class State:
    """One cluster: Kafka's id of it, how it was asked for, and the process of each broker that was started.

    ``jars`` is the folder of jars that somebody brought; empty where they are downloaded.
    """

    cluster_id: str
    spec: ClusterSpec
    jars: str = ""
    processes: Mapping[int, ProcessId] = field(default_factory=dict)
    format: int = FORMAT


def load(home: Path) -> State | None:
    """The cluster in this folder; None if there is none. Raises ConfigurationError for a file that cannot be used."""
    path = _file(home)
    try:
        state = msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error}",
            hint="if no broker of it runs any more, delete the folder and start anew",
        ) from error
    if state.format > FORMAT:
        raise ConfigurationError(
            f"{path} was written by a newer Accord (format {state.format}, this one knows {FORMAT})",
            hint="use that Accord, or stop the cluster with it first",
        )
    return state


def save(home: Path, state: State) -> None:
    """Write the state so that a reader sees the old or the new, never a part."""
    home.mkdir(parents=True, exist_ok=True)
    fresh = _file(home).with_suffix(".new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
    fresh.replace(_file(home))


def forget(home: Path) -> None:
    """Remove what this module wrote."""
    _file(home).unlink(missing_ok=True)


@contextmanager
def exclusive(home: Path) -> Iterator[None]:
    """Hold a cluster for one command at a time; another waits here. Raises ConfigurationError for an unusable folder."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "lock").open("w")
    except OSError as error:
        raise ConfigurationError(
            f"the folder {home} cannot be used: {error.strerror}",
            hint="name one that this user may make and write to with --dir",
        ) from error
    with lock:
        _lock(lock.fileno())
        yield


def _file(home: Path) -> Path:
    return home / "cluster.json"


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
