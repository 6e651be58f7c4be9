"""What can differ between two Protobuf schemas, and one place where they do not get along."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from accord.schemas.protobuf.model import (
    Enum,
    EnumConstant,
    Extend,
    Field,
    File,
    Group,
    Message,
    OneOf,
    Service,
)
from accord.schemas.rules import Difference

Declaration: TypeAlias = File | Message | Field | OneOf | Group | Enum | EnumConstant | Extend | Service
"""What a difference can be about."""


class DifferenceType(StrEnum):
    """Everything that is told apart, in Confluent's words: what became of the writer's schema in the reader's."""

    PACKAGE_CHANGED = "PACKAGE_CHANGED"
    MESSAGE_ADDED = "MESSAGE_ADDED"
    MESSAGE_REMOVED = "MESSAGE_REMOVED"
    MESSAGE_MOVED = "MESSAGE_MOVED"
    ENUM_ADDED = "ENUM_ADDED"
    ENUM_REMOVED = "ENUM_REMOVED"
    ENUM_CONST_ADDED = "ENUM_CONST_ADDED"
    ENUM_CONST_CHANGED = "ENUM_CONST_CHANGED"
    ENUM_CONST_REMOVED = "ENUM_CONST_REMOVED"
    FIELD_ADDED = "FIELD_ADDED"
    FIELD_REMOVED = "FIELD_REMOVED"
    FIELD_NAME_CHANGED = "FIELD_NAME_CHANGED"
    FIELD_KIND_CHANGED = "FIELD_KIND_CHANGED"
    FIELD_SCALAR_KIND_CHANGED = "FIELD_SCALAR_KIND_CHANGED"
    FIELD_NAMED_TYPE_CHANGED = "FIELD_NAMED_TYPE_CHANGED"
    FIELD_NUMERIC_LABEL_CHANGED = "FIELD_NUMERIC_LABEL_CHANGED"
    FIELD_STRING_OR_BYTES_LABEL_CHANGED = "FIELD_STRING_OR_BYTES_LABEL_CHANGED"
    REQUIRED_FIELD_ADDED = "REQUIRED_FIELD_ADDED"
    REQUIRED_FIELD_REMOVED = "REQUIRED_FIELD_REMOVED"
    ONEOF_ADDED = "ONEOF_ADDED"
    ONEOF_REMOVED = "ONEOF_REMOVED"
    ONEOF_FIELD_ADDED = "ONEOF_FIELD_ADDED"
    ONEOF_FIELD_REMOVED = "ONEOF_FIELD_REMOVED"
    ONEOF_FIELD_MOVED_TO_TOP_LEVEL = "ONEOF_FIELD_MOVED_TO_TOP_LEVEL"
    MULTIPLE_FIELDS_MOVED_TO_ONEOF = "MULTIPLE_FIELDS_MOVED_TO_ONEOF"
    FIELD_MOVED_TO_EXISTING_ONEOF = "FIELD_MOVED_TO_EXISTING_ONEOF"

    @property
    def is_compatible(self) -> bool:
        """Whether the registry lets it pass."""
        return self in COMPATIBLE


COMPATIBLE: Final = frozenset(
    {
        DifferenceType.MESSAGE_ADDED,
        DifferenceType.MESSAGE_MOVED,
        DifferenceType.ENUM_ADDED,
        DifferenceType.ENUM_REMOVED,
        DifferenceType.ENUM_CONST_ADDED,
        DifferenceType.ENUM_CONST_CHANGED,
        DifferenceType.ENUM_CONST_REMOVED,
        DifferenceType.FIELD_ADDED,
        DifferenceType.FIELD_REMOVED,
        DifferenceType.FIELD_NAME_CHANGED,
        DifferenceType.FIELD_STRING_OR_BYTES_LABEL_CHANGED,
        DifferenceType.ONEOF_ADDED,
        DifferenceType.ONEOF_REMOVED,
        DifferenceType.ONEOF_FIELD_ADDED,
        DifferenceType.ONEOF_FIELD_MOVED_TO_TOP_LEVEL,
    }
)
"""What the registry lets pass."""


@dataclass(frozen=True, slots=True)
class ProtobufDifference(Difference):
    """A difference with what stands on either side.

    ``reader`` and ``writer`` are the two declarations that differ, None on the side that has none;
    ``reader_message`` and ``writer_message`` are the messages that they are in, None for what is in none. The places
    are full names: ``org.accord.Order.id`` for a field or a oneof, ``org.accord.Order`` for a message, "" for the
    whole file; the place of what is only on the other side is that of the message around it.

    The facts are strings, and of these there are as many as the case needs:

    - ``message``: the full name of the message that the difference is in or about, on the side that has it (the
      writer's where both do)
    - ``field``, ``tag``: name and number of the field; where both sides have it, the name that the reader gives it
    - ``reader_type``, ``writer_type``: the types of the field, as written or, for messages and enums, in full
    - ``reader_label``, ``writer_label``: ``optional``, ``required`` or ``repeated``, and ``singular`` without one
    - ``oneof``: the name of the oneof; ``fields``: the fields that moved into it, in words: `a` and `b`
    - ``reader_package``, ``writer_package``: the packages, "" without one
    """

    reader: Declaration | None = field(default=None, kw_only=True)
    writer: Declaration | None = field(default=None, kw_only=True)
    reader_message: Message | Group | None = field(default=None, kw_only=True)
    writer_message: Message | Group | None = field(default=None, kw_only=True)
