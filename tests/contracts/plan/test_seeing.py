"""Applying is over when brokers tell of what was done, whichever of them is asked."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence

import pytest

from accord.client import Registry
from accord.contracts.model import Project
from accord.contracts.plan import seeing
from accord.contracts.plan.applying import apply_plan
from accord.contracts.plan.changes import Choices
from accord.contracts.plan.planning import Plan, make_plan
from accord.contracts.plan.ports import Cluster, ObservedTopic, World
from accord.contracts.plan.saved import saved
from accord.contracts.plan.seeing import await_seen
from accord.contracts.plan.steps import RegisterSchema, SetLevel, Step
from accord.kafka import Acl, TopicNotFound, TopicSpec

Load = Callable[..., Project]


class LateCluster:
    """Brokers that tell of every change only so many looks later; ``forgetful`` ones do not know what they told of."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._told: tuple[dict[str, ObservedTopic], Sequence[Acl] | None] = ({}, ())
        self.address = cluster.address
        self.looks_until_told = 0
        self.forgetful = 0
        self.looks = 0
        self.tell()

    def tell(self) -> None:
        """Everything as it is now."""
        names = self._cluster.topic_names()
        self._told = ({one.name: one for one in self._cluster.topics(names)}, self._cluster.acls())

    def identity(self) -> str:
        self.looks += 1
        if self.looks > self.looks_until_told:
            self.tell()
        return self._cluster.identity()

    def brokers(self) -> Sequence[int]:
        return self._cluster.brokers()

    def topic_names(self) -> Collection[str]:
        return list(self._told[0])

    def topics(self, names: Collection[str]) -> Sequence[ObservedTopic]:
        if self.forgetful:
            self.forgetful -= 1
            raise TopicNotFound("there is no such topic", code="UNKNOWN_TOPIC_OR_PART", hint="create it")
        return [self._told[0][name] for name in sorted(names)]

    def acls(self) -> Sequence[Acl] | None:
        return self._told[1]

    def reason_against_topic(self, topic: TopicSpec) -> str:
        return self._cluster.reason_against_topic(topic)

    def reason_against_settings(
        self, topic: str, changed: Mapping[str, str], removed: Collection[str]
    ) -> str:
        return self._cluster.reason_against_settings(topic, changed, removed)

    def create_topic(self, topic: TopicSpec) -> None:
        self._cluster.create_topic(topic)

    def add_partitions(self, topic: str, total: int) -> None:
        self._cluster.add_partitions(topic, total)

    def change_settings(self, topic: str, changed: Mapping[str, str], removed: Collection[str]) -> None:
        self._cluster.change_settings(topic, changed, removed)

    def delete_topic(self, topic: str) -> None:
        self._cluster.delete_topic(topic)

    def allow(self, acls: Collection[Acl]) -> None:
        self._cluster.allow(acls)

    def revoke(self, acls: Collection[Acl]) -> None:
        self._cluster.revoke(acls)


@pytest.fixture
def late(cluster: Cluster) -> LateCluster:
    return LateCluster(cluster)


@pytest.fixture
def world(late: LateCluster, registry: Registry) -> World:
    return World(late, registry)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeing, "PAUSE_S", 0)


def planned(project: Project, world: World) -> Plan:
    return make_plan(project, world, today=dt.date(2026, 12, 1), choices=Choices(allow_delete=True))


def nothing(step: Step) -> None:
    del step


def bring(project: Project, world: World, late: LateCluster, *, looks: int) -> Plan:
    """Apply what is to be done, all of which is told of so many looks after; answers the plan."""
    plan = planned(project, world)
    apply_plan(saved(plan), world, report=nothing)
    late.looks, late.looks_until_told = 0, looks
    return plan


# New topics and ACLs; then more and fewer partitions, settings, a retry topic and an ACL that go.
CHANGES: Sequence[Mapping[str, str]] = (
    {},
    {"partitions: 6": "partitions: 9", "value: 7, unit: d": "value: 3, unit: d"},
    {"partitions: 6": "partitions: 4", ", retry: [1m]": "", "role: billing": "role: search"},
    {"{min.insync.replicas: 2}": "{}"},
)


def test_what_is_told_late_is_waited_for_and_then_nothing_is_left(
    project_of: Load, world: World, late: LateCluster
) -> None:
    for changes in CHANGES:
        project = project_of(changes)
        plan = bring(project, world, late, looks=4)
        assert plan.steps
        assert await_seen(saved(plan), world) == ()
        # The look that saw it, and two more: another broker may be asked.
        assert late.looks == 7
        assert not planned(project, world).steps


def test_what_is_not_told_in_time_is_named(project_of: Load, world: World, late: LateCluster) -> None:
    for changes in CHANGES:
        plan = bring(project_of(changes), world, late, looks=99)
        unseen = await_seen(saved(plan), world, patience_s=0)
        assert unseen == tuple(one for one in plan.steps if not isinstance(one, RegisterSchema | SetLevel))
        late.tell()


def test_a_broker_that_does_not_know_what_another_told_of_is_asked_again(
    project_of: Load, world: World, late: LateCluster
) -> None:
    plan = bring(project_of(), world, late, looks=0)
    late.forgetful = 2
    assert await_seen(saved(plan), world) == ()
    assert late.looks == 2 + seeing.LOOKS


def test_what_is_in_the_registry_alone_is_not_waited_for(
    project_of: Load, world: World, late: LateCluster
) -> None:
    bring(project_of(), world, late, looks=0)
    plan = bring(project_of({"compatibility: BACKWARD": "compatibility: FULL"}), world, late, looks=0)
    assert [type(step) for step in plan.steps] == [SetLevel]
    assert await_seen(saved(plan), world) == ()
    assert late.looks == 0
