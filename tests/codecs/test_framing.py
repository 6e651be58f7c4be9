import uuid

import pytest
from confluent_kafka.schema_registry.serde import SchemaId
from hypothesis import given
from hypothesis import strategies as st

from accord.codecs import DataFault, InvalidFrame, framing
from accord.schemas import SchemaGuid


@given(schema_id=st.integers(0, 2**31 - 1), body=st.binary(max_size=40))
def test_what_is_prefixed_comes_apart_again(schema_id: int, body: bytes) -> None:
    assert framing.split(framing.prefixed(schema_id, body)) == (schema_id, body)


def test_the_prefix_is_a_zero_byte_and_the_id_big_endian() -> None:
    assert framing.prefixed(0x01020304, b"!") == b"\x00\x01\x02\x03\x04!"


def test_a_record_may_have_no_body_at_all() -> None:
    assert framing.split(b"\x00\x00\x00\x00\x07").body == b""


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (b"", DataFault.ZERO_BYTES),
        (b"\x00", DataFault.PREFIX_TOO_SHORT),
        (b"\x00\x00\x00\x07", DataFault.PREFIX_TOO_SHORT),
        (b"{", DataFault.WRONG_MAGIC_BYTE),
        (b"\x01\x00\x00\x00\x07body", DataFault.WRONG_MAGIC_BYTE),
        (b'{"order_id": 1}', DataFault.WRONG_MAGIC_BYTE),
    ],
)
def test_a_wrong_prefix_is_told_by_its_kind(value: bytes, fault: DataFault) -> None:
    with pytest.raises(InvalidFrame) as caught:
        framing.split(value)
    assert caught.value.fault is fault


def test_wrong_magic_bytes_hint_at_their_cause() -> None:
    with pytest.raises(InvalidFrame, match="byte 0x7b instead of 0x00") as caught:
        framing.split(b'{"order_id": 1}')
    assert "JSON" in caught.value.hint


message_indexes = st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=100).map(tuple)


@given(indexes=message_indexes, data=st.binary(max_size=40))
def test_indexed_data_comes_apart_again(indexes: tuple[int, ...], data: bytes) -> None:
    assert framing.split_indexes(framing.indexed(indexes, data)) == (indexes, data)


@pytest.mark.parametrize(
    ("indexes", "prefix"),
    [
        ((0,), "00"),
        ((1,), "0202"),
        ((1, 0), "040200"),
        ((0, 0), "040000"),
        ((64,), "028001"),
        ((2**31 - 1,), "02feffffff0f"),
    ],
)
def test_indexes_are_zig_zag_and_the_first_message_is_one_zero_byte(
    indexes: tuple[int, ...], prefix: str
) -> None:
    assert framing.indexed(indexes, b"!").hex() == f"{prefix}21"


def test_a_first_message_written_in_full_is_read_too() -> None:
    assert framing.split_indexes(bytes.fromhex("020021")) == ((0,), b"!")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", DataFault.PREFIX_TOO_SHORT),
        ("02", DataFault.PREFIX_TOO_SHORT),
        ("0280", DataFault.PREFIX_TOO_SHORT),
        ("01", DataFault.WRONG_MESSAGE_INDEXES),
        ("0201", DataFault.WRONG_MESSAGE_INDEXES),
        ("ca01" + "00" * 101, DataFault.WRONG_MESSAGE_INDEXES),
        ("ffffffffff01", DataFault.WRONG_MESSAGE_INDEXES),
        ("02feffffff7f", DataFault.WRONG_MESSAGE_INDEXES),
    ],
)
def test_wrong_indexes_are_told_by_their_kind(body: str, fault: DataFault) -> None:
    with pytest.raises(InvalidFrame) as caught:
        framing.split_indexes(bytes.fromhex(body))
    assert caught.value.fault is fault
    assert "Protobuf" in caught.value.hint


@given(body=st.binary(max_size=12))
def test_any_bytes_are_indexes_or_no_valid_frame(body: bytes) -> None:
    try:
        frame = framing.split_indexes(body)
    except InvalidFrame:
        return
    assert all(0 <= index < 2**31 for index in frame.indexes)
    assert body.endswith(frame.data)


@pytest.mark.parametrize("indexes", [(), (-1,), (2**31,), (0,) * 101])
def test_indexes_that_no_message_has_are_not_written(indexes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="message indexes"):
        framing.indexed(indexes, b"")


GUID = SchemaGuid("89791762-2336-4186-9674-299b90a802e2")
GUID_BYTES = bytes.fromhex("89791762233641869674299b90a802e2")


def test_the_prefix_can_be_had_without_a_body() -> None:
    assert framing.prefix(0x01020304) == b"\x00\x01\x02\x03\x04"
    assert framing.schema_id_of(framing.prefix(7) + b"body") == 7


def test_the_header_is_a_byte_of_one_and_the_guid() -> None:
    assert framing.header(GUID) == b"\x01" + GUID_BYTES
    assert framing.split_header(b"\x01" + GUID_BYTES) == (GUID, ())


@given(guid=st.uuids(), indexes=message_indexes)
def test_headers_come_apart_again(guid: uuid.UUID, indexes: tuple[int, ...]) -> None:
    header = framing.header(SchemaGuid(str(guid)), framing.indexed(indexes, b""))
    assert framing.split_header(header) == (str(guid), indexes)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (b"", DataFault.PREFIX_TOO_SHORT),
        (b"\x01" + GUID_BYTES[:15], DataFault.PREFIX_TOO_SHORT),
        (b"\x00\x00\x00\x00\x07", DataFault.WRONG_MAGIC_BYTE),
        (str(GUID).encode(), DataFault.WRONG_MAGIC_BYTE),
        (b"\x01" + GUID_BYTES + b"\x02", DataFault.PREFIX_TOO_SHORT),
        (b"\x01" + GUID_BYTES + b"\x00\x00", DataFault.WRONG_MESSAGE_INDEXES),
    ],
)
def test_a_wrong_header_is_told_by_its_kind(value: bytes, fault: DataFault) -> None:
    with pytest.raises(InvalidFrame) as caught:
        framing.split_header(value)
    assert caught.value.fault is fault


@given(value=st.binary(max_size=24) | st.binary(max_size=24).map(lambda tail: b"\x01" + tail))
def test_any_bytes_are_a_header_or_an_invalid_frame(value: bytes) -> None:
    try:
        frame = framing.split_header(value)
    except InvalidFrame:
        return
    indexes = framing.indexed(frame.indexes, b"") if frame.indexes else b""
    assert framing.split_header(framing.header(frame.guid, indexes)) == frame


@pytest.mark.parametrize("indexes", [None, [0], [1, 0], [300]])
def test_confluents_clients_write_and_read_the_same(indexes: list[int] | None) -> None:
    theirs = SchemaId("PROTOBUF" if indexes else "AVRO", 7, str(GUID), indexes)
    ours = framing.indexed(indexes, b"") if indexes else b""
    assert framing.split_header(theirs.guid_to_bytes()) == (GUID, tuple(indexes or ()))
    assert framing.header(GUID, ours) == theirs.guid_to_bytes()
    assert framing.prefix(7) + ours == theirs.id_to_bytes()
