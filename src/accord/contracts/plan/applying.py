"""Doing what a plan says, step by step."""

from collections.abc import Callable
from typing import assert_never

from accord.client import ExemptionReport, NotFound, Registry, ReportsUnsupported
from accord.contracts.plan.observed import Observed, observe
from accord.contracts.plan.ports import Cluster, World
from accord.contracts.plan.saved import PlanOutdated, SavedPlan
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
    spec_of,
)
from accord.schemas import Reference, Schema, Subject, Version


def apply_plan(plan: SavedPlan, world: World, *, report: Callable[[Step], None]) -> None:
    """Do all of it, in order; ``report`` is called after each step.

    Raises PlanOutdated, and has done nothing, if cluster or registry changed since the plan was made. What else cluster or
    registry raise ends it between two steps: what is done stays, and a new plan has the rest.
    """
    require_unchanged(plan, observe(plan.names, world))
    if world.registry is not None:
        report_exemptions(plan, world.registry)
    registered: dict[str, Version] = {}
    for step in plan.steps:
        _do(step, world, registered)
        report(step)


def require_unchanged(plan: SavedPlan, observed: Observed) -> None:
    """Raise PlanOutdated unless everything is as it was when the plan was made."""
    now, then = observed.fingerprints, plan.fingerprints
    changed = tuple(name for name in sorted({*now, *then}) if now.get(name) != then.get(name))
    if changed:
        raise PlanOutdated(changed)


def report_exemptions(plan: SavedPlan, registry: Registry) -> None:
    """Let the registry keep what was accepted and why; one that cannot is no obstacle."""
    for used in plan.exemptions:
        report = ExemptionReport(
            contract=used.contract, rule=used.rule, path=used.path, reason=used.reason, until=used.until
        )
        try:
            registry.report_exemption(report)
        except ReportsUnsupported:
            return


def _do(step: Step, world: World, registered: dict[str, Version]) -> None:
    match step:
        case SetLevel():
            world.schemas.set_compatibility(step.name, step.level)
        case RegisterSchema():
            registered[step.name] = _register(step, world.schemas, registered)
        case DeleteSubject():
            _delete_subject(step.name, world.schemas)
        case GrantAccess():
            world.cluster.allow(granted(step))
        case RevokeAccess():
            world.cluster.revoke(revoked(step))
        case _:
            _do_to_topic(step, world.cluster)


def _do_to_topic(
    step: CreateTopic | ReplaceTopic | AddPartitions | ChangeSettings | DeleteTopic, cluster: Cluster
) -> None:
    match step:
        case CreateTopic():
            cluster.create_topic(spec_of(step))
        case ReplaceTopic():
            cluster.delete_topic(step.name)
            cluster.create_topic(spec_of(step))
        case AddPartitions():
            cluster.add_partitions(step.name, step.total)
        case ChangeSettings():
            cluster.change_settings(step.name, step.changed, step.removed)
        case DeleteTopic():
            cluster.delete_topic(step.name)
        case _:
            assert_never(step)


def _register(step: RegisterSchema, registry: Registry, registered: dict[str, Version]) -> Version:
    references = tuple(
        Reference(
            one.name,
            Subject(one.subject),
            registered[one.subject] if one.version is None else Version(one.version),
        )
        for one in step.references
    )
    schema = Schema(step.text, step.type, references)
    return registry.register(step.name, schema, force=step.force).version


def _delete_subject(subject: str, registry: Registry) -> None:
    try:
        registry.delete_subject(subject)
    except NotFound:
        return
