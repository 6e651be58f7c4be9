"""A typed value -> Avro's binary form, strictly: what the schema does not allow is an error with the field's path.

``compile_encoder`` walks the schema once and returns one function; records cost no look at the schema again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from operator import attrgetter
from typing import Final

from accord.codecs.avro.binary import DOUBLE, FLOAT, INT_RANGE, LONG_RANGE, append_long
from accord.codecs.avro.binding import ModelBinding
from accord.codecs.avro.logical import logical_of
from accord.codecs.avro.types import (
    NULL,
    Array,
    AvroType,
    Datum,
    Enumeration,
    Fixed,
    Map,
    Primitive,
    Record,
    Union,
    short_name,
)
from accord.codecs.errors import InvalidEvent

EXACT_IN_A_DOUBLE: Final = range(-(2**53), 2**53 + 1)

Write = Callable[[Datum, bytearray], None]


class Misfit(Exception):
    """A value that its place in the schema does not allow; ``path`` grows from the inside out."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path: list[str] = []


def compile_encoder(type_: AvroType, binding: ModelBinding) -> Callable[[Datum], bytes]:
    """The function from a value to bytes; records without a class in ``binding`` are dicts. It raises InvalidEvent."""
    write = _Compiler(binding).compile(type_)

    def encode(value: Datum) -> bytes:
        out = bytearray()
        try:
            write(value, out)
        except Misfit as misfit:
            path = "".join(reversed(misfit.path)).lstrip(".")
            raise InvalidEvent(misfit.reason, path=path) from None
        except RecursionError:
            raise InvalidEvent("the value is nested too deeply, or contains itself") from None
        return bytes(out)

    return encode


def shown(value: object) -> str:
    """The value as an error shows it: its type, and never all of a long text."""
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"  # noqa: PLR2004


def _null(value: Datum, out: bytearray) -> None:  # noqa: ARG001 -- a Write
    if value is not None:
        raise Misfit(f"null is needed, and this is {shown(value)}")


def _boolean(value: Datum, out: bytearray) -> None:
    if value is True:
        out.append(1)
    elif value is False:
        out.append(0)
    else:
        raise Misfit(f"a boolean is needed, and this is {shown(value)}")


def _int(value: Datum, out: bytearray) -> None:
    if type(value) is not int:
        raise Misfit(f"an int is needed, and this is {shown(value)}")
    if value not in INT_RANGE:
        raise Misfit(f"{value} does not fit an int (32 bits)")
    append_long(value, out)


def _long(value: Datum, out: bytearray) -> None:
    if type(value) is not int:
        raise Misfit(f"a long is needed, and this is {shown(value)}")
    if value not in LONG_RANGE:
        raise Misfit(f"{value} does not fit a long (64 bits)")
    append_long(value, out)


def _double(value: Datum, out: bytearray) -> None:
    out += DOUBLE.pack(_number(value, "double"))


def _float(value: Datum, out: bytearray) -> None:
    try:
        out += FLOAT.pack(_number(value, "float"))
    except OverflowError as error:
        raise Misfit(f"{value} does not fit a float (32 bits)") from error


def _number(value: Datum, name: str) -> float:
    if type(value) is float:
        return value
    # An int is a fine amount, as everywhere in Python's typing, as long as it stays the same number.
    if type(value) is int and value in EXACT_IN_A_DOUBLE:
        return float(value)
    raise Misfit(f"a {name} is needed, and this is {shown(value)}")


def _bytes(value: Datum, out: bytearray) -> None:
    if not isinstance(value, bytes):
        raise Misfit(f"bytes are needed, and this is {shown(value)}")
    append_long(len(value), out)
    out += value


def _string(value: Datum, out: bytearray) -> None:
    if not isinstance(value, str):
        raise Misfit(f"a string is needed, and this is {shown(value)}")
    try:
        encoded = value.encode()
    except UnicodeEncodeError as error:
        raise Misfit(f"the string cannot be written as UTF-8: {error.reason}") from error
    append_long(len(encoded), out)
    out += encoded


PRIMITIVE_WRITERS: Final[Mapping[str, Write]] = {
    "null": _null,
    "boolean": _boolean,
    "int": _int,
    "long": _long,
    "float": _float,
    "double": _double,
    "bytes": _bytes,
    "string": _string,
}


