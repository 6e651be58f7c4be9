"""What a default in a schema (JSON) stands for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from accord.codecs.avro.binding import ModelBinding
from accord.codecs.avro.logical import logical_of
from accord.codecs.avro.types import (
    Array,
    AvroType,
    Datum,
    Enumeration,
    Field,
    Fixed,
    Json,
    Map,
    Primitive,
    Record,
    Union,
)

JSON_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "null": type(None),
    "boolean": bool,
    "int": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
}
"""What a default of a primitive looks like in JSON; the others are strings."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """Makes values of defaults. A default that is not of its type raises TypeError, ValueError or LookupError."""

    binding: ModelBinding

    def maker(self, item: Field) -> Callable[[], Any]:
        """The function that gives a record its value of the field; containers are made anew for each."""
        value = self.value(item.type, item.default)
        if isinstance(item.default, list | dict):
            return lambda: self.value(item.type, item.default)
        return lambda: value

    def value(self, type_: AvroType, default: Json) -> Datum:
        """The value."""
        match type_:
            case Union(branches=branches):
                return self.value(_branch(branches, default), default)
            case Primitive(name=name) if name not in {"bytes", "string"}:
                return self._simple(type_, default)
            case Primitive(name="string"):
                return _meant(type_, str(default))
            case Primitive() | Fixed():
                # Characters stand for bytes; registries let others pass, and Java reads those as question marks.
                return _meant(type_, default.encode("latin-1", "replace"))
            case Enumeration(name=name):
                class_ = self.binding.enum_of(name)
                return class_[default] if class_ else default
            case Array(items=items):
                return [self.value(items, item) for item in default]
            case Map(values=values):
                return {key: self.value(values, item) for key, item in default.items()}
            case Record(name=name, fields=fields):
                whole = {
                    item.name: self.value(item.type, default.get(item.name, item.default)) for item in fields
                }
                model = self.binding.model_of(name)
                return model.build(whole) if model else whole

    def _simple(self, type_: Primitive, default: Json) -> Datum:
        if not isinstance(default, JSON_TYPES[type_.name]):
            raise TypeError(f"{default!r} is no {type_.name}")
        stored = float(default) if type_.name in {"float", "double"} else default  # type: ignore[arg-type]  # checked
        return _meant(type_, stored)


def _meant(type_: Primitive | Fixed, stored: Json) -> Datum:
    logical = logical_of(type_)
    return logical.to_meant(stored) if logical else stored


def _branch(branches: tuple[AvroType, ...], default: Json) -> AvroType:
    for branch in branches:
        match branch:
            case Array():
                fits = isinstance(default, list)
            case Map() | Record():
                fits = isinstance(default, dict)
            case Primitive(name=name):
                fits = isinstance(default, JSON_TYPES.get(name, str))
            case _:
                fits = isinstance(default, str)
        if fits:
            return branch
    raise TypeError(f"{default!r} is of no branch of the union")
