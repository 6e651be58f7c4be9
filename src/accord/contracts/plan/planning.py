"""From differences to steps: what is done, in which order, and what is refused."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from accord.contracts.exemptions import exempt
from accord.contracts.model import Project
from accord.contracts.plan import refusals, rules
from accord.contracts.plan.changes import Choices, Left, outcomes
from accord.contracts.plan.desired import Desired, Names, desired_state
from accord.contracts.plan.differences import (
    Difference,
    GrantMissing,
    PartitionsDiffer,
    ReplicasDiffer,
    SettingsDiffer,
    differences,
)
from accord.contracts.plan.judging import Judgement, judge
from accord.contracts.plan.observed import Observed, observe
from accord.contracts.plan.ports import World
from accord.contracts.plan.refusals import Refusal
from accord.contracts.plan.standing import Standing, standing_of
from accord.contracts.plan.steps import (
    ChangeSettings,
    CreateTopic,
    DeleteSubject,
    RegisterSchema,
    SetLevel,
    Step,
    Symbol,
    names_to_confirm,
    spec_of,
)
from accord.findings import Exemption, Finding, Severity
from accord.schemas import Subject

DEFAULTS: Final = Choices()
WRITABLE: Final = "READWRITE"
REGISTRY_STEPS: Final = (SetLevel, RegisterSchema, DeleteSubject)


class UsedExemption(msgspec.Struct, frozen=True, rename="camel"):
    """An allowance of a contract that something was accepted by."""

    contract: str
    rule: str
    path: str | None
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, in this order.

    ``findings`` are all of them; while one that is an error and has no exemption is among them, nothing is done.
    ``commands`` are what people have to run themselves, by the message of the finding that says so. ``names`` and
    ``observed`` are what was looked at and what was there. ``exemptions`` are the allowances that made a finding not count.
    """

    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    commands: Mapping[str, str]
    notes: tuple[str, ...]
    names: Names
    observed: Observed
    addresses: tuple[str, ...] = ()
    exemptions: tuple[UsedExemption, ...] = ()

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Why nothing is done; empty: the plan can be applied."""
        return tuple(
            finding
            for finding in self.findings
            if finding.severity is Severity.ERROR and finding.exemption is None
        )

    @property
    def counts(self) -> Counter[Symbol]:
        """How many steps there are of each kind."""
        return Counter(step.symbol for step in self.steps)

    @property
    def names_to_confirm(self) -> tuple[str, ...]:
        """What has to be typed before anything is lost."""
        return names_to_confirm(self.steps)


def make_plan(project: Project, world: World, *, today: dt.date, choices: Choices = DEFAULTS) -> Plan:
    """Compare what the project wants with what is there, and say what to do.

    Everything that speaks against it is told in one round. Raises UnavailableError and what else cluster and registry
    raise, and ConfigurationError if one of them is needed and not named.
    """
    case = _case(project, world, choices)
    results = list(case.outcomes())
    judgement = judge(project, world.schemas) if case.desired.schemas else Judgement(project.findings)
    planned = tuple(result for result in results if isinstance(result, Step))
    refused = [result for result in results if isinstance(result, Refusal)]
    refused += case.impossible(planned)
    found = (*judgement.findings, *(one.finding for one in refused))
    looked_for = [rule.id for rule in rules.REFUSALS]
    findings = exempt(tuple(dict.fromkeys(found)), project, today, looked_for=looked_for)
    notes = (*(result.note for result in results if isinstance(result, Left)), *judgement.notes)
    return Plan(
        steps=tuple(_judged(step, judgement, findings) for step in planned),
        findings=findings,
        commands={one.finding.message: one.command for one in refused if one.command},
        notes=notes,
        names=case.desired.names,
        observed=case.observed,
        addresses=case.addresses,
        exemptions=tuple(_used(findings, project)),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """A project, what it wants, and what is there."""

    project: Project
    desired: Desired
    observed: Observed
    standing: Mapping[Subject, Standing]
    world: World
    choices: Choices

    def outcomes(self) -> Iterator[Step | Refusal | Left]:
        """What becomes of each difference."""
        found = list(differences(self.desired, self.observed, self.standing))
        if self.observed.acls is None:
            yield from self._without_authorizer([one for one in found if isinstance(one, GrantMissing)])
            found = [one for one in found if not isinstance(one, GrantMissing)]
        for difference in found:
            if not self._is_done_with(difference, found):
                yield from outcomes(difference, self.observed, self.world, self.choices)

    def impossible(self, planned: Iterable[Step]) -> Iterator[Refusal]:
        """What is wanted, and nobody here can do."""
        planned = tuple(planned)
        yield from self._refused_by_registry(planned)
        for subject, where in self.standing.items():
            if where.missing is not None:
                yield refusals.unknown_reference(self.project.schemas[subject], where.missing)
        for one, other in self.desired.contradictions:
            yield refusals.contradictory(one, other)
        if self.desired.needs_kafka:
            for contract in self.project.contracts:
                yield from refusals.quotas(contract, self.world.cluster.address)
            yield from self._refused_by_brokers(planned)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it would be applied to."""
        kafka = (self.world.cluster.address,) if self.desired.needs_kafka else ()
        registry = (self.world.schemas.url,) if self.desired.needs_registry else ()
        return (*kafka, *registry)

    def _without_authorizer(self, grants: Sequence[GrantMissing]) -> Iterator[Refusal | Left]:
        if grants and self.choices.require_acls:
            yield refusals.without_authorizer(grants, self.world.cluster.address)
        elif grants:
            count = sum(len(one.grant.operations) for one in grants)
            yield Left(
                f"the brokers at {self.world.cluster.address} have no authorizer: everybody may do everything, and {count} "
                "ACLs are skipped (--acls require refuses instead)"
            )

    def _is_done_with(self, difference: Difference, all_of_them: Iterable[Difference]) -> bool:
        """Whether the topic is deleted and made anew, so that nothing is left to change."""
        if not self.choices.allow_delete or not isinstance(difference, ReplicasDiffer | SettingsDiffer):
            return False
        return any(
            isinstance(other, PartitionsDiffer)
            and other.wanted < other.there
            and other.topic == difference.topic
            for other in all_of_them
        )

    def _refused_by_registry(self, planned: Iterable[Step]) -> Iterator[Refusal]:
        subjects = dict.fromkeys(step.name for step in planned if isinstance(step, REGISTRY_STEPS))
        address = self.world.schemas.url if subjects else ""
        if subjects and self.observed.mode != WRITABLE:
            yield refusals.read_only(address, self.observed.mode)
            return
        # A mode of its own is for a subject that has something to keep.
        for subject in (name for name in subjects if self.observed.subjects[Subject(name)].versions):
            mode = self.world.schemas.mode(subject, default_to_global=True).value
            if mode != WRITABLE:
                yield refusals.read_only(address, mode, subject)

    def _refused_by_brokers(self, planned: Iterable[Step]) -> Iterator[Refusal]:
        topics = {topic.name: topic for topic in self.desired.topics}
        for step in planned:
            match step:
                case CreateTopic():
                    reason = self.world.cluster.reason_against_topic(spec_of(step))
                case ChangeSettings():
                    reason = self.world.cluster.reason_against_settings(step.name, step.changed, step.removed)
                case _:
                    continue
            if reason:
                yield refusals.by_brokers(topics[step.name], reason)


