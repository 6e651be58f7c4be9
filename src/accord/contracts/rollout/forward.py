"""What each step of a rollout does, and when it is done."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from accord.client import IncompatibleSchema, NotFound, RolloutReport
from accord.contracts.check import check
from accord.contracts.check.registry_baseline import RegistryBaseline
from accord.contracts.exemptions import exempt
from accord.contracts.model import DataContract, Project, SchemaFile
from accord.contracts.readers import known_readers
from accord.contracts.rollout.facts import Facts
from accord.contracts.rollout.order import Decided, Order, decide_order
from accord.contracts.rollout.ports import Topics, World
from accord.contracts.rollout.steps import Outcome
from accord.contracts.testing import own_fingerprint
from accord.contracts.topics import topic_of
from accord.errors import ConfigurationError
from accord.findings import Finding, Severity
from accord.schemas import CompatibilityLevel, Reference, Schema, check_compatibility, parse

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """What an operator may say. A group that lags no more than ``max_lag`` records has caught up.

    With ``accept_dead_letters`` those that came since the beginning hold up nothing. With ``erase`` a version that no record
    carries is deleted for good on the way back.
    """

    max_lag: int = 1000
    accept_dead_letters: bool = False
    erase: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """What is rolled out, and where."""

    world: World
    project: Project
    file: SchemaFile
    environment: str

    @property
    def contract(self) -> DataContract | None:
        """The contract of the schema."""
        return self.project.contract_of(self.file.subject)

    @property
    def topic(self) -> str:
        """The topic of the subject."""
        return topic_of(self.file.subject, self.project)

    @property
    def dead_letter_topic(self) -> str:
        """Where its dead letters go."""
        return _dead_letter_topic(self.topic, self.contract)

    @property
    def record_topics(self) -> dict[str, str]:
        """Every topic of the project that records of the subject are written to, with where its dead letters go."""
        subject = self.file.subject
        contracts = [one for one in self.project.contracts if subject in _subjects_of(one)]
        return {one.topic: _dead_letter_topic(one.topic, one) for one in contracts} or {
            self.topic: self.dead_letter_topic
        }

    @property
    def is_of_one_topic(self) -> bool:
        """Whether the subject's name says its topic, so that records are nowhere else."""
        return self.contract is None or self.contract.subject_naming != "RecordNameStrategy"


def _subjects_of(contract: DataContract) -> Iterator[str]:
    yield from (event.schema.subject for event in contract.events)
    if contract.key.schema is not None:
        yield contract.key.schema.subject


def _dead_letter_topic(topic: str, contract: DataContract | None) -> str:
    letters = contract.dead_letters if contract is not None else None
    return letters.topic if letters is not None else f"{topic}-dlq"


def try_check(place: Place) -> Outcome:
    """Check the schema against all that its level asks for in the registry."""
    registry = place.world.registry
    contract = place.contract
    alone = replace(
        place.project,
        schemas={place.file.subject: place.file},
        contracts=() if contract is None else (contract,),
        findings=tuple(one for one in place.project.findings if _is_about(one, place, contract)),
    )
    result = check(
        alone, RegistryBaseline(registry, place.environment), readers=known_readers(place.project, registry)
    )
    today = dt.datetime.fromtimestamp(place.world.now_ms() / 1000, dt.UTC).date()
    findings = exempt(result.findings, alone, today, looked_for=())
    errors = [one for one in findings if one.severity is Severity.ERROR and one.exemption is None]
    if errors:
        told = "; ".join(f"{one.rule}: {one.message}" for one in errors[:_SHOWN])
        return Outcome("refused", f"{told} (`accord check --against registry:{registry.url}` says more)")
    [subject] = result.subjects
    if subject.state == "unchanged":
        return Outcome("done", "it is registered already")
    hit = [one.reader.service for one in subject.impacts if one.is_hit]
    level = f"compatible at the level {subject.level}"
    if not subject.earlier:
        level = "the first version"
    readers = f"; it touches {', '.join(hit)}" if hit else "; it touches no known reader"
    return Outcome("done", level + (readers if subject.earlier else ""))


def try_register(place: Place) -> Outcome:
    """Make the schema a version, unless it is one."""
    registry = place.world.registry
    try:
        registered = registry.register(place.file.subject, _with_references(place))
    except IncompatibleSchema as error:
        return Outcome("refused", error.message)
    return Outcome(
        "done", f"version {registered.version}, schema id {registered.id}", version=registered.version
    )


def order_of(place: Place, facts: Facts) -> Decided:
    """Who moves first."""
    report = check_compatibility(place.file.parsed, facts.before, level=CompatibilityLevel.NONE)
    return decide_order(report.deployment, facts.readers)


