"""Which class stands for which named type of a schema, checked once when a codec is made."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Final, TypeVar, get_args

from accord.codecs.avro.types import (
    Array,
    AvroType,
    Enumeration,
    Fixed,
    Map,
    Primitive,
    Record,
    Union,
    short_name,
)
from accord.codecs.duration import Duration
from accord.codecs.errors import ModelDoesNotFit
from accord.codecs.models import (
    Hint,
    Model,
    alternatives,
    fields_of,
    hint_name,
    is_model,
    model_of,
    origin_of,
    plain,
)

C = TypeVar("C")

FITTING: Final[Mapping[str, type]] = {
    "null": NoneType,
    "boolean": bool,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "bytes": bytes,
    "string": str,
    "fixed": bytes,
    "date": date,
    "time-millis": time,
    "time-micros": time,
    "timestamp-millis": datetime,
    "timestamp-micros": datetime,
    "timestamp-nanos": int,
    "local-timestamp-millis": datetime,
    "local-timestamp-micros": datetime,
    "local-timestamp-nanos": int,
    "duration": Duration,
    "uuid": uuid.UUID,
    "decimal": Decimal,
}
"""The Python type of a value, by logical type if there is one, else by Avro type."""


@dataclass(frozen=True, slots=True)
class ModelBinding:
    """The class of each record and enum, by full name."""

    models: Mapping[str, Model]
    enums: Mapping[str, type[Enum]]

    def model_of(self, name: str) -> Model | None:
        """The class of the named record, or None if its values are dicts."""
        return self.models.get(name)

    def enum_of(self, name: str) -> type[Enum] | None:
        """The class of the named enum, or None if its values are strings."""
        return self.enums.get(name)


PLAIN: Final = ModelBinding({}, {})


def bind(model: type, type_: AvroType) -> ModelBinding:
    """Pair the classes reachable from ``model`` with the named types of the schema.

    Raises ModelDoesNotFit with every place where the two differ.
    """
    pairing = _Pairing()
    pairing.pair(model, type_, "")
    if pairing.problems:
        raise ModelDoesNotFit(
            f"{model.__qualname__} does not fit its schema",
            pairing.problems,
            hint="change the class or the schema so that fields and types are the same",
        )
    return ModelBinding({name: model_of(class_) for name, class_ in pairing.classes.items()}, pairing.enums)


@dataclass(slots=True)
class _Pairing:
    classes: dict[str, type] = field(default_factory=dict)
    enums: dict[str, type[Enum]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def pair(self, hint: Hint, type_: AvroType, path: str) -> None:
        hints = alternatives(hint)
        if isinstance(type_, Union):
            self._union(hints, type_, path)
        elif len(hints) > 1:
            self._problem(path, f"the class allows {hint_name(hint)}, the schema only {short_name(type_)}")
        elif hints[0] is not Any:
            self._single(hints[0], type_, path)

    def _problem(self, path: str, text: str) -> None:
        self.problems.append(f"{path.lstrip('.')}: {text}" if path else text)

    def _single(self, hint: Hint, type_: AvroType, path: str) -> None:
        origin, arguments = origin_of(hint), [plain(argument) for argument in get_args(hint)]
        match type_:
            case Array() if origin is list:
                self.pair(arguments[0], type_.items, f"{path}[]")
            case Map() if origin is dict and arguments[0] is str:
                self.pair(arguments[1], type_.values, f"{path}{{}}")
            case Record() if is_model(hint):
                self._record(hint, type_, path)
            case Enumeration() if isinstance(hint, type) and issubclass(hint, Enum):
                self._enumeration(hint, type_, path)
            case Enumeration() if hint is str:
                return
            case Primitive() | Fixed() if hint is FITTING[_kind(type_)]:
                return
            case _:
                self._problem(path, f"the class has {hint_name(hint)}, the schema has {short_name(type_)}")

    def _union(self, hints: tuple[Hint, ...], union: Union, path: str) -> None:
        """Every branch needs a member of the hint that fits it, and every member a branch."""
        if Any in hints:
            return
        matched = set()
        for branch in union.branches:
            alike = [hint for hint in hints if _alike(hint, branch)]
            if not alike:
                self._problem(path, f"the schema allows {short_name(branch)}, the class does not")
                continue
            # Of several classes the one with the record's name is meant.
            chosen = next(
                (hint for hint in alike if getattr(hint, "__name__", "") == short_name(branch)), alike[0]
            )
            matched.add(chosen)
            self._single(chosen, branch, path)
        for hint in hints:
            if hint not in matched:
                self._problem(path, f"the class allows {hint_name(hint)}, the schema does not")

    def _record(self, model: type, record: Record, path: str) -> None:
        if not self._is_new(self.classes, record.name, model, path):
            return
        fields = {item.name: item for item in fields_of(model)}
        for avro_field in record.fields:
            known = fields.pop(avro_field.name, None)
            if known is None:
                self._problem(f"{path}.{avro_field.name}", "the class has no such field")
            else:
                self.pair(known.type, avro_field.type, f"{path}.{avro_field.name}")
        for name in fields:
            self._problem(f"{path}.{name}", "the schema has no such field")

    def _enumeration(self, class_: type[Enum], enumeration: Enumeration, path: str) -> None:
        if not self._is_new(self.enums, enumeration.name, class_, path):
            return
        members, symbols = set(class_.__members__), set(enumeration.symbols)
        for name in sorted(members ^ symbols):
            self._problem(
                path,
                f"{name} is {'no symbol of the schema' if name in members else 'no member of the class'}",
            )

    def _is_new(self, known: dict[str, type[C]], name: str, class_: type[C], path: str) -> bool:
        before = known.get(name)
        if before is not None and before is not class_:
            self._problem(path, f"{name} would be both {before.__name__} and {class_.__name__}")
        known[name] = class_
        return before is None


def _alike(hint: Hint, branch: AvroType) -> bool:
    """Whether the hint is of the branch's kind; what is inside is looked at later."""
    match branch:
        case Array():
            return origin_of(hint) is list
        case Map():
            return origin_of(hint) is dict
        case Record():
            return is_model(hint)
        case Enumeration():
            return hint is str or (isinstance(hint, type) and issubclass(hint, Enum))
        case Primitive() | Fixed():
            return hint is FITTING[_kind(branch)]
        case _:
            return False


def _kind(type_: Primitive | Fixed) -> str:
    return type_.logical or (type_.name if isinstance(type_, Primitive) else "fixed")
