"""What logical types mean, to the last digit, and what none of them lets pass."""

import json
import struct
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.codecs import DataFault, Duration, InvalidData, InvalidEvent, codec_for
from accord.schemas import Schema


def logical(underlying: str, name: str, **more: object) -> Schema:
    node = {"type": underlying, "logicalType": name, **more}
    return Schema(json.dumps(node | {"name": "F"} if underlying == "fixed" else node))


def zigzag(number: int) -> bytes:
    return codec_for(Schema('"long"')).encode(number)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOCAL = datetime(1970, 1, 1)  # noqa: DTZ001 -- local time has no zone
END = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)

MEANT: list[tuple[Schema, Any, bytes]] = [
    (logical("int", "date"), date(1970, 1, 1), b"\x00"),
    (logical("int", "date"), date(1, 1, 1), zigzag(-719162)),
    (logical("int", "time-millis"), time(23, 59, 59, 999000), zigzag(86_399_999)),
    (logical("long", "time-micros"), time(0, 0, 0, 1), b"\x02"),
    (logical("long", "timestamp-millis"), EPOCH, b"\x00"),
    (logical("long", "timestamp-millis"), EPOCH - timedelta(milliseconds=1), b"\x01"),
    (logical("long", "timestamp-millis"), datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC), zigzag(1767323045678)),
    (logical("long", "timestamp-micros"), datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), zigzag(1767323045678901)),
    (logical("long", "timestamp-micros"), datetime(1, 1, 1, tzinfo=UTC), zigzag(-62135596800000000)),
    (logical("long", "timestamp-micros"), END, zigzag(253402300799999999)),
    (logical("long", "timestamp-nanos"), 1767323045678901234, zigzag(1767323045678901234)),
    (logical("long", "local-timestamp-millis"), LOCAL + timedelta(days=400), zigzag(400 * 86_400_000)),
    (logical("long", "local-timestamp-micros"), LOCAL + timedelta(microseconds=-1), b"\x01"),
    (logical("long", "local-timestamp-nanos"), -1, b"\x01"),
    (logical("string", "uuid"), uuid.UUID(int=7), b"\x48" + str(uuid.UUID(int=7)).encode()),
    (logical("fixed", "uuid", size=16), uuid.UUID(int=7), bytes(15) + b"\x07"),
    (logical("fixed", "duration", size=12), Duration(1, 2, 3), struct.pack("<III", 1, 2, 3)),
    (logical("fixed", "duration", size=12), Duration(2**32 - 1, 0, 2**32 - 1), b"\xff" * 4 + bytes(4) + b"\xff" * 4),
    (logical("bytes", "decimal", precision=5, scale=2), Decimal("-1.27"), b"\x02\x81"),
    (logical("bytes", "decimal", precision=5, scale=2), Decimal("0.00"), b"\x02\x00"),
    (logical("bytes", "decimal", precision=5, scale=2), Decimal("999.99"), b"\x06\x01\x86\x9f"),
    (logical("bytes", "decimal", precision=3), Decimal(128), b"\x04\x00\x80"),
    (logical("fixed", "decimal", size=4, precision=5, scale=2), Decimal("-0.01"), b"\xff" * 4),
    (logical("bytes", "decimal", precision=60, scale=30), Decimal("1" * 30 + "." + "9" * 30), zigzag(25) + int("1" * 30 + "9" * 30).to_bytes(25, "big")),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "value", "data"), MEANT)
def test_a_value_is_stored_as(schema: Schema, value: Any, data: bytes) -> None:
    codec = codec_for(schema)
    assert codec.encode(value) == data
    read = codec.decode(data)
    assert (read, type(read)) == (value, type(value))
    if isinstance(value, datetime):
        assert read.tzinfo is value.tzinfo
    if isinstance(value, Decimal):
        assert read.as_tuple() == value.as_tuple()


@given(st.datetimes(timezones=st.just(UTC)))
def test_no_moment_loses_a_microsecond(moment: datetime) -> None:
    codec = codec_for(logical("long", "timestamp-micros"))
    assert codec.decode(codec.encode(moment)) == moment
    micros = (moment - EPOCH) // timedelta(microseconds=1)
    assert codec.encode(moment) == zigzag(micros)


@given(st.integers(-62135596800000, 253402300799999))
def test_no_moment_loses_a_millisecond(millis: int) -> None:
    codec = codec_for(logical("long", "timestamp-millis"))
    assert codec.decode(zigzag(millis)) == EPOCH + timedelta(milliseconds=millis)
    assert codec.encode(codec.decode(zigzag(millis))) == zigzag(millis)


def test_a_finer_moment_is_cut_to_the_unit_wherever_it_is() -> None:
    codec = codec_for(logical("long", "timestamp-millis"))
    assert codec.encode(EPOCH - timedelta(microseconds=1)) == zigzag(-1)
    there = timezone(timedelta(hours=-11, minutes=-30))
    assert codec.encode(datetime(1969, 12, 31, 12, 30, 0, 1999, tzinfo=there)) == zigzag(1)


