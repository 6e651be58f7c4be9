"""What the features of an edition, or the syntax in their place, say of fields."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from accord.schemas.protobuf.model import Aggregate, Field, File, Label, Options, OptionValue, Word


@dataclass(frozen=True, slots=True)
class Features:
    """The settings that change how fields are written and read, in the words of the specification.

    They are handed down from the file to its messages and enums, their oneofs and fields, each of which may change them.
    """

    field_presence: str = "EXPLICIT"
    enum_type: str = "OPEN"
    repeated_field_encoding: str = "PACKED"
    utf8_validation: str = "VERIFY"
    message_encoding: str = "LENGTH_PREFIXED"
    has_labels: bool = False
    """Whether the label alone says what presence a field has, as it does without an edition."""

    def within(self, options: Options) -> "Features":
        """The same with what ``options`` say."""
        said: dict[str, Any] = {name: value for name, value in _said(options) if name in _SETTINGS}
        return replace(self, **said) if said else self

    def label_of(self, field: Field) -> Label | None:
        """The label that ``field`` has in meaning, None where unset is the same as zero."""
        if field.label is not None or self.has_labels:
            return field.label
        return _LABELS.get(self.within(field.options).field_presence)

    def is_packed(self, field: Field) -> bool:
        """Whether the values of ``field``, repeated and numeric, are written in one run of bytes."""
        match field.option("packed"):
            case Word(name):
                return name == "true"
            case _:
                return self.within(field.options).repeated_field_encoding == "PACKED"

    def is_delimited(self, field: Field) -> bool:
        """Whether ``field``, if it holds messages, is written as a group is: between two tags."""
        return self.within(field.options).message_encoding == "DELIMITED"


_SETTINGS: Final = frozenset(
    {"field_presence", "enum_type", "repeated_field_encoding", "utf8_validation", "message_encoding"}
)
_LABELS: Final = {"LEGACY_REQUIRED": Label.REQUIRED, "EXPLICIT": Label.OPTIONAL}
_PROTO2: Final = Features(
    enum_type="CLOSED", repeated_field_encoding="EXPANDED", utf8_validation="NONE", has_labels=True
)
_PROTO3: Final = Features(field_presence="IMPLICIT", has_labels=True)


def features_of(file: File) -> Features:
    """The features that ``file`` hands down."""
    if file.edition is not None:
        return Features().within(file.options)
    return _PROTO3 if file.is_proto3 else _PROTO2


def _said(options: Options) -> Iterator[tuple[str, str]]:
    for option in options:
        first, *rest = option.path
        if first.is_extension or first.name != "features":
            continue
        if len(rest) == 1:
            yield from _word(rest[0].name, option.value)
        elif isinstance(option.value, Aggregate):
            for name, value in option.value.entries:
                yield from _word(name, value)


def _word(name: str, value: OptionValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, Word):
        yield name, value.name
