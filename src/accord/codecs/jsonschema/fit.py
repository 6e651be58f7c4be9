"""Whether a class and a schema belong together, looked at once when a codec is made.

Only what is certain is a problem: a schema can say things of a value that no class tells.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Final, Literal, get_args

import msgspec

from accord.codecs.errors import ModelDoesNotFit
from accord.codecs.jsonschema.places import ALL_TYPES, Place, type_of
from accord.codecs.models import (
    Hint,
    ModelField,
    alternatives,
    hint_name,
    is_model,
    model_of,
    origin_of,
    plain,
)

_TYPES: Final[Mapping[Any, frozenset[str]]] = {
    NoneType: frozenset({"null"}),
    bool: frozenset({"boolean"}),
    str: frozenset({"string"}),
    int: frozenset({"integer"}),
    float: frozenset({"integer", "number"}),
    Decimal: frozenset({"integer", "number", "string"}),
    **dict.fromkeys((bytes, datetime, date, time, timedelta, uuid.UUID), frozenset({"string"})),
    **dict.fromkeys((list, tuple, set, frozenset, Sequence), frozenset({"array"})),
    **dict.fromkeys((dict, Mapping), frozenset({"object"})),
    msgspec.UnsetType: frozenset(),
}
_ITEMS: Final = (list, set, frozenset, Sequence)


def check_fit(model: type, place: Place) -> None:
    """Raise ModelDoesNotFit with every place where the two differ."""
    fit = _Fit()
    fit.compare(model, place, "")
    if fit.problems:
        raise ModelDoesNotFit(
            f"{model.__qualname__} does not fit its schema",
            fit.problems,
            hint="change the class or the schema so that fields and types are the same",
        )


@dataclass(slots=True)
class _Fit:
    problems: list[str] = field(default_factory=list)
    seen: set[tuple[type, tuple[int, ...]]] = field(default_factory=set)

    def compare(self, hint: Hint, place: Place, path: str) -> None:
        hints = alternatives(plain(hint))
        types = [_types_of(one) for one in hints]
        for one, possible in zip(hints, types, strict=True):
            if possible and not possible & place.types and not self._is_left_out(one, hints):
                self._problem(path, f"the class allows {_name(one)}, the schema does not")
        missing = place.types - frozenset[str]().union(*types)
        # What a schema leaves open a class may settle.
        if missing and place.types != ALL_TYPES and len(place.nodes) == 1:
            self._problem(path, f"the schema allows {', '.join(sorted(missing))}, the class does not")
        for one in hints:
            self._inside(one, hints, place, path)

    def _is_left_out(self, hint: Hint, hints: Sequence[Hint]) -> bool:
        """None stands for a field that is not there, too."""
        return hint is NoneType and len(hints) > 1

    def _inside(self, hint: Hint, hints: Sequence[Hint], place: Place, path: str) -> None:
        if is_model(hint):
            # Of several classes it does not show which is meant.
            if sum(is_model(one) for one in hints) == 1 and "object" in place.types:
                self._members(hint, place, path)
            return
        arguments = get_args(hint)
        if origin_of(hint) in _ITEMS:
            self.compare(arguments[0], place.item, f"{path}[]")
        elif origin_of(hint) is dict:
            self.compare(arguments[1], place.other, f"{path}{{}}")

    def _members(self, class_: type, place: Place, path: str) -> None:
        key = class_, tuple(map(id, place.nodes))
        if key in self.seen:
            return
        self.seen.add(key)
        fields: Mapping[str, ModelField] = {item.name: item for item in model_of(class_).fields}
        names = place.names
        for name, item in fields.items():
            inner = f"{path}.{name}"
            if name not in names and place.is_plain and place.tells_members:
                self._problem(inner, "the schema has no such field")
                continue
            member = place.member(name)
            if NoneType in alternatives(item.type) and "null" not in member.types and name in place.required:
                self._problem(inner, "the class allows None, the schema does not")
            self.compare(item.type, member, inner)
        if place.is_plain:
            for name in sorted(place.required - fields.keys() - {_tag_field(class_)}):
                self._problem(f"{path}.{name}", "the class has no such field")

    def _problem(self, path: str, text: str) -> None:
        self.problems.append(f"{path.lstrip('.')}: {text}" if path else text)


def _tag_field(class_: type) -> str | None:
    """The member that tells a tagged Struct from others; no field of it."""
    config = getattr(class_, "__struct_config__", None)
    return None if config is None else config.tag_field


def _types_of(hint: Hint) -> frozenset[str]:
    """The JSON types that values of one hint may have; all of them where that is not known."""
    if is_model(hint):
        config = getattr(hint, "__struct_config__", None)
        return frozenset({"array" if config is not None and config.array_like else "object"})
    origin = origin_of(hint)
    if origin is Literal:
        return frozenset(map(type_of, get_args(hint)))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return frozenset(type_of(member.value) for member in hint)
    return _TYPES.get(origin or hint, ALL_TYPES)


def _name(hint: Hint) -> str:
    return "None" if hint is NoneType else hint_name(hint)
