"""What a plan does, in which order, and what it refuses."""

import datetime as dt
import json
import shlex
from collections.abc import Callable
from types import EllipsisType

import pytest

from accord.client import Mode, ReaderReport, Registry
from accord.contracts.model import Project, ProjectSettings
from accord.contracts.plan.applying import apply_plan
from accord.contracts.plan.changes import Choices
from accord.contracts.plan.planning import Plan, make_plan
from accord.contracts.plan.ports import Cluster, World
from accord.contracts.plan.rendering import summary, to_document, to_lines
from accord.contracts.plan.saved import PlanRefused, saved
from accord.contracts.plan.steps import Step
from accord.errors import ConfigurationError
from accord.kafka import Acl, TopicSpec
from accord.kafka.admin import AclOperation, ResourceKind
from accord.schemas import CompatibilityLevel, Reference, Schema

Load = Callable[..., Project]
TODAY = dt.date(2026, 12, 1)
DELETING = Choices(allow_delete=True)
EMAIL = """{"type": "record", "name": "OrderCreated", "fields": [
    {"name": "id", "type": "string"}, {"name": "email", "type": "string"%s}]}"""


@pytest.fixture
def world(cluster: Cluster, registry: Registry) -> World:
    return World(cluster, registry)


def planned(project: Project, world: World, choices: Choices | EllipsisType = ...) -> Plan:
    return make_plan(project, world, today=TODAY, choices=Choices() if choices is ... else choices)


def applied(project: Project, world: World, choices: Choices | EllipsisType = ...) -> list[Step]:
    done: list[Step] = []
    apply_plan(saved(planned(project, world, choices)), world, report=done.append)
    return done


def lines(plan: Plan) -> list[str]:
    return [f"{step.symbol} {step.noun} {step.name}" for step in plan.steps]


def rules(plan: Plan) -> list[str]:
    return [finding.rule for finding in plan.refused]


def test_an_empty_world_gets_everything_in_an_order_in_which_nothing_is_missed(
    project_of: Load, world: World
) -> None:
    assert lines(planned(project_of(), world)) == [
        "+ compatibility orders.created-key",
        "+ compatibility orders.created-value",
        "+ schema orders.created-value",
        "+ topic orders.created-dlq",
        "+ topic orders.created.billing-v1.retry.1m",
        "+ topic orders.created",
        "+ acl billing-v1",
        "+ acl orders.created",
        "+ acl orders.created-dlq",
        "+ acl orders.created.billing-v1.retry.1m",
        "+ acl billing-",
        "+ acl orders.created",
        "+ acl order-service-",
    ]


def test_what_was_applied_needs_nothing_more(project_of: Load, world: World) -> None:
    assert len(applied(project_of(), world)) == 13
    again = planned(project_of(), world)
    assert not again.steps
    assert summary(again).startswith("Nothing to do: kafka.test:9092 and http")


