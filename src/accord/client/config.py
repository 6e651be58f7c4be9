"""What a registry is told about a subject, a context, or everything: configuration and mode."""

from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from accord.schemas import CompatibilityLevel, Metadata, RuleSet


class Mode(StrEnum):
    """What may be written, spelled as on the wire."""

    READWRITE = "READWRITE"
    READONLY = "READONLY"
    READONLY_OVERRIDE = "READONLY_OVERRIDE"
    """As READONLY; set for everything, it wins over what subjects say."""
    IMPORT = "IMPORT"
    """Schemas keep the ids and versions that they are registered with, and nothing is checked."""
    FORWARD = "FORWARD"


class Config(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A configuration; None where nothing is said.

    ``alias`` is another subject that this name stands for. Only versions whose metadata property named
    ``compatibility_group`` has the same value are compared. Metadata and rules that are ``default`` lie under the
    registrant's, those that are ``override`` over them.
    """

    compatibility: CompatibilityLevel | None = None
    compatibility_policy: str | None = None
    compatibility_group: str | None = None
    alias: str | None = None
    alias_for_deks: str | None = None
    normalize: bool | None = None
    validate_fields: bool | None = None
    validate_new_schemas: bool | None = None
    validate_rules: bool | None = None
    default_metadata: Metadata | None = None
    override_metadata: Metadata | None = None
    default_rule_set: RuleSet | None = None
    override_rule_set: RuleSet | None = None


class ConfigChange(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What to change in a configuration: a value sets, None clears, what is not mentioned stays."""

    compatibility: CompatibilityLevel | UnsetType | None = UNSET
    compatibility_policy: str | UnsetType | None = UNSET
    compatibility_group: str | UnsetType | None = UNSET
    alias: str | UnsetType | None = UNSET
    alias_for_deks: str | UnsetType | None = UNSET
    normalize: bool | UnsetType | None = UNSET
    validate_fields: bool | UnsetType | None = UNSET
    validate_new_schemas: bool | UnsetType | None = UNSET
    validate_rules: bool | UnsetType | None = UNSET
    default_metadata: Metadata | UnsetType | None = UNSET
    override_metadata: Metadata | UnsetType | None = UNSET
    default_rule_set: RuleSet | UnsetType | None = UNSET
    override_rule_set: RuleSet | UnsetType | None = UNSET
