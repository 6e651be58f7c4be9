"""Who moves first: what the two schemas read of each other, and what the readers that are there need."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from accord.schemas import Deployment, DeployOrder


class Order(StrEnum):
    """The order of a rollout."""

    EITHER = "either"
    CONSUMERS_FIRST = "consumers first"
    PRODUCERS_FIRST = "producers first"
    NONE = "none is safe"


@dataclass(frozen=True, slots=True)
class ReaderState:
    """A reader that is there: whether it reads the new schema as it is, and whether the upgraded one reads what is there.

    ``why`` says why not.
    """

    service: str
    version: str
    reads_new: bool
    reads_old: bool = True
    why: str = ""

    def __str__(self) -> str:
        return f"{self.service} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class Decided:
    """An order, and why it is that one, in sentences."""

    order: Order
    why: str


def decide_order(verdict: Deployment, readers: Sequence[ReaderState]) -> Decided:
    """The order for these readers. What the schemas say of all readers counts only for those that are there.

    Where nobody is known, what the schemas say counts.
    """
    waiting = [one for one in readers if not one.reads_new]
    stuck = [one for one in waiting if not one.reads_old]
    if stuck:
        names = ", ".join(f"{one} ({one.why})" for one in stuck)
        return Decided(
            Order.NONE, f"{names} reads neither: not the new records as it is, nor the old ones once upgraded"
        )
    if waiting:
        names = ", ".join(f"{one} ({one.why})" for one in waiting)
        return Decided(Order.CONSUMERS_FIRST, f"upgrade first: {names}")
    if readers and verdict.order in {DeployOrder.CONSUMERS_FIRST, DeployOrder.NO_SAFE_ORDER}:
        return Decided(
            Order.EITHER, "every reader that is there reads the new records as it is: " + _names(readers)
        )
    match verdict.order:
        case DeployOrder.CONSUMERS_FIRST:
            return Decided(Order.CONSUMERS_FIRST, f"no reader is known. {verdict.advice}")
        case DeployOrder.PRODUCERS_FIRST:
            return Decided(Order.PRODUCERS_FIRST, verdict.advice)
        case DeployOrder.NO_SAFE_ORDER:
            return Decided(Order.NONE, f"no reader is known. {verdict.advice}")
        case DeployOrder.EITHER_ORDER | DeployOrder.FIRST_VERSION:
            return Decided(Order.EITHER, verdict.advice)


def _names(readers: Sequence[ReaderState]) -> str:
    return ", ".join(map(str, readers))
