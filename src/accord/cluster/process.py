"""Programs that outlive the command that started them, and how to know them again.

A process id alone is not a name: ids are used again. An id with the moment the process began is.
"""

import subprocess
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

SAME_MOMENT_S = 1.0

if sys.platform == "win32":
    _DETACHED = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _DETACHED = 0


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process that was started here: its id and when it began (seconds since the epoch)."""

    pid: int
    began: float


def launch(command: Sequence[str], *, folder: Path, output: Path) -> ProcessId:
    """Start a program in a session of its own, so that neither this command's end nor Ctrl-C reaches it."""
    with output.open("wb") as sink:
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            creationflags=_DETACHED,
        )
    started = ProcessId(child.pid, psutil.Process(child.pid).create_time())
    with warnings.catch_warnings():
        # Python warns when a running child is let go of; here that is the purpose.
        warnings.simplefilter("ignore", ResourceWarning)
        del child
    return started


def find(process: ProcessId) -> psutil.Process | None:
    """The process if it still runs; None if it is gone or its id belongs to another by now."""
    try:
        found = psutil.Process(process.pid)
        if abs(found.create_time() - process.began) >= SAME_MOMENT_S:
            return None
        # An ended process is kept in the process table until its starter asks, who may be this very program. One
        # whose other threads have not ended yet is not there.
        if found.status() == psutil.STATUS_ZOMBIE and found.num_threads() <= 1:
            found.wait(timeout=0)
            return None
    except (psutil.NoSuchProcess, psutil.TimeoutExpired):
        return None
    return found


def ask_to_end(process: ProcessId) -> None:
    """Ask a process to end in good order."""
    found = find(process)
    if found:
        with suppress(psutil.NoSuchProcess):
            found.terminate()


def kill(process: ProcessId) -> None:
    """End a process and all it has started at once (``kill -9``), and wait until they are gone."""
    found = find(process)
    if not found:
        return
    with suppress(psutil.NoSuchProcess):
        for victim in [found, *found.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        found.wait()


def memory_bytes(process: ProcessId) -> int:
    """The resident memory of a process; 0 where it cannot be told."""
    found = find(process)
    try:
        return int(found.memory_info().rss) if found else 0
    except psutil.Error:
        return 0


def listener(port: int) -> str:
    """Who listens on a local port, in words; empty where the system does not tell."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            here = connection.laddr and connection.laddr.port == port
            if here and connection.status == psutil.CONN_LISTEN and connection.pid:
                return f"{psutil.Process(connection.pid).name()}, process {connection.pid}"
    except psutil.Error:
        pass
    return ""
