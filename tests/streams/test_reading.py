"""What a record was written with is found by its header or its first bytes, and whose event it is by its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

import accord
from accord.codecs import framing
from accord.kafka import Message, RawRecord, message_of
from accord.schemas import Schema, SchemaGuid
from accord.streams import reading
from accord.streams.contract import Contract
from accord.streams.faults import BadRecord
from accord.streams.reading import Others, Reader, SkippedRecord
from accord.streams.writers import RegistryWait, WriterSchema


@dataclass(frozen=True, slots=True)
class Placed:
    order_id: str


@dataclass(frozen=True, slots=True)
class Paid:
    order_id: str
    amount: float


PLACED = accord.contract("orders", Placed, namespace="shop")
PAID = accord.contract("orders", Paid, namespace="shop", subject="orders-shop.Paid")
GUID = SchemaGuid("5f0f5c55-9a53-4b1c-8f5f-4f108d6b6a4e")
HEADER = (framing.VALUE_HEADER, framing.header(GUID))


class Writers:
    """Schemas by id and by GUID, and how often each was asked for."""

    def __init__(self) -> None:
        self.schemas: dict[Any, Schema] = {1: PLACED.schema, 2: PAID.schema, GUID: PAID.schema}
        self.asked: list[Any] = []

    def get(self, written_as: Any) -> WriterSchema:
        self.asked.append(written_as)
        if written_as not in self.schemas:
            raise RegistryWait(1.0)
        return WriterSchema(self.schemas[written_as], {})


def reader(*contracts: Contract, others: Others = "fail", writers: Writers | None = None) -> Reader:
    return Reader(contracts, writers or Writers(), others=others)  # type: ignore[arg-type]  # it answers as one does


def message(value: bytes | None, *headers: tuple[str, bytes | None], key: bytes | None = b"k") -> Message:
    return message_of(RawRecord("orders", 0, 7, key, value, headers))


def prefixed(schema_id: int, contract: Contract, event: object) -> bytes:
    return framing.prefixed(schema_id, contract.encode(event))


A_PLACED = prefixed(1, PLACED, Placed("o-1"))
A_PAID = prefixed(2, PAID, Paid("o-1", 2.5))


def code_of(reader: Reader, item: Message) -> str:
    with pytest.raises(BadRecord) as caught:
        reader.read(item)
    return str(caught.value.fault.code)


def test_the_registry_is_asked_once_for_each_schema() -> None:
    writers = Writers()
    one = reader(PLACED, writers=writers)
    assert [one.read(message(A_PLACED)).value for _ in range(3)] == [Placed("o-1")] * 3
    assert writers.asked == [1]


def test_while_the_registry_is_away_a_record_waits_and_is_read_when_it_is_back() -> None:
    writers = Writers()
    schema = writers.schemas.pop(1)
    one = reader(PLACED, writers=writers)
    with pytest.raises(RegistryWait):
        one.read(message(A_PLACED))
    writers.schemas[1] = schema
    assert one.read(message(A_PLACED)) == ("k", Placed("o-1"), 1)


def test_a_header_names_the_schema_and_the_value_is_the_event_alone() -> None:
    body = PAID.encode(Paid("o-1", 2.5))
    assert reader(PAID).read(message(body, ("traceparent", b"00"), HEADER)) == ("k", Paid("o-1", 2.5), None)


def test_an_event_of_a_single_byte_is_read_by_its_header() -> None:
    assert reader(PLACED, writers=with_guid(PLACED.schema)).read(message(b"\x00", HEADER)).value == Placed("")


def with_guid(schema: Schema) -> Writers:
    writers = Writers()
    writers.schemas[GUID] = schema
    return writers


def test_a_header_wins_over_what_looks_like_a_prefix() -> None:
    # An order whose id is written as if a prefix stood there.
    event = Placed("\x00\x00\x00\x01")
    body = PLACED.encode(event)
    assert reader(PLACED, writers=with_guid(PLACED.schema)).read(message(body, HEADER)).value == event


@pytest.mark.parametrize("header", [b"", b"\x02" + bytes(16), b"\x01short", None])
def test_a_header_of_that_name_that_says_nothing_leaves_it_to_the_prefix(header: bytes | None) -> None:
    assert reader(PLACED).read(message(A_PLACED, (framing.VALUE_HEADER, header))).value == Placed("o-1")


def test_a_guid_that_is_asked_for_in_vain_makes_the_record_wait() -> None:
    writers = Writers()
    del writers.schemas[GUID]
    with pytest.raises(RegistryWait):
        reader(PLACED, writers=writers).read(message(b"\x00", HEADER))


def test_each_event_of_a_topic_goes_to_its_contract() -> None:
    both = reader(PLACED, PAID)
    assert both.read(message(A_PLACED)).value == Placed("o-1")
    assert both.read(message(A_PAID)).value == Paid("o-1", 2.5)
    assert both.read(message(PAID.encode(Paid("o-2", 1.0)), HEADER)).value == Paid("o-2", 1.0)


def test_an_event_of_which_no_contract_speaks_is_a_bad_record_or_passed_over() -> None:
    third = Schema('{"type": "record", "name": "Shipped", "namespace": "shop", "fields": []}')
    writers = Writers()
    writers.schemas[3] = third
    shipped = message(framing.prefixed(3, b""))
    assert code_of(reader(PLACED, PAID, writers=writers), shipped) == "UNEXPECTED_EVENT"
    with pytest.raises(SkippedRecord):
        reader(PLACED, PAID, others="skip", writers=writers).read(shipped)


def test_a_fault_names_its_schema_and_whose_subject_it_is() -> None:
    both = reader(PLACED, PAID)
    faults = []
    for item in (message(A_PAID[:-1]), message(b"\x00", HEADER), message(b"")):
        with pytest.raises(BadRecord) as caught:
            both.read(item)
        fault = caught.value.fault
        faults.append((fault.schema_id, fault.schema_guid, both.of("orders").subject_of(fault)))
    assert faults == [(2, None, PAID.subject), (None, GUID, PAID.subject), (None, None, "")]


BAD: Sequence[tuple[Message, str]] = [
    (message(b""), "ZERO_BYTES"),
    (message(b"{}"), "WRONG_MAGIC_BYTE"),
    (message(b"\x00\x00"), "PREFIX_TOO_SHORT"),
    (message(A_PLACED[:-1]), "TRUNCATED"),
    (message(A_PLACED + b"\x00"), "TRAILING_BYTES"),
    (message(A_PLACED, key=b"\xff"), "KEY_NOT_UTF8"),
]


@pytest.mark.parametrize(("item", "code"), BAD)
def test_a_fault_of_the_bytes_has_its_code(item: Message, code: str) -> None:
    assert code_of(reader(PLACED), item) == code


@pytest.mark.parametrize(("item", "code"), BAD)
def test_no_header_makes_a_fault_go_away(item: Message, code: str) -> None:
    raw = RawRecord(
        item.topic(),
        item.partition(),
        item.offset(),
        item.key(),
        item.value(),
        (
            ("__rule.name", b"positive"),
            ("accord-dlq-error-code", b"TRUNCATED"),
            ("accord-dlq-id", b"1"),
            ("accord-retry-attempt", b"99"),
        ),
    )
    assert code_of(reader(PLACED), message_of(raw)) == code


def test_a_decoder_that_stumbles_makes_a_bad_record_and_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_data: bytes, _start: int) -> object:
        raise RecursionError("too deep")

    codec = PLACED.codec.__class__(PLACED.codec.encode, stumble, b"", stumble)  # type: ignore[arg-type]  # what a bug would be
    monkeypatch.setattr(reading, "codec_for", lambda *_, **__: codec)
    assert code_of(reader(PLACED), message(A_PLACED)) == "DECODER_FAILED"


def test_a_tombstone_has_a_key_and_no_schema() -> None:
    assert reader(PLACED).read(message(None)) == ("k", None, None)
    assert reader(PLACED).read(message(None, key=None)) == (None, None, None)
    assert reader(PLACED).read(message(None, key=b"")) == ("", None, None)
