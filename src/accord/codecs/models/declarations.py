"""What the kinds of class have in common in how they declare fields, and how they are refused."""

import inspect
from collections.abc import Sequence
from typing import Final

from accord.codecs.errors import ModelDoesNotFit
from accord.codecs.models.model import COMPUTED_DEFAULT, NO_DEFAULT, Default

_POSITIONAL: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def default_of(value: Default, factory: object, *, missing: object) -> Default:
    """The default of a field that declares a value or a factory, where ``missing`` stands for neither."""
    if factory is list:
        return []
    if factory is dict:
        return {}
    if factory is not missing:
        return COMPUTED_DEFAULT
    return NO_DEFAULT if value is missing else value


def by_position(class_: type) -> tuple[str, ...]:
    """The names of the parameters that may be given by position, in order."""
    parameters = inspect.signature(class_).parameters.values()
    return tuple(one.name for one in parameters if one.kind in _POSITIONAL)


def misfit(class_: object, problems: Sequence[str], *, hint: str) -> ModelDoesNotFit:
    """The error about a class that cannot hold events."""
    name = class_.__qualname__ if isinstance(class_, type) else repr(class_)
    return ModelDoesNotFit(f"{name} cannot hold events", problems, hint=hint)


def unresolved(class_: type, error: NameError) -> ModelDoesNotFit:
    """The error about a class whose type hints name what is not there at run time."""
    return ModelDoesNotFit(
        f"the type hints of {class_.__qualname__} cannot be resolved",
        [str(error)],
        hint="import what the hints name at run time, outside of `if TYPE_CHECKING`",
    )
