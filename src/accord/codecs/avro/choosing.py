"""Which branch of a union a value is meant for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accord.codecs.avro.binding import ModelBinding
from accord.codecs.avro.logical import Logical, logical_of
from accord.codecs.avro.runtime import LEAST, MOST, IsSymbol
from accord.codecs.avro.source import Source, word
from accord.codecs.avro.types import Array, AvroType, Enumeration, Fixed, Primitive, Record, Union, short_name

PRIMITIVE_TESTS: Final[Mapping[str, str]] = {
    "null": "{0} is None",
    "boolean": "type({0}) is bool",
    "int": f"(type({{0}}) is int and {LEAST['int']} <= {{0}} <= {MOST['int']})",
    "long": f"(type({{0}}) is int and {LEAST['long']} <= {{0}} <= {MOST['long']})",
    "float": "type({0}) in (int, float)",
    "double": "type({0}) in (int, float)",
    "bytes": "isinstance({0}, bytes)",
    "string": "(isinstance({0}, str) and not isinstance({0}, Enum))",
}
"""Which values a primitive branch of a union takes."""

LATER: Final[Mapping[str, int]] = {"double": 1, "float": 2}


@dataclass(frozen=True, slots=True)
class Choosing:
    """Makes expressions that tell whether a value is meant for a branch."""

    source: Source
    binding: ModelBinding

    def tests(self, union: Union, value: str) -> list[tuple[int, str]]:
        """Which values are meant for which branch, in the order to be asked."""
        tests = [(index, self._test(branch, value)) for index, branch in enumerate(union.branches)]
        # An int is written as a double only where no whole number is allowed, and nothing as a float that may be a double.
        tests.sort(key=lambda test: LATER.get(short_name(union.branches[test[0]]), 0))
        # Of records with the same fields the one is meant whose fields take the values.
        closer = [
            (index, self._takes_all(branch, value))
            for index, branch in enumerate(union.branches)
            if isinstance(branch, Record) and self._has_a_double(branch, union)
        ]
        return [*closer, *tests]

    def holds(self, meant: Logical, value: str) -> str:
        """Whether a value is of the logical type's class."""
        return f"{self.source.known('holds_', meant.holds)}({value})"

    def _has_a_double(self, record: Record, union: Union) -> bool:
        """Whether the keys of a dict do not tell ``record`` from another branch."""
        if self.binding.model_of(record.name):
            return False
        names = _names(record)
        return any(
            isinstance(other, Record) and other is not record and _names(other) == names
            for other in union.branches
        )

    def _takes_all(self, record: Record, value: str) -> str:
        """Whether a value has the fields, each of a type that it may be; what is inside of them is not looked at."""
        tests = [self._takes(item.type, f"{value}[{item.name!r}]") for item in record.fields]
        return " and ".join([self._test(record, value), *tests])

    def _takes(self, type_: AvroType, value: str) -> str:
        branches = type_.branches if isinstance(type_, Union) else (type_,)
        return "(" + (" or ".join(self._test(branch, value) for branch in branches) or "False") + ")"

    def _test(self, type_: AvroType, value: str) -> str:
        """Whether a value is meant for this branch of a union."""
        match type_:
            case Primitive() | Fixed() if meant := logical_of(type_):
                return self.holds(meant, value)
            case Primitive(name=name):
                return PRIMITIVE_TESTS[name].format(value)
            case Fixed(size=size):
                return f"(isinstance({value}, bytes) and len({value}) == {size})"
            case Enumeration(name=name, symbols=symbols):
                return (
                    f"{self.source.known('holds_', IsSymbol(self.binding.enum_of(name), symbols))}({value})"
                )
            case Array():
                return f"isinstance({value}, (list, tuple))"
            case Record(name=name):
                if model := self.binding.model_of(name):
                    class_ = model.type
                    return f"isinstance({value}, {self.source.known(f'{word(class_.__name__)}_', class_)})"
                names = self.source.known("fields_", _names(type_))
                return f"(isinstance({value}, dict) and {value}.keys() == {names})"
            case _:
                return f"isinstance({value}, dict)"


def _names(record: Record) -> frozenset[str]:
    return frozenset(item.name for item in record.fields)
