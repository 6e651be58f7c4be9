from dataclasses import dataclass
from typing import Any

import msgspec
import pydantic
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

import accord
from accord.codecs import ModelDoesNotFit
from accord.errors import ConfigurationError
from accord.schemas import InvalidSchema, Reference, SchemaType, Subject, Version
from accord.streams.contract import SubjectNaming


@dataclass(frozen=True)
class Order:
    order_id: str
    amount: float


@dataclass(frozen=True)
class Money:
    cents: int


@dataclass(frozen=True)
class Payment:
    amount: Money


SCHEMA = (
    '{"type":"record","name":"Order","namespace":"com.example","fields":'
    '[{"name":"order_id","type":"string"},{"name":"amount","type":"double"}]}'
)


def test_a_contract_follows_from_topic_and_class() -> None:
    orders = accord.contract("orders", Order, namespace="com.example")
    assert (orders.topic, orders.subject, orders.dead_letter_topic) == (
        "orders",
        "orders-value",
        "orders-dlq",
    )
    assert orders.schema.text == SCHEMA
    assert orders.model is Order


def test_a_schema_may_be_given_and_a_subject_named() -> None:
    orders = accord.contract("orders", Order, schema=SCHEMA, subject="Order")
    same = accord.contract("orders", Order, schema=accord.Schema(SCHEMA), subject="Order")
    assert (same.schema, same.subject) == (orders.schema, orders.subject) == (accord.Schema(SCHEMA), "Order")


@pytest.mark.parametrize(
    ("naming", "subject"),
    [
        (SubjectNaming.TOPIC, "orders-value"),
        (SubjectNaming.RECORD, "com.example.Order"),
        (SubjectNaming.TOPIC_RECORD, "orders-com.example.Order"),
    ],
)
def test_a_subject_may_follow_from_topic_and_event(naming: SubjectNaming, subject: str) -> None:
    orders = accord.contract("orders", Order, namespace="com.example", subject=naming)
    assert (orders.subject, orders.event) == (subject, "com.example.Order")


def test_a_schema_may_refer_to_others() -> None:
    money = accord.Schema('{"type":"record","name":"Money","fields":[{"name":"cents","type":"long"}]}')
    text = '{"type":"record","name":"Payment","fields":[{"name":"amount","type":"Money"}]}'
    schema = accord.Schema(text, references=(Reference("Money", Subject("money"), Version(1)),))
    payments = accord.contract("payments", Payment, schema=schema, referenced={"Money": money})
    event = Payment(Money(120))
    assert payments.codec.decode(payments.encode(event)) == event
    with pytest.raises(InvalidSchema):
        accord.contract("payments", Payment, schema=schema)


def test_contracts_are_told_apart_by_identity() -> None:
    orders = accord.contract("orders", Order)
    assert {orders: 1}[orders] == 1
    assert orders != accord.contract("orders", Order)


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"key": "int"}, "keys are 'string' or 'bytes', not 'int'"),
        ({"subject": " "}, "a subject has a name"),
        ({"format": SchemaType.PROTOBUF}, "no Protobuf schema follows from Order"),
        (
            {"schema": accord.Schema(SCHEMA), "format": SchemaType.JSON},
            "the schema is AVRO, and format says JSON",
        ),
    ],
)
def test_choices_that_make_no_sense_are_refused_at_once(choices: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        accord.contract("orders", Order, **choices)


def test_a_class_that_does_not_fit_its_schema_is_refused_at_once() -> None:
    with pytest.raises(ModelDoesNotFit, match="amount: the class has float, the schema has string"):
        accord.contract("orders", Order, schema=SCHEMA.replace('"double"', '"string"'))


@pytest.mark.parametrize("schema", ["", "{}", '{"type":"record","name":"1st","fields":[]}'])
def test_a_text_that_is_no_schema_is_refused_at_once(schema: str) -> None:
    with pytest.raises(InvalidSchema):
        accord.contract("orders", Order, schema=schema)


@pytest.mark.parametrize("topic", ["", ".", "..", "no spaces", "umläut", "a/b", "x" * 250])
def test_a_topic_that_kafka_would_refuse_is_refused_at_once(topic: str) -> None:
    with pytest.raises(ConfigurationError, match="no name of a topic"):
        accord.contract(topic, Order)


def test_an_event_of_another_class_is_refused() -> None:
    other: Any = {"order_id": "o-1", "amount": 1.0}
    with pytest.raises(accord.InvalidEvent, match="'orders' carries Order, and this is dict"):
        accord.contract("orders", Order).encode(other)


def test_keys_are_text_unless_the_contract_says_bytes() -> None:
    text, raw = accord.contract("orders", Order), accord.contract("orders", Order, key="bytes")
    assert text.encode_key("é") == "é".encode()
    assert text.decode_key("é".encode()) == "é"
    assert raw.encode_key(b"\xff") == raw.decode_key(b"\xff") == b"\xff"
    assert text.encode_key(None) is raw.decode_key(None) is None
    for contract, key in ((text, b"x"), (raw, "x")):
        with pytest.raises(accord.InvalidEvent, match="the keys of 'orders' are"):
            contract.encode_key(key)


class OrderStruct(msgspec.Struct, frozen=True):
    order_id: str
    amount: float


class OrderModel(pydantic.BaseModel):
    order_id: str
    amount: float


PROTO = 'syntax = "proto3"; package com.example; message Other {} message Order { string order_id = 1; double amount = 2; }'


@pytest.mark.parametrize("format", [SchemaType.AVRO, SchemaType.JSON, SchemaType.PROTOBUF])
@pytest.mark.parametrize("model", [Order, OrderStruct, OrderModel])
def test_events_of_every_kind_of_class_are_written_in_every_format(
    format: SchemaType, model: type[Any]
) -> None:
    schema = PROTO.replace("Order", model.__name__) if format is SchemaType.PROTOBUF else None
    orders = accord.contract("orders", model, format=format, schema=schema, namespace="com.example")
    event = model(order_id="o-1", amount=1.5)
    assert orders.schema.type is format
    assert orders.codec.decode(orders.encode(event)) == event
    assert orders.event == f"com.example.{model.__name__}"


def test_a_message_class_is_its_own_contract() -> None:
    clicks = accord.contract("clicks", Timestamp, subject=SubjectNaming.RECORD)
    assert (clicks.schema.type, clicks.subject) == (SchemaType.PROTOBUF, "google.protobuf.Timestamp")
    assert clicks.codec.decode(clicks.encode(Timestamp(seconds=7))) == Timestamp(seconds=7)
    with pytest.raises(ConfigurationError, match="is a Protobuf message class, and the format is JSON"):
        accord.contract("clicks", Timestamp, format=SchemaType.JSON)


def test_a_format_by_another_word_is_told_what_formats_there_are() -> None:
    other: Any = "json"
    with pytest.raises(ConfigurationError, match="a format is a SchemaType, not 'json'") as caught:
        accord.contract("orders", Order, format=other)

    assert "accord.SchemaType.JSON" in caught.value.hint
