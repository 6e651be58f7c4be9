"""The Avro schema of a class.

| Python | Avro |
|---|---|
| str, bool, bytes, float | string, boolean, bytes, double |
| int | long |
| datetime | long, timestamp-millis |
| date, UUID | int, date; string, uuid |
| time, Duration | long, time-micros; fixed, duration |
| Enum | enum, its symbols are the members' names |
| T or None, default None | ["null", T], default null |
| list[T], dict[str, T] | array, map |
| a class of events | record; its docstring is the doc |
| Annotated[T, AvroType(...)] | that type; the only one for Decimal, whose digits it says |
"""

import json
import typing
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, NewType, get_args

from accord.codecs.avro.types import Json
from accord.codecs.duration import Duration
from accord.codecs.errors import ModelDoesNotFit
from accord.codecs.marks import AvroType
from accord.codecs.models import (
    COMPUTED_DEFAULT,
    NO_DEFAULT,
    Default,
    Hint,
    ModelField,
    documentation_of,
    fields_of,
    hint_name,
    is_model,
    origin_of,
    plain,
)
from accord.schemas import Schema

SIMPLE: Final[dict[Any, Any]] = {
    NoneType: "null",
    str: "string",
    bool: "boolean",
    bytes: "bytes",
    float: "double",
    int: "long",
    datetime: {"type": "long", "logicalType": "timestamp-millis"},
    date: {"type": "int", "logicalType": "date"},
    uuid.UUID: {"type": "string", "logicalType": "uuid"},
    time: {"type": "long", "logicalType": "time-micros"},
}
DURATION: Final = {"type": "fixed", "name": "Duration", "size": 12, "logicalType": "duration"}


def derive_schema(model: type, *, namespace: str | None = None) -> Schema:
    """The schema of ``model``, named after it, in ``namespace``.

    Raises ModelDoesNotFit with every field whose type has no Avro form.
    """
    derivation = _Derivation()
    node = derivation.record(model, "", namespace)
    if derivation.problems:
        raise ModelDoesNotFit(
            f"no Avro schema follows from {model.__qualname__}",
            derivation.problems,
            hint="give the schema's text instead: contract(..., schema=...)",
        )
    return Schema(json.dumps(node, separators=(",", ":"), ensure_ascii=False))


@dataclass(slots=True)
class _Derivation:
    problems: list[str] = field(default_factory=list)
    seen: dict[str, type] = field(default_factory=dict)

    def record(self, model: type, path: str, namespace: str | None) -> dict[str, Any]:
        self.seen[model.__name__] = model
        node: dict[str, Any] = {"type": "record", "name": model.__name__}
        if namespace:
            node["namespace"] = namespace
        if doc := documentation_of(model):
            node["doc"] = doc
        fields, marked = fields_of(model), _marked_hints(model)
        node["fields"] = [
            self._field(item, marked.get(item.attribute, item.type), f"{path}.{item.name}".lstrip("."))
            for item in fields
        ]
        return node

    def _field(self, item: ModelField, hint: Hint, path: str) -> dict[str, Any]:
        branches = [self._branch(member, path) for member in _members(hint)]
        if "null" in branches and item.default in (None, NO_DEFAULT, COMPUTED_DEFAULT):
            branches.sort(key=lambda branch: branch != "null")
        elif item.default is None:
            self.problems.append(f"{path}: the default is None, and its type does not allow None")
        node = {"name": item.name, "type": branches if len(branches) > 1 else branches[0]}
        has_default, default = _json_default(item.default)
        return node | {"default": default} if has_default else node

    def _type(self, hint: Hint, path: str) -> Json:
        branches = [self._branch(member, path) for member in _members(hint)]
        branches.sort(key=lambda branch: branch != "null")
        return branches if len(branches) > 1 else branches[0]

    def _branch(self, marked: Hint, path: str) -> Json:
        hint, mark = _unmarked(marked)
        if mark is not None:
            return _json_type(mark)
        simple = SIMPLE.get(hint)
        if simple is not None:
            return simple
        origin, arguments = origin_of(hint), get_args(hint)
        if origin is list:
            return {"type": "array", "items": self._type(arguments[0], f"{path}[]")}
        if origin is dict and plain(arguments[0]) is str:
            return {"type": "map", "values": self._type(arguments[1], f"{path}{{}}")}
        if isinstance(hint, type) and (is_model(hint) or issubclass(hint, Enum | Duration)):
            return self._named(hint, path)
        remedy = "; say its digits with Annotated and AvroType" if hint is Decimal else ""
        self.problems.append(f"{path}: {hint_name(hint)} has no Avro type of its own{remedy}")
        return "null"

    def _named(self, model: type, path: str) -> Json:
        known = self.seen.get(model.__name__)
        if known is model:
            return model.__name__
        if known is not None:
            self.problems.append(f"{path}: two classes are called {model.__name__}")
            return "null"
        if model is Duration:
            self.seen[model.__name__] = model
            return DURATION
        if is_model(model):
            return self.record(model, path, None)
        return self._enumeration(model)

    def _enumeration(self, model: type) -> dict[str, Any]:
        self.seen[model.__name__] = model
        doc = documentation_of(model)
        symbols = list(model.__members__)  # type: ignore[attr-defined]  # an Enum class; `type` cannot say so
        return {"type": "enum", "name": model.__name__, **({"doc": doc} if doc else {}), "symbols": symbols}


def _marked_hints(model: type) -> dict[str, Hint]:
    """The hints with marks in them, by attribute, as they were written."""
    try:
        hints = typing.get_type_hints(model, include_extras=True)
    except NameError:
        # Pydantic also knows names that were local to where the class was made.
        return {}
    return {name: hint for name, hint in hints.items() if _has_mark(hint)}


def _has_mark(hint: Hint) -> bool:
    hint, mark = _unmarked(hint)
    return mark is not None or any(map(_has_mark, get_args(hint)))


def _members(hint: Hint) -> tuple[Hint, ...]:
    """The members of a union hint, or the hint alone; each with its marks."""
    if origin_of(plain(hint)) in (typing.Union, UnionType) and _unmarked(hint)[1] is None:
        return get_args(plain(hint))
    return (hint,)


def _unmarked(hint: Hint) -> tuple[Hint, AvroType | None]:
    """The plain hint, and the mark on it."""
    mark = None
    while mark is None and (isinstance(hint, NewType) or origin_of(hint) is Annotated):
        if isinstance(hint, NewType):
            hint = hint.__supertype__
        else:
            mark = next((one for one in hint.__metadata__ if isinstance(one, AvroType)), None)
            hint = get_args(hint)[0]
    return plain(hint), mark


def _json_type(mark: AvroType) -> Json:
    if not mark.logical:
        return mark.name
    digits = {"precision": mark.precision, "scale": mark.scale} if mark.logical == "decimal" else {}
    return {"type": mark.name, "logicalType": mark.logical, **digits}


def _json_default(default: Default) -> tuple[bool, Json]:
    """Whether the schema can say this default, and how. Others stay in the class: they fill events, not old data."""
    match default:
        case None | bool() | str() | int() | float() if not isinstance(default, Enum):
            return True, default
        case Enum():
            return True, default.name
        case bytes():
            return True, default.decode("latin-1")
        case [] | {}:
            return True, default
        case _:
            return False, None
