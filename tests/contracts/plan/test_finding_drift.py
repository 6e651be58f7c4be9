"""What is not as Git says, as findings."""

import datetime as dt
from collections.abc import Callable

import pytest

from accord.client import Registry
from accord.contracts.model import Project, ProjectSettings
from accord.contracts.plan.applying import apply_plan
from accord.contracts.plan.drift import find_drift
from accord.contracts.plan.planning import make_plan
from accord.contracts.plan.ports import Cluster, World
from accord.contracts.plan.rules import DRIFT
from accord.contracts.plan.saved import saved
from accord.findings import Severity
from accord.kafka import Acl, TopicSpec
from accord.kafka.admin import AclOperation, ResourceKind
from accord.schemas import CompatibilityLevel, Schema

Load = Callable[..., Project]
NEWER = """{"type": "record", "name": "OrderCreated", "fields": [
    {"name": "id", "type": "string"}, {"name": "email", "type": "string", "default": ""}]}"""
READ = Acl("User:billing", AclOperation.READ, ResourceKind.TOPIC, "orders.created")
SPY = Acl("User:spy", AclOperation.READ, ResourceKind.TOPIC, "orders.created")


def settings(world: World, **changed: str) -> None:
    named = {name.replace("_", "."): value for name, value in changed.items()}
    world.cluster.change_settings("orders.created", named, [])


def remade(world: World, partitions: int, replicas: int) -> None:
    [there] = world.cluster.topics(["orders.created"])
    world.cluster.delete_topic("orders.created")
    world.cluster.create_topic(TopicSpec("orders.created", partitions, replicas, there.overrides))


OUTSIDE: dict[str, tuple[Callable[[World], object], str]] = {
    "DRIFT_TOPIC_MISSING": (
        lambda world: world.cluster.delete_topic("orders.created-dlq"),
        "topic orders.created-dlq (dead letters) is not there",
    ),
    "DRIFT_PARTITIONS": (
        lambda world: remade(world, 4, 3),
        "topic orders.created has 4 partitions, and Git says 6",
    ),
    "DRIFT_REPLICAS": (
        lambda world: remade(world, 6, 2),
        "topic orders.created is kept 2 times, and Git says 3",
    ),
    "DRIFT_SETTING": (
        lambda world: settings(world, retention_ms="3600000"),
        "retention.ms of topic orders.created was changed outside: it is 3600000, and Git says 604800000",
    ),
    "DRIFT_SETTING_NOT_IN_GIT": (
        lambda world: settings(world, segment_bytes="1048576"),
        "segment.bytes=1048576 is set on topic orders.created, and its contract says nothing about it",
    ),
    "DRIFT_ACCESS_MISSING": (
        lambda world: world.cluster.revoke([READ]),
        "User:billing may not READ on topic orders.created, as Git says",
    ),
    "DRIFT_ACCESS_NOT_IN_GIT": (
        lambda world: world.cluster.allow([SPY]),
        "User:spy has ALLOW READ on topic orders.created from host *, which no contract says",
    ),
    "DRIFT_TOPIC_NOT_IN_GIT": (
        lambda world: world.cluster.create_topic(TopicSpec("orders.trial")),
        "topic orders.trial lies in this project's scope, and no contract names it",
    ),
    "DRIFT_SCHEMA_NOT_REGISTERED": (
        lambda world: world.schemas.delete_subject("orders.created-value"),
        "orders.created-value has no version that is the schema in Git",
    ),
    "DRIFT_SCHEMA_NEWER": (
        lambda world: world.schemas.register("orders.created-value", Schema(NEWER)),
        "orders.created-value has version 2, and Git has what is version 1 there",
    ),
    "DRIFT_SUBJECT_NOT_IN_GIT": (
        lambda world: world.schemas.register("orders.created-key", Schema('"string"')),
        "subject orders.created-key (1 versions) lies in this project's scope, and nothing in Git names it",
    ),
    "DRIFT_COMPATIBILITY": (
        lambda world: world.schemas.set_compatibility("orders.created-value", CompatibilityLevel.NONE),
        "the compatibility level of orders.created-value is not Git's: it is NONE, and Git says BACKWARD",
    ),
}


@pytest.fixture
def project(project_of: Load) -> Project:
    return project_of(settings=ProjectSettings(scope=("orders.",)))


@pytest.fixture
def world(cluster: Cluster, registry: Registry, project: Project) -> World:
    """One where everything is as Git says."""
    world = World(cluster, registry)
    plan = saved(make_plan(project, world, today=dt.date(2026, 12, 1)))
    apply_plan(plan, world, report=lambda _: None)
    return world


def test_what_was_just_applied_has_not_drifted(project: Project, world: World) -> None:
    assert find_drift(project, world) == ()


@pytest.mark.parametrize("rule", OUTSIDE)
def test_each_change_outside_is_found_alone(project: Project, world: World, rule: str) -> None:
    change, message = OUTSIDE[rule]
    change(world)
    assert [(one.rule, one.message) for one in find_drift(project, world)] == [(rule, message)]


def test_every_rule_of_drift_has_such_a_change() -> None:
    assert [rule.id for rule in DRIFT] == list(OUTSIDE)


def test_a_finding_leads_to_the_line_of_the_contract(project: Project, world: World) -> None:
    settings(world, retention_ms="1")
    world.schemas.set_compatibility("orders.created-value", CompatibilityLevel.NONE)
    level, setting = find_drift(project, world)
    assert level.at is not None
    assert "compatibility: BACKWARD" in level.at.excerpt
    assert setting.at is not None
    assert "config:" in setting.at.excerpt
    assert (setting.contract, level.contract) == ("orders.created", "orders.created")


def test_what_is_not_set_any_more_is_told_as_such(project: Project, world: World) -> None:
    world.cluster.change_settings("orders.created", {}, ["retention.ms"])
    world.schemas.delete_config("orders.created-key")
    level, setting = find_drift(project, world)
    assert (level.message, level.contract) == (
        "the compatibility level of orders.created-key is not Git's: it is not set, and Git says NONE",
        "orders.created",
    )
    assert setting.message == (
        "retention.ms of topic orders.created was changed outside: it is not set, and Git says 604800000"
    )


def test_a_setting_that_is_merely_not_in_git_is_a_warning(project: Project, world: World) -> None:
    settings(world, segment_bytes="1")
    [finding] = find_drift(project, world)
    assert finding.severity is Severity.WARNING


def test_a_cluster_without_an_authorizer_has_not_drifted(
    project: Project, open_cluster: Cluster, registry: Registry
) -> None:
    world = World(open_cluster, registry)
    plan = saved(make_plan(project, world, today=dt.date(2026, 12, 1)))
    apply_plan(plan, world, report=lambda _: None)
    assert find_drift(project, world) == ()
