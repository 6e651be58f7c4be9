"""How a long task tells what it is doing, without knowing who listens."""

from typing import Protocol


class Progress(Protocol):
    """Told what is being done; a command line draws it, a test may ignore it."""

    def doing(self, text: str) -> None:
        """Tell that something has begun that takes a while."""

    def warn(self, text: str) -> None:
        """Tell something that may surprise later."""

    def loaded(self, done_bytes: int, total_bytes: int) -> None:
        """Tell how far the downloads are."""


class Silent:
    """Tells nobody."""

    def doing(self, text: str) -> None:
        """Drop it."""

    def warn(self, text: str) -> None:
        """Drop it."""

    def loaded(self, done_bytes: int, total_bytes: int) -> None:
        """Drop it."""
