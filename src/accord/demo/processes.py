"""The programs that the demo runs: started, watched until they are well, ended; leftovers of a killed run included."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2
import msgspec
import psutil

from accord.cluster import process
from accord.cluster.process import ProcessId
from accord.errors import AccordError, ConfigurationError

GRACE_S = 25.0
NOTES = "processes.json"


class DemoRuns(ConfigurationError):
    """Somebody else's demo is at work in the folder."""


class ServiceFailed(AccordError):
    """A program ended, or did not become well in time; the message holds the end of its log."""


@dataclass(slots=True)
class Service:
    """One program with a health page on loopback; its log is ``<folder>/<name>.log``."""

    name: str
    arguments: Sequence[str]
    url: str
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    health: str = "/healthz"
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """The file with everything that the program says."""
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the demo alone and the demo ends in order."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )
        remember(self.folder, self._process.pid)

    def wait_until_well(self, *, within_s: float = 30.0) -> None:
        """Return when its health page answers 200; raises ServiceFailed when it ended or did not in time."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise ServiceFailed(
                    f"{self.name} ended at its start:\n{self._last_words()}", hint=f"see {self.log}"
                )
            with suppress(httpx2.TransportError):
                if httpx2.get(self.url + self.health, timeout=2).is_success:
                    return
            time.sleep(0.05)
        raise ServiceFailed(
            f"{self.name} did not become well within {within_s:.0f} s:\n{self._last_words()}",
            hint=f"see {self.log}",
        )

    def stop(self) -> None:
        """Ask it to finish (SIGTERM), and end it if it has not after a while."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        # Only now: whoever is interrupted while waiting stops it again.
        self._process = None

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-12:])


@dataclass(frozen=True, slots=True)
class Notes:
    """Who runs a demo in a folder, and the programs that it has started."""

    owner: ProcessId
    started: tuple[ProcessId, ...] = ()


def take_over(folder: Path) -> int:
    """Make this program the one that runs a demo in ``folder``, and end what a demo that was killed has left there.

    Answers how many programs that were. Raises DemoRuns if another demo is at work there.
    """
    notes = _noted(folder)
    left = notes.started if notes else ()
    if notes and notes.owner.pid != os.getpid() and process.find(notes.owner):
        raise DemoRuns(
            f"a demo runs in {folder} already (process {notes.owner.pid})", hint="end it first, with Ctrl-C"
        )
    ended = [program for program in left if process.find(program)]
    for program in ended:
        process.ask_to_end(program)
    deadline = time.monotonic() + GRACE_S
    for program in ended:
        while process.find(program) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill(program)
    _note(folder, Notes(_named(os.getpid())))
    return len(ended)


def remember(folder: Path, pid: int) -> None:
    """Note a program that this folder's demo has started."""
    notes = _noted(folder) or Notes(_named(os.getpid()))
    _note(folder, replace(notes, started=(*notes.started, _named(pid))))


def _named(pid: int) -> ProcessId:
    return ProcessId(pid, psutil.Process(pid).create_time())


def _noted(folder: Path) -> Notes | None:
    try:
        return msgspec.json.decode((folder / NOTES).read_bytes(), type=Notes)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def _note(folder: Path, notes: Notes) -> None:
    """Whoever reads sees the old notes or the new, even if this program is killed now."""
    fresh = folder / f"{NOTES}.new"
    fresh.write_bytes(msgspec.json.encode(notes))
    fresh.replace(folder / NOTES)
