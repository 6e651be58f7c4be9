"""The rules of Protobuf compatibility, as values."""

from collections.abc import Mapping
from typing import Final

from accord.schemas.protobuf.rules.labels import (
    FIELD_NUMERIC_LABEL_CHANGED,
    REQUIRED_FIELD_ADDED,
    REQUIRED_FIELD_REMOVED,
)
from accord.schemas.protobuf.rules.messages import MESSAGE_REMOVED, PACKAGE_CHANGED
from accord.schemas.protobuf.rules.oneofs import (
    FIELD_MOVED_TO_EXISTING_ONEOF,
    MULTIPLE_FIELDS_MOVED_TO_ONEOF,
    ONEOF_FIELD_REMOVED,
)
from accord.schemas.protobuf.rules.types import (
    FIELD_KIND_CHANGED,
    FIELD_NAMED_TYPE_CHANGED,
    FIELD_SCALAR_KIND_CHANGED,
)
from accord.schemas.rules import Rule

__all__ = [
    "FIELD_KIND_CHANGED",
    "FIELD_MOVED_TO_EXISTING_ONEOF",
    "FIELD_NAMED_TYPE_CHANGED",
    "FIELD_NUMERIC_LABEL_CHANGED",
    "FIELD_SCALAR_KIND_CHANGED",
    "MESSAGE_REMOVED",
    "MULTIPLE_FIELDS_MOVED_TO_ONEOF",
    "ONEOF_FIELD_REMOVED",
    "PACKAGE_CHANGED",
    "REQUIRED_FIELD_ADDED",
    "REQUIRED_FIELD_REMOVED",
    "RULES",
    "RULE_OF",
]

RULES: Final = (
    PACKAGE_CHANGED,
    MESSAGE_REMOVED,
    FIELD_KIND_CHANGED,
    FIELD_SCALAR_KIND_CHANGED,
    FIELD_NAMED_TYPE_CHANGED,
    FIELD_NUMERIC_LABEL_CHANGED,
    ONEOF_FIELD_REMOVED,
    MULTIPLE_FIELDS_MOVED_TO_ONEOF,
    FIELD_MOVED_TO_EXISTING_ONEOF,
    REQUIRED_FIELD_ADDED,
    REQUIRED_FIELD_REMOVED,
)

RULE_OF: Final[Mapping[str, Rule]] = {error: rule for rule in RULES for error in rule.error_types}
"""The rule of each of Confluent's error types."""
