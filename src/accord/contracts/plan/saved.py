"""A plan in a file: what is done, and what it was made of, so that it is applied exactly or not at all."""

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec

from accord.contracts.plan.desired import Names
from accord.contracts.plan.planning import Plan, UsedExemption
from accord.contracts.plan.steps import Step, names_to_confirm
from accord.errors import AccordError, ConfigurationError

FORMAT: Final = "accord.plan/v1"
AGAIN: Final = "plan again: accord plan"


class PlanRefused(AccordError):
    """The plan has parts that are refused, so none of it is applied."""

    exit_code = 1


class PlanOutdated(AccordError):
    """Cluster or registry are not any more what the plan was made for; ``changed`` says what."""

    exit_code = 1

    def __init__(self, changed: tuple[str, ...]) -> None:
        super().__init__(
            f"the plan is not applied: since it was made, {', '.join(changed)} changed",
            hint=AGAIN,
        )
        self.changed = changed


class SavedPlan(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is done in which order, and the state that it is done to.

    ``names`` are what was looked at, ``fingerprints`` what it was like. ``digest`` is over all the rest: a file that
    somebody edited does not have it.
    """

    format: str = FORMAT
    steps: tuple[Step, ...]
    names: Names
    fingerprints: Mapping[str, str]
    addresses: tuple[str, ...] = ()
    exemptions: tuple[UsedExemption, ...] = ()
    digest: str = ""

    @property
    def names_to_confirm(self) -> tuple[str, ...]:
        """What has to be typed before anything is lost."""
        return names_to_confirm(self.steps)


def saved(plan: Plan) -> SavedPlan:
    """The plan as it can be kept and applied. Raises PlanRefused if any part of it is refused."""
    if plan.refused:
        count = len(plan.refused)
        raise PlanRefused(
            f"nothing is applied: {count} part{'s' * (count != 1)} of the plan {'are' if count != 1 else 'is'} refused",
            hint="mend what the findings say, and plan again",
        )
    made = SavedPlan(
        steps=plan.steps,
        names=plan.names,
        fingerprints=plan.observed.fingerprints,
        addresses=plan.addresses,
        exemptions=plan.exemptions,
    )
    return msgspec.structs.replace(made, digest=_digest(made))


def write_plan(plan: SavedPlan) -> bytes:
    """The file."""
    return msgspec.json.format(msgspec.json.encode(plan, order="deterministic"), indent=2) + b"\n"


def read_plan(data: bytes, *, name: str) -> SavedPlan:
    """The plan in a file called ``name``. Raises ConfigurationError if it is none, or was edited."""
    try:
        plan = msgspec.json.decode(data, type=SavedPlan)
    except (msgspec.DecodeError, ValueError) as error:
        raise ConfigurationError(
            f"{name} is no plan: {error}", hint="make one: accord plan --output FILE"
        ) from error
    if plan.format != FORMAT:
        raise ConfigurationError(
            f"{name} is a plan of another edition ({plan.format}, and this one reads {FORMAT})", hint=AGAIN
        )
    if plan.digest != _digest(plan):
        raise ConfigurationError(f"{name} was edited since the plan was made", hint=AGAIN)
    return plan


def _digest(plan: SavedPlan) -> str:
    rest = msgspec.structs.replace(plan, digest="")
    return hashlib.sha256(msgspec.json.encode(rest, order="deterministic")).hexdigest()
