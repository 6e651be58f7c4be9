"""The values of scalar fields, taken strictly: nothing is rounded, cut or guessed."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from accord.codecs.errors import DataFault
from accord.codecs.protobuf.misfit import Misfit, needed, shown

Convert = Callable[[Any], Any]

TYPE_NAMES: Final[Mapping[int, str]] = {
    getattr(FieldDescriptor, name): name.removeprefix("TYPE_").lower()
    for name in dir(FieldDescriptor)
    if name.startswith("TYPE_")
}
"""What the types of fields are called in .proto text."""

_EXACT_IN_A_DOUBLE: Final = range(-(2**53), 2**53 + 1)
# What rounds to the largest number of 32 bits does not become infinite.
_BEYOND_FLOAT: Final = (2.0 - 2.0**-24) * 2.0**127


@dataclass(frozen=True, slots=True)
class Scalar:
    """How a Python value of the class ``python`` becomes a field's (``to_wire``), and back. Both raise Misfit."""

    python: type
    to_wire: Convert
    to_python: Convert


def scalar_of(field: FieldDescriptor) -> Scalar:
    """The values of a field, or of the items of a repeated one, that holds no messages; enums are their names."""
    return _SCALARS[field.type] if field.enum_type is None else _enum(field.enum_type, None)


def enum_scalar(type_: EnumDescriptor, class_: type[Enum]) -> Scalar:
    """The numbers of an enum as members of ``class_`` with the same names."""
    return _enum(type_, class_)


def _enum(type_: EnumDescriptor, class_: type[Enum] | None) -> Scalar:
    numbers = {name: one.number for name, one in type_.values_by_name.items()}
    known = frozenset(numbers.values())
    names = {one.number: one.name for one in reversed(type_.values)}

    def of_member(value: object) -> int:
        if class_ is None or not isinstance(value, class_):
            raise needed(f"a {class_.__name__ if class_ else 'name'}", value)
        return numbers[value.name]

    def of_name(value: object) -> int:
        if type(value) is int and value in known:
            return value
        if not isinstance(value, str) or isinstance(value, Enum) or value not in numbers:
            raise Misfit(f"{shown(value)} is no constant of {type_.full_name}")
        return numbers[value]

    def to_member(number: int) -> object:
        member = class_.__members__.get(names.get(number, "")) if class_ else None
        if member is None:
            told = names.get(number, f"number {number}")
            raise Misfit(f"the reader does not know {told}", DataFault.NOT_READABLE_AS_CONTRACT)
        return member

    def to_name(number: int) -> str | int:
        # Unless it is closed, an enum may hold what only other versions have a name for.
        return names.get(number, number)

    return Scalar(str, of_name, to_name) if class_ is None else Scalar(class_, of_member, to_member)


def _integer(kind: str, bits: int, *, signed: bool) -> Scalar:
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)

    def to_wire(value: object) -> int:
        if type(value) is not int:
            raise needed(f"an {kind}", value)
        if not low <= value <= high:
            raise Misfit(f"{value} does not fit an {kind} ({low} to {high})")
        return value

    return Scalar(int, to_wire, _as_is)


def _amount(value: object) -> float:
    if isinstance(value, float):
        return value
    if type(value) is int and value in _EXACT_IN_A_DOUBLE:
        return float(value)
    raise needed("a number", value)


def _float(value: object) -> float:
    amount = _amount(value)
    if math.isfinite(amount) and abs(amount) >= _BEYOND_FLOAT:
        raise Misfit(f"{amount} does not fit a float (32 bits)")
    return amount


def _bool(value: object) -> bool:
    if value is True or value is False:
        return value is True
    raise needed("a bool", value)


def _text(value: object) -> str:
    if type(value) is str and value.isascii():
        return value
    if not isinstance(value, str) or isinstance(value, Enum):
        raise needed("a string", value)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Misfit(f"text that UTF-8 cannot say: {error.reason}") from None
    return value


def _read_text(value: object) -> str:
    # Only proto3 looks at text while it parses.
    if isinstance(value, str):
        return value
    raise Misfit("the text is not UTF-8")


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    raise needed("bytes", value)


def _as_is(value: object) -> object:
    return value


_SCALARS: Final[Mapping[int, Scalar]] = {
    FieldDescriptor.TYPE_INT32: _integer("int32", 32, signed=True),
    FieldDescriptor.TYPE_SINT32: _integer("sint32", 32, signed=True),
    FieldDescriptor.TYPE_SFIXED32: _integer("sfixed32", 32, signed=True),
    FieldDescriptor.TYPE_UINT32: _integer("uint32", 32, signed=False),
    FieldDescriptor.TYPE_FIXED32: _integer("fixed32", 32, signed=False),
    FieldDescriptor.TYPE_INT64: _integer("int64", 64, signed=True),
    FieldDescriptor.TYPE_SINT64: _integer("sint64", 64, signed=True),
    FieldDescriptor.TYPE_SFIXED64: _integer("sfixed64", 64, signed=True),
    FieldDescriptor.TYPE_UINT64: _integer("uint64", 64, signed=False),
    FieldDescriptor.TYPE_FIXED64: _integer("fixed64", 64, signed=False),
    FieldDescriptor.TYPE_DOUBLE: Scalar(float, _amount, _as_is),
    FieldDescriptor.TYPE_FLOAT: Scalar(float, _float, _as_is),
    FieldDescriptor.TYPE_BOOL: Scalar(bool, _bool, _as_is),
    FieldDescriptor.TYPE_STRING: Scalar(str, _text, _read_text),
    FieldDescriptor.TYPE_BYTES: Scalar(bytes, _bytes, _as_is),
}
