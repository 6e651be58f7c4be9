"""``accord check --replay`` on a real Kafka."""

import json
import uuid
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.contracts.check.order_files import ID, TOTAL, contract, record

from accord.cli.main import run
from accord.cluster import Cluster
from accord.codecs import codec_for, framing
from accord.kafka import KafkaSettings, OutgoingRecord, TopicSpec, admin, write_topic
from accord.schemas import Schema, SchemaType
from accord.testing import registry as serve

pytestmark = pytest.mark.kafka


def proto(kind: str) -> str:
    return f'syntax = "proto3"; package shop; message Order {{ string order_id = 1; {kind} total = 2; }}'


def document(kind: str) -> str:
    return json.dumps({"type": "object", "properties": {"total": {"type": kind}}})


class Case(NamedTuple):
    kind: SchemaType
    ending: str
    before: str
    now: str

    def value(self, number: int) -> dict[str, Any]:
        return {"total": number} if self.kind is SchemaType.JSON else {"order_id": "a", "total": number}


CASES = [
    Case(SchemaType.AVRO, "avsc", record(ID, TOTAL), record(ID, TOTAL, ("email", "string"))),
    Case(SchemaType.JSON, "json", document("number"), document("string")),
    Case(SchemaType.PROTOBUF, "proto", proto("int64"), proto("string")),
]


@pytest.mark.parametrize("case", CASES, ids=[case.ending for case in CASES])
def test_real_records_are_decoded_with_the_candidate(
    kafka_cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: Case,
) -> None:
    topic, servers = f"replay-{uuid.uuid4()}", kafka_cluster.bootstrap_servers
    admin.create_topics(KafkaSettings(servers), [TopicSpec(topic, partitions=3, replication=3)])
    schema = Schema(case.before, case.kind)
    codec = codec_for(schema)
    (tmp_path / f"Order.{case.ending}").write_text(case.now, encoding="utf-8")
    (tmp_path / "orders.odcs.yaml").write_text(
        contract(topic=topic, file=f"Order.{case.ending}"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    with serve() as registry, registry.client() as client:
        number = client.register(f"{topic}-value", schema).id
        good = [framing.prefixed(number, codec.indexes + codec.encode(case.value(n))) for n in range(30)]
        values = [*good, b"poison", None]
        write_topic(servers, [OutgoingRecord(topic, str(n).encode(), one) for n, one in enumerate(values)])
        places = ["--kafka", servers, "--registry", registry.url]
        against = ["--against", f"dir:{tmp_path}"]
        code = run(["check", *against, *places, "--replay", topic, "--last", "20", "--format", "json"])

    told = json.loads(capsys.readouterr().out)
    found = [one for one in told["findings"] if one["rule"].startswith("REPLAY_")]
    assert any(
        f"{topic}: 20 of the last 32 records were decoded, 1 had no value" in note
        for note in told["summary"]["notes"]
    )
    assert any("name no schema" in note or "names no schema" in note for note in told["summary"]["notes"])
    assert (code, {one["rule"] for one in found}) == (1, {"REPLAY_RECORD_UNREADABLE"})
