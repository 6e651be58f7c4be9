"""The rules of Protobuf: every incompatible kind of difference has one, and what their pages say of the bytes is so."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message import DecodeError, Message

from accord.findings import Severity
from accord.schemas.protobuf.rules import (
    JSON_NAME_CHANGED,
    MESSAGE_INDEX_MOVED,
    RESERVATION_BROKEN,
    RULE_OF,
    RULES,
)
from accord.schemas.rules import Rule

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def test_every_kind_of_difference_that_refuses_has_a_rule() -> None:
    assert set(RULE_OF) == {
        "PACKAGE_CHANGED",
        "MESSAGE_REMOVED",
        "FIELD_KIND_CHANGED",
        "FIELD_SCALAR_KIND_CHANGED",
        "FIELD_NAMED_TYPE_CHANGED",
        "FIELD_NUMERIC_LABEL_CHANGED",
        "ONEOF_FIELD_REMOVED",
        "MULTIPLE_FIELDS_MOVED_TO_ONEOF",
        "FIELD_MOVED_TO_EXISTING_ONEOF",
        "REQUIRED_FIELD_ADDED",
        "REQUIRED_FIELD_REMOVED",
    }
    assert [*RULE_OF.values()] == [rule for rule in RULES if rule.severity is Severity.ERROR]


@every_rule
def test_the_bytes_are_those_that_the_runtime_writes(
    rule: Rule, message_class: Callable[..., type[Message]]
) -> None:
    written = ParseDict(json.loads(rule.wire.value), message_class(written_by(rule), rule.wire.message)())
    assert data_of(rule).hex(" ") == written.SerializeToString(deterministic=True).hex(" ")


@every_rule
def test_the_runtime_makes_of_them_what_the_page_says_or_stops(
    rule: Rule, message_class: Callable[..., type[Message]]
) -> None:
    assert read(rule, message_class) == (None if rule.wire.read is None else json.loads(rule.wire.read))


def read(rule: Rule, message_class: Callable[..., type[Message]]) -> Any:
    """The record in JSON, None where the reader stops, has no such message, or cannot be built."""
    try:
        reader = message_class(read_by(rule), rule.wire.message)
        return MessageToDict(reader.FromString(data_of(rule)))
    except (KeyError, ValueError, DecodeError):
        return None


def test_a_record_of_a_removed_message_passes_for_another_one(
    message_class: Callable[..., type[Message]],
) -> None:
    rule = RULE_OF["MESSAGE_REMOVED"]
    assert MessageToDict(message_class(rule.example.new, "Order").FromString(data_of(rule))) == {"id": "late"}
    assert "an order with the id late" in rule.wire.outcome


def test_a_record_of_a_message_that_moved_passes_for_what_has_its_place_now(
    message_class: Callable[..., type[Message]],
) -> None:
    data = data_of(MESSAGE_INDEX_MOVED)
    header = message_class(MESSAGE_INDEX_MOVED.example.new).FromString(data)
    assert MessageToDict(header) == {"trace": "a-1"}
    assert "a header with the trace a-1" in MESSAGE_INDEX_MOVED.wire.outcome


def test_json_under_an_old_name_is_refused(message_class: Callable[..., type[Message]]) -> None:
    written = json.loads(JSON_NAME_CHANGED.wire.value)
    with pytest.raises(ParseError, match='has no field named "total"'):
        ParseDict(written, message_class(JSON_NAME_CHANGED.example.new)())


def test_a_record_from_before_a_reservation_is_read_as_the_new_field(
    message_class: Callable[..., type[Message]],
) -> None:
    order = message_class(RESERVATION_BROKEN.example.new)
    data = data_of(RESERVATION_BROKEN) + bytes.fromhex("12 02 35 35")
    assert MessageToDict(order.FromString(data)) == {"id": "a-1", "note": "55"}
    assert "12 02 35 35" in RESERVATION_BROKEN.wire.outcome


def test_a_record_without_a_required_field_is_handed_out_and_not_written_again(
    message_class: Callable[..., type[Message]],
) -> None:
    rule = RULE_OF["REQUIRED_FIELD_ADDED"]
    order = message_class(rule.example.new).FromString(data_of(rule))
    assert not order.IsInitialized()
    with pytest.raises(Exception, match="missing required fields: email"):
        order.SerializeToString()


def written_by(rule: Rule) -> str:
    return rule.example.new if rule.wire.candidate_writes else rule.example.old


def read_by(rule: Rule) -> str:
    return rule.example.old if rule.wire.candidate_writes else rule.example.new


def data_of(rule: Rule) -> bytes:
    return bytes.fromhex("".join(piece for piece, _ in rule.wire.pieces))
