import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.codecs import DataFault, InvalidFrame, framing


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
