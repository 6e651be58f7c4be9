"""The processes of a soak: started, frozen, killed, and started again."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.streams.soak.history import Disturbance, Journal

ROOT = Path(__file__).parents[3]
# A transaction that brokers let wait, and leaving the group.
ENDS_WITHIN_S = 40.0


@dataclass
class Post:
    """A place for one process at a time; whoever dies is replaced."""

    program: str
    arguments: Sequence[str]
    folder: Path
    name: str
    journal: Journal
    notes: bool = False
    """Whether the process keeps a journal of its own."""
    lives: int = 0
    deaths: list[str] = field(default_factory=list)
    """The last words of those that died without having been killed."""
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Put a process on the post."""
        self.lives += 1
        arguments = list(self.arguments)
        if self.notes:
            arguments.append(str(self.folder / f"{self.name}-{self.lives}.jsonl"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"tests.streams.soak.{self.program}", *arguments, self.name],
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )
        self._tell("start")

    @property
    def log(self) -> Path:
        """What its processes say."""
        return self.folder / f"{self.name}.log"

    def kill(self) -> None:
        """As a power cut would."""
        self._signal(signal.SIGKILL)
        self._wait()
        self._tell("kill")

    def freeze(self) -> None:
        """Let it do nothing, not even notice that."""
        self._signal(signal.SIGSTOP)
        self._tell("freeze")

    def thaw(self) -> None:
        """Let it go on as if nothing had been."""
        self._signal(signal.SIGCONT)
        self._tell("thaw")

    def end(self) -> None:
        """Ask it to end, and wait."""
        self._tell("stop")
        self._signal(signal.SIGTERM)
        self._wait()
        self._tell("stopped")

    def ask_to_end(self) -> None:
        """Ask it to end; somebody waits for it later."""
        self._signal(signal.SIGTERM)

    def see(self) -> None:
        """Start another one if this one has died, and remember its last words."""
        if self.process is not None and self.process.poll() is not None:
            words = self.log.read_text(errors="replace").strip().splitlines()
            self.deaths.append(words[-1] if words else "(nothing)")
            self._tell("death")
            self.start()

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def _wait(self) -> None:
        if self.process is not None:
            try:
                self.process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.deaths.append("did not end when asked")
                self.process.kill()
                self.process.wait()
            self.process = None

    def _tell(self, what: str) -> None:
        self.journal.note(Disturbance(f"{what} {self.name}", time.time_ns()))
