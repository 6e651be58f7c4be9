"""What is done about each difference: a step, a refusal, or nothing without being asked to delete."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Final, assert_never

from accord.contracts.plan import differences as found
from accord.contracts.plan import refusals
from accord.contracts.plan.observed import Observed
from accord.contracts.plan.ports import World
from accord.contracts.plan.refusals import Refusal
from accord.contracts.plan.steps import (
    AclEntry,
    AddPartitions,
    ChangeSettings,
    CreateTopic,
    DeleteSubject,
    DeleteTopic,
    GrantAccess,
    RegisterSchema,
    ReplaceTopic,
    RevokeAccess,
    SchemaReference,
    SetLevel,
    SettingChange,
    Step,
)

ALLOW: Final = "--allow-delete"
KEY_ORDER: Final = (
    "partitions can only grow: key order changes, because from now on keys go to other partitions than before"
)
RECORDS_GO: Final = "partitions can only grow: for fewer, the topic is deleted with all its records"
RETENTION: Final = "retention.ms"


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody said about the plan: whether it may delete, and whether it is refused where ACLs count for nothing."""

    allow_delete: bool = False
    require_acls: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is left as it is, in a sentence."""

    note: str


def outcomes(
    difference: found.Difference, observed: Observed, world: World, choices: Choices
) -> Iterator[Step | Refusal | Left]:
    """What becomes of a difference."""
    match difference:
        case found.TopicMissing(topic):
            yield CreateTopic(
                name=topic.name,
                partitions=topic.partitions or topic.at_first,
                replicas=topic.replicas,
                config=dict(topic.config),
                reasons=() if topic.purpose == "events" else (f"{topic.purpose} of {topic.of}",),
            )
        case found.PartitionsDiffer():
            yield _partitions(difference, choices)
        case found.ReplicasDiffer(topic):
            yield refusals.other_replicas(difference, observed.brokers, world.cluster.address)
        case found.SettingsDiffer():
            yield from _settings(difference, choices)
        case found.GrantMissing(grant):
            yield GrantAccess(
                name=grant.name,
                principal=grant.principal,
                kind=grant.kind,
                prefixed=grant.prefixed,
                operations=grant.operations,
            )
        case found.LevelDiffers(subject, there, wanted):
            yield SetLevel(name=subject, before=there, level=wanted.level)
        case found.SchemaMissing():
            yield _schema(difference)
        case found.SchemaBehind(file, version, newest):
            yield Left(
                f"{file.subject} has version {newest}, and Git has what is version {version} there: versions stay, bring the "
                "newer one into Git"
            )
        case found.AclsBeyond() | found.TopicBeyond() | found.SubjectBeyond():
            yield _beyond(difference, choices)
        case _:
            assert_never(difference)


def _partitions(difference: found.PartitionsDiffer, choices: Choices) -> Step | Refusal:
    topic = difference.topic
    if difference.wanted > difference.there:
        return AddPartitions(
            name=topic.name, before=difference.there, total=difference.wanted, reasons=(KEY_ORDER,)
        )
    if not choices.allow_delete:
        return refusals.fewer_partitions(difference)
    return ReplaceTopic(
        name=topic.name,
        partitions=difference.wanted,
        replicas=topic.replicas,
        config=dict(topic.config),
        reasons=(RECORDS_GO,),
    )


def _settings(difference: found.SettingsDiffer, choices: Choices) -> Iterator[Step | Left]:
    name = difference.topic.name
    done = [one for one in difference.settings if one.wanted is not None or choices.allow_delete]
    if done:
        yield ChangeSettings(
            name=name,
            changes=tuple(SettingChange(one.name, one.there, one.wanted) for one in done),
            reasons=tuple(_lost(done)),
        )
    for one in difference.settings:
        if one not in done:
            yield Left(
                f"{one.name}={one.there} of topic {name} is in no contract and stays ({ALLOW} takes it back)"
            )


def _lost(settings: list[found.Setting]) -> Iterator[str]:
    for one in settings:
        if one.name == RETENTION and one.there is not None and _kept_ms(one.wanted) < _kept_ms(one.there):
            yield "records go that are older than the new retention"


def _kept_ms(retention: str | None) -> float:
    """How long records are kept; anything but a number of milliseconds, such as -1, means for ever, and None not at all."""
    if retention is None:
        return -1
    return int(retention) if retention.isdecimal() else inf


def _schema(difference: found.SchemaMissing) -> RegisterSchema:
    file, standing = difference.file, difference.standing
    waits_for = standing.waits_for
    return RegisterSchema(
        name=file.subject,
        file=file.source.path,
        text=file.schema.text,
        type=file.schema.type,
        references=tuple(SchemaReference(*needed) for needed in standing.needs),
        newest=difference.newest,
        reasons=(f"refers to {waits_for}, which is registered first",) if waits_for else (),
    )


def _beyond(
    difference: found.AclsBeyond | found.TopicBeyond | found.SubjectBeyond, choices: Choices
) -> Step | Left:
    step, what = _deletion(difference)
    return step if choices.allow_delete else Left(f"{what} ({ALLOW} deletes)")


def _deletion(difference: found.AclsBeyond | found.TopicBeyond | found.SubjectBeyond) -> tuple[Step, str]:
    match difference:
        case found.AclsBeyond(topic, acls):
            entries = tuple(AclEntry(acl.principal, acl.operation, acl.host, acl.permission) for acl in acls)
            step = RevokeAccess(name=topic, acls=entries, reasons=("no contract says so",))
            return step, f"{len(acls)} ACLs on topic {topic} are in no contract and stay"
        case found.TopicBeyond(there):
            what = f"topic {there.name} lies in this project's scope and is in no contract; it stays"
            return DeleteTopic(name=there.name, reasons=("no contract names it",)), what
        case found.SubjectBeyond(subject, versions):
            what = f"subject {subject} lies in this project's scope and is in no contract; it stays"
            return DeleteSubject(name=subject, versions=versions, reasons=("no contract names it",)), what
