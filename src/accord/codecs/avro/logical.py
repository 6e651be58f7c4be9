"""Logical types: what a person means (a moment, an amount) <-> what Avro stores (a number, bytes).

``to_stored`` is strict: a value that would change its meaning on the way (a naive datetime, an amount with more
digits than the scale) raises ValueError with the reason. ``to_meant`` raises ValueError or OverflowError.

Python's datetimes end at microseconds: a moment in nanoseconds is their number, so that nothing is lost.
"""

import decimal
import struct
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NoReturn

from accord.codecs.avro.types import Fixed, Primitive
from accord.codecs.duration import Duration

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LOCAL_EPOCH: Final = EPOCH.replace(tzinfo=None)
EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
MILLISECOND: Final = timedelta(milliseconds=1)
MICROSECOND: Final = timedelta(microseconds=1)

# Nothing is ever rounded: an amount has the digits that it has.
EXACT: Final = decimal.Context(prec=decimal.MAX_PREC, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[])

# Of moments that are not within days of 1970.
USUAL_BITS: Final = {MILLISECOND: 28, MICROSECOND: 42}

_BITS_A_DIGIT: Final = 4

# Digits of a number that code may as well have written out.
_SHORT: Final = 40

_DURATION: Final = struct.Struct("<III")
_NANOSECONDS: Final = {"millis": 1_000_000, "micros": 1_000, "nanos": 1}


@dataclass(frozen=True, slots=True)
class Logical:
    """The two directions; ``python`` is the type that a person handles, ``meaning`` what is the same in every unit.

    ``stored_code`` and ``meant_code`` say the same as an expression of {0}, where that is worth it; {1} is a free name.
    They may raise anything where the functions would raise, and the functions are then asked why. Numbers usually have more
    than ``usual_bits``.
    """

    meaning: str
    python: type
    to_stored: Callable[[Any], Any]
    to_meant: Callable[[Any], Any]
    stored_code: str = ""
    meant_code: str = ""
    usual_bits: int = 0

    def holds(self, value: object) -> bool:
        """Whether the value is of the Python type; a datetime does not pass for a date, nor True for a number."""
        if self.python is int:
            return type(value) is int
        return isinstance(value, self.python) and not (self.python is date and isinstance(value, datetime))


@lru_cache(maxsize=1024)
def logical_of(type_: Primitive | Fixed) -> Logical | None:
    """How the type's values are meant, or None if they are meant as they are stored."""
    if type_.logical == "decimal":
        return _decimal(type_)
    if type_.logical == "uuid" and isinstance(type_, Fixed):
        return FIXED_UUID
    return LOGICALS.get(type_.logical)


def resolved(writer: Primitive | Fixed, reader: Primitive | Fixed) -> Logical | None:
    """How the reader means what the writer stored, or None if it means just that."""
    meant, written = logical_of(reader), logical_of(writer)
    if meant is None:
        return None
    if written is None or written.meaning != meant.meaning:
        return meant
    if written.python is not meant.python:
        return _between(writer, reader, written, meant)
    # The same meaning in another unit or scale: the writer knows which it stored.
    return written


def _between(
    writer: Primitive | Fixed, reader: Primitive | Fixed, written: Logical, meant: Logical
) -> Logical:
    """From datetimes to nanoseconds, or back where a datetime can say it."""
    if meant.python is int:
        factor = _NANOSECONDS[writer.logical.rpartition("-")[2]]
        return replace(meant, to_meant=lambda stored: stored * factor, meant_code="")
    micros = LOGICALS[reader.logical.replace("millis", "micros")]

    def to_meant(stored: int) -> datetime:
        whole, rest = divmod(stored, _NANOSECONDS["micros"])
        if rest:
            raise ValueError("a datetime holds no nanoseconds")
        moment: datetime = micros.to_meant(whole)
        return moment

    return replace(written, python=datetime, to_meant=to_meant, meant_code="")


def _instant(unit: timedelta, name: str) -> Logical:
    def to_stored(value: datetime) -> int:
        if value.utcoffset() is None:
            raise ValueError("a datetime without a time zone is no moment; give it one, such as UTC")
        return (value - EPOCH) // unit

    return Logical(
        "instant",
        datetime,
        to_stored,
        lambda stored: EPOCH + stored * unit,
        _whole_units("EPOCH", unit),
        f"EPOCH + {{0}} * {name}",
        USUAL_BITS[unit],
    )


def _local(unit: timedelta, name: str) -> Logical:
    def to_stored(value: datetime) -> int:
        if value.utcoffset() is not None:
            raise ValueError("a local timestamp has no time zone, and this datetime has one")
        return (value - LOCAL_EPOCH) // unit

    return Logical(
        "local",
        datetime,
        to_stored,
        lambda stored: LOCAL_EPOCH + stored * unit,
        _whole_units("LOCAL_EPOCH", unit),
        f"LOCAL_EPOCH + {{0}} * {name}",
        USUAL_BITS[unit],
    )


def _whole_units(epoch: str, unit: timedelta) -> str:
    """The same as a division by ``unit``, in less time."""
    second = timedelta(seconds=1) // unit
    rest = "{1}.microseconds" if unit == MICROSECOND else f"{{1}}.microseconds // {unit // MICROSECOND}"
    return f"({{1}} := {{0}} - {epoch}).days * {86400 * second} + {{1}}.seconds * {second} + {rest}"


def _nanoseconds(meaning: str) -> Logical:
    return Logical(meaning, int, _long, lambda stored: stored)