MONEY = {"precision": 4, "scale": 2}
REFUSED: list[tuple[Schema, Any, str]] = [
    (logical("fixed", "duration", size=12), (1, 2, 3), "a Duration is needed for F"),
    (logical("fixed", "duration", size=12), timedelta(days=1), "a Duration is needed for F"),
    (logical("fixed", "uuid", size=16), bytes(16), "a UUID is needed"),
    (logical("long", "timestamp-nanos"), EPOCH, "an int is needed for timestamp-nanos"),
    (logical("long", "timestamp-nanos"), True, "an int is needed for timestamp-nanos"),
    (logical("long", "timestamp-nanos"), 2**63, "does not fit a long"),
    (logical("long", "time-micros"), time(1, tzinfo=UTC), "a time of day has no time zone"),
    (logical("long", "time-micros"), EPOCH, "a time is needed for time-micros"),
    (logical("long", "timestamp-millis"), LOCAL, "without a time zone is no moment"),
    (logical("long", "local-timestamp-micros"), EPOCH, "a local timestamp has no time zone"),
    (logical("bytes", "decimal", **MONEY), Decimal("99.995"), "more than 2 digits after the point"),
    (logical("bytes", "decimal", **MONEY), Decimal("-100.00"), "more than 4 digits"),
    (logical("bytes", "decimal", **MONEY), Decimal("1E+3"), "more than 4 digits"),
    (logical("bytes", "decimal", **MONEY), Decimal("1E+999999999999999999"), "more than 4 digits"),
    (logical("bytes", "decimal", **MONEY), Decimal("1E-999999999999999999"), "more than 2 digits after the point"),
    (logical("bytes", "decimal", **MONEY), Decimal("Infinity"), "is no amount"),
    (logical("bytes", "decimal", **MONEY), Decimal("sNaN"), "is no amount"),
    (logical("bytes", "decimal", **MONEY), 1, "a Decimal is needed for decimal"),
    (logical("fixed", "decimal", size=1, **MONEY), Decimal("1.28"), "does not fit 1 bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "value", "reason"), REFUSED)
def test_a_value_of_another_meaning_is_refused(schema: Schema, value: Any, reason: str) -> None:
    with pytest.raises(InvalidEvent, match=reason):
        codec_for(schema).encode(value)


@pytest.mark.parametrize("value", [Decimal("0E+1000"), Decimal("-0"), Decimal("0E-1000")])
def test_nothing_is_nothing_in_every_scale(value: Decimal) -> None:
    assert codec_for(logical("bytes", "decimal", **MONEY)).encode(value) == b"\x02\x00"


def test_amounts_that_say_the_same_are_the_same() -> None:
    codec = codec_for(logical("bytes", "decimal", **MONEY))
    same = {codec.encode(Decimal(text)) for text in ("10", "1E+1", "10.0", "10.00", "10.000")}
    assert same == {codec.encode(Decimal("10.00"))}


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_an_amount_is_kept_or_refused_but_never_rounded(amount: Decimal) -> None:
    codec = codec_for(logical("bytes", "decimal", precision=18, scale=6))
    try:
        data = codec.encode(amount)
    except InvalidEvent:
        return
    assert codec.decode(data) == amount


@pytest.mark.parametrize(
    ("schema", "data"),
    [
        (logical("bytes", "decimal", **MONEY), b"\x04\x27\x10"),
        (logical("fixed", "decimal", size=4, **MONEY), b"\xff\xff\xd8\xf0"),
        (logical("bytes", "decimal", precision=50, scale=10), bytes([60]) + b"\x7f" * 30),
    ],
)
def test_an_amount_of_more_digits_than_the_schema_allows_is_not_read(schema: Schema, data: bytes) -> None:
    with pytest.raises(InvalidData, match="needs more than") as caught:
        codec_for(schema).decode(data)
    assert caught.value.fault is DataFault.MALFORMED


@pytest.mark.parametrize("part", [-1, 2**32, 1.5, True])
def test_a_duration_has_parts_of_32_bits(part: Any) -> None:
    with pytest.raises(ValueError, match="whole number from 0"):
        Duration(days=part)


NANOS = logical("long", "timestamp-nanos")
MILLIS = logical("long", "timestamp-millis")
MICROS = logical("long", "timestamp-micros")


def test_a_moment_is_the_same_moment_in_another_unit() -> None:
    data = zigzag(1_000_000_007)
    assert codec_for(MICROS, reader=NANOS).decode(data) == 1_000_000_007_000
    assert codec_for(MILLIS, reader=NANOS).decode(data) == 1_000_000_007_000_000
    assert codec_for(MICROS, reader=MILLIS).decode(data) == EPOCH + timedelta(microseconds=1_000_000_007)
    assert codec_for(NANOS, reader=MICROS).decode(zigzag(7_000)) == EPOCH + timedelta(microseconds=7)
    assert codec_for(NANOS, reader=MILLIS).decode(zigzag(7_000)) == EPOCH + timedelta(microseconds=7)


def test_nanoseconds_that_a_datetime_cannot_hold_are_refused() -> None:
    with pytest.raises(InvalidData, match="a datetime holds no nanoseconds") as caught:
        codec_for(NANOS, reader=MICROS).decode(zigzag(7_001))
    assert caught.value.fault is DataFault.MALFORMED


@pytest.mark.parametrize("name", ["local-timestamp-nanos", "timestamp-nanos"])
def test_nanoseconds_stay_nanoseconds(name: str) -> None:
    schema = logical("long", name)
    assert codec_for(schema, reader=Schema('"long"')).decode(zigzag(7)) == 7
    assert codec_for(Schema('"long"'), reader=schema).decode(zigzag(7)) == 7


@pytest.mark.parametrize("schema", [logical("fixed", "duration", size=8), logical("fixed", "uuid", size=8)])
def test_a_logical_type_of_the_wrong_size_is_none(schema: Schema) -> None:
    assert codec_for(schema).encode(b"12345678") == b"12345678"
