"""Avro values <-> JSON that loses nothing, so that people can read records, and write them.

| Avro | JSON |
|---|---|
| decimal | its digits as text: "12.50" |
| timestamp, local-timestamp, date, time | ISO 8601 text; in UTC with a Z. Nanoseconds are a number |
| bytes, fixed | base64 text |
| uuid, enum | text |
| duration | {"months": 1, "days": 2, "milliseconds": 3} |
| NaN, infinity | "NaN", "Infinity", "-Infinity" |
| union | the value; only where that could be another branch: {"the branch's name": the value} |
"""

import base64
import math
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from accord.codecs.avro.logical import logical_of
from accord.codecs.avro.types import (
    NULL,
    Array,
    AvroType,
    Datum,
    Enumeration,
    Fixed,
    Json,
    Map,
    Primitive,
    Record,
    Union,
    load,
    short_name,
)
from accord.codecs.duration import Duration
from accord.codecs.errors import InvalidEvent
from accord.schemas import Schema

_NOT_FINITE: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_PARTS: Final = ("months", "days", "milliseconds")
_PYTHON: Final[Mapping[str, type]] = {
    "boolean": bool,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "bytes": bytes,
    "string": str,
}


class AvroSpelling:
    """How values of one schema are spelled."""

    def __init__(self, schema: Schema, referenced: Mapping[str, Schema]) -> None:
        self._type = load(schema, referenced)

    def spell(self, value: Datum) -> Json:
        """The value as JSON."""
        return _spell(value, self._type)

    def read(self, spelled: Json) -> Datum:
        """The value that is spelled so, as an encoder takes it. Raises InvalidEvent with the field's path."""
        return _read(spelled, self._type, "")


def _spell(value: Datum, type_: AvroType) -> Json:
    match type_:
        case Record(fields=fields):
            return {field.name: _spell(value[field.name], field.type) for field in fields}
        case Array(items=items):
            return [_spell(item, items) for item in value]
        case Map(values=values):
            return {name: _spell(item, values) for name, item in value.items()}
        case Union(branches=branches):
            return _spell_one_of(value, branches)
        case _:
            return _spell_scalar(value)


def _spell_one_of(value: Datum, branches: tuple[AvroType, ...]) -> Json:
    if value is None:
        return None
    branch = next((branch for branch in branches if _holds(value, branch)), None)
    if branch is None:
        return _spell_scalar(value)
    spelled = _spell(value, branch)
    others = [other for other in branches if other != NULL]
    if len(others) > 1 and (_tagged(spelled, branches) or _untagged(spelled, others, "") != branch):
        return {_tag(branch): spelled}
    return spelled


def _spell_scalar(value: Datum) -> Json:
    match value:
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case Decimal() | uuid.UUID():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case datetime() if value.tzinfo is UTC:
            return value.replace(tzinfo=None).isoformat() + "Z"
        case date() | time():
            return value.isoformat()
        case Duration():
            return {part: getattr(value, part) for part in _PARTS}
        case _:
            return value


def _holds(value: Datum, type_: AvroType) -> bool:
    """Whether a decoded value can be of this branch."""
    match type_:
        case Record(fields=fields):
            return isinstance(value, dict) and value.keys() == {field.name for field in fields}
        case Map():
            return isinstance(value, dict)
        case Array():
            return isinstance(value, list)
        case Enumeration(symbols=symbols):
            return isinstance(value, str) and value in symbols
        case Primitive() | Fixed() if (logical := logical_of(type_)) is not None:
            return logical.holds(value)
        case Primitive(name=name):
            return type(value) is _PYTHON.get(name)
        case Fixed(size=size):
            return isinstance(value, bytes) and len(value) == size
        case _:
            return False


def _tag(branch: AvroType) -> str:
    """What Avro's own JSON calls the branch."""
    match branch:
        case Array() | Map() | Union():
            return short_name(branch)
        case _:
            return branch.name


def _tagged(spelled: Json, branches: tuple[AvroType, ...]) -> AvroType | None:
    if not isinstance(spelled, dict) or len(spelled) != 1:
        return None
    [tag] = spelled
    return next((branch for branch in branches if _tag(branch) == tag), None)


def _untagged(spelled: Json, branches: list[AvroType], path: str) -> AvroType | None:
    """The first branch that the JSON can be read as."""
    for branch in branches:
        try:
            _read(spelled, branch, path)
        except InvalidEvent:
            continue
        return branch
    return None


