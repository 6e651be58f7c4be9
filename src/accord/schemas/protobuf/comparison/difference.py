"""What can differ between two Protobuf schemas, and one place where they do not get along."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

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
    """What the registry does not let pass, in Confluent's words: what became of the writer's schema in the reader's."""

    PACKAGE_CHANGED = "PACKAGE_CHANGED"
    MESSAGE_REMOVED = "MESSAGE_REMOVED"
    FIELD_KIND_CHANGED = "FIELD_KIND_CHANGED"
    FIELD_SCALAR_KIND_CHANGED = "FIELD_SCALAR_KIND_CHANGED"
    FIELD_NAMED_TYPE_CHANGED = "FIELD_NAMED_TYPE_CHANGED"
    FIELD_NUMERIC_LABEL_CHANGED = "FIELD_NUMERIC_LABEL_CHANGED"
    REQUIRED_FIELD_ADDED = "REQUIRED_FIELD_ADDED"
    REQUIRED_FIELD_REMOVED = "REQUIRED_FIELD_REMOVED"
    ONEOF_FIELD_REMOVED = "ONEOF_FIELD_REMOVED"
    MULTIPLE_FIELDS_MOVED_TO_ONEOF = "MULTIPLE_FIELDS_MOVED_TO_ONEOF"
    FIELD_MOVED_TO_EXISTING_ONEOF = "FIELD_MOVED_TO_EXISTING_ONEOF"


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
