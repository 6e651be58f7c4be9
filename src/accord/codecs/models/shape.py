"""What codecs need to know of a class that holds events: its fields, their types and defaults, and its docstring.

Dataclasses are understood. Values are read by attribute and built by keyword, which other kinds of class share.
"""

import dataclasses
import inspect
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Final, NewType, get_args, get_origin

from accord.codecs.errors import ModelDoesNotFit

Hint = Any
"""A type hint: a class, or what ``typing`` makes of classes."""

Default = Any
"""What a field starts with: any value, NO_DEFAULT or COMPUTED_DEFAULT."""

NO_DEFAULT: Final = object()
COMPUTED_DEFAULT: Final = object()


@dataclass(frozen=True, slots=True)
class ModelField:
    """One field: ``type`` is a resolved type hint, ``default`` a value, NO_DEFAULT or COMPUTED_DEFAULT."""

    name: str
    type: Hint
    default: Default


def is_model(hint: object) -> bool:
    """Whether this is a class whose instances are records."""
    return isinstance(hint, type) and dataclasses.is_dataclass(hint)


def fields_of(model: type) -> tuple[ModelField, ...]:
    """The fields in order. Raises ModelDoesNotFit if a type hint names nothing."""
    if not is_model(model):
        raise ModelDoesNotFit(
            f"{model!r} cannot hold events", ["it is not a dataclass"], hint="decorate it with @dataclass"
        )
    try:
        hints: Mapping[str, Hint] = typing.get_type_hints(model)
    except NameError as error:
        raise ModelDoesNotFit(
            f"the type hints of {model.__qualname__} cannot be resolved",
            [str(error)],
            hint="import what the hints name at run time, outside of `if TYPE_CHECKING`",
        ) from error
    return tuple(
        ModelField(item.name, plain(hints[item.name]), _default(item))
        for item in dataclasses.fields(model)
        if item.init
    )


def documentation_of(model: type) -> str:
    """The docstring that somebody wrote, or ""."""
    text = model.__dict__.get("__doc__") or ""
    if is_model(model) and text.startswith(f"{model.__name__}("):
        # @dataclass writes the signature where a docstring is missing.
        return ""
    return "" if issubclass(model, Enum) and text == "An enumeration." else inspect.cleandoc(text)


def plain(hint: Hint) -> Hint:
    """The hint without NewType and Annotated around it."""
    while True:
        if isinstance(hint, NewType):
            hint = hint.__supertype__
        elif origin_of(hint) is Annotated:
            hint = get_args(hint)[0]
        else:
            return hint


def alternatives(hint: Hint) -> tuple[Hint, ...]:
    """The members of a union hint (None as NoneType), or the hint alone."""
    if origin_of(hint) in (typing.Union, UnionType):
        return tuple(plain(member) for member in get_args(hint))
    return (hint,)


def origin_of(hint: Hint) -> object:
    """The class of a parametrised hint: ``list`` for ``list[int]``; None for a plain class."""
    return get_origin(hint)


def hint_name(hint: Hint) -> str:
    """The hint as a person writes it."""
    return hint.__qualname__ if isinstance(hint, type) and not get_args(hint) else str(hint)


def _default(item: "dataclasses.Field[Any]") -> Default:
    if item.default is not dataclasses.MISSING:
        return item.default
    if item.default_factory in (list, dict):
        return item.default_factory()
    return NO_DEFAULT if item.default_factory is dataclasses.MISSING else COMPUTED_DEFAULT
