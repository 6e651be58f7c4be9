"""``accord records`` as whoever looks at a topic meets it."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from accord.cli.main import run
from accord.client import Registry
from accord.codecs import codec_for, framing
from accord.schemas import Schema, SchemaId, SchemaType
from accord.streams.composing import Composer
from accord.testing import LoopbackRegistry, MockBroker, OutgoingRecord, registry

ORDER = Schema(
    json.dumps(
        {
            "type": "record",
            "name": "Order",
            "namespace": "com.example",
            "fields": [
                {"name": "id", "type": "string"},
                {
                    "name": "amount",
                    "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
                },
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "note", "type": ["null", "string"], "default": None},
            ],
        }
    )
)
GOOD = {"id": "o-1", "amount": "9.50", "at": "2026-03-01T12:00:00Z", "note": None}

Accord = Callable[..., tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class Shop:
    """A broker and a registry with the schema of orders under ``schema_id``."""

    broker: MockBroker
    registry: LoopbackRegistry
    schema_id: int
    accord: Accord

    def write(self, *values: dict[str, Any] | None, key: str = "k") -> None:
        """Put orders on the topic, past the command: a producer that takes care needs half a second to begin."""
        composer = Composer("orders", ORDER, SchemaId(self.schema_id), {}, key=key.encode())
        self.broker.write(*(composer.from_value(json.dumps(value)) for value in values))

    def tail(self, *arguments: str) -> list[dict[str, Any]]:
        code, out, err = self.accord("tail", "orders", "--format", "jsonl", *arguments)
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[LoopbackRegistry, int]]:
    with registry() as started, Registry(started.url) as client:
        yield started, client.register("orders-value", ORDER).id


@pytest.fixture
def shop(
    accord_broker: MockBroker,
    served: tuple[LoopbackRegistry, int],
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> Shop:
    accord_broker.create_topic("orders", partitions=2)
    started, schema_id = served

    def accord(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfdbinary.readouterr()
        places = ("--kafka", accord_broker.bootstrap_servers, "--registry", started.url)
        code = run(["records", *places, *arguments])
        told = capfdbinary.readouterr()
        return code, told.out.decode(), told.err.decode()

    return Shop(accord_broker, started, schema_id, accord)


def test_what_is_written_is_shown_as_it_was_spelled(shop: Shop) -> None:
    code, out, _ = shop.accord(
        "produce", "orders", "--key", "o-1", "--header", "trace=a=b", "--value", json.dumps(GOOD)
    )
    [record] = shop.tail()

    assert code == 0
    assert out == f"orders[{record['partition']}]@0\n"
    assert record["value"] == GOOD
    assert record["valueForm"] == "avro"
    assert record["valueSchema"] == {"id": shop.schema_id, "subject": "orders-value", "version": 1}
    assert (record["key"], record["keyForm"]) == ("o-1", "text")
    assert record["headers"] == [{"name": "trace", "value": "a=b"}]
    assert record["timestampType"] == "create-time"


def test_people_see_where_what_and_why_not(shop: Shop) -> None:
    shop.write(GOOD, None)
    shop.broker.write(
        OutgoingRecord("orders", b"\xff", b'{"plain": 1}', (("trace", b"\xff"), ("note", b"x"), ("no", None)))
    )

    _, out, _ = shop.accord("tail", "orders")

    assert f"orders-value v1 (id {shop.schema_id})\n" in out
    assert '  {"id": "o-1", "amount": "9.50", "at": "2026-03-01T12:00:00Z", "note": null}\n' in out
    assert "  (tombstone)\n" in out
    assert "key=/w==" in out
    assert "  trace: /w==\n  note: x\n  no: None\n" in out
    assert '  {"plain": 1}\n  not decoded: the value starts with byte 0x7b instead of 0x00\n' in out


@pytest.mark.parametrize(
    ("value", "form", "spelled", "why"),
    [
        (b"", "text", "", "zero bytes"),
        (b"hello", "text", "hello", "0x68"),
        (b"[1, 2]", "json", [1, 2], "0x5b"),
        (b"{broken", "text", "{broken", "0x7b"),
        (b"\xff\xfe", "bytes", "//4=", "0xff"),
        (b"\0\0\0\x03\xe7abc", "bytes", "AAAAA+dhYmM=", "999"),
        (b"\0\0", "bytes", "AAA=", "2 bytes"),
    ],
)
def test_a_bad_record_is_shown_as_what_it_is_and_why(
    shop: Shop, value: bytes, form: str, spelled: object, why: str
) -> None:
    shop.broker.write(OutgoingRecord("orders", None, value))

    [record] = shop.tail()

    assert (record["valueForm"], record["value"]) == (form, spelled)
    assert why in record["valueFault"]
    assert (record["key"], record["keyForm"]) == (None, "null")


def test_no_record_steers_the_terminal(shop: Shop) -> None:
    shop.write({**GOOD, "id": "\x9b31m \u202e \x1b[2J \x7f ü"}, key="a\nb")

    for shape in ("text", "jsonl", "value"):
        _, out, _ = shop.accord("tail", "orders", "--format", shape)
        assert not set(out) & set("\x9b\u202e\x1b\x7f")
        assert "ü" in out
        assert shape != "text" or 'key="a\\nb"' in out
    assert shop.tail()[0]["value"]["id"] == "\x9b31m \u202e \x1b[2J \x7f ü"


@pytest.mark.parametrize("value", ['{"a": "\\ud800"}', "[" * 400 + "]" * 400])
def test_what_can_hardly_be_written_is_shown(shop: Shop, value: str) -> None:
    shop.broker.write(OutgoingRecord("orders", b"k", value.encode()))

    for shape in ("text", "jsonl", "json", "value"):
        code, out, err = shop.accord("tail", "orders", "--format", shape)
        assert (code, out != "") == (0, True), err


def test_a_truncated_record_does_not_hide_the_next(shop: Shop) -> None:
    shop.write(GOOD)
    [whole] = shop.broker.records("orders")
    assert whole.value is not None
    shop.broker.write(OutgoingRecord("orders", b"k", whole.value[:-3]))
    shop.write(GOOD)

    faults = [record.get("valueFault") for record in shop.tail()]

    assert [fault is None for fault in faults] == [True, False, True]


def test_a_header_names_the_schema_before_the_value_does(shop: Shop) -> None:
    client = shop.registry.client()
    guid = client.latest("orders-value").guid
    shop.write(GOOD)
    [record] = shop.broker.records("orders")
    assert record.value is not None
    assert guid is not None
    header = (framing.VALUE_HEADER, framing.header(guid))
    shop.broker.write(OutgoingRecord("orders", b"h", record.value[5:], (header,)))

    [shown] = shop.tail("--key", "h")

    assert shown["value"] == GOOD
    assert shown["valueSchema"]["guid"] == guid


def test_a_key_with_a_schema_is_decoded_and_a_number_is_not_taken_for_one(shop: Shop) -> None:
    client = shop.registry.client()
    schema = Schema('{"type": "record", "name": "Key", "fields": [{"name": "id", "type": "int"}]}')
    number = client.register("orders-key", schema).id
    key = framing.prefixed(number, codec_for(schema).encode({"id": 7}))
    shop.broker.write(
        OutgoingRecord("orders", key, None), OutgoingRecord("orders", (2**31).to_bytes(8, "big"), None)
    )

    keys = [(record["keyForm"], record["key"]) for record in shop.tail()]

    assert sorted(keys, key=str) == [("avro", {"id": 7}), ("bytes", "AAAAAIAAAAA=")]


def test_without_a_registry_records_are_shown_as_bytes(shop: Shop) -> None:
    shop.write(GOOD)
    servers = shop.broker.bootstrap_servers

    _, out, _ = shop.accord("--registry", "none", "--kafka", servers, "tail", "orders", "--format", "jsonl")

    assert json.loads(out)["valueFault"] == "no registry was named that could tell its schema"


def test_an_outage_of_the_registry_is_told_with_each_record_and_ends_nothing(shop: Shop) -> None:
    shop.write(GOOD, GOOD)
    shop.registry.down()

    records = shop.tail()
    shop.registry.up()

    assert len(records) == 2
    assert all(record["valueForm"] == "bytes" and record["valueFault"] for record in records)


def test_formats_for_programs(shop: Shop) -> None:
    assert json.loads(shop.accord("tail", "orders", "--format", "json")[1]) == []
    shop.write(GOOD, {**GOOD, "id": "o-2"})

    listed = json.loads(shop.accord("tail", "orders", "--format", "json")[1])
    values = [json.loads(line) for line in shop.accord("tail", "orders", "--format", "value")[1].splitlines()]
    shop.broker.write(OutgoingRecord("other", b"1", b"plain"), OutgoingRecord("other", b"1", None))
    raw = shop.accord("tail", "other", "--format", "raw", "--limit", "2")[1]

    assert [record["offset"] for record in listed] == [0, 1]
    assert values == [GOOD, {**GOOD, "id": "o-2"}]
    assert raw == "plain\n\n"


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ((), ["a", "b", "c", "d"]),
        (("--from", "earliest", "--limit", "2"), ["a", "b"]),
        (("--from", "2"), ["c", "d"]),
        (("--from", "99"), []),
        (("--from", "-1"), ["d"]),
        (("--from", "-99"), ["a", "b", "c", "d"]),
        (("--from", "latest"), []),
        (("--key", "other"), []),
        (("--where", "value.id > 'b'"), ["c", "d"]),
        (("--where", "double(value.amount) == 9.5 && partition < 2 && value.id == 'a'"), ["a"]),
        (("--where", "timestamp(value.at) < timestamp('2020-01-01T00:00:00Z')"), []),
        (("--where", "subject == 'orders-value' && version == 1 && offset == 1 && key == 'k'"), ["b"]),
        (("--where", "form == 'avro' && fault == '' && has(headers.none)"), []),
    ],
)
def test_a_part_of_a_topic(shop: Shop, arguments: tuple[str, ...], ids: list[str]) -> None:
    shop.write(*({**GOOD, "id": name} for name in "abcd"))

    assert [record["value"]["id"] for record in shop.tail(*arguments)] == ids


@pytest.mark.soak
def test_a_partition_of_a_topic(shop: Shop) -> None:
    for number in "01":
        shop.accord("produce", "orders", "--partition", number, "--value", json.dumps(GOOD))

    assert [record["partition"] for record in shop.tail("--partition", "1")] == [1]


def test_records_that_an_expression_has_no_answer_for_are_counted(shop: Shop) -> None:
    shop.write(GOOD, GOOD)

    code, out, err = shop.accord("tail", "orders", "--where", "value.nope > 1")

    assert (code, out) == (0, "")
    assert (
        "2 records left out for which the expression had no answer, the last because there is no 'nope'"
        in err
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--where", "value. > 1"), "column 8"),
        (("--where", "valu.id == 'a'"), "'valu'"),
        (("--from", "yesterday"), "yesterday"),
        (("--partition", "7"), "no partition 7"),
    ],
)
def test_what_cannot_be_asked_is_refused_as_a_fault_of_use(
    shop: Shop, arguments: tuple[str, ...], told: str
) -> None:
    shop.write(GOOD)

    code, out, err = shop.accord("tail", "orders", *arguments)

    assert (code, out) == (2, "")
    assert told in err


def test_every_bad_line_is_told_and_nothing_is_written(shop: Shop) -> None:
    lines = [
        json.dumps(GOOD),
        "",
        "{broken",
        json.dumps({**GOOD, "amount": "9.505"}),
        json.dumps({**GOOD, "at": "yesterday"}),
        json.dumps({**GOOD, "extra": 1}),
        json.dumps({**GOOD, "amount": 9.5}),
        json.dumps({"id": "x"}),
        "null",
    ]

    code, out, err = shop.accord("produce", "orders", stdin="\n".join(lines))

    assert (code, out) == (2, "")
    for line, what in (
        (3, "no JSON"),
        (4, "amount"),
        (5, "at: 'yesterday'"),
        (6, "extra: there is no such field"),
        (7, "amount"),
        (8, "amount"),
        (9, "key: a tombstone"),
    ):
        [told] = [text for text in err.splitlines() if f"line {line}:" in text]
        assert what in told
    assert shop.broker.records("orders") == []


@pytest.mark.soak
def test_a_topic_is_copied_with_keys_and_headers(shop: Shop) -> None:
    shop.broker.create_topic("copies")
    shop.accord("produce", "orders", "--key", "o-1", "--header", "a=b", "--value", json.dumps(GOOD))
    shop.write(None, key="o-2")
    shop.broker.write(OutgoingRecord("orders", b"\xff", None, (("h", b"\xff"), ("n", None))))
    _, lines, _ = shop.accord("tail", "orders", "--format", "jsonl")

    code, _, err = shop.accord("produce", "copies", "--records", "--subject", "orders-value/1", stdin=lines)

    def contents(topic: str) -> set[tuple[object, ...]]:
        return {(each.key, each.value, each.headers) for each in shop.broker.records(topic)}

    assert code == 0, err
    assert contents("copies") == contents("orders")


@pytest.mark.parametrize(
    ("type_", "text", "form", "value"),
    [
        (
            SchemaType.PROTOBUF,
            'syntax = "proto3"; message Note { string text = 1; bytes data = 2; int64 size = 3; }',
            "protobuf",
            {"text": "hello", "data": "/w==", "size": 2**60},
        ),
        (
            SchemaType.JSON,
            '{"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}',
            "json-schema",
            {"n": 1.5},
        ),
    ],
)
def test_the_other_formats_are_written_and_shown(
    shop: Shop, type_: SchemaType, text: str, form: str, value: dict[str, object]
) -> None:
    topic = f"notes-{form}"
    shop.broker.create_topic(topic)
    shop.registry.client().register(f"{topic}-value", Schema(text, type_))

    code, _, err = shop.accord("produce", topic, "--value", json.dumps(value))
    _, out, _ = shop.accord("tail", topic, "--format", "jsonl")
    refused, _, why = shop.accord("produce", topic, "--value", json.dumps({"n": "x", "size": "x"}))

    assert code == 0, err
    assert (json.loads(out)["valueForm"], json.loads(out)["value"]) == (form, value)
    assert (refused, "nothing was written" in why) == (2, True)


def test_bytes_are_written_as_they_are_on_request(shop: Shop) -> None:
    code, _, _ = shop.accord("produce", "orders", "--raw", "--key", "k", stdin="plain\r\ntext\n")

    assert code == 0
    assert [record.value for record in shop.broker.records("orders")] == [b"plain", b"text"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nowhere",), 2, "no topic 'nowhere'"),
        (("orders", "--subject", "nothing"), 2, "the registry has no schema for 'orders'"),
        (("orders", "--subject", "orders-value/9"), 2, "the registry has no schema for 'orders'"),
        (("orders", "--partition", "9"), 2, "no partition 9"),
        (("orders", "--raw", "--records"), 2, "contradict"),
        (("orders", "--header", "novalue"), 2, "novalue"),
        (("orders", "--header", "\udcff=x"), 2, "no UTF-8 text"),
    ],
)
def test_what_cannot_be_written_is_refused_before(
    shop: Shop, arguments: tuple[str, ...], code: int, told: str
) -> None:
    shop.broker.write(OutgoingRecord("orders", None, b"x"))

    answer, _, err = shop.accord("produce", *arguments, "--value", json.dumps(GOOD))

    assert answer == code
    assert told in err


def test_records_that_the_brokers_refuse_are_told(shop: Shop) -> None:
    shop.broker.fail("Produce", "MSG_SIZE_TOO_LARGE")

    code, _, err = shop.accord("produce", "orders", "--value", json.dumps(GOOD))

    assert code == 3
    assert "record 1: " in err
    assert "0 of 1 records were written" in err


def test_where_a_record_is_can_be_read_by_programs(shop: Shop) -> None:
    _, out, _ = shop.accord(
        "produce", "orders", "--schema-id", str(shop.schema_id), "--partition", "1", "--format", "json",
        "--value", json.dumps(GOOD),
    )  # fmt: skip

    assert json.loads(out) == [{"topic": "orders", "partition": 1, "offset": 0}]


def test_a_header_whose_name_would_crash_the_client_is_a_wrong_line(shop: Shop) -> None:
    line = json.dumps({"value": GOOD, "headers": [{"name": "\udcff", "value": "x"}]})

    code, _, err = shop.accord("produce", "orders", "--key", "k", "--records", stdin=f"{line}\n")

    assert "cannot be sent" in err
    assert code == 2
