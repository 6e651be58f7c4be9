"""What the operator of a registry chooses for all of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """``strict`` refuses what Confluent's registry lets pass and Accord warns of. Modes change if ``mutable_modes``."""

    strict: bool = False
    mutable_modes: bool = True
