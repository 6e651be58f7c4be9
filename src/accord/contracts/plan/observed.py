"""What is there now: of all that the project names, and of what else belongs to it."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from accord.client import NotFound, Registry, ReportsUnsupported
from accord.contracts.many import ask_of_each
from accord.contracts.plan.desired import Names
from accord.contracts.plan.ports import Cluster, ObservedTopic, World
from accord.contracts.plan.retries import group_of
from accord.kafka import Acl
from accord.schemas import SchemaId, Subject, Version

THROTTLES: Final = frozenset(
    {"leader.replication.throttled.replicas", "follower.replication.throttled.replicas"}
)
"""Settings that come and go while replicas are moved; they belong to whoever moves them."""


@dataclass(frozen=True, slots=True)
class ObservedSubject:
    """A subject as it is: its versions (none: there is no such subject) and its own level.

    ``newest_id`` is the newest version's id, ``refers_to`` the subjects that this version needs.
    """

    name: Subject
    versions: tuple[Version, ...] = ()
    newest_id: SchemaId | None = None
    refers_to: tuple[Subject, ...] = ()
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """Cluster and registry, as far as a project is concerned.

    ``topics`` and ``subjects`` are by name; ``acls`` are those on what was asked for, None without an authorizer.
    ``mode`` is what may be written into the registry, ``groups`` are those of the readers that it knows.
    """

    cluster_id: str = ""
    brokers: tuple[int, ...] = ()
    topics: Mapping[str, ObservedTopic] = field(default_factory=dict)
    acls: tuple[Acl, ...] | None = ()
    subjects: Mapping[Subject, ObservedSubject] = field(default_factory=dict)
    mode: str = ""
    groups: frozenset[str] = frozenset()

    @property
    def fingerprints(self) -> dict[str, str]:
        """Of each thing by its name, in words: the same for the same state, and for no other.

        Which brokers run and who reads is left out: they come and go.
        """
        parts: dict[str, object] = {"the cluster": self.cluster_id, "the ACLs": self.acls}
        parts |= {f"topic {name}": topic for name, topic in self.topics.items()}
        parts |= {f"subject {name}": subject for name, subject in self.subjects.items()}
        parts["the registry's mode"] = self.mode
        return {
            name: hashlib.sha256(msgspec.json.encode(part, order="deterministic")).hexdigest()
            for name, part in parts.items()
        }


def observe(names: Names, world: World) -> Observed:
    """Look at what is named. Raises ConfigurationError where cluster or registry is missing, and what they raise."""
    there = Observed()
    if names.topics:
        cluster = world.cluster
        there = replace(
            there,
            cluster_id=cluster.identity(),
            brokers=tuple(cluster.brokers()),
            topics={topic.name: _without_throttles(topic) for topic in _topics(names, cluster)},
            acls=_acls(cluster.acls(), names),
        )
    if names.subjects:
        registry = world.schemas
        there = replace(
            there,
            mode=registry.mode(None).value,
            groups=frozenset(_groups(registry)),
            subjects=ask_of_each(lambda name: observe_subject(name, registry), _subjects(names, registry)),
        )
    return there


def observe_subject(name: Subject, registry: Registry) -> ObservedSubject:
    """One subject, whether it is there or not."""
    try:
        level = registry.config(name).compatibility
    except NotFound:
        level = None
    there = ObservedSubject(name, level=level.value if level else None)
    try:
        versions = tuple(registry.versions(name))
        newest = registry.version(name, versions[-1]) if versions else None
    except NotFound:
        return there
    if newest is None:
        return there
    needed = tuple(sorted({reference.subject for reference in newest.schema.references}))
    return replace(there, versions=versions, newest_id=newest.id, refers_to=needed)


def _groups(registry: Registry) -> Iterator[str]:
    try:
        reports = registry.readers()
    except ReportsUnsupported:
        return
    for report in reports:
        yield from report.groups


def _topics(names: Names, cluster: Cluster) -> Sequence[ObservedTopic]:
    wanted = {
        name
        for name in cluster.topic_names()
        if name in names.topics or group_of(name, names.derived) or _in_scope(name, names)
    }
    return cluster.topics(wanted)


def _in_scope(topic: str, names: Names) -> bool:
    """Kafka's own topics are nobody's, whatever a project says."""
    return topic.startswith(names.scope) and not topic.startswith("__")


def _without_throttles(topic: ObservedTopic) -> ObservedTopic:
    kept = {name: value for name, value in topic.overrides.items() if name not in THROTTLES}
    return ObservedTopic(topic.name, topic.replicas, kept)


def _acls(acls: Sequence[Acl] | None, names: Names) -> tuple[Acl, ...] | None:
    """Those on our topics, and those of the kinds and names that our grants are about."""
    if acls is None:
        return None
    return tuple(acl for acl in acls if (acl.kind, acl.name) in names.resources)


def _subjects(names: Names, registry: Registry) -> Collection[Subject]:
    def found() -> Iterator[Subject]:
        yield from names.subjects
        for beginning in names.scope:
            yield from registry.subjects(subject_prefix=beginning)

    return sorted(set(found()))
