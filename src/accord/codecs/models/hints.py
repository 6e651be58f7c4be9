"""Type hints, taken apart."""

import typing
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Final, NewType, get_args, get_origin

Hint = Any
"""A type hint: a class, or what ``typing`` makes of classes."""

# Pydantic's classes that stand for a plain one and a condition; its other names of types are Annotated ones.
_CONDITIONED: Final[Mapping[str, type]] = {
    "AwareDatetime": datetime,
    "NaiveDatetime": datetime,
    "PastDatetime": datetime,
    "FutureDatetime": datetime,
    "PastDate": date,
    "FutureDate": date,
    "UUID1": uuid.UUID,
}


def plain(hint: Hint) -> Hint:
    """The hint without NewType and Annotated around it, and the type that a condition is about."""
    while True:
        if isinstance(hint, NewType):
            hint = hint.__supertype__
        elif origin_of(hint) is Annotated:
            hint = get_args(hint)[0]
        elif isinstance(hint, type) and hint.__module__ == "pydantic.types":
            return _CONDITIONED.get(hint.__name__, hint)
        else:
            # Only at the top of a hint does Python itself take None for its class.
            return NoneType if hint is None else hint


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
