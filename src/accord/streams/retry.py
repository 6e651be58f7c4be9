"""How often, and after which waits, a failed record is handled again. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from accord.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from ``first_s`` up to ``longest_s``, each shortened at random by up to half."""

    first_s: float = 0.2
    longest_s: float = 30.0

    def wait_s(self, failures: int, dice: Callable[[], float]) -> float:
        """The wait after so many failures in a row; ``dice`` gives a number from 0 to 1."""
        limit = min(self.longest_s, self.first_s * 2.0 ** min(failures - 1, 62))
        return limit * (1.0 - dice() / 2)


@dataclass(frozen=True, slots=True)
class Retry:
    """What happens to a record whose handler fails: ``tries`` in all, then it is dead-lettered."""

    tries: int = 3
    backoff: Backoff = Backoff()

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise ConfigurationError(
                f"a record cannot be tried {self.tries} times", hint="Retry(tries=1) means no second try"
            )
