"""What a field is read as that is not set."""

from dataclasses import dataclass
from math import isnan
from typing import Final

from accord.schemas.protobuf.descriptors.field_values import default_value, integer
from accord.schemas.protobuf.evolution.enums import EnumOutline
from accord.schemas.protobuf.evolution.readings import GROUP, MAP, MESSAGE
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.protobuf.model import Word


@dataclass(frozen=True, slots=True)
class Default:
    """A default: ``value`` to be compared, and the same in words."""

    value: int | float | str
    words: str


_NO_VALUES: Final = frozenset({MESSAGE, GROUP, MAP})
_TEXTS: Final = frozenset({"string", "bytes"})


def default_of(slot: Slot) -> Default | None:
    """The default of a single value; None for messages and lists, which have none, and for a type nobody knows."""
    if slot.is_repeated or slot.coding is None or slot.coding.kind in _NO_VALUES:
        return None
    given = slot.default
    if slot.enum is not None:
        return _constant(slot.enum, given.name if isinstance(given, Word) else "")
    text = None if given is None else default_value(given, slot.coding.kind)
    return _scalar(slot.coding.kind, text)


def _scalar(kind: str, text: str | None) -> Default:
    if kind in _TEXTS:
        return Default(text or "", f'"{text or ""}"')
    if kind == "bool":
        return Default(int(text == "true"), text or "false")
    if text is None:
        return Default(0, "0")
    number = integer(text)
    return Default(_number(text) if number is None else number, text)


def _number(text: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    return text if isnan(number) else number


def _constant(enum: EnumOutline, name: str) -> Default | None:
    """The constant of that name; without a name the first one, or the one for 0."""
    for constant in enum.node.constants:
        if constant.name == name or (not name and (enum.is_closed or constant.tag == 0)):
            return Default(constant.tag, f"{constant.tag} (`{constant.name}`)")
    return None
