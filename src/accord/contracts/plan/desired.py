"""What cluster and registry are to be, as the files of a project say it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from operator import itemgetter
from typing import Final, Literal, TypeAlias

from accord.contracts.model import Claim, DataContract, DeclaredReader, Project, SchemaFile
from accord.contracts.plan.grants import Grant, grants_of, grants_of_visit, merged
from accord.contracts.plan.retries import retry_topics_of
from accord.findings import Location
from accord.kafka.admin import ResourceKind
from accord.schemas import CompatibilityLevel, Subject

RETIRED: Final = "retired"
"""The status of a contract whose topic is to go."""
RETENTION: Final = "retention.ms"
# What a topic's own records need, its dead letters and its retries need as well.
PASSED_ON: Final = ("min.insync.replicas", "max.message.bytes")
FOREVER: Final = -1

Purpose: TypeAlias = Literal["events", "dead letters", "retry"]


@dataclass(frozen=True, slots=True)
class DesiredTopic:
    """A topic as Git wants it; partitions and replicas that nobody names are the brokers' choice.

    ``of`` is the topic whose records go there, ``contract`` what says so; a reader of somebody else's topic says so itself,
    ``at`` that place. ``at_first`` is how many partitions it begins with, where nobody says how many it has: those that it
    gets later are fine.
    """

    name: str
    purpose: Purpose
    of: str
    contract: DataContract | None = field(repr=False)
    partitions: int | None = None
    replicas: int | None = None
    config: Mapping[str, str] = field(default_factory=dict)
    at_first: int | None = None
    at: Location | None = None

    @property
    def size(self) -> tuple[object, ...]:
        """What is wanted of the topic itself."""
        return self.partitions, self.replicas, self.at_first, dict(self.config)

    def locate(self, member: str) -> Location | None:
        """Where it is said, or the ``member`` of the kafka block."""
        return self.at if self.contract is None else self.contract.locate(f"{self.contract.block}/{member}")


@dataclass(frozen=True, slots=True)
class DesiredLevel:
    """The compatibility level of a subject, and where in the contract it stands, as a JSON pointer."""

    level: CompatibilityLevel
    contract: DataContract = field(repr=False)
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What is to be looked at in cluster and registry.

    ``derived`` are topics whose retry topics are ours, ``scope`` are beginnings of names that belong to this project alone,
    and ``resources`` are those whose ACLs count, by kind and name.
    """

    topics: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    derived: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    resources: frozenset[tuple[ResourceKind, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Desired:
    """Everything that Git wants.

    ``topics`` that records are put aside to come before those that they come from, ``schemas`` after those that they refer
    to. ``levels`` are by subject, also of keys that are plain. ``retired`` are the names that contracts had which are no more.
    ``groups`` are those of the project's own readers. ``contradictions`` are topics that two contracts want otherwise.
    """

    topics: tuple[DesiredTopic, ...] = ()
    grants: tuple[Grant, ...] = ()
    schemas: tuple[SchemaFile, ...] = ()
    levels: Mapping[Subject, DesiredLevel] = field(default_factory=dict)
    contradictions: tuple[tuple[DesiredTopic, DesiredTopic], ...] = ()
    retired_topics: tuple[str, ...] = ()
    retired_subjects: tuple[Subject, ...] = ()
    groups: frozenset[str] = frozenset()
    scope: tuple[str, ...] = ()

    @property
    def names(self) -> Names:
        """What has to be looked at."""
        events = [topic.name for topic in self.topics if topic.purpose == "events"]
        usual = [Subject(f"{topic}-{part}") for topic in events for part in ("key", "value")]
        subjects = {*(file.subject for file in self.schemas), *self.levels, *usual, *self.retired_subjects}
        return Names(
            topics=tuple(sorted({*(topic.name for topic in self.topics), *self.retired_topics})),
            subjects=tuple(sorted(subjects)),
            derived=tuple(sorted({*events, *self.retired_topics})),
            scope=self.scope,
            resources=frozenset(
                {
                    *((ResourceKind.TOPIC, topic.name) for topic in self.topics),
                    *((grant.kind, grant.name) for grant in self.grants),
                }
            ),
        )

    @property
    def needs_kafka(self) -> bool:
        """Whether there is anything to be done on a cluster."""
        return bool(self.topics or self.retired_topics)

    @property
    def needs_registry(self) -> bool:
        """Whether there is anything to be done in a registry."""
        return bool(self.schemas or self.levels or self.retired_subjects)


def desired_state(project: Project) -> Desired:
    """What the project wants. Raises ConfigurationError for a group whose retry topics no topic can be named like."""
    live = [contract for contract in project.contracts if contract.status != RETIRED]
    retired = [contract for contract in project.contracts if contract.status == RETIRED]
    readers = {contract.id: readers_of(contract, project) for contract in live}
    visits = _visits(project)
    said = [topic for contract in live for topic in _topics(contract, readers[contract.id])]
    said += _topics_of_visits(visits)
    # Of a dead letter topic that has a contract of its own, that says more.
    topics = {topic.name: topic for topic in sorted(said, key=lambda topic: topic.purpose == "events")}
    gone = {file.subject for contract in retired for file in _files(contract)}
    kept = {file.subject for contract in live for file in _files(contract)}
    return Desired(
        topics=tuple(sorted(topics.values(), key=lambda topic: (topic.purpose == "events", topic.name))),
        grants=merged(
            (
                *(grant for contract in live for grant in grants_of(contract, readers[contract.id])),
                *(grant for claim in visits for grant in grants_of_visit(claim)),
            )
        ),
        schemas=tuple(in_order(file for file in project.schemas.values() if file.subject not in gone - kept)),
        levels=dict(sorted((pair for one in live for pair in _levels(one)), key=itemgetter(0))),
        contradictions=tuple(_contradictions(said, topics)),
        retired_topics=tuple(sorted({*_names(retired, project)} - topics.keys())),
        retired_subjects=tuple(sorted(gone - kept)),
        groups=frozenset(group for named in readers.values() for one in named for group in one.groups),
        scope=project.settings.scope,
    )


def readers_of(contract: DataContract, project: Project) -> tuple[DeclaredReader, ...]:
    """Everybody who says that he reads the topic, in the contract or in a claim; one service may say it twice."""
    claims = (claim.reader for claim in project.claims if claim.topic == contract.topic)
    return (*contract.readers, *claims)


def in_order(files: Iterable[SchemaFile]) -> list[SchemaFile]:
    """The files, each after those that it refers to, and otherwise by subject."""
    by_subject = {file.subject: file for file in files}
    sorter: TopologicalSorter[Subject] = TopologicalSorter()
    for subject in sorted(by_subject):
        needs = {reference.subject for reference in by_subject[subject].references}
        sorter.add(subject, *sorted(needs & by_subject.keys()))
    try:
        order = list(sorter.static_order())
    except CycleError:
        # Loading has a finding about it, and nothing is applied while there is one.
        order = sorted(by_subject)
    return [by_subject[subject] for subject in order]


def _contradictions(
    said: Iterable[DesiredTopic], chosen: Mapping[str, DesiredTopic]
) -> Iterator[tuple[DesiredTopic, DesiredTopic]]:
    for topic in said:
        other = chosen[topic.name]
        if other.purpose != "events" and other.size != topic.size:
            yield topic, other


def _names(contracts: Iterable[DataContract], project: Project) -> Iterator[str]:
    return (topic.name for one in contracts for topic in _topics(one, readers_of(one, project)))


def _files(contract: DataContract) -> Iterator[SchemaFile]:
    if contract.key.schema is not None:
        yield contract.key.schema
    yield from (event.schema for event in contract.events)


def _levels(contract: DataContract) -> Iterator[tuple[Subject, DesiredLevel]]:
    key = contract.key.schema.subject if contract.key.schema else Subject(f"{contract.topic}-key")
    yield key, DesiredLevel(contract.key.compatibility, contract, f"{contract.block}/key/compatibility")
    for event in contract.events:
        yield (
            event.schema.subject,
            DesiredLevel(contract.compatibility, contract, f"{contract.block}/compatibility"),
        )


def _topics(contract: DataContract, readers: Iterable[DeclaredReader]) -> Iterator[DesiredTopic]:
    passed_on = {name: contract.config[name] for name in PASSED_ON if name in contract.config}
    letters, first = contract.dead_letters, contract.partitions
    if letters is not None:
        kept = {} if letters.retention_ms is None else {RETENTION: str(letters.retention_ms)}
        config = {**passed_on, **kept}
        yield DesiredTopic(
            letters.topic,
            "dead letters",
            contract.topic,
            contract,
            letters.partitions,
            contract.replicas,
            config,
            at_first=first,
        )
    for reader in readers:
        for retry in retry_topics_of(reader, contract.topic):
            config = {**passed_on, **_retry_retention(contract, retry.delay_ms)}
            yield DesiredTopic(
                retry.name,
                "retry",
                contract.topic,
                contract,
                None,
                contract.replicas,
                config,
                at_first=first,
            )
    yield DesiredTopic(
        contract.topic,
        "events",
        contract.topic,
        contract,
        contract.partitions,
        contract.replicas,
        contract.config,
    )


def _visits(project: Project) -> list[Claim]:
    """What the project's services read of topics whose contracts are elsewhere."""
    own = {contract.topic for contract in project.contracts}
    return [claim for claim in project.claims if claim.topic not in own]


def _topics_of_visits(claims: Iterable[Claim]) -> Iterator[DesiredTopic]:
    """A reader's retry topics are its own, whoever owns the topic; of that nothing is known here."""
    for claim in claims:
        for retry in retry_topics_of(claim.reader, claim.topic):
            yield DesiredTopic(retry.name, "retry", claim.topic, None, at=claim.reader.at)


def _retry_retention(contract: DataContract, delay_ms: int) -> dict[str, str]:
    """A record that waits is kept as long as in its own topic, and the wait beside."""
    said = contract.config.get(RETENTION, "")
    if not said.lstrip("-").isdecimal():
        return {}
    own = int(said)
    return {RETENTION: str(own if own == FOREVER else own + delay_ms)}