@dataclass(slots=True)
class _Compiler:
    binding: ModelBinding
    records: dict[str, Write] = field(default_factory=dict)

    def compile(self, type_: AvroType) -> Write:
        match type_:
            case Primitive(name=name):
                return _meant(type_, PRIMITIVE_WRITERS[name])
            case Fixed():
                return _meant(type_, _fixed(type_))
            case Enumeration():
                return _enumeration(type_, self.binding.enum_of(type_.name))
            case Array():
                return _array(self.compile(type_.items))
            case Map():
                return _map(self.compile(type_.values))
            case Union():
                return self._union(type_)
            case Record():
                return self._record(type_)

    def _record(self, record: Record) -> Write:
        if record.name in self.records:
            # A record may contain itself: what writes it is known by the time there is one to write.
            return lambda value, out: self.records[record.name](value, out)  # noqa: PLW0108 -- looked up late
        self.records[record.name] = _null
        writers = [(item.name, self.compile(item.type)) for item in record.fields]
        class_ = self.binding.class_of(record.name)
        write = _object(class_, writers) if class_ else self._mapping(record, writers)
        self.records[record.name] = write
        return write

    def _mapping(self, record: Record, writers: Sequence[tuple[str, Write]]) -> Write:
        name, known = short_name(record), frozenset(field for field, _ in writers)

        def write_mapping(value: Datum, out: bytearray) -> None:
            if not isinstance(value, dict):
                raise Misfit(f"a dict is needed for {name}, and this is {shown(value)}")
            if not value.keys() <= known:
                unknown = ", ".join(sorted(map(str, value.keys() - known)))
                raise Misfit(f"{name} has no field {unknown}")
            for field_name, write in writers:
                if field_name not in value:
                    raise Misfit(f"the field {field_name} is missing")
                _at(f".{field_name}", write, value[field_name], out)

        return write_mapping

    def _union(self, union: Union) -> Write:
        writers = [self.compile(branch) for branch in union.branches]
        if len(writers) == 2 and NULL in union.branches:  # noqa: PLR2004 -- the optional
            null = union.branches.index(NULL)
            return _optional(null, 1 - null, writers[1 - null])
        tests = [(index, self._test(branch), writers[index]) for index, branch in enumerate(union.branches)]
        # An int is written as a double only where no whole number is allowed.
        tests.sort(key=lambda test: short_name(union.branches[test[0]]) in {"float", "double"})
        # Of records with the same fields the one is meant whose fields take the values.
        closer = [
            (index, self._takes_all(branch), writers[index])
            for index, branch in enumerate(union.branches)
            if isinstance(branch, Record) and self._has_a_double(branch, union)
        ]
        tests = [*closer, *tests]
        names = ", ".join(short_name(branch) for branch in union.branches)

        def write_union(value: Datum, out: bytearray) -> None:
            for index, accepts, write in tests:
                if accepts(value):
                    append_long(index, out)
                    write(value, out)
                    return
            raise Misfit(f"one of {names} is needed, and this is {shown(value)}")

        return write_union

    def _has_a_double(self, record: Record, union: Union) -> bool:
        """Whether the keys of a dict do not tell ``record`` from another branch."""
        if self.binding.class_of(record.name):
            return False
        names = _names(record)
        return any(
            isinstance(other, Record) and other is not record and _names(other) == names
            for other in union.branches
        )

    def _takes_all(self, record: Record) -> Callable[[Datum], bool]:
        """Whether a value has the fields, each of a type that it may be; what is inside of them is not looked at."""
        has_the_keys = self._test(record)
        tests = [(item.name, self._takes(item.type)) for item in record.fields]
        return lambda value: has_the_keys(value) and all(takes(value[name]) for name, takes in tests)

    def _takes(self, type_: AvroType) -> Callable[[Datum], bool]:
        if not isinstance(type_, Union):
            return self._test(type_)
        tests = [self._test(branch) for branch in type_.branches]
        return lambda value: any(takes(value) for takes in tests)

    def _test(self, type_: AvroType) -> Callable[[Datum], bool]:
        """Whether a value is meant for this branch of a union."""
        match type_:
            case Primitive() | Fixed() if logical := logical_of(type_):
                return logical.holds
            case Primitive(name=name):
                return PRIMITIVE_TESTS[name]
            case Fixed(size=size):
                return lambda value: isinstance(value, bytes) and len(value) == size
            case Enumeration(name=name, symbols=symbols):
                enum = self.binding.enum_of(name)
                return lambda value: isinstance(value, enum or str) and _symbol(value) in symbols
            case Array():
                return lambda value: isinstance(value, list | tuple)
            case Record(name=name):
                if class_ := self.binding.class_of(name):
                    return lambda value: isinstance(value, class_)
                names = _names(type_)
                return lambda value: isinstance(value, dict) and value.keys() == names
            case _:
                return lambda value: isinstance(value, dict)


