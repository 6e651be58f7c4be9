import uuid
from dataclasses import replace

import pytest

from accord.codecs import DataFault, InvalidData
from accord.kafka import OutgoingRecord, RawRecord, TimestampType
from accord.streams.dead_letters import Author, History, dead_letters, letter_id
from accord.streams.faults import Fault, Stage

AUTHOR = Author("cluster-1", "billing", "billing-7")
HISTORY = History(
    attempts=3, first_failed_at=1_700_000_000.0, failed_at=1_700_000_060.5, subject="orders-value"
)
RECORD = RawRecord(
    "orders",
    4,
    17,
    b"key\xff",
    b"\x00\x00\x00\x00\x07rest",
    (("traceparent", b"00-abc"), ("empty", None), ("twice", b"1"), ("twice", b"2")),
    1_699_999_999_123,
    TimestampType.CREATE_TIME,
)


FAILURE = InvalidData("the bytes end 3 too early", fault=DataFault.TRUNCATED, path="amount")


def letters(record: RawRecord = RECORD, author: Author = AUTHOR) -> list[OutgoingRecord]:
    fault = Fault(Stage.VALUE, DataFault.TRUNCATED, FAILURE, 7)
    return list(dead_letters(record, fault, HISTORY, topic="orders-dlq", author=author))


def told(letter: OutgoingRecord) -> dict[str, str]:
    prefix = "accord-dlq-"
    return {
        name.removeprefix(prefix): (value or b"").decode()
        for name, value in letter.headers
        if name.startswith(prefix)
    }


def test_a_schema_that_was_named_by_its_guid_is_told_so() -> None:
    fault = Fault(
        Stage.VALUE, DataFault.TRUNCATED, FAILURE, schema_guid="5f0f5c55-9a53-4b1c-8f5f-4f108d6b6a4e"
    )
    letter = next(dead_letters(RECORD, fault, HISTORY, topic="orders-dlq", author=AUTHOR))
    assert told(letter)["schema-guid"] == "5f0f5c55-9a53-4b1c-8f5f-4f108d6b6a4e"
    assert "schema-id" not in told(letter)


def test_the_first_form_has_the_original_bytes_and_headers() -> None:
    letter = letters()[0]
    assert (letter.topic, letter.key, letter.value) == ("orders-dlq", RECORD.key, RECORD.value)
    assert letter.headers[: len(RECORD.headers)] == RECORD.headers


def test_the_headers_say_what_happened_in_text() -> None:
    assert told(letters()[0]) == {
        "id": letter_id(RECORD, AUTHOR),
        "topic": "orders",
        "partition": "4",
        "offset": "17",
        "timestamp": "2023-11-14T22:13:19.123+00:00",
        "timestamp-type": "create-time",
        "group": "billing",
        "client": "billing-7",
        "attempts": "3",
        "first-failed-at": "2023-11-14T22:13:20.000+00:00",
        "failed-at": "2023-11-14T22:14:20.500+00:00",
        "stage": "value",
        "error-code": "TRUNCATED",
        "error-class": "accord.codecs.errors.InvalidData",
        "error-message": "amount: the bytes end 3 too early",
        "schema-id": "7",
        "subject": "orders-value",
    }


def test_the_letter_is_written_now_and_keeps_the_old_time_in_a_header() -> None:
    assert letters()[0].timestamp_ms is None


@pytest.mark.parametrize(
    ("record", "author"),
    [
        (RawRecord("orders", 4, 18, None, None), AUTHOR),
        (RawRecord("orders", 5, 17, None, None), AUTHOR),
        (RawRecord("others", 4, 17, None, None), AUTHOR),
        (RECORD, Author("cluster-2", "billing", "billing-7")),
        (RECORD, Author("cluster-1", "shipping", "billing-7")),
    ],
)
def test_every_place_and_group_has_an_id_of_its_own(record: RawRecord, author: Author) -> None:
    assert letter_id(record, author) != letter_id(RECORD, AUTHOR)


def test_the_id_is_the_same_whoever_writes_the_letter() -> None:
    assert letter_id(RECORD, Author("cluster-1", "billing", "another-member")) == letter_id(RECORD, AUTHOR)
    assert uuid.UUID(letter_id(RECORD, AUTHOR)).version == 5


def test_a_record_that_fails_again_has_its_old_story_replaced() -> None:
    again = RawRecord("orders", 4, 17, None, b"x", (("accord-dlq-error-code", b"OLD"), ("mine", b"1")))
    letter = letters(again)[0]
    assert [value for name, value in letter.headers if name == "accord-dlq-error-code"] == [b"TRUNCATED"]
    assert ("mine", b"1") in letter.headers


def test_smaller_forms_drop_the_value_first_and_then_everything_original() -> None:
    whole, without_value, coordinates = letters()
    assert "truncated" not in told(whole)
    assert (without_value.key, without_value.value) == (RECORD.key, None)
    assert told(without_value)["truncated"] == "value"
    assert ("traceparent", b"00-abc") in without_value.headers
    assert (coordinates.key, coordinates.value) == (None, None)
    assert told(coordinates)["truncated"] == "all"
    assert ("traceparent", b"00-abc") not in coordinates.headers
    assert told(coordinates)["offset"] == "17"


def test_a_stack_trace_is_there_only_if_asked_for_and_the_first_to_go() -> None:
    assert "stacktrace" not in told(letters()[0])
    first, second, *_ = letters(author=Author("cluster-1", "billing", "billing-7", stacktraces=True))
    assert "InvalidData" in told(first)["stacktrace"]
    assert "stacktrace" not in told(second)
    assert first.value == second.value == RECORD.value


def test_an_endless_message_is_cut_and_odd_characters_are_written_anyway() -> None:
    fault = Fault(Stage.HANDLER, "HANDLER_FAILED", ValueError("\ud800" + "x" * 10_000))
    letter = next(dead_letters(RECORD, fault, HISTORY, topic="orders-dlq", author=AUTHOR))
    assert len(told(letter)["error-message"]) == 1000
    assert "schema-id" not in told(letter)


def test_a_timestamp_that_no_calendar_has_makes_no_trouble() -> None:
    letter = letters(replace(RECORD, timestamp_ms=1_700_000_000_000_000_000))[0]
    assert told(letter)["timestamp"] == "1700000000000000000 ms"
