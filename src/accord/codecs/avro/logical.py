"""Logical types: what a person means (a moment, an amount) <-> what Avro stores (a number, bytes).

``to_stored`` is strict: a value that would change its meaning on the way (a naive datetime, an amount with more
digits than the scale) raises ValueError with the reason. ``to_meant`` raises ValueError or OverflowError.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from accord.codecs.avro.types import Fixed, Primitive

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LOCAL_EPOCH: Final = EPOCH.replace(tzinfo=None)
EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
MILLISECOND: Final = timedelta(milliseconds=1)
MICROSECOND: Final = timedelta(microseconds=1)
MAX_DECIMAL_SHIFT: Final = 1000


@dataclass(frozen=True, slots=True)
class Logical:
    """The two directions; ``python`` is the type that a person handles, ``meaning`` what is the same in every unit."""

    meaning: str
    python: type
    to_stored: Callable[[Any], Any]
    to_meant: Callable[[Any], Any]

    def holds(self, value: object) -> bool:
        """Whether the value is of the Python type; a datetime does not pass for a date here."""
        return isinstance(value, self.python) and not (self.python is date and isinstance(value, datetime))


def logical_of(type_: Primitive | Fixed) -> Logical | None:
    """How the type's values are meant, or None if they are meant as they are stored."""
    if type_.logical == "decimal":
        return _decimal(type_)
    if type_.logical == "uuid" and isinstance(type_, Fixed):
        return Logical("uuid", uuid.UUID, lambda value: value.bytes, lambda stored: uuid.UUID(bytes=stored))
    return LOGICALS.get(type_.logical)


def _instant(unit: timedelta) -> Logical:
    def to_stored(value: datetime) -> int:
        if value.utcoffset() is None:
            raise ValueError("a datetime without a time zone is no moment; give it one, such as UTC")
        return (value - EPOCH) // unit

    return Logical("instant", datetime, to_stored, lambda stored: EPOCH + stored * unit)


def _local(unit: timedelta) -> Logical:
    def to_stored(value: datetime) -> int:
        if value.utcoffset() is not None:
            raise ValueError("a local timestamp has no time zone, and this datetime has one")
        return (value - LOCAL_EPOCH) // unit

    return Logical("local", datetime, to_stored, lambda stored: LOCAL_EPOCH + stored * unit)


def _time_of_day(unit: timedelta) -> Logical:
    def to_stored(value: time) -> int:
        if value.tzinfo is not None:
            raise ValueError("a time of day has no time zone, and this one has")
        whole = timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
        return whole // unit

    def to_meant(stored: int) -> time:
        if not timedelta(0) <= (passed := stored * unit) < timedelta(days=1):
            raise ValueError(f"{stored} is no time of day")
        return (LOCAL_EPOCH + passed).time()

    return Logical("time", time, to_stored, to_meant)


def _decimal(type_: Primitive | Fixed) -> Logical:
    precision, scale = type_.precision, type_.scale
    size = type_.size if isinstance(type_, Fixed) else None

    def to_stored(value: Decimal) -> bytes:
        unscaled = _unscaled(value, scale)
        if len(str(abs(unscaled))) > precision:
            raise ValueError(f"{value} needs more than {precision} digits ({scale} of them after the point)")
        length = (unscaled.bit_length() + 8) // 8 if size is None else size
        try:
            return unscaled.to_bytes(length, "big", signed=True)
        except OverflowError as error:
            raise ValueError(f"{value} does not fit {size} bytes") from error

    def to_meant(stored: bytes) -> Decimal:
        unscaled = int.from_bytes(stored, "big", signed=True)
        # The constructor is exact; arithmetic would round to the context's digits.
        return Decimal((int(unscaled < 0), tuple(map(int, str(abs(unscaled)))), -scale))

    return Logical("decimal", Decimal, to_stored, to_meant)


def _unscaled(value: Decimal, scale: int) -> int:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is no amount")  # noqa: TRY004 -- the type is right, the value is not
    if exponent + scale > MAX_DECIMAL_SHIFT:
        raise ValueError(f"{value} is too large")
    number: int = int("".join(map(str, digits)))
    shift = exponent + scale
    if shift >= 0:
        number *= 10**shift
    else:
        number, lost = divmod(number, 10**-shift)
        if lost:
            raise ValueError(f"{value} has more than {scale} digits after the point")
    return -number if sign else number


def _date() -> Logical:
    return Logical(
        "date",
        date,
        lambda value: value.toordinal() - EPOCH_DAY,
        lambda stored: date.fromordinal(stored + EPOCH_DAY),
    )


def _uuid() -> Logical:
    return Logical("uuid", uuid.UUID, str, uuid.UUID)


LOGICALS: Final = {
    "date": _date(),
    "time-millis": _time_of_day(MILLISECOND),
    "time-micros": _time_of_day(MICROSECOND),
    "timestamp-millis": _instant(MILLISECOND),
    "timestamp-micros": _instant(MICROSECOND),
    "local-timestamp-millis": _local(MILLISECOND),
    "local-timestamp-micros": _local(MICROSECOND),
    "uuid": _uuid(),
}
