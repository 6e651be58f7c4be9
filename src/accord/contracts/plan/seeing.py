"""Whether what steps did can be seen: brokers hear of changes one after the other, and any of them may be asked next."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, assert_never

from accord.contracts.plan.desired import Names
from accord.contracts.plan.observed import Observed, observe
from accord.contracts.plan.ports import World
from accord.contracts.plan.saved import SavedPlan
from accord.contracts.plan.steps import (
    AddPartitions,
    ChangeSettings,
    CreateTopic,
    DeleteSubject,
    DeleteTopic,
    GrantAccess,
    RegisterSchema,
    ReplaceTopic,
    RevokeAccess,
    SetLevel,
    Step,
    granted,
    revoked,
)
from accord.kafka import TopicNotFound

PATIENCE_S: Final = 10.0
# Each look asks brokers at random: one that knows says nothing of the others.
LOOKS: Final = 3
PAUSE_S: Final = 0.1

_OF_REGISTRY: Final = (SetLevel, RegisterSchema, DeleteSubject)


def await_seen(plan: SavedPlan, world: World, *, patience_s: float = PATIENCE_S) -> tuple[Step, ...]:
    """Wait until brokers tell of all that the plan did; answers the steps that they do not tell of after ``patience_s``.

    A registry tells at once. Raises what the cluster raises.
    """
    steps = [step for step in plan.steps if not isinstance(step, _OF_REGISTRY)]
    if not steps:
        return ()
    names = replace(plan.names, subjects=())
    deadline, looks = time.monotonic() + patience_s, 0
    while True:
        unseen = _unseen(steps, names, world)
        looks = 0 if unseen else looks + 1
        if looks == LOOKS or (unseen and time.monotonic() >= deadline):
            return unseen
        if unseen:
            time.sleep(PAUSE_S)


def _unseen(steps: Sequence[Step], names: Names, world: World) -> tuple[Step, ...]:
    try:
        there = observe(names, world)
    except TopicNotFound:
        # One broker told of a topic, and another one that was asked about it did not know it yet.
        return tuple(steps)
    return tuple(step for step in steps if not _holds(step, there))


def _holds(step: Step, there: Observed) -> bool:
    """Whether what a step does is done, as far as the brokers tell."""
    match step:
        case CreateTopic():
            return _is_made(step, there)
        case ReplaceTopic():
            return _is_made(step, there)
        case AddPartitions():
            return step.name in there.topics and there.topics[step.name].partitions >= step.total
        case ChangeSettings():
            return _is_set(step, there)
        case DeleteTopic():
            return step.name not in there.topics
        case GrantAccess():
            return there.acls is None or set(granted(step)) <= set(there.acls)
        case RevokeAccess():
            return there.acls is None or set(revoked(step)).isdisjoint(there.acls)
        case SetLevel() | RegisterSchema() | DeleteSubject():
            return True
        case _:
            assert_never(step)


def _is_made(step: CreateTopic | ReplaceTopic, there: Observed) -> bool:
    topic = there.topics.get(step.name)
    if topic is None or step.partitions not in (None, topic.partitions):
        return False
    return step.config.items() <= topic.overrides.items()


def _is_set(step: ChangeSettings, there: Observed) -> bool:
    topic = there.topics.get(step.name)
    if topic is None:
        return False
    return step.changed.items() <= topic.overrides.items() and topic.overrides.keys().isdisjoint(step.removed)