def try_order(place: Place, facts: Facts) -> Outcome:
    """Decide who moves first."""
    decided = order_of(place, facts)
    told = f"{decided.order}: {decided.why}"
    if decided.order is Order.NONE:
        return Outcome("refused", told)
    return Outcome("done", told, order=decided.order)


def try_consumers(facts: Facts, rollout: RolloutReport) -> Outcome:
    """Done when every reader that is there reads the new records."""
    waiting = [one for one in facts.readers if not one.reads_new]
    if waiting:
        told = "; ".join(f"{one} does not read version {rollout.version} ({one.why})" for one in waiting)
        ahead = [str(one) for one in facts.writers if one.writes_new]
        early = f". {', '.join(ahead)} writes it already: hold it back" if ahead else ""
        return Outcome("waiting", f"{told}. Deploy a version that does, and record it{early}")
    if not facts.readers:
        return Outcome("done", f"no reader is recorded in {facts.environment}")
    return Outcome("done", f"they read version {rollout.version}: {', '.join(map(str, facts.readers))}")


def try_producers(place: Place, facts: Facts, rollout: RolloutReport) -> Outcome:
    """Done when all who are known to write, at least one, write the new schema."""
    behind = [str(one) for one in facts.writers if not one.writes_new]
    if behind:
        return Outcome(
            "waiting",
            f"{', '.join(behind)} does not write version {rollout.version} yet: deploy one that does, and record it",
        )
    if facts.writers:
        return Outcome("done", f"they write version {rollout.version}: {', '.join(map(str, facts.writers))}")
    if place.world.topics is not None and facts.registered is not None:
        count = place.world.topics.carried(place.topic).count(facts.registered.id, facts.registered.guid)
        if count:
            return Outcome("done", f"{count:,} records of version {rollout.version} are on {place.topic}")
    return Outcome(
        "waiting",
        f"nobody is recorded to write {place.file.subject} in {facts.environment}: deploy who does, and run "
        "`accord record-deployment`",
    )


def try_settle(place: Place, facts: Facts, rollout: RolloutReport, choices: Choices) -> Outcome:
    """Done when no group is far behind and no dead letter came."""
    topics = place.world.topics
    if topics is None:
        return Outcome("done", "lag and dead letters were not looked at: no Kafka cluster is named")
    lags = {group: topics.lag(group, place.topic) for group in facts.groups}
    behind = [f"{group} is {lag:,} records behind" for group, lag in lags.items() if lag > choices.max_lag]
    letters = _new_dead_letters(place, topics, rollout)
    if letters > 0 and not choices.accept_dead_letters:
        behind.append(
            f"{letters:,} more dead letters on {place.dead_letter_topic} than when it began: look at them, and roll back or "
            "say --accept-dead-letters"
        )
    if behind:
        return Outcome("waiting", "; ".join(behind))
    told = [f"{group} is {lag:,} records behind" for group, lag in lags.items()] or [
        "no consumer group is known"
    ]
    return Outcome("done", "; ".join([*told, f"{max(letters, 0):,} new dead letters"]))


def _new_dead_letters(place: Place, topics: Topics, rollout: RolloutReport) -> int:
    return topics.depth(place.dead_letter_topic) - (rollout.dead_letters or 0)


def _is_about(finding: Finding, place: Place, contract: DataContract | None) -> bool:
    files = {place.file.source.path} | ({contract.source.path} if contract is not None else set())
    return finding.at is not None and finding.at.file in files


def _with_references(place: Place) -> Schema:
    """The schema with the newest registered versions of what it refers to, which have to be what the files say."""
    references = []
    for one in place.file.references:
        try:
            newest = place.world.registry.latest(one.subject)
        except NotFound as error:
            raise ConfigurationError(
                f"{place.file.source.path} refers to {one.subject}, which is not registered",
                hint="roll that out first, or register everything with `accord apply`",
            ) from error
        references.append(Reference(one.name, one.subject, newest.version))
    schema = replace(place.file.schema, references=tuple(references))
    if references:
        there = place.world.registry.referenced_by(schema, subject=place.file.subject)
        registered = parse(schema, referenced=there, strict=False)
        if own_fingerprint(registered) != own_fingerprint(place.file.parsed):
            names = ", ".join(dict.fromkeys(one.subject for one in references))
            raise ConfigurationError(
                f"{place.file.source.path} refers to what is not registered as it is in the files: {names}",
                hint="roll that out first, or register everything with `accord apply`",
            )
    return schema
