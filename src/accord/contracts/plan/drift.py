"""What is there compared with what Git says, as findings: for a job that runs by the clock."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from accord.contracts.model import Project
from accord.contracts.plan import differences as found
from accord.contracts.plan import rules
from accord.contracts.plan.desired import DesiredTopic, desired_state
from accord.contracts.plan.observed import observe
from accord.contracts.plan.ports import World
from accord.contracts.plan.standing import standing_of
from accord.contracts.plan.steps import resource
from accord.contracts.rules import ContractRule
from accord.findings import Finding

NOT_SET = "it is not set"


def find_drift(project: Project, world: World) -> tuple[Finding, ...]:
    """Everything that is not as the project says. Raises what cluster and registry raise, and ConfigurationError.

    A cluster without an authorizer has not drifted: it never had ACLs.
    """
    desired = desired_state(project)
    observed = observe(desired.names, world)
    standing = standing_of(desired.schemas, world.schemas) if desired.schemas else {}
    return tuple(
        finding
        for difference in found.differences(desired, observed, standing)
        if not (observed.acls is None and isinstance(difference, found.GrantMissing))
        for finding in _findings(difference, project)
    )


def _findings(difference: found.Difference, project: Project) -> Iterator[Finding]:
    match difference:
        case found.TopicMissing(topic):
            yield _about(topic, rules.TOPIC_MISSING, "", purpose=topic.purpose)
        case found.PartitionsDiffer(topic, there, wanted):
            yield _about(topic, rules.PARTITIONS_CHANGED, "partitions", there=there, wanted=wanted)
        case found.ReplicasDiffer(topic, there_by_partition, wanted):
            there_times = ", ".join(sorted({str(len(one)) for one in there_by_partition}))
            yield _about(topic, rules.REPLICAS_CHANGED, "replicas", there=there_times, wanted=wanted)
        case found.SettingsDiffer(topic, settings):
            yield from _settings(topic, settings)
        case found.GrantMissing() | found.AclsBeyond():
            yield from _access(difference, project)
        case found.TopicBeyond(observed_topic):
            yield rules.TOPIC_BEYOND.finding(None, {"topic": observed_topic.name})
        case found.SchemaMissing() | found.SchemaBehind() | found.SubjectBeyond() | found.LevelDiffers():
            yield _registry(difference)
        case _:
            assert_never(difference)


def _settings(topic: DesiredTopic, settings: tuple[found.Setting, ...]) -> Iterator[Finding]:
    for one in settings:
        rule = rules.SETTING_BEYOND if one.wanted is None else rules.SETTING_CHANGED
        there = one.there or ""
        if one.wanted is not None:
            there = NOT_SET if one.there is None else f"it is {one.there}"
        yield _about(topic, rule, f"config/{one.name}", setting=one.name, there=there, wanted=one.wanted)


def _access(difference: found.GrantMissing | found.AclsBeyond, project: Project) -> Iterator[Finding]:
    match difference:
        case found.GrantMissing(grant):
            contract = next((one for one in project.contracts if one.id == grant.contract), None)
            facts = {
                "principal": grant.principal,
                "operations": ", ".join(grant.operations),
                "resource": resource(grant.kind, grant.name, prefixed=grant.prefixed),
            }
            at = contract.locate("/roles") if contract else None
            yield rules.ACCESS_MISSING.finding(at, facts, contract=grant.contract)
        case found.AclsBeyond(topic, acls):
            for acl in acls:
                facts = {
                    "principal": acl.principal,
                    "permission": acl.permission,
                    "operation": acl.operation,
                    "topic": topic,
                    "host": acl.host,
                }
                yield rules.ACCESS_BEYOND.finding(None, facts)


def _registry(
    difference: found.SchemaMissing | found.SchemaBehind | found.SubjectBeyond | found.LevelDiffers,
) -> Finding:
    match difference:
        case found.SchemaMissing(file, newest):
            told = f" (the newest one is version {newest})" if newest else ""
            facts: dict[str, object] = {"subject": file.subject, "newest": told}
            return rules.SCHEMA_MISSING.finding(file.source.at(1, 1), facts, subject=file.subject)
        case found.SchemaBehind(file, version, newest):
            facts = {"subject": file.subject, "version": version, "newest": newest}
            return rules.SCHEMA_BEHIND.finding(file.source.at(1, 1), facts, subject=file.subject)
        case found.SubjectBeyond(subject, versions):
            facts = {"subject": subject, "versions": len(versions)}
            return rules.SUBJECT_BEYOND.finding(None, facts, subject=subject)
        case found.LevelDiffers(subject, there, wanted):
            told = NOT_SET if there is None else f"it is {there}"
            facts = {"subject": subject, "there": told, "wanted": wanted.level}
            return rules.LEVEL_CHANGED.finding(
                wanted.contract.locate(wanted.pointer), facts, subject=subject, contract=wanted.contract.id
            )


def _about(topic: DesiredTopic, rule: ContractRule, member: str, **facts: object) -> Finding:
    finding = rule.finding(topic.locate(member), {"topic": topic.name, **facts})
    return replace(finding, contract=topic.contract.id if topic.contract else "")