def test_more_partitions_are_a_change_that_tells_what_becomes_of_keys(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    plan = planned(project_of({"partitions: 6": "partitions: 12"}), world)
    assert lines(plan) == ["~ partitions orders.created"]
    assert "key order changes" in plan.steps[-1].reasons[0]
    applied(project_of({"partitions: 6": "partitions: 12"}), world)
    [topic] = world.cluster.topics(["orders.created"])
    assert topic.partitions == 12


def test_fewer_partitions_are_refused_with_what_could_be_done(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    plan = planned(project_of({"partitions: 6": "partitions: 3"}), world)
    assert rules(plan) == ["PLAN_PARTITIONS_FEWER"]
    assert list(plan.commands.values()) == ["accord apply --allow-delete --confirm orders.created"]


def test_fewer_partitions_replace_the_topic_where_records_may_go(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    world.cluster.change_settings("orders.created", {"retention.ms": "1"}, [])
    fewer = project_of({"partitions: 6": "partitions: 3"})
    plan = planned(fewer, world, DELETING)
    assert lines(plan) == ["-/+ topic orders.created"]
    assert plan.names_to_confirm == ("orders.created",)
    applied(fewer, world, DELETING)
    assert not planned(fewer, world).steps


def test_other_replicas_are_refused_with_the_command_that_moves_them(project_of: Load, world: World) -> None:
    applied(project_of({"replicas: 3": "replicas: 1"}), world)
    plan = planned(project_of(), world)
    assert rules(plan) == ["PLAN_REPLICAS_DIFFER"] * 3
    [command] = [text for text in plan.commands.values() if '"orders.created"' in text]
    words = shlex.split(command)
    assignment = json.loads(words[1])
    assert [sorted(one["replicas"]) for one in assignment["partitions"]] == [[1, 2, 3]] * 6
    [topic] = world.cluster.topics(["orders.created"])
    assert [one["replicas"][0] for one in assignment["partitions"]] == [one[0] for one in topic.replicas]
    assert words[5:] == [
        "kafka-reassign-partitions.sh",
        "--bootstrap-server",
        "kafka.test:9092",
        "--reassignment-json-file",
        "reassignment.json",
        "--execute",
    ]


def test_more_replicas_than_brokers_have_no_command(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    plan = planned(project_of({"replicas: 3": "replicas: 5"}), world)
    assert rules(plan) == ["PLAN_REPLICAS_DIFFER"] * 3
    assert not plan.commands
    assert "there are only 3 brokers" in plan.refused[0].detail


def test_settings_are_changed_and_a_shorter_retention_says_that_records_go(
    project_of: Load, world: World
) -> None:
    applied(project_of(), world)
    plan = planned(project_of({"value: 7, unit: d": "value: 1, unit: h"}), world)
    assert lines(plan) == ["~ config orders.created.billing-v1.retry.1m", "~ config orders.created"]
    assert list(plan.steps[-1].details) == ["retention.ms: 604800000 → 3600000"]
    assert plan.steps[-1].reasons == ("records go that are older than the new retention",)


def test_sets_of_words_are_the_same_in_any_order(project_of: Load, world: World) -> None:
    config = "{min.insync.replicas: 2}"
    applied(project_of({config: '{cleanup.policy: "compact,delete"}'}), world)
    assert not planned(project_of({config: '{cleanup.policy: "delete, compact"}'}), world).steps


def test_a_setting_that_no_contract_names_stays_unless_deleting_is_allowed(
    project_of: Load, world: World
) -> None:
    applied(project_of(), world)
    world.cluster.change_settings("orders.created", {"segment.bytes": "1048576"}, [])
    plan = planned(project_of(), world)
    assert not plan.steps
    assert "segment.bytes=1048576 of topic orders.created is in no contract and stays" in plan.notes[0]
    assert list(to_lines(plan)) == [f"note: {plan.notes[0]}", "", summary(plan)]
    plan = planned(project_of(), world, DELETING)
    assert list(plan.steps[0].details) == ["segment.bytes: 1048576 → the brokers' default"]
    assert plan.names_to_confirm == ("orders.created",)
    applied(project_of(), world, DELETING)
    assert not planned(project_of(), world).notes


def test_what_replicas_in_motion_set_on_a_topic_is_nobodys_business(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    world.cluster.change_settings("orders.created", {"leader.replication.throttled.replicas": "0:1"}, [])
    plan = planned(project_of(), world)
    assert not plan.steps
    assert not plan.notes


@pytest.mark.parametrize(
    "changes",
    [{"{min.insync.replicas: 2}": "{retention.ms: soon}"}, {"replicas: 3": "replicas: 7"}],
    ids=["a value that is none", "more replicas than brokers"],
)
def test_what_the_brokers_would_not_take_is_refused_ahead(
    project_of: Load, world: World, changes: dict[str, str]
) -> None:
    plan = planned(project_of({**changes, "- {property: retention, value: 7, unit: d}": ""}), world)
    assert "PLAN_BROKERS_REFUSE" in rules(plan)
    with pytest.raises(PlanRefused):
        saved(plan)
    assert not world.cluster.topic_names()


def test_an_acl_that_no_contract_names_stays_unless_deleting_is_allowed(
    project_of: Load, world: World
) -> None:
    applied(project_of(), world)
    spy = Acl("User:spy", AclOperation.READ, ResourceKind.TOPIC, "orders.created")
    elsewhere = [
        Acl("User:spy", AclOperation.READ, ResourceKind.GROUP, "billing-v1"),
        Acl("User:spy", AclOperation.READ, ResourceKind.TOPIC, "orders.other"),
        Acl("User:spy", AclOperation.READ, ResourceKind.TOPIC, "orders.", prefixed=True),
    ]
    world.cluster.allow([spy, *elsewhere])
    plan = planned(project_of(), world)
    assert not plan.steps
    assert "1 ACLs on topic orders.created" in plan.notes[0]
    assert lines(planned(project_of(), world, DELETING)) == ["- acl orders.created"]
    applied(project_of(), world, DELETING)
    left = world.cluster.acls() or ()
    assert spy not in left
    assert set(elsewhere) <= set(left)


def test_only_the_operations_that_are_missing_are_granted(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    world.cluster.revoke([Acl("User:billing", AclOperation.READ, ResourceKind.TOPIC, "orders.created")])
    [step] = planned(project_of(), world).steps
    assert step.details == ("may READ on topic orders.created",)


def test_without_an_authorizer_acls_are_skipped_with_a_note(
    project_of: Load, open_cluster: Cluster, registry: Registry
) -> None:
    world = World(open_cluster, registry)
    plan = planned(project_of(), world)
    assert not plan.refused
    assert not any(step.noun == "acl" for step in plan.steps)
    assert "have no authorizer" in plan.notes[0]
    assert "15 ACLs are skipped" in plan.notes[0]


def test_without_an_authorizer_roles_are_refused_where_they_must_count(
    project_of: Load, open_cluster: Cluster, registry: Registry
) -> None:
    plan = planned(project_of(), World(open_cluster, registry), Choices(require_acls=True))
    assert rules(plan) == ["PLAN_ACLS_IMPOSSIBLE"]


def test_a_schema_that_gets_along_says_so(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    better = project_of(files={"contracts/schemas/OrderCreated.avsc": EMAIL % ', "default": ""'})
    [step] = planned(better, world).steps
    assert step.details == ("after version 1, from contracts/schemas/OrderCreated.avsc",)
    assert step.reasons == ("BACKWARD holds with 1 earlier version",)
    applied(better, world)
    assert world.schemas.versions("orders.created-value") == [1, 2]


def test_a_schema_that_breaks_refuses_everything_and_says_who_is_hit(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    worse = project_of(
        {"partitions: 6": "partitions: 3"}, files={"contracts/schemas/OrderCreated.avsc": EMAIL % ""}
    )
    plan = planned(worse, world)
    assert set(rules(plan)) == {"AVRO_FIELD_WITHOUT_DEFAULT", "PLAN_PARTITIONS_FEWER"}
    [breaking] = [one for one in plan.refused if one.rule == "AVRO_FIELD_WITHOUT_DEFAULT"]
    assert breaking.affected is not None
    with pytest.raises(PlanRefused, match="2 parts of the plan are refused"):
        saved(plan)
    assert "nothing is applied" in summary(plan)


def test_a_schema_that_breaks_what_somebody_accepted_is_registered_all_the_same(
    project_of: Load, world: World
) -> None:
    applied(project_of(), world)
    accepted = project_of(
        {
            "compatibility: BACKWARD": "compatibility: BACKWARD\n      allow: [{rule: AVRO_FIELD_WITHOUT_DEFAULT, "
            "path: email, reason: nobody wrote yet, until: 2026-12-31}]"
        },
        files={"contracts/schemas/OrderCreated.avsc": EMAIL % ""},
    )
    plan = planned(accepted, world)
    assert not plan.refused
    assert plan.steps[0].reasons == (
        "breaks BACKWARD with 1 earlier version: see below",
        "accepted until 2026-12-31: nobody wrote yet",
    )
    applied(accepted, world)
    assert world.schemas.versions("orders.created-value") == [1, 2]
    [kept] = world.schemas.exemptions()
    assert (kept.contract, kept.rule, kept.path, kept.until) == (
        "orders.created",
        "AVRO_FIELD_WITHOUT_DEFAULT",
        "email",
        "2026-12-31",
    )


def test_a_refusal_that_the_contract_allows_is_told_and_stops_nothing(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    allowed = project_of(
        {
            "compatibility: BACKWARD": "compatibility: BACKWARD\n"
            "      allow: [{rule: PLAN_PARTITIONS_FEWER, reason: soon moved, until: 2026-12-31}]",
            "partitions: 6": "partitions: 3",
        }
    )
    plan = planned(allowed, world)
    assert not plan.refused
    assert [one.exemption.reason for one in plan.findings if one.exemption] == ["soon moved"]
    assert not plan.steps
    assert [one.rule for one in saved(plan).exemptions] == ["PLAN_PARTITIONS_FEWER"]


def test_what_could_not_be_loaded_refuses_the_plan_as_well(project_of: Load, world: World) -> None:
    plan = planned(project_of(files={"contracts/schemas/OrderCreated.avsc": "{"}), world)
    assert plan.refused
    assert plan.refused[0].at is not None


def test_levels_are_set_before_schemas_are_registered(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    stricter = project_of(
        {"compatibility: BACKWARD": "compatibility: FULL"},
        files={"contracts/schemas/OrderCreated.avsc": EMAIL % ', "default": ""'},
    )
    plan = planned(stricter, world)
    assert lines(plan) == ["~ compatibility orders.created-value", "+ schema orders.created-value"]
    assert plan.steps[0].details == ("BACKWARD → FULL",)


def test_what_refers_to_a_schema_that_changes_is_registered_after_it(project_of: Load, world: World) -> None:
    order = """{"type": "record", "name": "OrderCreated", "fields": [
        {"name": "id", "type": "string"}, {"name": "money", "type": ["null", "Money"], "default": null}]}"""
    money = '{"type": "record", "name": "Money", "fields": [{"name": "amount", "type": "long"}%s]}'

    def project(more: str) -> Project:
        files = {"contracts/schemas/OrderCreated.avsc": order, "contracts/schemas/Money.avsc": money % more}
        return project_of(files=files)

    applied(project(""), world)
    assert not planned(project(""), world).steps
    changed = project(', {"name": "currency", "type": "string", "default": "EUR"}')
    plan = planned(changed, world)
    assert lines(plan) == ["+ schema Money-value", "+ schema orders.created-value"]
    assert plan.steps[1].reasons[0] == "refers to Money-value, which is registered first"
    applied(changed, world)
    latest = world.schemas.version("orders.created-value", 2)
    assert [(one.name, one.subject, one.version) for one in latest.schema.references] == [
        ("Money", "Money-value", 2)
    ]
    assert not planned(changed, world).steps


def test_a_registry_that_is_read_only_refuses_schemas(project_of: Load, world: World) -> None:
    world.schemas.set_mode(None, Mode.READONLY)
    try:
        assert rules(planned(project_of(), world)) == ["PLAN_REGISTRY_READ_ONLY"]
    finally:
        world.schemas.set_mode(None, Mode.READWRITE)


def test_a_subject_that_is_read_only_is_refused_alone(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    world.schemas.set_mode("orders.created-value", Mode.READONLY)
    plan = planned(project_of({"compatibility: BACKWARD": "compatibility: FULL"}), world)
    world.schemas.delete_mode("orders.created-value")
    assert rules(plan) == ["PLAN_REGISTRY_READ_ONLY"]
    assert "is in the mode READONLY for orders.created-value" in plan.refused[0].message


def test_a_newer_version_that_is_not_in_git_stays_and_is_told(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    world.schemas.register("orders.created-value", Schema(EMAIL % ', "default": ""'))
    plan = planned(project_of(), world)
    assert not plan.steps
    assert "orders.created-value has version 2, and Git has what is version 1" in plan.notes[0]


def test_a_topic_that_a_reader_left_behind_goes_only_where_deleting_is_allowed(
    project_of: Load, world: World
) -> None:
    applied(project_of(), world)
    without = project_of({", retry: [1m]": ""})
    plan = planned(without, world)
    assert not plan.steps
    assert "topic orders.created.billing-v1.retry.1m lies in this project's scope" in plan.notes[0]
    plan = planned(without, world, DELETING)
    assert lines(plan) == ["- topic orders.created.billing-v1.retry.1m"]
    assert plan.names_to_confirm == ("orders.created.billing-v1.retry.1m",)
    applied(without, world, DELETING)
    assert set(world.cluster.topic_names()) == {"orders.created", "orders.created-dlq"}


def test_a_retry_topic_of_a_reader_elsewhere_is_not_ours_to_delete(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    world.cluster.create_topic(TopicSpec("orders.created.search-v1.retry.5s"))
    assert lines(planned(project_of(), world, DELETING)) == ["- topic orders.created.search-v1.retry.5s"]
    claim = ReaderReport(
        service="search", subject="orders.created-value", origin="claim", groups=("search-v1",)
    )
    world.schemas.report_reader(claim)
    assert not planned(project_of(), world, DELETING).steps
    world.schemas.forget_report(claim)


def test_what_lies_in_the_scope_of_the_project_and_is_in_no_contract_goes_if_allowed(
    project_of: Load, world: World
) -> None:
    applied(project_of(), world)
    world.schemas.register("orders.trial-value", Schema('"string"'))
    world.schemas.register("payments-value", Schema('"string"'))
    scoped = project_of(settings=ProjectSettings(scope=("orders.",)))
    plan = planned(scoped, world, DELETING)
    assert lines(plan) == ["- subject orders.trial-value"]
    applied(scoped, world, DELETING)
    assert sorted(world.schemas.subjects()) == ["orders.created-value", "payments-value"]


def test_what_others_refer_to_is_deleted_after_them(project_of: Load, world: World) -> None:
    money = world.schemas.register("Trial.A-value", Schema('{"type": "enum", "name": "A", "symbols": ["X"]}'))
    needs = '{"type": "record", "name": "B", "fields": [{"name": "a", "type": "A"}]}'
    reference = Reference("A", money.subject, money.version)
    world.schemas.register("Trial.B-value", Schema(needs, references=(reference,)))
    scoped = project_of(settings=ProjectSettings(scope=("Trial.",)))
    assert lines(planned(scoped, world, DELETING))[-2:] == [
        "- subject Trial.B-value",
        "- subject Trial.A-value",
    ]
    applied(scoped, world, DELETING)
    assert world.schemas.subjects() == ["orders.created-value"]


def test_a_retired_contract_lets_everything_of_it_go_if_allowed(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    retired = project_of({"status: active": "status: retired"})
    assert not planned(retired, world).steps
    assert lines(planned(retired, world, DELETING)) == [
        "- topic orders.created",
        "- topic orders.created-dlq",
        "- topic orders.created.billing-v1.retry.1m",
        "- subject orders.created-value",
    ]
    applied(retired, world, DELETING)
    assert not world.cluster.topic_names()


@pytest.mark.parametrize(
    ("retention", "refused"),
    [("14d", []), ("7d", ["CONTRACT_DEAD_LETTERS_CONTRADICTORY", "PLAN_TOPIC_CONTRADICTORY"])],
)
def test_contracts_that_share_a_dead_letter_topic_want_the_same_of_it(
    project_of: Load, world: World, retention: str, refused: list[str]
) -> None:
    text = project_of().contracts[0].source.text.replace("orders.created-dlq", "dead-letters")
    other = text.replace("orders.created", "orders.paid").replace("OrderCreated", "OrderPaid")
    project = project_of(
        {"orders.created-dlq": "dead-letters"},
        files={
            "contracts/orders.paid.odcs.yaml": other.replace("retention: 14d", f"retention: {retention}"),
            "contracts/schemas/OrderPaid.avsc": EMAIL.replace("OrderCreated", "OrderPaid") % "",
        },
    )
    assert rules(planned(project, world)) == refused


def test_quotas_are_refused_with_the_command_that_sets_them(project_of: Load, world: World) -> None:
    quota = "quotas: {order-service: {producer_byte_rate: 1048576}}"
    plan = planned(project_of({"compatibility: BACKWARD": f"compatibility: BACKWARD\n      {quota}"}), world)
    assert rules(plan) == ["PLAN_QUOTA_BY_HAND"]
    assert list(plan.commands.values()) == [
        (
            "kafka-configs.sh --bootstrap-server kafka.test:9092 --alter --entity-type users "
            "--entity-name order-service --add-config producer_byte_rate=1048576"
        )
    ]


def test_a_project_with_topics_needs_a_cluster_to_be_named(project_of: Load, registry: Registry) -> None:
    with pytest.raises(ConfigurationError, match="no Kafka cluster is named"):
        planned(project_of(), World(None, registry))


def test_bare_schemas_need_no_cluster(project_of: Load, registry: Registry) -> None:
    project = project_of(settings=ProjectSettings(paths=("contracts/schemas",)))
    assert lines(planned(project, World(None, registry))) == ["+ schema OrderCreated-value"]


def test_a_level_that_was_set_by_hand_is_put_right(project_of: Load, world: World) -> None:
    applied(project_of(), world)
    world.schemas.set_compatibility("orders.created-value", CompatibilityLevel.NONE)
    applied(project_of(), world)
    assert world.schemas.compatibility("orders.created-value") is CompatibilityLevel.BACKWARD


def test_people_read_symbols_reasons_commands_and_a_line_of_counts(project_of: Load, world: World) -> None:
    applied(project_of({"replicas: 3": "replicas: 1"}), world)
    text = "\n".join(to_lines(planned(project_of({"partitions: 6": "partitions: 12"}), world)))
    assert "  ~ partitions    orders.created  6 → 12" in text
    assert "# partitions can only grow: key order changes" in text
    assert "error[PLAN_REPLICAS_DIFFER]" in text
    assert "    echo '{" in text
    assert "0 to add, 1 to change, 0 to replace, 0 to delete. 3 parts refused: nothing is applied." in text


def test_programs_read_the_same(project_of: Load, world: World) -> None:
    applied(project_of({"replicas: 3": "replicas: 1"}), world)
    document = json.loads(json.dumps(to_document(planned(project_of(), world))))
    assert document["ok"] is False
    assert document["summary"] == {"add": 0, "change": 0, "replace": 0, "delete": 0, "refused": 3}
    assert {one["rule"] for one in document["findings"]} == {"PLAN_REPLICAS_DIFFER"}
    assert all("kafka-reassign-partitions.sh" in one["command"] for one in document["findings"])
