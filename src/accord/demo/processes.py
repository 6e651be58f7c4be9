"""The programs that the demo runs: started, watched until they are well, ended; leftovers of a killed run included."""

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psutil

from accord.errors import AccordError

GRACE_S = 25.0


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
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-12:])


def remember(folder: Path, pid: int) -> None:
    """Note a program that this folder's demo has started."""
    noted = _noted(folder)
    noted.append({"pid": pid, "started": psutil.Process(pid).create_time()})
    (folder / "processes.json").write_text(json.dumps(noted))


def end_leftovers(folder: Path) -> int:
    """End what an earlier demo in this folder left behind when it was killed; answers how many there were."""
    ended = 0
    for note in _noted(folder):
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(note["pid"]))
            # A pid may have been given to somebody else since; a start time has not.
            if abs(process.create_time() - note["started"]) < 1:
                process.terminate()
                process.wait(GRACE_S)
                ended += 1
    (folder / "processes.json").unlink(missing_ok=True)
    return ended


def _noted(folder: Path) -> list[dict[str, float]]:
    file = folder / "processes.json"
    notes: list[dict[str, float]] = json.loads(file.read_text()) if file.exists() else []
    return notes
