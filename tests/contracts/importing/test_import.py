import datetime as dt
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from accord.client import Registry
from accord.contracts.importing import FoundTopic, Imported, import_project
from accord.contracts.importing.topics import put_together
from accord.contracts.loading import ProjectSettings, load
from accord.contracts.model import Project
from accord.contracts.new_files import write_new
from accord.contracts.plan.planning import make_plan
from accord.contracts.plan.ports import Cluster, World
from accord.contracts.tree import Folder
from accord.schemas import CompatibilityLevel, Schema, SchemaType, Subject

WHERE = {"registry": "http://127.0.0.1:8081", "kafka": "127.0.0.1:9092"}


def loaded(made: Imported, folder: Path) -> Project:
    write_new(folder, made.files)
    said: dict[str, Any] = tomllib.loads((folder / "accord.toml").read_text(encoding="utf-8"))["project"]
    return load(
        Folder(folder), settings=ProjectSettings(tuple(said["paths"]), subjects=said.get("subjects", {}))
    )


def test_what_is_imported_loads_and_a_plan_would_change_nothing(
    registry: Registry, topics: Sequence[FoundTopic], cluster: Cluster, tmp_path: Path
) -> None:
    made = import_project(registry, topics, environment=WHERE)

    project = loaded(made, tmp_path)
    plan = make_plan(project, World(cluster, registry), today=dt.date(2026, 3, 1))

    assert project.findings == ()
    assert set(project.schemas) == set(registry.subjects())
    assert plan.steps == ()
    assert plan.refused == ()


def test_a_contract_says_what_the_topic_is(
    registry: Registry, topics: Sequence[FoundTopic], tmp_path: Path
) -> None:
    contracts = {
        one.topic: one
        for one in loaded(import_project(registry, topics, environment=WHERE), tmp_path).contracts
    }

    assert sorted(contracts) == ["mixed", "orders", "payments", "shipments"]
    orders = contracts["orders"]
    assert (orders.partitions, orders.replicas) == (6, 3)
    assert orders.config["cleanup.policy"] == "compact,delete"
    assert orders.compatibility is CompatibilityLevel.FULL
    assert orders.key.schema is not None
    assert orders.dead_letters is not None
    assert (orders.dead_letters.topic, orders.dead_letters.retention_ms) == ("orders-dlq", 1_209_600_000)
    assert {reader.service: (reader.groups, reader.retry_ms) for reader in orders.readers} == {
        "audit": (("audit",), ()),
        "billing-v1": (("billing-v1",), (60_000,)),
    }
    assert [event.schema.subject for event in contracts["mixed"].events] == [
        "mixed-com.example.A",
        "mixed-com.example.B",
    ]
    assert contracts["shipments"].events[0].schema.references[0].name == "common/money.proto"


def test_without_a_cluster_topics_follow_from_the_names_of_subjects(
    registry: Registry, tmp_path: Path
) -> None:
    project = loaded(import_project(registry, None, environment=WHERE), tmp_path)

    assert project.findings == ()
    assert [contract.topic for contract in project.contracts] == ["mixed", "orders", "payments", "shipments"]
    assert project.contracts[1].partitions is None


def test_it_is_the_same_every_time(registry: Registry, topics: Sequence[FoundTopic]) -> None:
    first, second = (import_project(registry, given, environment=WHERE) for given in (topics, topics[::-1]))

    assert first == second


def test_schemas_are_laid_out_unless_that_changes_them(
    registry: Registry, topics: Sequence[FoundTopic]
) -> None:
    files = import_project(registry, topics, environment=WHERE).files

    assert files["contracts/schemas/orders-key.avsc"].count("\n") > 3
    assert "1.50" in files["contracts/schemas/payments-value.json"]


def test_what_files_cannot_say_is_told(registry: Registry, topics: Sequence[FoundTopic]) -> None:
    registry.delete_config("payments-value")

    notes = import_project(registry, topics, environment=WHERE).notes

    assert any(
        note.startswith("no level of their own have payments-value: the registry's, BACKWARD")
        for note in notes
    )
    assert "the topic payments-dlq has no schema in the registry, so it has no contract" in notes


def test_references_to_an_older_version_are_told(registry: Registry) -> None:
    registry.set_compatibility("com.example.Money", CompatibilityLevel.NONE)
    newer = registry.latest("com.example.Money").schema.text.replace("long", "int")
    registry.register("com.example.Money", Schema(newer))

    notes = import_project(registry, None, environment={}).notes

    assert any("orders-value refers to version 1 of com.example.Money" in note for note in notes)


@pytest.mark.parametrize(
    ("letters", "is_pair"),
    [
        (FoundTopic("t-dlq", 9, 3, {"retention.ms": "1"}), True),
        (FoundTopic("t.dlq", 9, 3), True),
        (FoundTopic("t-dlq", 9, 3, {"retention.ms": "-1"}), False),
        (FoundTopic("t-dlq", 9, 3, {"cleanup.policy": "compact"}), False),
        (FoundTopic("t-dlq", 9, 1), False),
        (FoundTopic("other-dlq", 9, 3), False),
    ],
)
def test_dead_letters_are_told_by_name_and_set_up(letters: FoundTopic, is_pair: bool) -> None:  # noqa: FBT001
    topics = put_together([FoundTopic("t", 3, 3), letters])

    assert [topic.name for topic in topics] == (["t"] if is_pair else ["t", letters.name])
    assert topics[0].dead_letters == (letters if is_pair else None)


@pytest.mark.parametrize(
    "name", ["on", "1e3", "0o17", "true", "null", "a b", "1.0", "2026-01-01", "ü", "a: b", "#x", "12"]
)
def test_odd_values_come_back_as_they_are(registry: Registry, tmp_path: Path, name: str) -> None:
    topics = [FoundTopic("orders", 1, 1, {"follower.x": name}, (name,))]

    [contract] = [
        one
        for one in loaded(import_project(registry, topics, environment={}), tmp_path).contracts
        if one.topic == "orders"
    ]

    assert contract.config["follower.x"] == name
    assert contract.readers[0].groups == (name,)
    assert contract.readers[0].service == name


def test_odd_names_come_back_as_they_are(registry: Registry, tmp_path: Path) -> None:
    titled = Schema('{"type":"object","title":"Refund / part"}', SchemaType.JSON)
    registry.register("refunds-Refund / part", titled)
    registry.register("a/b c%20", titled)

    project = loaded(import_project(registry, None, environment={}), tmp_path)

    assert project.findings == ()
    assert {"refunds-Refund / part", "a/b c%20"} <= set(project.schemas)
    contract = project.contract_of(Subject("refunds-Refund / part"))
    assert contract is not None
    assert (contract.topic, contract.subject_naming) == ("refunds", "TopicRecordNameStrategy")


def test_a_level_is_that_of_the_subject(registry: Registry, tmp_path: Path) -> None:
    registry.set_compatibility(None, CompatibilityLevel.FULL_TRANSITIVE)
    registry.delete_config("payments-value")

    project = loaded(import_project(registry, None, environment={}), tmp_path)

    contract = project.contract_of(Subject("payments-value"))
    assert contract is not None
    assert contract.compatibility is CompatibilityLevel.FULL_TRANSITIVE
