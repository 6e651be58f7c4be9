"""From what Git says to what cluster and registry are: the difference, the steps, and doing them.

world = World(KafkaCluster(kafka), registry)
made = make_plan(project, world, today=date.today())
if not made.refused:
    apply_plan(saved(made), world, report=print)
findings = find_drift(project, world)

Nothing is kept beside Git: each time, what the files say is compared with what is there.
"""

from accord.contracts.plan.applying import apply_plan
from accord.contracts.plan.changes import Choices
from accord.contracts.plan.cluster import KafkaCluster
from accord.contracts.plan.drift import find_drift
from accord.contracts.plan.planning import Plan, make_plan
from accord.contracts.plan.ports import Cluster, World
from accord.contracts.plan.saved import PlanOutdated, PlanRefused, SavedPlan, read_plan, saved, write_plan

__all__ = [
    "Choices",
    "Cluster",
    "KafkaCluster",
    "Plan",
    "PlanOutdated",
    "PlanRefused",
    "SavedPlan",
    "World",
    "apply_plan",
    "find_drift",
    "make_plan",
    "read_plan",
    "saved",
    "write_plan",
]
