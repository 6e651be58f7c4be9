"""A plan in a file is applied exactly, or not at all; and what is interrupted converges."""

import datetime as dt
import json
from collections.abc import Callable

import msgspec
import pytest

from accord.client import Registry
from accord.contracts.model import Project
from accord.contracts.plan.applying import apply_plan
from accord.contracts.plan.planning import make_plan
from accord.contracts.plan.ports import Cluster, World
from accord.contracts.plan.saved import PlanOutdated, SavedPlan, read_plan, saved, write_plan
from accord.contracts.plan.steps import Step
from accord.errors import ConfigurationError
from accord.kafka import Acl
from accord.kafka.admin import AclOperation, ResourceKind
from accord.schemas import CompatibilityLevel, Schema

Load = Callable[..., Project]
STEPS = 13


@pytest.fixture
def world(cluster: Cluster, registry: Registry) -> World:
    return World(cluster, registry)


def plan_of(project: Project, world: World) -> SavedPlan:
    return saved(make_plan(project, world, today=dt.date(2026, 12, 1)))


def nothing(step: Step) -> None:
    del step


class Killed(Exception):
    """As if the process was no more."""


def test_a_plan_is_read_as_it_was_written(project_of: Load, world: World) -> None:
    plan = plan_of(project_of(), world)
    assert len(plan.steps) == STEPS
    assert read_plan(write_plan(plan), name="plan.json") == plan


def test_a_plan_of_the_same_state_is_the_same_file(project_of: Load, world: World) -> None:
    assert write_plan(plan_of(project_of(), world)) == write_plan(plan_of(project_of(), world))


def test_a_plan_needs_nothing_but_its_file_to_be_applied(project_of: Load, world: World) -> None:
    plan = read_plan(write_plan(plan_of(project_of(), world)), name="plan.json")
    done: list[Step] = []
    apply_plan(plan, world, report=done.append)
    assert tuple(done) == plan.steps
    assert not plan_of(project_of(), world).steps


def edited(document: dict[str, object], name: str) -> None:
    steps = document["steps"]
    assert isinstance(steps, list)
    match name:
        case "a step less":
            steps.pop()
        case "another name":
            steps[-1]["name"] = "elsewhere"
        case "another state":
            document["fingerprints"] = {}


@pytest.mark.parametrize("change", ["a step less", "another name", "another state"])
def test_a_plan_that_somebody_edited_is_refused(project_of: Load, world: World, change: str) -> None:
    document = json.loads(write_plan(plan_of(project_of(), world)))
    edited(document, change)
    with pytest.raises(ConfigurationError, match=r"plan\.json was edited"):
        read_plan(json.dumps(document).encode(), name="plan.json")


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "is no plan"), (b"[]", "is no plan"), (b"{}", "is no plan"), (b"\xff\xfe", "is no plan")],
    ids=repr,
)
def test_what_is_no_plan_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        read_plan(data, name="plan.json")


def test_a_plan_of_another_edition_is_refused(project_of: Load, world: World) -> None:
    plan = msgspec.structs.replace(plan_of(project_of(), world), format="accord.plan/v9")
    with pytest.raises(ConfigurationError, match="another edition"):
        read_plan(write_plan(plan), name="plan.json")


def made_outside(world: World, what: str) -> None:
    match what:
        case "topic orders.created":
            world.cluster.change_settings("orders.created", {"retention.ms": "1"}, [])
        case "the ACLs":
            world.cluster.allow([Acl("User:spy", AclOperation.READ, ResourceKind.TOPIC, "orders.created")])
        case "subject orders.created-value":
            world.schemas.set_compatibility("orders.created-value", CompatibilityLevel.NONE)
        case "subject orders.created-key":
            world.schemas.register("orders.created-key", Schema('"string"'))


@pytest.mark.parametrize(
    "what",
    ["topic orders.created", "the ACLs", "subject orders.created-value", "subject orders.created-key"],
)
def test_a_plan_is_not_applied_where_anything_changed_since(
    project_of: Load, world: World, what: str
) -> None:
    apply_plan(plan_of(project_of(), world), world, report=nothing)
    plan = plan_of(project_of({"partitions: 6": "partitions: 12"}), world)
    made_outside(world, what)
    with pytest.raises(PlanOutdated) as caught:
        apply_plan(plan, world, report=nothing)
    assert caught.value.changed == (what,)
    [topic] = world.cluster.topics(["orders.created"])
    assert topic.partitions == 6


def test_a_plan_for_another_cluster_is_not_applied(
    project_of: Load, world: World, open_cluster: Cluster
) -> None:
    plan = plan_of(project_of(), world)
    with pytest.raises(PlanOutdated):
        apply_plan(plan, World(open_cluster, world.registry), report=nothing)


def test_what_belongs_to_nobody_here_may_change_meanwhile(project_of: Load, world: World) -> None:
    plan = plan_of(project_of(), world)
    world.schemas.register("payments-value", Schema('"string"'))
    world.cluster.allow([Acl("User:spy", AclOperation.READ, ResourceKind.TOPIC, "payments")])
    apply_plan(plan, world, report=nothing)


@pytest.mark.parametrize("steps", range(STEPS))
def test_wherever_it_is_interrupted_a_second_run_has_the_rest_and_converges(
    project_of: Load, world: World, steps: int
) -> None:
    whole = plan_of(project_of(), world)
    done: list[Step] = []

    def report(step: Step) -> None:
        done.append(step)
        if len(done) == steps:
            raise Killed

    try:
        apply_plan(whole, world, report=report)
    except Killed:
        rest = plan_of(project_of(), world)
        assert rest.steps == whole.steps[steps:]
        apply_plan(rest, world, report=nothing)
    assert not plan_of(project_of(), world).steps


def test_each_step_can_be_done_twice(project_of: Load, world: World) -> None:
    apply_plan(plan_of(project_of(), world), world, report=nothing)
    plan = plan_of(project_of({"partitions: 6": "partitions: 12"}), world)
    again = msgspec.structs.replace(plan, steps=tuple(step for step in plan.steps for _ in range(2)))
    apply_plan(again, world, report=nothing)
    assert not plan_of(project_of({"partitions: 6": "partitions: 12"}), world).steps
