"""Real records, read once with the schema that they were written with, and once as the candidate."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from tests.contracts.check.order_files import ID, TOTAL, MemoryTree, contract, record

from accord.client import Registry
from accord.codecs import codec_for, framing
from accord.contracts.loading import load
from accord.contracts.model import Project
from accord.contracts.replay.findings import findings_of, notes_of
from accord.contracts.replay.replay import candidates_for, replay
from accord.contracts.replay.result import ReplayResult
from accord.errors import ConfigurationError
from accord.kafka import RawRecord
from accord.schemas import CompatibilityLevel, Schema, SchemaId, SchemaType
from accord.testing import registry as serve

TOPIC = "orders.created"


@pytest.fixture(scope="module")
def server() -> Iterator[Registry]:
    with serve() as running, running.client() as client:
        client.set_compatibility(None, CompatibilityLevel.NONE)
        yield client


@pytest.fixture
def registry(server: Registry) -> Registry:
    for subject in server.subjects():
        server.delete_subject(subject)
    return server


def project_of(**files: str) -> Project:
    return load(MemoryTree(files))


def raw(offset: int, value: bytes | None, headers: Sequence[tuple[str, bytes]] = ()) -> RawRecord:
    return RawRecord(TOPIC, offset % 2, offset, None, value, tuple(headers), 0)


def written(registry: Registry, schema: Schema, *values: Any, first: int = 0) -> list[RawRecord]:
    """Records of a schema, which is registered if it is not."""
    registered = registry.register(f"{TOPIC}-value", schema)
    codec = codec_for(schema)
    return [
        raw(first + number, framing.prefixed(registered.id, codec.indexes + codec.encode(value)))
        for number, value in enumerate(values)
    ]


def replayed(
    records: Sequence[RawRecord | None], project: Project, registry: Registry, **more: Any
) -> ReplayResult:
    return replay(records, TOPIC, candidates_for(project, TOPIC), registry, **{"last": 100, **more})


FIRST = Schema(record(ID))
SECOND = Schema(record(ID, TOTAL))


def avro_project(text: str) -> Project:
    return project_of(**{"OrderCreated.avsc": text, "orders.odcs.yaml": contract()})


def test_what_the_candidate_reads_is_counted_by_the_schema_of_its_writer(registry: Registry) -> None:
    records = [
        *written(registry, FIRST, {"order_id": "a"}, {"order_id": "b"}),
        *written(registry, SECOND, {"order_id": "c", "total": 1}, first=2),
    ]
    result = replayed(records, avro_project(record(ID, ("total", "long", 0))), registry)
    assert [(one.records, one.read, one.failures) for one in result.schemas] == [(2, 2, []), (1, 1, [])]
    assert result.schemas[0].name.endswith(f"({TOPIC}-value version 1)")


def test_what_it_cannot_read_is_told_with_places_and_reasons(registry: Registry) -> None:
    registered = written(registry, FIRST, {"order_id": "a"}, {"order_id": "b"})
    project = avro_project(record(ID, ("total", "long")))
    result = replayed(registered, project, registry)
    [one] = result.schemas
    assert [(failure.place.partition, failure.place.offset, failure.is_new) for failure in one.failures] == [
        (0, 0, True),
        (1, 1, True),
    ]
    [finding] = findings_of(result, project)
    assert (finding.rule, finding.contract) == ("REPLAY_RECORD_UNREADABLE", "orders.created")
    assert "2 of 2 records" in finding.message
    assert "0@0, 1@1" in finding.detail
    assert finding.at is not None
    assert finding.at.file == "OrderCreated.avsc"


def test_what_nobody_can_read_today_either_is_told_as_that(registry: Registry) -> None:
    records = written(registry, FIRST, {"order_id": "a"})
    written(registry, SECOND)
    project = avro_project(record(ID, ("total", "long"), ("note", "string", "")))
    [finding] = findings_of(replayed(records, project, registry), project)
    assert finding.rule == "REPLAY_RECORD_STILL_UNREADABLE"


def test_a_value_that_reads_otherwise_is_told_field_by_field(registry: Registry) -> None:
    records = written(registry, FIRST, {"order_id": "a"}, {"order_id": "b"})
    euros = record(ID, ("currency", "string", "EUR"))
    written(registry, Schema(euros))
    project = avro_project(euros.replace("EUR", "USD"))
    result = replayed(records, project, registry)
    assert [(one.field, one.today, one.candidate) for one in result.schemas[0].changed] == [
        ("currency", "EUR", "USD")
    ] * 2
    [finding] = findings_of(result, project)
    assert (finding.rule, finding.path) == ("REPLAY_VALUE_CHANGED", "currency")
    assert '"EUR" today, "USD" with the new schema' in finding.message
    assert finding.at is not None
    assert "currency" in finding.at.excerpt


def test_poison_is_counted_and_ends_nothing(registry: Registry) -> None:
    good = written(registry, FIRST, {"order_id": "a"})
    number = registry.latest(f"{TOPIC}-value").id
    records = [
        *good,
        raw(1, None),
        raw(2, b"no frame"),
        raw(3, b""),
        raw(4, framing.prefixed(SchemaId(4711), b"x")),
        raw(5, framing.prefixed(number, b"\xff\xff\xff")),
        None,
    ]
    project = avro_project(record(ID))
    result = replayed(records, project, registry)
    assert (result.seen, result.tombstones, len(result.nameless)) == (6, 1, 2)
    assert [(one.records, one.read, len(one.poison)) for one in result.schemas] == [(2, 1, 1), (1, 0, 1)]
    assert list(findings_of(result, project)) == []
    notes = list(notes_of(result))
    assert notes[0] == f"{TOPIC}: 3 of the last 6 records were decoded, 1 had no value"
    assert any("broken as they were written" in note for note in notes)
    assert any("2 records name no schema" in note for note in notes)


def test_a_record_may_name_its_schema_in_a_header(registry: Registry) -> None:
    registered = registry.register(f"{TOPIC}-value", FIRST)
    assert registered.guid is not None
    header = (framing.VALUE_HEADER, framing.header(registered.guid))
    record_ = raw(0, codec_for(FIRST).encode({"order_id": "a"}), [header])
    result = replayed([record_], avro_project(record(ID)), registry)
    assert [one.read for one in result.schemas] == [1]


def test_json_documents_are_validated_as_the_candidate_has_them(registry: Registry) -> None:
    def text(kind: str) -> str:
        return json.dumps({"type": "object", "properties": {"n": {"type": kind}}})

    records = written(registry, Schema(text("number"), SchemaType.JSON), {"n": 1}, {"n": 1.5})
    project = project_of(**{f"{TOPIC}-value.json": text("integer")})
    result = replayed(records, project, registry)
    assert [(failure.place.offset, failure.path) for failure in result.schemas[0].failures] == [(1, "n")]


@pytest.mark.parametrize("kind", ["int32", "bool"])
def test_protobuf_messages_are_read_as_the_candidate_has_them(registry: Registry, kind: str) -> None:
    def text(type_: str) -> str:
        return f'syntax = "proto3"; package shop; message Order {{ {type_} n = 1; }}'

    records = written(registry, Schema(text("int64"), SchemaType.PROTOBUF), {"n": 1}, {"n": 2**40})
    project = project_of(**{f"{TOPIC}-value.proto": text(kind)})
    [one] = replayed(records, project, registry).schemas
    assert [failure.place.offset for failure in one.failures] == [1]


def test_another_format_is_a_failure_and_no_crash(registry: Registry) -> None:
    records = written(registry, FIRST, {"order_id": "a"})
    project = project_of(**{f"{TOPIC}-value.json": '{"type": "object"}'})
    [one] = replayed(records, project, registry).schemas
    assert "cannot be read as JSON" in one.failures[0].reason


def test_of_several_events_the_one_of_the_same_name_is_the_candidate(registry: Registry) -> None:
    refund = Schema(record(("reason", "string"), name="Refund"))
    records = written(registry, refund, {"reason": "late"})
    files = [
        load(MemoryTree({f"{name}.avsc": text})) for name, text in (("A", FIRST.text), ("B", refund.text))
    ]
    candidates = [one for project in files for one in project.schemas.values()]
    [one] = replay(records, TOPIC, candidates, registry, last=10).schemas
    assert one.read == 1


def test_progress_is_told_as_records_are_looked_at(registry: Registry) -> None:
    told: list[int] = []
    records = written(registry, FIRST, *[{"order_id": "a"}] * 3)
    replayed(records, avro_project(record(ID)), registry, progress=told.append)
    assert told == [1, 2, 3]


def test_a_topic_that_no_schema_is_for_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no contract is about the topic 'elsewhere'"):
        candidates_for(avro_project(record(ID)), "elsewhere")


def test_the_sample_is_as_large_as_it_was_asked_for(registry: Registry) -> None:
    many = written(registry, FIRST, *[{"order_id": str(number)} for number in range(50)])
    few = written(registry, SECOND, {"order_id": "x", "total": 1}, first=50)
    result = replayed([*few, *many], avro_project(record(ID)), registry, last=10)
    assert sorted(one.records for one in result.schemas) == [1, 9]