def _names(record: Record) -> set[str]:
    return {item.name for item in record.fields}


def _at(step: str, write: Write, value: Datum, out: bytearray) -> None:
    try:
        write(value, out)
    except Misfit as misfit:
        misfit.path.append(step)
        raise


def _object(class_: type, writers: Sequence[tuple[str, Write]]) -> Write:
    fields = [(f".{name}", attrgetter(name), write) for name, write in writers]

    def write_object(value: Datum, out: bytearray) -> None:
        if not isinstance(value, class_):
            raise Misfit(f"a {class_.__name__} is needed, and this is {shown(value)}")
        for step, get, write in fields:
            try:
                write(get(value), out)
            except Misfit as misfit:
                misfit.path.append(step)
                raise

    return write_object


def _optional(null: int, other: int, write: Write) -> Write:
    def write_optional(value: Datum, out: bytearray) -> None:
        if value is None:
            append_long(null, out)
        else:
            append_long(other, out)
            write(value, out)

    return write_optional


def _array(write: Write) -> Write:
    def write_array(value: Datum, out: bytearray) -> None:
        if not isinstance(value, list | tuple):
            raise Misfit(f"a list is needed, and this is {shown(value)}")
        if value:
            append_long(len(value), out)
            for index, item in enumerate(value):
                _at(f"[{index}]", write, item, out)
        out.append(0)

    return write_array


def _map(write: Write) -> Write:
    def write_map(value: Datum, out: bytearray) -> None:
        if not isinstance(value, dict):
            raise Misfit(f"a dict is needed, and this is {shown(value)}")
        if value:
            append_long(len(value), out)
            for key, item in value.items():
                _at("{key}", _string, key, out)
                _at(f"{{{key!r}}}", write, item, out)
        out.append(0)

    return write_map


def _enumeration(type_: Enumeration, class_: type | None) -> Write:
    numbers = {symbol: number for number, symbol in enumerate(type_.symbols)}
    needed = class_ or str

    def write_symbol(value: Datum, out: bytearray) -> None:
        number = numbers.get(_symbol(value)) if isinstance(value, needed) else None
        if number is None:
            raise Misfit(f"one of {', '.join(numbers)} is needed, and this is {shown(value)}")
        append_long(number, out)

    return write_symbol


def _symbol(value: Datum) -> str:
    return value.name if isinstance(value, Enum) else value


def _fixed(type_: Fixed) -> Write:
    size = type_.size

    def write_fixed(value: Datum, out: bytearray) -> None:
        if not isinstance(value, bytes) or len(value) != size:
            raise Misfit(f"{size} bytes are needed, and this is {shown(value)}")
        out += value

    return write_fixed


def _meant(type_: Primitive | Fixed, write: Write) -> Write:
    """Write what is stored for what is meant; the same function where there is no difference."""
    logical = logical_of(type_)
    if logical is None:
        return write
    name, holds, to_stored = short_name(type_), logical.holds, logical.to_stored

    def write_meant(value: Datum, out: bytearray) -> None:
        if not holds(value):
            raise Misfit(f"a {logical.python.__name__} is needed for {name}, and this is {shown(value)}")
        try:
            stored = to_stored(value)
        except ValueError as error:
            raise Misfit(str(error)) from error
        write(stored, out)

    return write_meant


PRIMITIVE_TESTS: Final[Mapping[str, Callable[[Datum], bool]]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: type(value) is bool,
    "int": lambda value: type(value) is int and value in INT_RANGE,
    "long": lambda value: type(value) is int and value in LONG_RANGE,
    "float": lambda value: type(value) in (int, float),
    "double": lambda value: type(value) in (int, float),
    "bytes": lambda value: isinstance(value, bytes),
    "string": lambda value: isinstance(value, str) and not isinstance(value, Enum),
}
"""Which values a primitive branch of a union takes."""