def _read(spelled: Json, type_: AvroType, path: str) -> Datum:
    match type_:
        case Record(fields=fields):
            return _read_record(spelled, {field.name: field.type for field in fields}, path)
        case Array(items=items):
            _require(spelled, list, "a list", path)
            return [_read(item, items, f"{path}[{index}]") for index, item in enumerate(spelled)]
        case Map(values=values):
            _require(spelled, dict, "an object", path)
            return {name: _read(item, values, _under(path, name)) for name, item in spelled.items()}
        case Union(branches=branches):
            return _read_one_of(spelled, branches, path)
        case Enumeration(symbols=symbols):
            if not isinstance(spelled, str) or spelled not in symbols:
                raise InvalidEvent(f"{spelled!r} is none of {', '.join(symbols)}", path=path)
            return spelled
        case _:
            return _read_scalar(spelled, type_, path)


def _read_record(spelled: Json, fields: Mapping[str, AvroType], path: str) -> Datum:
    _require(spelled, dict, "an object", path)
    unknown = [name for name in spelled if name not in fields]
    if unknown:
        raise InvalidEvent(
            f"there is no such field; there are {', '.join(fields) or 'none'}", path=_under(path, unknown[0])
        )
    # Fields that are left out are the encoder's to judge: it knows their defaults.
    return {name: _read(value, fields[name], _under(path, name)) for name, value in spelled.items()}


def _read_one_of(spelled: Json, branches: tuple[AvroType, ...], path: str) -> Datum:
    if spelled is None and NULL in branches:
        return None
    others = [branch for branch in branches if branch != NULL]
    tagged = _tagged(spelled, branches)
    if tagged is not None and len(others) > 1:
        [value] = spelled.values()
        return _read(value, tagged, path)
    if len(others) == 1:
        return _read(spelled, others[0], path)
    branch = _untagged(spelled, others, path)
    if branch is None:
        names = ", ".join(map(_tag, branches))
        raise InvalidEvent(
            f"{_shown(spelled)} is none of {names}",
            path=path,
            hint=f'name the branch to see what is wrong: {{"{_tag(others[0])}": ...}}',
        )
    return _read(spelled, branch, path)


def _read_scalar(spelled: Json, type_: Primitive | Fixed, path: str) -> Datum:
    logical = logical_of(type_)
    python = logical.python if logical is not None else _PYTHON.get(type_.name, bytes)
    if type_ == NULL:
        _require(spelled, type(None), "null", path)
        return None
    if python is float:
        return _read_float(spelled, path)
    if python in (int, bool, str):
        if type(spelled) is not python:
            raise InvalidEvent(f"{_shown(spelled)} is no {short_name(type_)}", path=path)
        return spelled
    if python is Duration:
        return _read_duration(spelled, path)
    what, parse = _TEXTS[python]
    _require(spelled, str, what, path)
    try:
        return parse(spelled)
    except (ValueError, InvalidOperation) as error:
        raise InvalidEvent(f"{_shown(spelled)} is not {what}", path=path) from error


def _read_float(spelled: Json, path: str) -> float:
    if isinstance(spelled, str) and spelled in _NOT_FINITE:
        return _NOT_FINITE[spelled]
    if type(spelled) is int or type(spelled) is float:
        return float(spelled)
    raise InvalidEvent(f"{_shown(spelled)} is no number", path=path)


def _read_duration(spelled: Json, path: str) -> Duration:
    _require(spelled, dict, "an object of months, days and milliseconds", path)
    try:
        return Duration(**spelled)
    except (TypeError, ValueError) as error:
        raise InvalidEvent(
            f"{_shown(spelled)} is no duration of months, days and milliseconds", path=path
        ) from error


_TEXTS: Final[Mapping[type, tuple[str, Callable[[str], Any]]]] = {
    Decimal: ('a decimal as text, such as "12.50"', Decimal),
    datetime: ('a moment, such as "2026-03-01T12:00:00Z"', datetime.fromisoformat),
    date: ('a date, such as "2026-03-01"', date.fromisoformat),
    time: ('a time of day, such as "12:00:00"', time.fromisoformat),
    uuid.UUID: ("a UUID", uuid.UUID),
    bytes: ("base64 text", lambda text: base64.b64decode(text, validate=True)),
}


def _require(spelled: Json, kind: type, what: str, path: str) -> None:
    if not isinstance(spelled, kind):
        raise InvalidEvent(f"{_shown(spelled)} is not {what}", path=path)


def _shown(spelled: Json) -> str:
    text = repr(spelled)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 -- what fits a line


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
