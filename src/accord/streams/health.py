"""Whether an application lives, and what its groups do."""

from dataclasses import dataclass, field

from accord.errors import AccordError
from accord.streams.stats import ConsumerStats


@dataclass(frozen=True, slots=True)
class GroupHealth:
    """One group's member in this process.

    ``alive`` is False once it has failed: it does not come back by itself. ``ready`` says that it has joined and consumes.
    ``why`` has what somebody who asks should know, a sentence each: what it failed with, or what it waits for.
    ``partitions`` are those that it reads now; a member that is one too many has none, and is ready to take over.
    """

    group: str
    alive: bool
    ready: bool
    why: tuple[str, ...] = ()
    partitions: int = 0
    deduplicated: int = 0
    """Records passed over because they had been handled before."""
    stats: ConsumerStats = field(default_factory=ConsumerStats)


@dataclass(frozen=True, slots=True)
class Health:
    """An application: ``alive`` and ``ready`` if all its groups are."""

    groups: tuple[GroupHealth, ...]
    is_running: bool

    @property
    def alive(self) -> bool:
        """Whether to let it run: False means that only a restart helps."""
        return all(group.alive for group in self.groups)

    @property
    def ready(self) -> bool:
        """Whether it consumes."""
        return self.is_running and all(group.ready for group in self.groups)

    @property
    def why(self) -> tuple[str, ...]:
        """What somebody who asks should know, with the name of its group."""
        return tuple(f"{group.group}: {reason}" for group in self.groups for reason in group.why)


def told(error: BaseException) -> str:
    """An error as a sentence."""
    return error.message if isinstance(error, AccordError) else f"{type(error).__name__}: {error}"
