"""Wherever cluster and registry are, and whatever Git says then: one plan brings them there, and a second has nothing to do."""

import datetime as dt
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.client import Registry
from accord.contracts.model import Project
from accord.contracts.plan.applying import apply_plan
from accord.contracts.plan.changes import Choices
from accord.contracts.plan.drift import find_drift
from accord.contracts.plan.planning import Plan, make_plan
from accord.contracts.plan.ports import Cluster, World
from accord.contracts.plan.saved import read_plan, saved, write_plan

Load = Callable[..., Project]
FIELDS = ("note", "street", "city")

partitions = st.integers(1, 9)
days = st.integers(1, 30)
delays = st.lists(st.sampled_from(["5s", "1m", "1h"]), unique=True)
levels = st.sampled_from(["NONE", "BACKWARD", "FULL"])
readers = st.sampled_from(["billing", "search"])
configs = st.dictionaries(st.sampled_from(["min.insync.replicas", "max.message.bytes"]), st.integers(1, 2))
statuses = st.sampled_from(["active", "active", "active", "retired"])
fields = st.sets(st.sampled_from(FIELDS))


@st.composite
def changes(draw: st.DrawFn) -> dict[str, str]:
    """What a contract says instead."""
    reader = draw(readers)
    retry = f", retry: [{', '.join(draw(delays))}]"
    return {
        "partitions: 6": f"partitions: {draw(partitions)}",
        "value: 7, unit: d": f"value: {draw(days)}, unit: d",
        "{min.insync.replicas: 2}": "{"
        + ", ".join(f"{name}: {n}" for name, n in draw(configs).items())
        + "}",
        "compatibility: BACKWARD": f"compatibility: {draw(levels)}",
        "role: billing": f"role: {reader}",
        "{billing: {groups: [billing-v1], fields: [id], retry: [1m]}}": (
            f"{{{reader}: {{groups: [{reader}-v1], fields: [id]{retry}}}}}"
        ),
        "status: active": f"status: {draw(statuses)}",
    }


def schema(names: set[str]) -> str:
    more = "".join(f', {{"name": "{name}", "type": "string", "default": ""}}' for name in sorted(names))
    return (
        f'{{"type": "record", "name": "OrderCreated", "fields": [{{"name": "id", "type": "string"}}{more}]}}'
    )


def planned(project: Project, world: World) -> Plan:
    return make_plan(project, world, today=dt.date(2026, 12, 1), choices=Choices(allow_delete=True))


# The same cluster and registry all along: each example begins where the last one ended.
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes(), names=fields)
def test_one_plan_brings_everything_there_and_the_next_is_empty(
    changes: dict[str, str],
    names: set[str],
    project_of: Load,
    cluster: Cluster,
    registry: Registry,
) -> None:
    world = World(cluster, registry)
    project = project_of(changes, files={"contracts/schemas/OrderCreated.avsc": schema(names)})
    assert not project.findings
    plan = planned(project, world)
    assert not plan.refused
    apply_plan(read_plan(write_plan(saved(plan)), name="plan"), world, report=lambda _: None)
    assert planned(project, world).steps == ()
    # A version that was registered once stays, also where Git goes back to the one before.
    assert {finding.rule for finding in find_drift(project, world)} <= {"DRIFT_SCHEMA_NEWER"}
