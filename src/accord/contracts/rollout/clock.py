"""The registry's clock: deployments are dated by it, and a rollout compares its own times with theirs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from accord.client import Registry
from accord.client.exchanges import Exchange
from accord.client.http import Request, Response

NEAR_MS: Final = 1500
"""What is not told from no difference: answers are dated to the second."""


def registry_clock(
    registry: Registry, own_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
) -> Callable[[], int]:
    """Milliseconds since 1970, as the registry counts them; one that does not say counts as the clock here.

    Raises RegistryError.
    """
    asked_ms = own_ms()
    told_ms = registry.ask(_AskDate())
    # Dated to the second, at some time between question and answer.
    ahead_ms = 0 if told_ms is None else told_ms + 500 - (asked_ms + own_ms()) // 2
    return own_ms if abs(ahead_ms) <= NEAR_MS else lambda: own_ms() + ahead_ms


@dataclass(frozen=True, slots=True)
class _AskDate(Exchange[int | None]):
    """When the registry answers something that is no matter."""

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", "/mode")

    def read(self, body: bytes) -> None:
        """What is in it is no matter."""

    def interpret(self, response: Response) -> int | None:
        """The date of the answer, in milliseconds since 1970. Raises RegistryError."""
        if not response.ok:
            raise self.refuse(response)
        try:
            return int(parsedate_to_datetime(response.headers.get("date", "")).timestamp() * 1000)
        except ValueError:
            return None
