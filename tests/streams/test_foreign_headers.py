from dataclasses import dataclass

import pytest

import accord
from accord.codecs import DataFault, InvalidData
from accord.kafka import OutgoingRecord, RawRecord, TimestampType
from accord.streams.dead_letters import Author, History, dead_letters
from accord.streams.faults import Fault, FaultCode, Stage
from accord.streams.foreign_headers import Convention


@dataclass
class OrderLike:
    order_id: str


HISTORY = History(attempts=3, first_failed_at=1_700_000_000.0, failed_at=1_700_000_060.5)
RECORD = RawRecord(
    "orders", 4, 17, b"key", b"value", (("mine", b"1"),), 1_699_999_999_123, TimestampType.CREATE_TIME
)
TRUNCATED = Fault(
    Stage.VALUE, DataFault.TRUNCATED, InvalidData("the bytes end", fault=DataFault.TRUNCATED), 7
)


def letter(*also: Convention, fault: Fault = TRUNCATED, record: RawRecord = RECORD) -> OutgoingRecord:
    author = Author("cluster-1", "billing", "billing-7", also=also)
    return next(dead_letters(record, fault, HISTORY, topic="orders-dlq", author=author))


def test_springs_numbers_are_big_endian_bytes() -> None:
    headers = dict(letter("spring").headers)
    assert {name: value for name, value in headers.items() if name.startswith("kafka_dlt-")} == {
        "kafka_dlt-original-topic": b"orders",
        "kafka_dlt-original-partition": b"\0\0\0\4",
        "kafka_dlt-original-offset": b"\0\0\0\0\0\0\0\x11",
        "kafka_dlt-original-timestamp": (1_699_999_999_123).to_bytes(8, "big"),
        "kafka_dlt-original-timestamp-type": b"CreateTime",
        "kafka_dlt-original-consumer-group": b"billing",
        "kafka_dlt-exception-fqcn": b"accord.codecs.errors.InvalidData",
        "kafka_dlt-exception-message": b"the bytes end",
    }


def test_of_a_key_spring_tells_under_other_names_and_of_a_cause_too() -> None:
    error = ValueError("no key")
    error.__cause__ = KeyError("k")
    headers = dict(letter("spring", fault=Fault(Stage.KEY, FaultCode.KEY_NOT_UTF8, error)).headers)
    assert headers["kafka_dlt-key-exception-fqcn"] == b"builtins.ValueError"
    assert headers["kafka_dlt-key-exception-cause-fqcn"] == b"builtins.KeyError"
    assert "kafka_dlt-exception-fqcn" not in headers


def test_connect_has_text_alone() -> None:
    headers = dict(letter("connect").headers)
    assert {name: value for name, value in headers.items() if name.startswith("__connect")} == {
        "__connect.errors.topic": b"orders",
        "__connect.errors.partition": b"4",
        "__connect.errors.offset": b"17",
        "__connect.errors.connector.name": b"billing",
        "__connect.errors.task.id": b"billing-7",
        "__connect.errors.stage": b"VALUE_CONVERTER",
        "__connect.errors.class.name": b"accord.Consumer",
        "__connect.errors.exception.class.name": b"accord.codecs.errors.InvalidData",
        "__connect.errors.exception.message": b"the bytes end",
    }


def test_our_own_headers_and_the_records_are_there_all_the_same() -> None:
    plain, both = letter(), letter("connect", "spring")
    assert set(plain.headers) < set(both.headers)


def test_headers_do_not_grow_when_a_letter_is_put_aside_again() -> None:
    once = letter("connect", "spring")
    again = letter(
        "connect", "spring", record=RawRecord("orders-dlq", 0, 1, once.key, once.value, once.headers)
    )
    names = sorted(name for name, _ in again.headers)
    assert len(names) == len(set(names))
    assert set(names) <= {name for name, _ in once.headers}


@pytest.mark.parametrize("also", [["spring", "rabbit"], "spring"])
def test_a_convention_that_nobody_knows_is_a_wrong_setting(also: list[Convention]) -> None:
    contract = accord.contract("orders", OrderLike)
    with pytest.raises(accord.ConfigurationError, match="headers of"):
        accord.Consumer(
            "127.0.0.1:1",
            accord.Registry("http://127.0.0.1:1"),
            group="g",
            contracts=[contract],
            letters_also=also,
        )