def _judged(step: Step, judgement: Judgement, findings: Iterable[Finding]) -> Step:
    """A schema's step says what the check says; the registry does not refuse what somebody accepted in the contract."""
    verdict = judgement.verdicts.get(Subject(step.name))
    if verdict is None or not isinstance(step, RegisterSchema):
        return step
    breaks = [one for one in findings if one.subject == step.name and one.severity is Severity.ERROR]
    accepted = [one.exemption for one in breaks if one.exemption is not None]
    reasons = dict.fromkeys(f"accepted until {one.until}: {one.reason}" for one in accepted)
    return msgspec.structs.replace(
        step, reasons=(*step.reasons, verdict, *reasons), force=len(accepted) == len(breaks) > 0
    )


def _used(findings: Iterable[Finding], project: Project) -> Iterator[UsedExemption]:
    given = {(one.rule, one.exemption) for one in findings if one.exemption is not None}
    for contract in project.contracts:
        for one in contract.allowances:
            if (one.rule, Exemption(one.reason, one.until)) in given:
                yield UsedExemption(contract.id, one.rule, one.path, one.reason, one.until)


def _case(project: Project, world: World, choices: Choices) -> _Case:
    desired = desired_state(project)
    observed = observe(desired.names, world)
    standing = standing_of(desired.schemas, world.schemas) if desired.schemas else {}
    return _Case(project, desired, observed, standing, world, choices)
