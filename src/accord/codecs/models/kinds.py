"""The kinds of class that hold events: dataclasses, msgspec Structs, and what pydantic validates."""

import dataclasses
import inspect
import typing
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from accord.codecs.models.declarations import by_position, default_of, misfit, unresolved
from accord.codecs.models.hints import plain
from accord.codecs.models.model import Model, ModelField
from accord.codecs.models.pydantic_fields import validated_fields
from accord.codecs.models.pydantic_marks import is_validated

_KNOWN_MODELS: Final = 1024
_COLLECTING: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def is_model(hint: object) -> bool:
    """Whether this is a class whose instances are records."""
    if not isinstance(hint, type) or hint is msgspec.Struct:
        return False
    return dataclasses.is_dataclass(hint) or issubclass(hint, msgspec.Struct) or is_validated(hint)


def model_of(class_: type) -> Model:
    """How instances of the class are read and made; raises ModelDoesNotFit if it cannot hold events."""
    return _model_of(class_)


def fields_of(class_: type) -> tuple[ModelField, ...]:
    """The fields in order. Raises ModelDoesNotFit if the class cannot hold events."""
    return _model_of(class_).fields


@lru_cache(maxsize=_KNOWN_MODELS)
def _model_of(class_: type) -> Model:
    if not is_model(class_):
        raise misfit(
            class_,
            ["it is not a dataclass, a msgspec Struct or a pydantic model"],
            hint="decorate it with @dataclass, or derive it from msgspec.Struct or pydantic.BaseModel",
        )
    if is_validated(class_):
        return Model(class_, "pydantic", validated_fields(class_), by_position(class_))
    if issubclass(class_, msgspec.Struct):
        return Model(class_, "struct", tuple(_struct_fields(class_)), by_position(class_))
    fields = tuple(_dataclass_fields(class_))
    _check_constructor(class_, {item.keyword for item in fields})
    return Model(class_, "dataclass", fields, by_position(class_))


def _dataclass_fields(class_: type) -> Iterable[ModelField]:
    try:
        hints = typing.get_type_hints(class_)
    except NameError as error:
        raise unresolved(class_, error) from error
    for item in dataclasses.fields(class_):
        if item.init:
            default = default_of(item.default, item.default_factory, missing=dataclasses.MISSING)
            yield ModelField(item.name, plain(hints[item.name]), default, item.name, item.name)


def _struct_fields(class_: type[msgspec.Struct]) -> Iterable[ModelField]:
    try:
        fields = msgspec.structs.fields(class_)
    except NameError as error:
        raise unresolved(class_, error) from error
    for item in fields:
        default = default_of(item.default, item.default_factory, missing=msgspec.NODEFAULT)
        yield ModelField(item.encode_name, plain(item.type), default, item.name, item.name)


def _check_constructor(class_: type, keywords: set[str]) -> None:
    """A dataclass may have a constructor of its own, or ask for what is no field."""
    parameters = inspect.signature(class_).parameters.values()
    problems = [
        f"making one needs '{one.name}', which is no field"
        for one in parameters
        if one.default is one.empty and one.kind not in _COLLECTING and one.name not in keywords
    ]
    if not any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters):
        unknown = keywords - {one.name for one in parameters}
        problems += [f"making one does not take the field '{keyword}'" for keyword in sorted(unknown)]
    if problems:
        raise misfit(class_, problems, hint="let the constructor take the fields, and nothing else")
