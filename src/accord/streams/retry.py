"""How often, after which waits and where a failed record is handled again. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accord.errors import ConfigurationError
from accord.streams.durations import Duration, in_words, milliseconds


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
    """What happens to a record whose handler fails: ``tries`` in all, then it is dead-lettered.

    Until then the record keeps its place: nothing of its partition passes it. With ``topics``, such as
    ``("5s", "1m", "10m")``, a record that has failed so often goes to a topic of the group's own instead, and is tried
    from there, ``tries`` times again, when so much time has passed; then to the next one, and dead-lettered after the
    last. What came behind it in its partition is handled in the meantime: its order is given up.

    Handlers say by what they raise that trying again is of no use (Permanent), or that the record has to wait however
    long it takes (Retryable); ``permanent`` and ``retryable`` name classes of errors that are to mean the same.
    """

    tries: int = 3
    backoff: Backoff = Backoff()
    topics: Sequence[Duration] = ()
    permanent: tuple[type[Exception], ...] = ()
    retryable: tuple[type[Exception], ...] = ()

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise ConfigurationError(
                f"a record cannot be tried {self.tries} times", hint="Retry(tries=1) means no second try"
            )
        if isinstance(self.topics, str):
            raise ConfigurationError(
                f"topics={self.topics!r} is one word",
                hint=f"give a sequence of waits: topics=({self.topics!r},)",
            )
        delays = tuple(in_words(milliseconds(delay)) for delay in self.topics)
        if len(set(delays)) < len(delays):
            raise ConfigurationError(
                f"a wait is there twice in {', '.join(delays)}", hint="each names a topic: let them grow"
            )
        object.__setattr__(self, "topics", delays)
        for name in ("permanent", "retryable"):
            _check_classes(name, getattr(self, name))


def _check_classes(name: str, classes: object) -> None:
    if not isinstance(classes, tuple) or not all(
        isinstance(item, type) and issubclass(item, Exception) for item in classes
    ):
        raise ConfigurationError(
            f"{name}={classes!r} is no tuple of classes of exceptions", hint=f"such as {name}=(ValueError,)"
        )
