"""What is configured for a subject, or for all of them."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from accord.schemas import CompatibilityLevel

DEFAULT_LEVEL: Final = CompatibilityLevel.BACKWARD


class Keep(Enum):
    """The absence of a change; None is a change, it clears."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


@dataclass(frozen=True, slots=True)
class Config:
    """One configuration as it was set; None means that nothing was said."""

    level: CompatibilityLevel | None = None
    normalize: bool | None = None


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """What to change in a configuration: a value sets, None clears, KEEP leaves alone."""

    level: CompatibilityLevel | Literal[Keep.KEEP] | None = KEEP
    normalize: bool | Literal[Keep.KEEP] | None = KEEP

    def on(self, config: Config) -> Config:
        """``config`` with this change made."""
        return Config(
            level=config.level if self.level is KEEP else self.level,
            normalize=config.normalize if self.normalize is KEEP else self.normalize,
        )


def effective(own: Config | None, shared: Config | None) -> Config:
    """What counts for a subject that has ``own`` when ``shared`` is set for all; the level is never None.

    A subject whose own configuration names no level gets the default level, not the shared one, as Confluent's
    registry has it.
    """
    if own is None:
        shared = shared or Config()
        return Config(level=shared.level or DEFAULT_LEVEL, normalize=shared.normalize)
    normalize = own.normalize if own.normalize is not None or shared is None else shared.normalize
    return Config(level=own.level or DEFAULT_LEVEL, normalize=normalize)
