"""Code and registry agree before the first record, or the start fails and says what to do."""

import logging
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

import accord
import accord.testing
from accord.schemas import Reference, Schema, SchemaType, Subject, Version
from accord.streams import agreement


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    amount: float


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str


@dataclass(frozen=True, slots=True)
class Customer:
    id: str


@dataclass(frozen=True, slots=True)
class Placed:
    by: Customer


ORDERS = accord.contract("orders", Order)
INVOICES = accord.contract("invoices", Invoice)


def of_fields(**types: str) -> Schema:
    fields = ",".join(f'{{"name":"{name}","type":{type_}}}' for name, type_ in types.items())
    return Schema(f'{{"type":"record","name":"Order","fields":[{fields}]}}')


ANOTHER_TYPE = of_fields(order_id='"string"', amount='"string"')
NO_AMOUNT = of_fields(order_id='"string"')
MORE = of_fields(order_id='"string"', amount='"double"', currency='"string"')
SAME_BUT_FOR_A_DEFAULT = of_fields(order_id='"string"', amount='"double","default":0.0')


def test_a_schema_that_is_registered_is_agreed_upon(registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    agreement.check_producer(registry.client, [ORDERS])
    agreement.check_consumer(registry.client, [ORDERS])


def test_a_subject_without_versions_is_told_to_producers_and_nothing_to_read_for_consumers(
    registry: Any,
) -> None:
    agreement.check_consumer(registry.client, [ORDERS])
    with pytest.raises(
        accord.SchemaNotRegistered, match="'orders-value', which has no version yet"
    ) as caught:
        agreement.check_producer(registry.client, [ORDERS])
    assert "registry.register(" in caught.value.hint


@pytest.mark.parametrize(
    ("there", "told"),
    [
        (ANOTHER_TYPE, "version 1 writes string for `amount` of `Order`, and the new schema reads double"),
        (NO_AMOUNT, "field `amount` of `Order` has no default in the new schema"),
        (SAME_BUT_FOR_A_DEFAULT, "another schema, which gets along with it in both directions"),
    ],
)
def test_a_producer_is_told_which_version_is_there_and_how_it_differs(
    registry: Any, there: Schema, told: str
) -> None:
    registry.add(ORDERS.subject, there)
    with pytest.raises(accord.SchemaNotRegistered) as caught:
        agreement.check_producer(registry.client, [ORDERS])
    assert "its newest version is 1 (id 1)" in caught.value.message
    assert told in caught.value.message
    assert bool(caught.value.findings) == ("gets along" not in told)


@pytest.mark.parametrize(
    ("there", "path", "fix"),
    [
        (ANOTHER_TYPE, "/fields/1/type", "keep the type"),
        (NO_AMOUNT, "/fields/1", "let it be null, by default"),
    ],
)
def test_a_consumer_that_cannot_read_the_newest_version_is_told_path_and_fix(
    registry: Any, there: Schema, path: str, fix: str
) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    registry.add(ORDERS.subject, there)
    with pytest.raises(
        accord.ContractDisagrees, match="Order cannot read version 2 of 'orders-value'"
    ) as caught:
        agreement.check_consumer(registry.client, [ORDERS])
    assert f"(at {path})" in caught.value.message
    assert f"{path}: {fix}" in caught.value.hint
    assert caught.value.findings[0].version == 2


@pytest.mark.parametrize("there", [MORE, SAME_BUT_FOR_A_DEFAULT])
def test_a_consumer_may_know_less_or_other_than_what_is_written(registry: Any, there: Schema) -> None:
    registry.add(ORDERS.subject, there)
    agreement.check_consumer(registry.client, [ORDERS])


def protobuf(*messages: str) -> Schema:
    return Schema(f'syntax = "proto3"; {" ".join(messages)}', SchemaType.PROTOBUF)


ORDER_MESSAGE = "message Order { string order_id = 1; double amount = 2; }"


@pytest.mark.parametrize(
    ("there", "agreed"),
    [
        (protobuf(ORDER_MESSAGE, "message Other { string name = 1; }"), True),
        (protobuf("message Order { string order_id = 1; double amount = 2; string note = 3; }"), True),
        (protobuf("message Order { string order_id = 1; string amount = 2; }"), False),
    ],
)
def test_a_consumer_of_messages_minds_what_it_reads_itself(
    registry: Any, there: Schema, *, agreed: bool
) -> None:
    orders = accord.contract("orders", Order, schema=protobuf(ORDER_MESSAGE))
    registry.add(orders.subject, there)
    if agreed:
        agreement.check_consumer(registry.client, [orders])
    else:
        with pytest.raises(accord.ContractDisagrees, match="version 1 writes string for `amount`"):
            agreement.check_consumer(registry.client, [orders])


def test_all_contracts_are_told_at_once(registry: Any) -> None:
    registry.add(ORDERS.subject, ANOTHER_TYPE)
    registry.add(INVOICES.subject, NO_AMOUNT)
    with pytest.raises(accord.SchemaNotRegistered, match=r"'orders-value'.*'invoices-value'"):
        agreement.check_producer(registry.client, [ORDERS, INVOICES])
    with pytest.raises(accord.ContractDisagrees) as caught:
        agreement.check_consumer(registry.client, [ORDERS, INVOICES])
    assert {finding.version for finding in caught.value.findings} == {1, 2}


def test_a_registry_that_is_away_is_one_warning_to_a_consumer_and_is_waited_for_once(
    registry: Any, caplog: pytest.LogCaptureFixture
) -> None:
    registry.down = True
    with caplog.at_level(logging.WARNING):
        agreement.check_consumer(registry.client, [ORDERS, INVOICES])
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert registry.asked == 1


def test_without_a_registry_no_producer_knows_what_to_write(registry: Any) -> None:
    registry.down = True
    with pytest.raises(accord.RegistryUnavailable):
        agreement.check_producer(registry.client, [ORDERS, INVOICES])
    assert registry.asked == 1


def test_who_may_not_ask_is_told_as_a_producer_and_warned_as_a_consumer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A consumer reads schemas by their ids, and need not be allowed to ask for more."""

    def refuse(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(403, json={"error_code": 40301, "message": "not you"})

    client = accord.Registry("http://registry.example", transport=httpx2.MockTransport(refuse))
    with pytest.raises(accord.Unauthorized):
        agreement.check_producer(client, [ORDERS])
    with caplog.at_level(logging.WARNING):
        agreement.check_consumer(client, [ORDERS])
    assert "not you" in caplog.text


def test_a_reference_to_the_newest_version_means_the_one_that_the_code_was_made_with() -> None:
    customer = Schema('{"type":"record","name":"Customer","fields":[{"name":"id","type":"string"}]}')
    newer = Schema(
        '{"type":"record","name":"Customer","fields":[{"name":"id","type":"string"},'
        '{"name":"vip","type":"boolean","default":false}]}'
    )
    text = '{"type":"record","name":"Placed","fields":[{"name":"by","type":"Customer"}]}'
    placed = accord.contract(
        "placed",
        Placed,
        schema=Schema(text, references=(Reference("Customer", Subject("customers"), Version(-1)),)),
        referenced={"Customer": customer},
    )
    with accord.testing.registry() as loopback:
        client = loopback.client()
        client.register("customers", customer)
        registered = client.register(placed.subject, placed.schema)
        client.register("customers", newer)

        [(_, found)] = agreement.check_producer(loopback.client(), [placed])

        assert found.id == registered.id
