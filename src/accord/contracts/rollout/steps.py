"""The steps of a rollout as data: what comes after what, and what has become of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import msgspec

from accord.client import RolloutReport
from accord.client.reports import RolloutStep
from accord.contracts.rollout.order import Order

State: TypeAlias = Literal["done", "waiting", "refused"]

CHECK: Final = "check"
REGISTER: Final = "register"
ORDER: Final = "order"
CONSUMERS: Final = "consumers"
PRODUCERS: Final = "producers"
SETTLE: Final = "settle"
CONSUMERS_BACK: Final = "consumers back"
PRODUCERS_BACK: Final = "producers back"
VERSION_BACK: Final = "version back"

FORWARD: Final = (CHECK, REGISTER, ORDER, CONSUMERS, PRODUCERS, SETTLE)
BACK: Final = (CONSUMERS_BACK, PRODUCERS_BACK, VERSION_BACK)

_PRODUCERS_FIRST: Final = (CHECK, REGISTER, ORDER, PRODUCERS, CONSUMERS, SETTLE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step; ``waits_for`` are versions of services that have to run before it is done."""

    state: State
    detail: str
    waits_for: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None
    """What the schema became, if this step registered it."""
    order: Order | None = None
    """Who moves first, if this step decided it."""


def steps_of(rollout: RolloutReport) -> tuple[str, ...]:
    """The names of its steps, in their order: the way forward, or the way back."""
    if rollout.back:
        return BACK
    return _PRODUCERS_FIRST if rollout.order == Order.PRODUCERS_FIRST else FORWARD


def next_step(rollout: RolloutReport) -> str | None:
    """The first step that is not done; None if all are."""
    done = {step.name for step in rollout.steps if step.state == "done"}
    return next((name for name in steps_of(rollout) if name not in done), None)


def is_over(rollout: RolloutReport) -> bool:
    """Whether there is nothing left to do."""
    return rollout.state != "running"


def step_of(rollout: RolloutReport, name: str) -> RolloutStep | None:
    """What became of a step, if anybody has tried it."""
    return next((step for step in rollout.steps if step.name == name), None)


def with_outcome(rollout: RolloutReport, name: str, outcome: Outcome, *, at: str) -> RolloutReport:
    """The rollout after a step was tried; ``at`` is when."""
    step = RolloutStep(
        name=name, state=outcome.state, at=at, detail=outcome.detail, waits_for=dict(outcome.waits_for)
    )
    others = tuple(one for one in rollout.steps if one.name != name)
    changed = msgspec.structs.replace(
        rollout,
        steps=(*others, step),
        version=rollout.version if outcome.version is None else outcome.version,
        order=rollout.order if outcome.order is None else outcome.order.value,
    )
    if next_step(changed) is not None:
        return changed
    return msgspec.structs.replace(changed, state="rolled back" if changed.back else "done")


def without_step(rollout: RolloutReport, name: str) -> RolloutReport:
    """The rollout before a step was done, to do it again."""
    others = tuple(step for step in rollout.steps if step.name != name)
    return msgspec.structs.replace(rollout, steps=others, state="running")


def turned_back(rollout: RolloutReport) -> RolloutReport:
    """The rollout on its way back; what was done forward stays recorded."""
    return msgspec.structs.replace(rollout, back=True, state="running")
