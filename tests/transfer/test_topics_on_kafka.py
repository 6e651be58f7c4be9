"""A ``_schemas`` topic on real brokers, as a source and as a target."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accord.cli.main import run
from accord.cluster import Cluster
from accord.kafka import (
    KafkaRefused,
    KafkaSettings,
    OutgoingRecord,
    TopicNotFound,
    TopicSpec,
    admin,
    read_topic,
    send_raw,
)
from accord.registry.log.port import Record
from accord.transfer import dump
from accord.transfer.errors import PlaceRefused, TargetDiffers
from accord.transfer.ports import Row, Taken
from accord.transfer.reports import Merge
from accord.transfer.topic import TopicSource, TopicTarget

pytestmark = pytest.mark.kafka


@pytest.fixture
def kafka(kafka_cluster: Cluster) -> KafkaSettings:
    return KafkaSettings(kafka_cluster.bootstrap_servers)


@pytest.fixture
def topic(kafka: KafkaSettings) -> Iterator[str]:
    """The name of a topic that is not there yet."""
    name = f"_schemas-{uuid.uuid4()}"
    yield name
    try:
        admin.delete_topics(kafka, [name])
    except KafkaRefused:
        return


def test_records_go_to_a_topic_and_back(
    kafka: KafkaSettings, topic: str, rows: list[Record], watcher: Any
) -> None:
    # Kafka takes a time of 0 for "now".
    rows = rows[:5]

    assert TopicTarget(kafka, topic).take(Row(rows), watcher) == Taken(written=5, found=0)

    assert list(TopicSource(kafka, topic).read(watcher).records) == rows
    [description] = admin.describe_topics(kafka, [topic])
    assert [len(one.replicas) for one in description.partitions] == [3]
    config = admin.topic_config(kafka, topic)
    assert (config["cleanup.policy"], config["min.insync.replicas"]) == ("compact", "2")


def test_an_import_that_was_interrupted_goes_on_where_it_was(
    kafka: KafkaSettings, topic: str, record: Any, watcher: Any
) -> None:
    rows = [record(f"key-{number}", "v" if number % 3 else None) for number in range(2500)]
    TopicTarget(kafka, topic).take(Row(rows[:1300]), watcher)

    assert TopicTarget(kafka, topic).take(Row(rows), watcher) == Taken(written=1200, found=1300)
    assert TopicTarget(kafka, topic).take(Row(rows), watcher) == Taken(written=0, found=2500)

    assert list(TopicSource(kafka, topic).read(watcher).records) == rows


def test_a_topic_that_holds_something_else_is_left_alone(
    kafka: KafkaSettings, topic: str, rows: list[Record], watcher: Any
) -> None:
    TopicTarget(kafka, topic).take(Row(rows), watcher)

    with pytest.raises(TargetDiffers, match="holds something else: its record 0"):
        TopicTarget(kafka, topic).take(Row(rows[1:]), watcher)

    assert len(list(read_topic(kafka, topic))) == len(rows)


def test_a_topic_that_is_no_log_of_a_registry_is_refused(
    kafka: KafkaSettings, topic: str, watcher: Any
) -> None:
    with pytest.raises(TopicNotFound):
        TopicSource(kafka, topic).read(watcher)

    admin.create_topics(kafka, [TopicSpec(topic, partitions=1, config={"cleanup.policy": "delete"})])
    with pytest.raises(PlaceRefused, match=r"cleanup\.policy=delete: it would forget what it holds"):
        TopicTarget(kafka, topic).take(Row([]), watcher)

    admin.delete_topics(kafka, [topic])
    other = f"{topic}-wide"
    admin.create_topics(kafka, [TopicSpec(other, partitions=2)])
    for use in (TopicSource(kafka, other).read, lambda told: TopicTarget(kafka, other).take(Row([]), told)):
        with pytest.raises(PlaceRefused, match="has 2 partitions"):
            use(watcher)
    admin.delete_topics(kafka, [other])


def test_a_record_without_a_key_is_left_out_and_told(
    kafka: KafkaSettings, topic: str, record: Any, watcher: Any
) -> None:
    admin.create_topics(kafka, [TopicSpec(topic)])
    send_raw(
        kafka, [OutgoingRecord(topic, None, b"stray"), OutgoingRecord(topic, b"k", b"v", timestamp_ms=7)]
    )

    assert list(TopicSource(kafka, topic).read(watcher).records) == [record("k", "v", 7)]

    assert watcher.losses == [f"the record at offset 0 of '{topic}' has no key, and no registry reads it"]


def test_the_command_line_moves_a_topic_and_examines_it(
    kafka: KafkaSettings, topic: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded = tmp_path / "topic.txt"
    key, old_key = (f'{{"keytype":"SCHEMA","subject":"s","version":1,"magic":{magic}}}' for magic in (1, 0))
    value = '{"subject":"s","version":1,"id":1,"schema":"\\"int\\"","deleted":false}'
    recorded.write_text(
        f"CreateTime:5\t{old_key}\t{value}\nCreateTime:6\t{key}\t{value}\nCreateTime:7\t{key}\tnull\n"
    )
    place = f"kafka://{kafka.bootstrap_servers}/{topic}"
    config = tmp_path / "client.properties"
    config.write_text("client.id=mover\n")

    assert run(["registry", "--kafka-config", str(config), "import", str(recorded), "--to", place]) == 0
    assert run(["registry", "export", place, "-o", str(tmp_path / "dump.jsonl")]) == 0
    with (tmp_path / "dump.jsonl").open("rb") as lines:
        moved = dump.read("dump", lines).records
    assert [(one.key.decode(), one.value is None, one.timestamp_ms) for one in moved] == [
        (old_key, False, 5),
        (key, False, 6),
        (key, True, 7),
    ]

    assert run(["registry", "doctor", place, "--mend", "-o", str(tmp_path / "mended.jsonl")]) == 0
    told = capsys.readouterr()
    assert "LOG_KEY_WITH_TWIN" in told.out
    assert f"--to {place}_mended, then start them with the topic {topic}_mended" in told.err


def test_reports_go_to_a_topic_of_their_own_beside_and_back(
    kafka: KafkaSettings, topic: str, rows: list[Record], watcher: Any
) -> None:
    beside = topic.replace("_schemas", "_accord")
    key = b'{"keytype":"ROLLOUT","id":"r"}'
    first, second = Record(key, b'{"id":"r","state":"running"}', 5), Record(key, b'{"id":"r"}', 6)
    target = TopicTarget(kafka, topic, reports_topic=beside)

    try:
        taken = target.take(Row(rows[:5], reports=[first]), watcher)
        assert (taken.written, taken.reports) == (5, Merge((first,)))
        assert target.take(Row(rows[:5], reports=[second]), watcher).reports == Merge((second,))
        assert target.take(Row(rows[:5], reports=[second]), watcher).reports == Merge(found=1)

        row = TopicSource(kafka, topic, reports_topic=beside).read(watcher)
        assert (list(row.records), row.reports) == (rows[:5], [first, second])
        assert TopicSource(kafka, topic, reports_topic=f"{beside}-none").read(watcher).reports is None
        [description] = admin.describe_topics(kafka, [beside])
        assert len(description.partitions) == 1
        assert admin.topic_config(kafka, beside)["cleanup.policy"] == "compact"
    finally:
        admin.delete_topics(kafka, [beside])
