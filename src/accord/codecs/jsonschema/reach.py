"""What values of a class may hold, told from its type hints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Final, Literal, get_args
from uuid import UUID

from accord.codecs.jsonschema.places import ALL_TYPES, Place
from accord.codecs.models import Hint, alternatives, fields_of, is_model, model_of, origin_of, plain

_SCALARS: Final = (
    NoneType, bool, str, int, float, Decimal, bytes, datetime, date, time, timedelta, UUID,
)  # fmt: skip
_ITEMS: Final = (list, tuple, set, frozenset, Sequence)
_OPEN: Final = (Any, object, list, dict, tuple, set, frozenset)


def reaches(hint: Hint, is_wanted: Callable[[Hint], bool]) -> bool:
    """Whether something of a wanted type may be in a value; what may hold anything may hold that as well."""
    return _reaches(hint, is_wanted, set())


def may_be_anything(hint: Hint) -> bool:
    """Whether the hint does not tell what is inside of a value."""
    return any(hint is one for one in _OPEN)


def is_foreign(hint: Hint) -> bool:
    """Whether values need more than msgspec's own conversion: other classes, and members whose names are no strings."""
    if is_model(hint):
        return model_of(hint).kind == "pydantic"
    if origin_of(hint) is dict:
        return plain(get_args(hint)[0]) is not str
    return not get_args(hint) and hint is not Ellipsis and not _is_scalar(hint)


def is_settled(hint: Hint, place: Place) -> bool:
    """Whether the schema gives a type to every part of a value of the class, so that NaN is nowhere allowed."""
    return _is_settled(hint, place, set())


def converted_classes(class_: type) -> Iterable[type]:
    """The classes of instances that msgspec converts where it is given one of ``class_``: not those within pydantic's."""
    return _converted(class_, {})


def _converted(hint: Hint, seen: dict[type, None]) -> Iterable[type]:
    for one in alternatives(plain(hint)):
        if is_model(one):
            if one not in seen and (model_of(one).kind != "pydantic" or is_dataclass(one)):
                seen[one] = None
                for item in model_of(one).fields:
                    _converted(item.type, seen)
        else:
            for argument in get_args(one):
                _converted(argument, seen)
    return seen


def _reaches(hint: Hint, is_wanted: Callable[[Hint], bool], seen: set[type]) -> bool:
    for one in alternatives(plain(hint)):
        if is_wanted(one) or may_be_anything(one):
            return True
        if is_model(one):
            if one not in seen:
                seen.add(one)
                if any(_reaches(item.type, is_wanted, seen) for item in fields_of(one)):
                    return True
        elif origin_of(one) is not Literal and any(
            _reaches(inner, is_wanted, seen) for inner in get_args(one)
        ):
            return True
    return False


def _is_settled(hint: Hint, place: Place, seen: set[tuple[type, tuple[int, ...]]]) -> bool:
    if place.types == ALL_TYPES:
        return False
    hints = alternatives(plain(hint))
    return sum(map(is_model, hints)) <= 1 and all(_is_one_settled(one, place, seen) for one in hints)


def _is_one_settled(hint: Hint, place: Place, seen: set[tuple[type, tuple[int, ...]]]) -> bool:
    if is_model(hint):
        key = hint, tuple(map(id, place.nodes))
        if key in seen:
            return True
        seen.add(key)
        fields = {item.name: item.type for item in fields_of(hint)}
        # What is no field may be written as well: instances of subclasses have more.
        return (
            place.is_closed
            and place.names <= fields.keys()
            and all(_is_settled(type_, place.member(name), seen) for name, type_ in fields.items())
        )
    arguments = [one for one in get_args(hint) if one is not Ellipsis]
    if origin_of(hint) in _ITEMS and len(arguments) == 1:
        return _is_settled(arguments[0], place.item, seen)
    if origin_of(hint) in (dict, Mapping):
        return _is_settled(arguments[1], place.other, seen)
    return _is_scalar(hint) or origin_of(hint) is Literal


def _is_scalar(hint: Hint) -> bool:
    return isinstance(hint, type) and (hint in _SCALARS or issubclass(hint, Enum))
