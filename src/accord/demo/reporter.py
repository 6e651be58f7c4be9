"""How the demo tells its story; the command line hands in one that prints."""

from dataclasses import dataclass
from typing import Protocol

from accord.cluster import Progress


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the closing table: what must hold, what was seen, and whether it held."""

    claim: str
    seen: str
    holds: bool


class Reporter(Progress, Protocol):
    """Takes the story as it happens; what goes on (``doing``) replaces what was said before."""

    def done(self, text: str) -> None:
        """A step that is behind us, with its facts."""

    def quote(self, text: str) -> None:
        """Something worth reading as it is, such as a refusal."""
