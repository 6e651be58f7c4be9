"""Messages of google.protobuf that stand for a plain Python value.

| message | Python |
|---|---|
| Timestamp | datetime with a time zone, UTC when read; what is below a microsecond is dropped |
| Duration | timedelta, likewise |
| StringValue, Int64Value … | the value; None where the message is not there |
| Struct, ListValue, Value | dict, list, or whatever JSON holds; whole numbers are ints when read |
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor

from accord.codecs.protobuf.misfit import Misfit, needed
from accord.codecs.protobuf.scalars import Convert, Scalar, scalar_of

DynamicMessage = Any
"""A message whose class is made at run time."""

Json = Any
"""Whatever JSON holds."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_DAY_S: Final = 86_400
_FIRST_S: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _SECOND
_LAST_S: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _SECOND
_LONGEST_S: Final = 315_576_000_000
"""Ten thousand years, the most that a Duration may say."""
_NANOS: Final = 1_000_000_000
_WRAPPERS: Final = frozenset(
    f"google.protobuf.{kind}Value"
    for kind in ("Bool", "Bytes", "Double", "Float", "Int32", "Int64", "String", "UInt32", "UInt64")
)
_JSON: Final[Mapping[str, type]] = {
    "google.protobuf.Struct": dict,
    "google.protobuf.ListValue": list,
    "google.protobuf.Value": object,
}


@dataclass(frozen=True, slots=True)
class Plain:
    """How a Python value of the class ``python`` is put into such a message, and taken out. Both raise Misfit."""

    python: type
    fill: Callable[[DynamicMessage, Any], None]
    read: Convert


def plain_value(type_: Descriptor) -> Plain | None:
    """What the message stands for; None if it stands for itself."""
    if type_.full_name == "google.protobuf.Timestamp":
        return Plain(datetime, _fill_timestamp, _read_timestamp)
    if type_.full_name == "google.protobuf.Duration":
        return Plain(timedelta, _fill_duration, _read_duration)
    if type_.full_name in _JSON:
        return Plain(_JSON[type_.full_name], _fill_json, _read_json)
    if type_.full_name in _WRAPPERS:
        return _wrapper(scalar_of(type_.fields_by_name["value"]))
    return None


def _wrapper(scalar: Scalar) -> Plain:
    def fill(message: DynamicMessage, value: object) -> None:
        message.value = scalar.to_wire(value)

    def read(message: DynamicMessage) -> object:
        return scalar.to_python(message.value)

    return Plain(scalar.python, fill, read)


def _fill_json(message: DynamicMessage, value: Json) -> None:
    try:
        _check_numbers(value)
        json_format.ParseDict(value, message)
    except (json_format.ParseError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Misfit(f"JSON is needed: {error}") from None


def _check_numbers(value: Json) -> None:
    """The numbers of Protobuf's JSON are doubles, and neither NaN nor infinite when they are read. Raises ValueError."""
    if isinstance(value, Mapping):
        for item in value.values():
            _check_numbers(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_numbers(item)
    elif isinstance(value, float | int) and not math.isfinite(value):
        raise ValueError(f"{value} is no JSON number")
    elif isinstance(value, int) and float(value) != value:
        raise ValueError(f"{value} would become another number, as a double holds it")


def _read_json(message: DynamicMessage) -> object:
    try:
        return json_format.MessageToDict(message)
    except (json_format.Error, ValueError) as error:
        raise Misfit(f"it is no JSON: {error}") from None


def _fill_timestamp(message: DynamicMessage, value: object) -> None:
    if not isinstance(value, datetime):
        raise needed("a datetime", value)
    if value.utcoffset() is None:
        raise Misfit("a datetime without a time zone is no moment; give it one, such as UTC")
    since = value - _EPOCH
    message.seconds = since.days * _DAY_S + since.seconds
    message.nanos = since.microseconds * 1000


def _read_timestamp(message: DynamicMessage) -> datetime:
    seconds, nanos = message.seconds, message.nanos
    if not (_FIRST_S <= seconds <= _LAST_S and 0 <= nanos < _NANOS):
        raise Misfit(f"{seconds} s and {nanos} ns since 1970 are no moment that a Timestamp may say")
    return _EPOCH + timedelta(0, seconds, nanos // 1000)


def _fill_duration(message: DynamicMessage, value: object) -> None:
    if not isinstance(value, timedelta):
        raise needed("a timedelta", value)
    # Seconds and nanoseconds have the same sign.
    sign, length = (-1, -value) if value.days < 0 else (1, value)
    seconds = length.days * _DAY_S + length.seconds
    if seconds > _LONGEST_S:
        raise Misfit(f"{value} is longer than ten thousand years")
    message.seconds = sign * seconds
    message.nanos = sign * length.microseconds * 1000


def _read_duration(message: DynamicMessage) -> timedelta:
    seconds, nanos = message.seconds, message.nanos
    if abs(seconds) > _LONGEST_S or abs(nanos) >= _NANOS or seconds * nanos < 0:
        raise Misfit(f"{seconds} s and {nanos} ns are no time that a Duration may say")
    return timedelta(seconds=seconds, microseconds=abs(nanos) // 1000 * (-1 if nanos < 0 else 1))
