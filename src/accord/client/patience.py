"""How often a registry is asked, and how long to wait in between."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from accord.errors import ConfigurationError

_MOST_DOUBLINGS: Final = 1000
"""Twice more often, and no float could hold the product."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often each address is asked, and how long to wait in between: at random up to a limit that doubles.

    A registry that says itself how long to wait (``Retry-After``) is heeded up to ``longest_retry_after_s``.
    """

    tries: int = 4
    first_wait_s: float = 0.1
    longest_wait_s: float = 2.0
    longest_retry_after_s: float = 10.0

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise ConfigurationError(
                f"a registry cannot be asked {self.tries} times", hint="give tries of 1 or more"
            )
        for name in ("first_wait_s", "longest_wait_s", "longest_retry_after_s"):
            value = getattr(self, name)
            if not 0 <= value < math.inf:
                raise ConfigurationError(f"{name} cannot be {value} s", hint="give 0 s or more, and an end")

    def wait_s(self, tries_so_far: int, dice: Callable[[], float]) -> float:
        """The wait before the next try; ``dice`` gives a number from 0 to 1."""
        doublings = min(tries_so_far - 1, _MOST_DOUBLINGS)
        limit = min(self.longest_wait_s, self.first_wait_s * 2.0**doublings)
        return limit * dice()


ONCE: Final = Patience(tries=1)
