"""A schema on its way into an environment, with a real registry and topics in memory."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from accord.client import DeploymentReport, ReaderReport, Registry, ReportedSchema, RolloutReport
from accord.client.reports import DeployedRead, DeployedWrite
from accord.contracts.carried import Carried
from accord.contracts.model import (
    DataContract,
    Event,
    FileReference,
    Project,
    SchemaFile,
    SourceFile,
    SubjectNaming,
)
from accord.contracts.rollout import FORWARD, Rollouts, World, next_step
from accord.contracts.rollout.forward import Choices
from accord.contracts.rollout.steps import step_of
from accord.errors import ConfigurationError
from accord.schemas import CompatibilityLevel, Reference, Schema, Subject, Version, parse
from accord.testing import registry as serve

SUBJECT = Subject("orders-value")


def record(*fields: str, **defaults: Any) -> Schema:
    told: list[dict[str, Any]] = [{"name": name, "type": "string"} for name in fields]
    told += [{"name": name, "type": "string", "default": default} for name, default in defaults.items()]
    return Schema(json.dumps({"type": "record", "name": "Order", "fields": told}))


V1 = record("id", "total")
ADDED = record("id", "total", coupon="")
RENAMED = record("id", amount="")


@dataclass
class Clock:
    """Goes on by a second each time it is looked at."""

    now: int = 1_800_000_000_000

    def __call__(self) -> int:
        self.now += 1000
        return self.now


@dataclass
class MemoryTopics:
    """Topics as numbers."""

    lags: dict[str, int] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    ids: dict[str, Carried] = field(default_factory=dict)

    def lag(self, group: str, topic: str) -> int:
        assert topic == "orders"
        return self.lags.get(group, 0)

    def depth(self, topic: str) -> int:
        return self.depths.get(topic, 0)

    def retries(self, topic: str) -> tuple[str, ...]:
        return tuple(name for name in self.ids if name.startswith(f"{topic}.billing.retry."))

    def carried(self, topic: str) -> Carried:
        return self.ids.get(topic, Carried())


@pytest.fixture(scope="module")
def served() -> Iterator[Registry]:
    with serve() as one:
        yield one.client()


@pytest.fixture
def client(served: Registry) -> Registry:
    """An empty registry."""
    for kind in (served.deployments, served.rollouts, served.readers):
        for report in kind():
            served.forget_report(report)
    for subject in served.subjects(deleted=True):
        if subject in served.subjects():
            served.delete_subject(subject)
        served.delete_subject(subject, permanent=True)
    return served


@dataclass
class Story:
    """One environment and what happens in it."""

    registry: Registry
    clock: Clock = field(default_factory=Clock)
    topics: MemoryTopics = field(default_factory=MemoryTopics)
    naming: SubjectNaming = "TopicNameStrategy"

    def rollouts(self, schema: Schema, *, offline: bool = False) -> Rollouts:
        file = SchemaFile(SourceFile("Order.avsc", schema.text), SUBJECT, schema, parse(schema))
        contract = DataContract(
            SourceFile("orders.yaml", ""),
            "orders",
            "Orders",
            "1",
            "active",
            "orders",
            (Event("Order", file),),
            subject_naming=self.naming,
        )
        project = Project((contract,), {SUBJECT: file})
        return Rollouts(
            World(self.registry, self.clock, None if offline else self.topics), project, file, "prod"
        )

    def deploy_reader(self, service: str, version: str, *fields: str, own: Schema | None = None) -> None:
        schema = None if own is None else ReportedSchema.of(own)
        read = DeployedRead(subject=SUBJECT, fields=fields or None, schema=schema)
        self.registry.report_deployment(
            DeploymentReport(
                service=service,
                environment="prod",
                version=version,
                reads=(read,),
                deployed_at_ms=self.clock(),
            )
        )

    def deploy_writer(self, version: str, schema: Schema) -> None:
        write = DeployedWrite(subject=SUBJECT, schema=ReportedSchema.of(schema))
        self.registry.report_deployment(
            DeploymentReport(
                service="shop",
                environment="prod",
                version=version,
                writes=(write,),
                deployed_at_ms=self.clock(),
            )
        )


@pytest.fixture
def story(client: Registry) -> Story:
    """Version 1 is registered, the shop writes it, billing reads it."""
    client.register(SUBJECT, V1)
    client.set_compatibility(SUBJECT, CompatibilityLevel.BACKWARD)
    told = Story(client)
    told.deploy_writer("1.0", V1)
    told.deploy_reader("billing", "1.0", own=V1)
    return told


def states(rollout: RolloutReport) -> dict[str, str]:
    return {step.name: step.state for step in rollout.steps}


def detail(rollout: RolloutReport, name: str) -> str:
    [found] = [step.detail or "" for step in rollout.steps if step.name == name]
    return found


def test_a_new_field_that_every_reader_takes_waits_for_the_producer_alone(story: Story) -> None:
    rollouts = story.rollouts(ADDED)

    begun = rollouts.advance(rollouts.begin())

    assert states(begun) == {
        "check": "done",
        "register": "done",
        "order": "done",
        "consumers": "done",
        "producers": "waiting",
    }
    assert (begun.version, begun.order) == (2, "either")
    assert detail(begun, "producers").startswith("shop 1.0 does not write version 2 yet")

    story.deploy_writer("2.0", ADDED)
    done = rollouts.advance(rollouts.begin())

    assert (done.state, done.id) == ("done", begun.id)
    assert next_step(done) is None
    assert story.registry.rollouts(rollout_id=done.id)[0].state == "done"


def test_another_machine_goes_on_where_the_first_was_stopped(story: Story) -> None:
    stopped = story.rollouts(ADDED).advance(story.rollouts(ADDED).begin(), until="register")
    assert next_step(stopped) == "order"
    asked_before = story.registry.versions(SUBJECT)

    resumed = story.rollouts(ADDED).begin()

    assert resumed.id == stopped.id
    assert next_step(resumed) == "order"
    assert states(story.rollouts(ADDED).advance(resumed))["producers"] == "waiting"
    assert story.registry.versions(SUBJECT) == asked_before


@pytest.mark.parametrize("stopped_after", FORWARD)
def test_wherever_it_is_stopped_it_comes_to_the_same_end(story: Story, stopped_after: str) -> None:
    story.deploy_reader("billing", "2.0", own=RENAMED)
    first = story.rollouts(RENAMED)
    begun = first.advance(first.begin(), until="order")
    story.deploy_writer("2.0", RENAMED)
    first.advance(begun, until=stopped_after)

    second = story.rollouts(RENAMED)
    done = second.advance(second.begin()) if stopped_after != "settle" else second.latest()

    assert done is not None
    assert (done.id, done.state) == (begun.id, "done")
    assert list(states(done).values()) == ["done"] * len(FORWARD)
    assert len(story.registry.versions(SUBJECT)) == 2


def test_readers_that_do_not_read_it_are_upgraded_before_it_is_written(story: Story) -> None:
    rollouts = story.rollouts(RENAMED)

    waiting = rollouts.advance(rollouts.begin())

    assert (waiting.order, next_step(waiting)) == ("consumers first", "consumers")
    assert detail(waiting, "consumers").startswith("billing 1.0 does not read version 2")
    story.deploy_writer("2.0", RENAMED)
    early = rollouts.advance(rollouts.begin())
    assert "shop 2.0 writes it already: hold it back" in detail(early, "consumers")
    story.deploy_reader("billing", "2.0", own=RENAMED)
    assert rollouts.advance(rollouts.begin()).state == "done"


def test_a_service_deployed_after_the_registration_was_made_with_it(story: Story) -> None:
    story.deploy_reader("billing", "1.1", "id", "total")
    rollouts = story.rollouts(RENAMED)
    assert next_step(rollouts.advance(rollouts.begin())) == "consumers"

    story.deploy_reader("billing", "2.0", "id", "amount")

    assert states(rollouts.advance(rollouts.begin()))["consumers"] == "done"


def test_what_the_level_forbids_is_refused_before_anything_is_registered(story: Story) -> None:
    rollouts = story.rollouts(record("id", "total", "coupon"))

    refused = rollouts.advance(rollouts.begin())

    assert states(refused) == {"check": "refused"}
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in detail(refused, "check")
    assert story.registry.versions(SUBJECT) == [1]


def test_a_refused_schema_is_mended_and_checked_again(story: Story) -> None:
    refused = story.rollouts(record("id", "total", "coupon"))
    stopped = refused.advance(refused.begin())
    mended = story.rollouts(ADDED)

    again = mended.advance(mended.begin())

    assert (again.id, states(again)["producers"]) == (stopped.id, "waiting")


def test_no_second_rollout_begins_while_one_of_another_schema_runs(story: Story) -> None:
    story.rollouts(ADDED).advance(story.rollouts(ADDED).begin())

    with pytest.raises(ConfigurationError, match="still running"):
        story.rollouts(RENAMED).begin()


@pytest.mark.parametrize(
    ("lag", "letters", "choices", "expected"),
    [
        (1000, 3, Choices(), "done"),
        (1001, 3, Choices(), "waiting"),
        (0, 4, Choices(), "waiting"),
        (0, 4, Choices(accept_dead_letters=True), "done"),
        (5000, 3, Choices(max_lag=5000), "done"),
    ],
)
def test_the_end_waits_for_groups_that_are_behind_and_for_dead_letters(
    story: Story, lag: int, letters: int, choices: Choices, expected: str
) -> None:
    story.topics.depths["orders-dlq"] = 3
    rollouts = story.rollouts(ADDED)
    rollouts.advance(rollouts.begin())
    story.deploy_writer("2.0", ADDED)
    story.topics.lags["billing-v1"], story.topics.depths["orders-dlq"] = lag, letters
    story.registry.report_reader(
        ReaderReport(service="billing", subject=SUBJECT, origin="claim", groups=("billing-v1",))
    )

    assert states(rollouts.advance(rollouts.begin(), choices=choices))["settle"] == expected


def test_without_a_cluster_that_is_said(story: Story) -> None:
    rollouts = story.rollouts(ADDED, offline=True)
    rollouts.advance(rollouts.begin())
    story.deploy_writer("2.0", ADDED)

    assert "were not looked at" in detail(rollouts.advance(rollouts.begin()), "settle")


def test_the_way_back_names_what_ran_before_consumers_first_and_waits_for_it(story: Story) -> None:
    rollouts = story.rollouts(ADDED)
    rollouts.advance(rollouts.begin())
    story.deploy_reader("billing", "2.0", own=ADDED)
    story.deploy_writer("2.0", ADDED)
    rollouts.advance(rollouts.begin())

    back = rollouts.advance(rollouts.turn_back())

    assert (back.state, next_step(back)) == ("running", "consumers back")
    assert "billing 2.0 -> 1.0" in detail(back, "consumers back")
    assert "shop 2.0 writes version 2 now" in detail(back, "consumers back")
    story.deploy_reader("billing", "1.0", own=V1)
    back = rollouts.advance(rollouts.turn_back())
    assert next_step(back) == "producers back"
    assert "shop 2.0 -> 1.0" in detail(back, "producers back")
    story.deploy_writer("1.0", V1)
    assert rollouts.advance(rollouts.turn_back()).state == "rolled back"
    assert story.registry.versions(SUBJECT) == [1]
    assert story.registry.versions(SUBJECT, deleted=True) == [1, 2]


def test_who_was_taken_back_before_anybody_asked_has_nothing_to_do(story: Story) -> None:
    rollouts = story.rollouts(ADDED)
    rollouts.advance(rollouts.begin())
    story.deploy_reader("billing", "2.0", own=ADDED)
    story.deploy_writer("2.0", ADDED)
    rollouts.advance(rollouts.begin())
    story.deploy_reader("billing", "1.0", own=V1)
    story.deploy_writer("1.0", V1)

    back = rollouts.advance(rollouts.turn_back())

    assert back.state == "rolled back"
    assert detail(back, "consumers back") == "billing reads what was written before"
    assert detail(back, "producers back") == "they do not write it: shop 1.0"


def test_what_the_schema_refers_to_has_to_be_registered_as_the_files_say(story: Story) -> None:
    money = Schema('{"type": "record", "name": "Money", "fields": [{"name": "cents", "type": "int"}]}')
    text = '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "Money"}]}'
    reference = Reference("Money", Subject("money-value"), Version(1))
    parsed = parse(Schema(text, references=(reference,)), referenced={"Money": money})
    references = (FileReference("Money", Subject("money-value")),)
    file = SchemaFile(SourceFile("Bill.avsc", text), Subject("bills-value"), Schema(text), parsed, references)
    rollouts = Rollouts(World(story.registry, story.clock), Project((), {file.subject: file}), file, "prod")
    begun = rollouts.advance(rollouts.begin(), until="check")
    other = story.registry.register("money-value", Schema(money.text.replace("int", "long")))

    with pytest.raises(ConfigurationError, match="not registered as it is in the files: money-value"):
        rollouts.step(begun)
    assert other.version == 1
    story.registry.set_compatibility("money-value", CompatibilityLevel.NONE)
    story.registry.register("money-value", money)

    assert detail(rollouts.advance(begun, until="register"), "register")


def test_who_waits_does_not_undo_that_somebody_else_goes_back(story: Story) -> None:
    rollouts = story.rollouts(RENAMED)
    waiting = rollouts.advance(rollouts.begin(), until="check")
    rollouts.step(rollouts.turn_back())

    with pytest.raises(ConfigurationError, match="somebody takes the rollout"):
        story.rollouts(RENAMED).step(waiting)

    last = rollouts.latest()
    assert last is not None
    assert last.back


def test_of_two_that_begin_at_once_the_first_goes_on_and_the_other_is_forgotten(story: Story) -> None:
    rollouts = story.rollouts(ADDED)
    first, second = rollouts.begin(), rollouts.begin()
    first = rollouts.advance(first, until="check")
    with pytest.raises(ConfigurationError, match="somebody else began"):
        rollouts.step(second)
    story.registry.report_rollout(second)

    with pytest.raises(ConfigurationError, match=first.id):
        rollouts.step(second)

    assert [one.id for one in story.registry.rollouts()] == [first.id]
    assert rollouts.begin().id == first.id
    assert step_of(rollouts.step(first), "register") is not None


def rolled_back(story: Story, choices: Choices, carried: dict[str, Carried], *, offline: bool = False) -> str:
    rollouts = story.rollouts(ADDED, offline=offline)
    rollouts.advance(rollouts.begin())
    story.topics.ids = carried
    back = rollouts.advance(rollouts.turn_back(), choices=choices)
    assert back.state == "rolled back"
    return detail(back, "version back")


ERASE = Choices(erase=True)


@pytest.mark.parametrize(
    ("choices", "carried", "offline", "told"),
    [
        (ERASE, {"orders": Carried({2: 1}, 10)}, False, "1 records on orders carry it"),
        (ERASE, {"orders-dlq": Carried({2: 4}, 4)}, False, "4 records on orders-dlq carry it"),
        (
            ERASE,
            {"orders.billing.retry.1m": Carried({2: 1}, 1)},
            False,
            "1 records on orders.billing.retry.1m",
        ),
        (ERASE, {"orders": Carried({1: 9}, 9, is_whole=False)}, False, "and there are more"),
        (ERASE, {}, True, "nobody looked at the topic"),
        (
            Choices(),
            {"orders": Carried({1: 9}, 9)},
            False,
            "`--roll-back --erase orders-value` deletes it for good",
        ),
    ],
)
def test_a_version_that_records_may_carry_is_only_hidden(
    story: Story,
    choices: Choices,
    carried: dict[str, Carried],
    told: str,
    *,
    offline: bool,
) -> None:
    number = story.registry.register(SUBJECT, ADDED).id
    story.registry.delete_version(SUBJECT, 2)
    carried = {
        topic: Carried(
            {number if key == 2 else key: count for key, count in one.ids.items()}, one.records, one.is_whole
        )
        for topic, one in carried.items()
    }

    said = rolled_back(story, choices, carried, offline=offline)

    assert "is hidden" in said
    assert told in said
    assert len(story.registry.versions(SUBJECT)) == 1
    assert len(story.registry.versions(SUBJECT, deleted=True)) > 1


def test_a_version_that_a_record_names_in_a_header_is_only_hidden(story: Story) -> None:
    guid = story.registry.register(SUBJECT, ADDED).guid
    assert guid is not None

    said = rolled_back(story, ERASE, {"orders": Carried({1: 9}, 10, guids={guid: 1})})

    assert "is hidden" in said
    assert "1 records on orders carry it" in said


def test_a_version_whose_subject_may_be_on_any_topic_is_only_hidden(story: Story) -> None:
    story.naming = "RecordNameStrategy"

    said = rolled_back(story, ERASE, {"orders": Carried({1: 9}, 9)})

    assert "is hidden" in said
    assert "orders-value may be on any topic" in said


def test_a_version_that_no_record_carries_may_be_deleted_for_good(story: Story) -> None:
    assert "deleted for good: none of all 9 records carries it" in rolled_back(
        story, ERASE, {"orders": Carried({1: 9}, 9)}
    )
    assert story.registry.versions(SUBJECT, deleted=True) == [1]


def test_the_way_back_does_not_depend_on_the_commit_that_it_is_gone_from(story: Story) -> None:
    rollouts = story.rollouts(ADDED)
    rollouts.advance(rollouts.begin())
    [_, second] = story.registry.schemas(subject_prefix=SUBJECT)
    story.topics.ids = {"orders": Carried({second.id: 4}, 9)}
    before = story.rollouts(V1)

    back = before.advance(before.turn_back(), choices=ERASE)

    assert back.state == "rolled back"
    assert "4 records on orders carry it" in detail(back, "version back")
    assert story.registry.versions(SUBJECT, deleted=True) == [1, 2]


def test_what_was_hidden_can_be_erased_later(story: Story) -> None:
    story.topics.ids = {"orders": Carried({1: 9}, 9)}
    rollouts = story.rollouts(ADDED)
    rollouts.advance(rollouts.begin())
    rollouts.advance(rollouts.turn_back())
    assert story.registry.versions(SUBJECT, deleted=True) == [1, 2]

    back = rollouts.advance(rollouts.turn_back(ERASE), choices=ERASE)

    assert (back.state, story.registry.versions(SUBJECT, deleted=True)) == ("rolled back", [1])
    again = rollouts.advance(rollouts.turn_back(ERASE), choices=ERASE)
    assert detail(again, "version back") == "version 2 is gone already"


def test_a_first_version_goes_back_as_well(client: Registry) -> None:
    story = Story(client)
    rollouts = story.rollouts(V1)
    rollouts.advance(rollouts.begin())

    hidden = rollouts.advance(rollouts.turn_back())
    assert (hidden.state, client.subjects()) == ("rolled back", [])
    erased = rollouts.advance(rollouts.turn_back(ERASE), choices=ERASE)

    assert (erased.state, client.subjects(deleted=True)) == ("rolled back", [])


def test_there_is_nothing_to_roll_back_before_anything_began(story: Story) -> None:
    with pytest.raises(ConfigurationError, match="there is none"):
        story.rollouts(ADDED).turn_back()
