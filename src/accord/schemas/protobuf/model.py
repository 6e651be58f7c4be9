"""A .proto file as values, one class per kind of declaration.

The tree mirrors the text: names stand as written, and ``resolution`` finds what they mean. Declarations of one kind
keep the order of the text; a ``Span`` says where in the text something stands, so the order across kinds is there too.
Spans take no part in equality, and what does not come from a text stands NOWHERE.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

MAX_TAG: Final = 2**29 - 1
"""The greatest field number, written ``max`` where a range ends."""


PARTS_OF_A_FIELD: Final[Mapping[str, int]] = MappingProxyType({"default": 1, "json_name": 2})
"""What is written among the options of a field and is none, and its rank behind them."""


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from ``start`` up to ``end``, as offsets into the text."""

    start: int
    end: int


NOWHERE: Final = Span(-1, -1)


class Label(StrEnum):
    """What stands before the type of a field, spelled as in schema text."""

    OPTIONAL = "optional"
    REQUIRED = "required"
    REPEATED = "repeated"


class ImportKind(StrEnum):
    """What an import is for, spelled as in schema text."""

    PLAIN = ""
    PUBLIC = "public"
    WEAK = "weak"
    OPTION = "option"


class Visibility(StrEnum):
    """Who may use a message or enum (edition 2024), spelled as in schema text."""

    DEFAULT = ""
    EXPORT = "export"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Text:
    r"""A string: ``value`` as characters, ``data`` as the bytes that it stands for (``\xff`` is one byte there)."""

    value: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, with its sign: ``-0x1F``, ``1.5e3``."""

    written: str


@dataclass(frozen=True, slots=True)
class Word:
    """A name used as a value: ``true``, ``inf``, the constant of an enum."""

    name: str


@dataclass(frozen=True, slots=True)
class Values:
    """A list of values, ``[a, b]``."""

    items: "tuple[OptionValue, ...]"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The fields of a message, ``{a: 1 b {c: 2}}``, in the order of the text; a name may occur more than once.

    The name of an extension stands in brackets, ``[my.extension]``.
    """

    entries: "tuple[tuple[str, OptionValue], ...]"


OptionValue: TypeAlias = Text | Number | Word | Values | Aggregate


@dataclass(frozen=True, slots=True)
class NamePart:
    """A step of an option's name; that of a custom option is in parentheses: ``(my.option)``."""

    name: str
    is_extension: bool = False

    def __str__(self) -> str:
        return f"({self.name})" if self.is_extension else self.name


@dataclass(frozen=True, slots=True)
class Option:
    """``option (my.option).part = value;`` or the same in brackets; ``default`` and ``json_name`` of a field too."""

    path: tuple[NamePart, ...]
    value: OptionValue
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def name(self) -> str:
        """The whole name as written: ``(my.option).part``."""
        return ".".join(map(str, self.path))


Options: TypeAlias = tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class NamedType:
    """A scalar such as ``int32``, or a message or enum by its name as written, which may begin with a dot."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class MapType:
    """``map<key, value>``."""

    key: NamedType
    value: NamedType
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return f"map<{self.key}, {self.value}>"


FieldType: TypeAlias = NamedType | MapType


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message, a oneof, a group or an extension; its default and JSON name are the last options."""

    name: str
    type: FieldType
    tag: int
    label: Label | None = None
    options: Options = ()
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)
    tag_span: Span = field(default=NOWHERE, compare=False)

    def option(self, name: str) -> OptionValue | None:
        """The value of the option of that name as written; the last one counts."""
        return option_in(self.options, name)


@dataclass(frozen=True, slots=True)
class Group:
    """A message and a field of it in one (proto2); the field has the name in small letters."""

    name: str
    tag: int
    label: Label | None
    fields: tuple[Field, ...]
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)
    tag_span: Span = field(default=NOWHERE, compare=False)

    @property
    def field_name(self) -> str:
        """The name of the field."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class OneOf:
    """Fields of which at most one is set."""

    name: str
    fields: tuple[Field, ...]
    groups: tuple[Group, ...] = ()
    options: Options = ()
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from ``first`` to ``last``, both included; a single number may be written as a range: ``5 to 5``."""

    first: int
    last: int
    is_written_out: bool = field(default=False, compare=False)

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last


@dataclass(frozen=True, slots=True)
class Reserved:
    """Names and numbers that no field or constant may have, in the order of the text."""

    values: tuple[str | Range, ...]
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names among the values."""
        return tuple(value for value in self.values if isinstance(value, str))

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The numbers among the values."""
        return tuple(value for value in self.values if isinstance(value, Range))


@dataclass(frozen=True, slots=True)
class Extensions:
    """Numbers that are left to extensions."""

    ranges: tuple[Range, ...]
    options: Options = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class EnumConstant:
    """A value of an enum."""

    name: str
    tag: int
    options: Options = ()
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)
    tag_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Enum:
    """An enum and its constants."""

    name: str
    constants: tuple[EnumConstant, ...]
    reserved: tuple[Reserved, ...] = ()
    options: Options = ()
    visibility: Visibility = Visibility.DEFAULT
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Extend:
    """Fields added to another message, whose name stands as written."""

    name: NamedType
    fields: tuple[Field, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A message; ``fields`` are those outside of oneofs and groups."""

    name: str
    fields: tuple[Field, ...] = ()
    oneofs: tuple[OneOf, ...] = ()
    groups: tuple[Group, ...] = ()
    messages: "tuple[Message, ...]" = ()
    enums: tuple[Enum, ...] = ()
    extends: tuple[Extend, ...] = ()
    extensions: tuple[Extensions, ...] = ()
    reserved: tuple[Reserved, ...] = ()
    options: Options = ()
    visibility: Visibility = Visibility.DEFAULT
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)

    @property
    def all_fields(self) -> Iterator[Field]:
        """The fields in and outside of oneofs; groups are not among them."""
        yield from self.fields
        for oneof in self.oneofs:
            yield from oneof.fields


@dataclass(frozen=True, slots=True)
class Rpc:
    """A method of a service."""

    name: str
    request: NamedType
    response: NamedType
    is_request_streamed: bool = False
    is_response_streamed: bool = False
    options: Options = ()
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Service:
    """A service and its methods."""

    name: str
    rpcs: tuple[Rpc, ...]
    options: Options = ()
    span: Span = field(default=NOWHERE, compare=False)
    name_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Import:
    """The path of another file whose names this one may use."""

    path: str
    kind: ImportKind = ImportKind.PLAIN
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class File:
    """A whole .proto file.

    ``syntax`` is ``proto2``, ``proto3`` or None where the text has none, which means proto2; ``edition`` is the year
    where the text has one instead. ``package`` is None without one.
    """

    syntax: str | None = None
    edition: str | None = None
    package: str | None = None
    imports: tuple[Import, ...] = ()
    options: Options = ()
    messages: tuple[Message, ...] = ()
    enums: tuple[Enum, ...] = ()
    extends: tuple[Extend, ...] = ()
    services: tuple[Service, ...] = ()

    @property
    def is_proto3(self) -> bool:
        """Whether the fields are of proto3: without presence unless they say ``optional``."""
        return self.syntax == "proto3"

    def paths(self, kind: ImportKind) -> tuple[str, ...]:
        """The paths of the imports of that kind."""
        return tuple(one.path for one in self.imports if one.kind is kind)


def option_in(options: Options, name: str) -> OptionValue | None:
    """The value of the option of that name as written, ``(my.option).part``; the last one counts."""
    return next((option.value for option in reversed(options) if option.name == name), None)
