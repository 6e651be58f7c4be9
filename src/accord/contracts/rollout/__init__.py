"""A new schema on its way into an environment, step by step; or back from there. Every step is recorded in the registry.

rollouts = Rollouts(world, project, file, "prod")
rollout = rollouts.begin()                       # or the one that is running
rollout = rollouts.advance(rollout, until="producers")
next_step(rollout), rollout.steps[-1].detail
"""

from collections.abc import Sequence

from accord.contracts.rollout.driver import Rollouts
from accord.contracts.rollout.order import Order
from accord.contracts.rollout.ports import KafkaTopics, Topics, World
from accord.contracts.rollout.runbook import runbook
from accord.contracts.rollout.steps import BACK, FORWARD, is_over, next_step, steps_of

__all__: Sequence[str] = [
    "BACK",
    "FORWARD",
    "KafkaTopics",
    "Order",
    "Rollouts",
    "Topics",
    "World",
    "is_over",
    "next_step",
    "runbook",
    "steps_of",
]
