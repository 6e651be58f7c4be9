"""The Avro schema of a class.

| Python | Avro |
|---|---|
| str, bool, bytes, float | string, boolean, bytes, double |
| int | long |
| datetime | long, timestamp-millis |
| date, UUID | int, date; string, uuid |
| Enum | enum, its symbols are the members' names |
| T or None, default None | ["null", T], default null |
| list[T], dict[str, T] | array, map |
| a dataclass | record; its docstring is the doc |
"""

import json
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import Any, Final, get_args

from accord.codecs.avro.types import Json
from accord.codecs.errors import ModelDoesNotFit
from accord.codecs.models import (
    COMPUTED_DEFAULT,
    NO_DEFAULT,
    Default,
    Hint,
    ModelField,
    alternatives,
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
}


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
        node["fields"] = [self._field(item, f"{path}.{item.name}".lstrip(".")) for item in fields_of(model)]
        return node

    def _field(self, item: ModelField, path: str) -> dict[str, Any]:
        branches = [self._branch(hint, path) for hint in alternatives(item.type)]
        if "null" in branches and item.default in (None, NO_DEFAULT, COMPUTED_DEFAULT):
            branches.sort(key=lambda branch: branch != "null")
        elif item.default is None:
            self.problems.append(f"{path}: the default is None, and its type does not allow None")
        node = {"name": item.name, "type": branches if len(branches) > 1 else branches[0]}
        has_default, default = _json_default(item.default)
        return node | {"default": default} if has_default else node

    def _type(self, hint: Hint, path: str) -> Json:
        branches = [self._branch(member, path) for member in alternatives(hint)]
        branches.sort(key=lambda branch: branch != "null")
        return branches if len(branches) > 1 else branches[0]

    def _branch(self, hint: Hint, path: str) -> Json:
        simple = SIMPLE.get(hint)
        if simple is not None:
            return simple
        origin, arguments = origin_of(hint), [plain(argument) for argument in get_args(hint)]
        if origin is list:
            return {"type": "array", "items": self._type(arguments[0], f"{path}[]")}
        if origin is dict and arguments[0] is str:
            return {"type": "map", "values": self._type(arguments[1], f"{path}{{}}")}
        if isinstance(hint, type) and (is_model(hint) or issubclass(hint, Enum)):
            return self._named(hint, path)
        self.problems.append(f"{path}: {hint_name(hint)} has no Avro type of its own")
        return "null"

    def _named(self, model: type, path: str) -> Json:
        known = self.seen.get(model.__name__)
        if known is model:
            return model.__name__
        if known is not None:
            self.problems.append(f"{path}: two classes are called {model.__name__}")
            return "null"
        if is_model(model):
            return self.record(model, path, None)
        return self._enumeration(model)

    def _enumeration(self, model: type) -> dict[str, Any]:
        self.seen[model.__name__] = model
        doc = documentation_of(model)
        symbols = list(model.__members__)  # type: ignore[attr-defined]  # an Enum class; `type` cannot say so
        return {"type": "enum", "name": model.__name__, **({"doc": doc} if doc else {}), "symbols": symbols}


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
