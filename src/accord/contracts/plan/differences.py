"""Where what is there is not what Git wants. Pure: two states in, facts out; what is to be done about them is ``planning``."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final, NamedTuple, TypeAlias

from accord.contracts.model import SchemaFile
from accord.contracts.plan.desired import Desired, DesiredLevel, DesiredTopic
from accord.contracts.plan.grants import Grant
from accord.contracts.plan.observed import Observed
from accord.contracts.plan.ports import ObservedTopic
from accord.contracts.plan.retries import group_of
from accord.contracts.plan.standing import Standing
from accord.kafka import Acl
from accord.kafka.admin import ResourceKind
from accord.schemas import Subject, Version

# Their values are sets: the order says nothing.
SETS: Final = frozenset({"cleanup.policy"})


@dataclass(frozen=True, slots=True)
class TopicMissing:
    """There is no such topic."""

    topic: DesiredTopic


@dataclass(frozen=True, slots=True)
class PartitionsDiffer:
    """The topic has another number of partitions."""

    topic: DesiredTopic
    there: int
    wanted: int


@dataclass(frozen=True, slots=True)
class ReplicasDiffer:
    """The partitions are kept another number of times; ``there`` are the brokers that have each."""

    topic: DesiredTopic
    there: tuple[tuple[int, ...], ...]
    wanted: int


class Setting(NamedTuple):
    """A setting of a topic; None: it is not set on the topic, and the brokers' default counts."""

    name: str
    there: str | None
    wanted: str | None


@dataclass(frozen=True, slots=True)
class SettingsDiffer:
    """Some settings of the topic are others."""

    topic: DesiredTopic
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class GrantMissing:
    """A principal may not do all that it is to do; the grant has what is missing."""

    grant: Grant


@dataclass(frozen=True, slots=True)
class AclsBeyond:
    """Somebody may do with one of our topics what no contract says."""

    topic: str
    acls: tuple[Acl, ...]


@dataclass(frozen=True, slots=True)
class TopicBeyond:
    """A topic that belongs to us, and no contract names it."""

    topic: ObservedTopic


@dataclass(frozen=True, slots=True)
class SchemaMissing:
    """The registry does not have the schema under its subject; ``newest`` is what it has there."""

    file: SchemaFile
    newest: Version | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class SchemaBehind:
    """The registry has the schema, and a newer version that is not in Git."""

    file: SchemaFile
    version: Version
    newest: Version


@dataclass(frozen=True, slots=True)
class SubjectBeyond:
    """A subject that belongs to us, and no contract names it."""

    subject: Subject
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class LevelDiffers:
    """The subject has another compatibility level; None: none of its own."""

    subject: Subject
    there: str | None
    wanted: DesiredLevel


Difference: TypeAlias = (
    TopicMissing
    | PartitionsDiffer
    | ReplicasDiffer
    | SettingsDiffer
    | GrantMissing
    | AclsBeyond
    | TopicBeyond
    | SchemaMissing
    | SchemaBehind
    | SubjectBeyond
    | LevelDiffers
)


def differences(
    desired: Desired, observed: Observed, standing: Mapping[Subject, Standing]
) -> tuple[Difference, ...]:
    """All of them, in the order in which they are best done away with.

    ``standing`` says of each schema where the registry has it.
    """
    return (
        *_levels(desired, observed),
        *_schemas(desired, observed, standing),
        *(found for topic in desired.topics for found in _topic(topic, observed)),
        *_grants(desired, observed),
        *_acls_beyond(desired, observed),
        *_topics_beyond(desired, observed),
        *_subjects_beyond(desired, observed),
    )


def _levels(desired: Desired, observed: Observed) -> Iterator[LevelDiffers]:
    for subject, wanted in desired.levels.items():
        there = observed.subjects[subject].level
        if there != wanted.level.value:
            yield LevelDiffers(subject, there, wanted)


def _schemas(
    desired: Desired, observed: Observed, standing: Mapping[Subject, Standing]
) -> Iterator[SchemaMissing | SchemaBehind]:
    for file in desired.schemas:
        versions = observed.subjects[file.subject].versions
        newest = versions[-1] if versions else None
        where = standing[file.subject]
        if where.version is None:
            yield SchemaMissing(file, newest, where)
        elif newest is not None and newest != where.version:
            yield SchemaBehind(file, where.version, newest)


def _topic(topic: DesiredTopic, observed: Observed) -> Iterator[Difference]:
    there = observed.topics.get(topic.name)
    if there is None:
        yield TopicMissing(topic)
        return
    if topic.partitions is not None and topic.partitions != there.partitions:
        yield PartitionsDiffer(topic, there.partitions, topic.partitions)
    if topic.replicas is not None and any(len(brokers) != topic.replicas for brokers in there.replicas):
        yield ReplicasDiffer(topic, there.replicas, topic.replicas)
    settings = tuple(
        Setting(name, there.overrides.get(name), topic.config.get(name))
        for name in sorted({*topic.config, *there.overrides})
        if not _same(name, there.overrides.get(name), topic.config.get(name))
    )
    if settings:
        yield SettingsDiffer(topic, settings)


def _same(name: str, one: str | None, other: str | None) -> bool:
    if one is None or other is None or name not in SETS:
        return one == other
    return _members(one) == _members(other)


def _members(value: str) -> set[str]:
    return {member.strip() for member in value.split(",")}


def _grants(desired: Desired, observed: Observed) -> Iterator[GrantMissing]:
    there = set(observed.acls or ())
    for grant in desired.grants:
        missing = tuple(acl.operation for acl in grant.acls if acl not in there)
        if missing:
            yield GrantMissing(
                Grant(grant.principal, grant.kind, grant.name, missing, grant.prefixed, grant.contract)
            )


def _acls_beyond(desired: Desired, observed: Observed) -> Iterator[AclsBeyond]:
    """Groups and transactional ids may be somebody else's as well: only what is on our topics can be ours to remove."""
    wanted = {acl for grant in desired.grants for acl in grant.acls}
    for topic in sorted(topic.name for topic in desired.topics):
        beyond = tuple(acl for acl in _on(topic, observed.acls or ()) if acl not in wanted)
        if beyond:
            yield AclsBeyond(topic, beyond)


def _on(topic: str, acls: Iterable[Acl]) -> Iterator[Acl]:
    return (acl for acl in acls if acl.kind is ResourceKind.TOPIC and acl.name == topic and not acl.prefixed)


def _topics_beyond(desired: Desired, observed: Observed) -> Iterator[TopicBeyond]:
    """A retry topic of a reader that the registry knows, and this project does not, is that reader's."""
    wanted = {topic.name for topic in desired.topics}
    elsewhere, topics = observed.groups - desired.groups, desired.names.derived
    for name, topic in sorted(observed.topics.items()):
        if name not in wanted and group_of(name, topics) not in elsewhere:
            yield TopicBeyond(topic)


def _subjects_beyond(desired: Desired, observed: Observed) -> Iterator[SubjectBeyond]:
    """A registry keeps what others refer to: they come first."""
    wanted = {file.subject for file in desired.schemas}
    beyond = {
        name: there for name, there in observed.subjects.items() if name not in wanted and there.versions
    }
    sorter: TopologicalSorter[Subject] = TopologicalSorter(dict.fromkeys(sorted(beyond), ()))
    for name, there in sorted(beyond.items()):
        for needed in beyond.keys() & set(there.refers_to):
            sorter.add(needed, name)
    return (SubjectBeyond(name, beyond[name].versions) for name in sorter.static_order())