def _long(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"{value} does not fit a long (64 bits)")
    return value


def _time_of_day(unit: timedelta, name: str) -> Logical:
    second, part = timedelta(seconds=1) // unit, unit // MICROSECOND

    def to_stored(value: time) -> int:
        if value.tzinfo is not None:
            raise ValueError("a time of day has no time zone, and this one has")
        seconds = (value.hour * 60 + value.minute) * 60 + value.second
        return seconds * second + value.microsecond // part

    def to_meant(stored: int) -> time:
        if not 0 <= stored < 86400 * second:
            raise ValueError(f"{stored} is no time of day")
        return (LOCAL_EPOCH + stored * unit).time()

    stored = (
        f"(({{0}}.hour * 60 + {{0}}.minute) * 60 + {{0}}.second) * {second} + {{0}}.microsecond // {part}"
    )
    meant = f"(LOCAL_EPOCH + {{0}} * {name}).time()"
    return Logical(
        "time",
        time,
        to_stored,
        to_meant,
        f"{stored} if {{0}}.tzinfo is None else refuse({{0}})",
        f"{meant} if 0 <= {{0}} < {86400 * second} else refuse({{0}})",
    )


def _decimal(type_: Primitive | Fixed) -> Logical:
    precision, scale = type_.precision, type_.scale
    size = type_.size if isinstance(type_, Fixed) else None
    unit, room = Decimal((0, (1,), -scale)), precision - scale

    def to_stored(value: Decimal) -> bytes:
        if value.same_quantum(unit) and value.adjusted() < room:
            unscaled = int(EXACT.scaleb(value, scale))
        else:
            unscaled = _unscaled(value, precision, scale)
        length = (unscaled.bit_length() + 8) // 8 if size is None else size
        try:
            return unscaled.to_bytes(length, "big", signed=True)
        except OverflowError as error:
            raise ValueError(f"{value} does not fit {size} bytes") from error

    def to_meant(stored: bytes) -> Decimal:
        unscaled = int.from_bytes(stored, "big", signed=True)
        # Writing out a million digits takes minutes: what has far too many is told by its bits.
        if unscaled.bit_length() > _BITS_A_DIGIT * (precision + 1):
            raise ValueError(f"it needs more than {precision} digits")
        amount = EXACT.scaleb(unscaled, -scale)
        if amount and amount.adjusted() >= room:
            raise ValueError(f"{amount} needs more than {precision} digits")
        return amount

    fits = f"{-(10**precision)} < ({{1}} := from_bytes({{0}}, 'big', signed=True)) < {10**precision}"
    code = f"scaled({{1}}, {-scale}) if {fits} else refuse({{0}})"
    return Logical("decimal", Decimal, to_stored, to_meant, meant_code=code if precision <= _SHORT else "")


def _unscaled(value: Decimal, precision: int, scale: int) -> int:
    """The amount in units of its last digit, if that is what it is."""
    if not value.is_finite():
        raise ValueError(f"{value} is no amount")
    if not value:
        return 0
    # What has too many digits could also fill the memory once written out.
    if value.adjusted() >= precision - scale:
        raise ValueError(f"{value} needs more than {precision} digits ({scale} of them after the point)")
    shifted = EXACT.scaleb(value, scale)
    unscaled = int(shifted)
    if unscaled != shifted:
        raise ValueError(f"{value} has more than {scale} digits after the point")
    return unscaled


def _refuse(value: object) -> NoReturn:
    raise ValueError(value)


def _duration_of(stored: bytes) -> Duration:
    return Duration(*_DURATION.unpack(stored))


def _duration_bytes(value: Duration) -> bytes:
    return _DURATION.pack(value.months, value.days, value.milliseconds)


FIXED_UUID: Final = Logical(
    "uuid", uuid.UUID, lambda value: value.bytes, lambda stored: uuid.UUID(bytes=stored), "{0}.bytes"
)

LOGICALS: Final = {
    "date": Logical(
        "date",
        date,
        lambda value: value.toordinal() - EPOCH_DAY,
        lambda stored: date.fromordinal(stored + EPOCH_DAY),
        f"{{0}}.toordinal() - {EPOCH_DAY}",
        f"date_of({{0}} + {EPOCH_DAY})",
    ),
    "time-millis": _time_of_day(MILLISECOND, "MILLISECOND"),
    "time-micros": _time_of_day(MICROSECOND, "MICROSECOND"),
    "timestamp-millis": _instant(MILLISECOND, "MILLISECOND"),
    "timestamp-micros": _instant(MICROSECOND, "MICROSECOND"),
    "timestamp-nanos": _nanoseconds("instant"),
    "local-timestamp-millis": _local(MILLISECOND, "MILLISECOND"),
    "local-timestamp-micros": _local(MICROSECOND, "MICROSECOND"),
    "local-timestamp-nanos": _nanoseconds("local"),
    "uuid": Logical("uuid", uuid.UUID, str, uuid.UUID, "str({0})"),
    "duration": Logical("duration", Duration, _duration_bytes, _duration_of),
}

NAMES: Final = {
    "EPOCH": EPOCH,
    "LOCAL_EPOCH": LOCAL_EPOCH,
    "MILLISECOND": MILLISECOND,
    "MICROSECOND": MICROSECOND,
    "date_of": date.fromordinal,
    "from_bytes": int.from_bytes,
    "scaled": EXACT.scaleb,
    "refuse": _refuse,
}
"""What the expressions need."""
