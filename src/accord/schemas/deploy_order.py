"""The orders in which producers and consumers can be upgraded."""

from enum import StrEnum


class DeployOrder(StrEnum):
    """An order in which no reader meets a record that it cannot decode."""

    FIRST_VERSION = "FIRST_VERSION"
    EITHER_ORDER = "EITHER_ORDER"
    CONSUMERS_FIRST = "CONSUMERS_FIRST"
    PRODUCERS_FIRST = "PRODUCERS_FIRST"
    NO_SAFE_ORDER = "NO_SAFE_ORDER"
