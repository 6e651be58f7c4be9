"""What a plan refuses, why, and what people have to run themselves."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from accord.contracts.model import DataContract, SchemaFile
from accord.contracts.plan import rules
from accord.contracts.plan.desired import DesiredTopic
from accord.contracts.plan.differences import GrantMissing, PartitionsDiffer, ReplicasDiffer
from accord.contracts.plan.grants import USER, principal_of
from accord.findings import Finding
from accord.schemas import Subject


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason why nothing is applied, and the command that would help, where there is one."""

    finding: Finding
    command: str = ""


def fewer_partitions(difference: PartitionsDiffer) -> Refusal:
    """There is no way back."""
    topic = difference.topic
    facts = {"topic": topic.name, "there": difference.there, "wanted": difference.wanted}
    return Refusal(
        _at(topic, rules.PARTITIONS_FEWER.finding(topic.locate("partitions"), facts)),
        f"accord apply --allow-delete --confirm {shlex.quote(topic.name)}",
    )


def other_replicas(difference: ReplicasDiffer, brokers: Sequence[int], address: str) -> Refusal:
    """Kafka's own tool moves replicas; the command keeps them where they are as far as that is possible."""
    topic = difference.topic
    there = ", ".join(sorted({str(len(one)) for one in difference.there}))
    facts = {"topic": topic.name, "there": there, "wanted": difference.wanted}
    finding = _at(topic, rules.REPLICAS_DIFFER.finding(topic.locate("replicas"), facts))
    if difference.wanted > len(brokers):
        few = f"there are only {len(brokers)} brokers; {finding.detail}"
        return Refusal(replace(finding, detail=few))
    partitions = [
        {
            "topic": topic.name,
            "partition": number,
            "replicas": _placed(one, number, brokers, difference.wanted),
        }
        for number, one in enumerate(difference.there)
    ]
    assignment = json.dumps({"version": 1, "partitions": partitions}, separators=(",", ":"))
    return Refusal(
        finding,
        f"echo {shlex.quote(assignment)} > reassignment.json && kafka-reassign-partitions.sh "
        f"--bootstrap-server {address} --reassignment-json-file reassignment.json --execute",
    )


def contradictory(one: DesiredTopic, other: DesiredTopic) -> Refusal:
    """Whichever counted, the other contract would not be what is there."""
    facts = {"topic": one.name, "one": one.of, "other": other.of}
    return Refusal(_at(one, rules.TOPIC_CONTRADICTORY.finding(one.locate("dlq"), facts)))


def quotas(contract: DataContract, address: str) -> Iterator[Refusal]:
    """Whether they are set cannot even be asked."""
    for name, limits in sorted(contract.quotas.items()):
        principal = principal_of(name)
        told = ",".join(f"{limit}={value}" for limit, value in sorted(limits.items()))
        at = contract.locate(f"{contract.block}/quotas")
        finding = rules.QUOTA_BY_HAND.finding(
            at, {"principal": principal, "quotas": told}, contract=contract.id
        )
        yield Refusal(
            finding,
            f"kafka-configs.sh --bootstrap-server {address} --alter --entity-type users "
            f"--entity-name {shlex.quote(principal.removeprefix(USER))} --add-config {shlex.quote(told)}",
        )


def by_brokers(topic: DesiredTopic, reason: str) -> Refusal:
    """They were asked ahead."""
    facts = {"topic": topic.name, "reason": reason}
    return Refusal(_at(topic, rules.BROKERS_REFUSE.finding(topic.locate("config"), facts)))


def without_authorizer(grants: Sequence[GrantMissing], address: str) -> Refusal:
    """Roles that nobody enforces."""
    count = sum(len(one.grant.operations) for one in grants)
    return Refusal(rules.ACLS_IMPOSSIBLE.finding(None, {"acls": count, "address": address}))


def read_only(address: str, mode: str, subject: str = "") -> Refusal:
    """Schemas and levels would be refused, all of them or those of one subject."""
    facts = {"address": address, "mode": mode, "which": f" for {subject}" if subject else ""}
    return Refusal(rules.REGISTRY_READ_ONLY.finding(None, facts, subject=subject))


def unknown_reference(file: SchemaFile, missing: Subject) -> Refusal:
    """A schema cannot be registered before what it refers to."""
    facts: Mapping[str, object] = {"subject": file.subject, "missing": missing}
    return Refusal(rules.REFERENCE_UNKNOWN.finding(file.source.at(1, 1), facts, subject=file.subject))


def _at(topic: DesiredTopic, finding: Finding) -> Finding:
    return replace(finding, contract=topic.contract.id if topic.contract else "")


def _placed(there: Sequence[int], partition: int, brokers: Sequence[int], wanted: int) -> list[int]:
    """As many as wanted: those that have it, the leader first, and then others, beginning at another one each time."""
    start = partition % len(brokers)
    others = [broker for broker in (*brokers[start:], *brokers[:start]) if broker not in there]
    return [*there, *others][:wanted]
