"""What a field is read as that is not set."""

from dataclasses import dataclass
from math import isnan
from typing import Final

from accord.schemas.protobuf.descriptors.field_values import default_value, integer
from accord.schemas.protobuf.evolution.readings import GROUP, MAP, MESSAGE
from accord.schemas.protobuf.evolution.slots import Slot, Slots
from accord.schemas.protobuf.model import Enum, Word


@dataclass(frozen=True, slots=True)
class Default:
    """A default: ``value`` to be compared, and the same in words."""

    value: int | float | str
    words: str


_NO_VALUES: Final = frozenset({MESSAGE, GROUP, MAP})
_TEXTS: Final = frozenset({"string", "bytes"})


def default_of(slot: Slot, slots: Slots) -> Default | None:
    """The default of a single value; None for messages and lists, which have none, and for a type nobody knows."""
    if slot.is_repeated or slot.coding is None or slot.coding.kind in _NO_VALUES:
        return None
    given = slot.default
    if slot.type is not None and isinstance(slot.type.node, Enum):
        name = given.name if isinstance(given, Word) else ""
        return _constant(slot.type.node, name, is_closed=slots.is_closed(slot.type))
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


def _constant(enum: Enum, name: str, *, is_closed: bool) -> Default | None:
    """The constant of that name; without a name the first one, or the one for 0."""
    for constant in enum.constants:
        if constant.name == name or (not name and (is_closed or constant.tag == 0)):
            return Default(constant.tag, f"{constant.tag} (`{constant.name}`)")
    return None
