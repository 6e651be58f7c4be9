"""What is configured for a subject, a context, or everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from accord.registry.core.contexts import Scope
from accord.schemas import CompatibilityLevel, CompatibilityPolicy, Metadata, RuleSet

DEFAULT_LEVEL: Final = CompatibilityLevel.BACKWARD


class Default(Enum):
    """Nobody said it: it is what the registry does anyway."""

    DEFAULT = "default"


DEFAULT: Final = Default.DEFAULT


class Config(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One configuration as it was set, under the names of the wire; None means that nothing was said.

    ``alias`` is another subject that this name stands for. Versions are compared only within one group: those whose
    metadata property named ``compatibility_group`` has the same value. Metadata and rules that are ``default`` lie
    under the registrant's, those that are ``override`` lie over them.
    """

    level: CompatibilityLevel | None = msgspec.field(default=None, name="compatibilityLevel")
    alias: str | None = None
    alias_for_deks: str | None = None
    normalize: bool | None = None
    validate_fields: bool | None = None
    validate_new_schemas: bool | None = None
    validate_rules: bool | None = None
    compatibility_policy: str | None = None
    compatibility_group: str | None = None
    default_metadata: Metadata | None = None
    override_metadata: Metadata | None = None
    default_rule_set: RuleSet | None = None
    override_rule_set: RuleSet | None = None

    @property
    def policy(self) -> CompatibilityPolicy:
        """How schemas are compared; strictly, unless something else was set that is known."""
        if self.compatibility_policy == CompatibilityPolicy.LENIENT:
            return CompatibilityPolicy.LENIENT
        return CompatibilityPolicy.STRICT

    @property
    def adds_to_schemas(self) -> bool:
        """Whether what is registered gets metadata or rules that its registrant did not send."""
        added = (self.default_metadata, self.override_metadata, self.default_rule_set, self.override_rule_set)
        return any(one is not None for one in added)


NOTHING_CONFIGURED: Final = Config(DEFAULT_LEVEL)
"""What counts where nobody said anything."""


class ConfigChange(msgspec.Struct, frozen=True):
    """What to change in a configuration: a value sets, None clears, UNSET leaves alone."""

    level: CompatibilityLevel | UnsetType | None = UNSET
    alias: str | UnsetType | None = UNSET
    alias_for_deks: str | UnsetType | None = UNSET
    normalize: bool | UnsetType | None = UNSET
    validate_fields: bool | UnsetType | None = UNSET
    validate_new_schemas: bool | UnsetType | None = UNSET
    validate_rules: bool | UnsetType | None = UNSET
    compatibility_policy: str | UnsetType | None = UNSET
    compatibility_group: str | UnsetType | None = UNSET
    default_metadata: Metadata | UnsetType | None = UNSET
    override_metadata: Metadata | UnsetType | None = UNSET
    default_rule_set: RuleSet | UnsetType | None = UNSET
    override_rule_set: RuleSet | UnsetType | None = UNSET

    def on(self, config: Config) -> Config:
        """``config`` with this change made."""
        changes = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not UNSET}
        return msgspec.structs.replace(config, **changes)


@dataclass(frozen=True, slots=True)
class Effective:
    """What counts somewhere, and for each setting (under its name on the wire) where that was said."""

    config: Config
    origins: Mapping[str, Scope | Default]
    hint: str = ""


def effective_with_origins(places: Sequence[tuple[Scope, Config | None]]) -> Effective:
    """What counts in the first of ``places``; the others are around it, from the inside out. See ``effective``."""
    (scope, own), *others = places
    around_scope, around = next((place for place in others if place[1] is not None), (None, None))
    default_context = dict(places).get(None)
    found = effective(own, around, default_context)
    origins: dict[str, Scope | Default] = {}
    for name, wire_name in zip(Config.__struct_fields__, Config.__struct_encode_fields__, strict=True):
        if getattr(found, name) is None:
            continue
        if own is not None and getattr(own, name) is not None:
            origins[wire_name] = scope
        elif own is None and around is not None and getattr(around, name) is not None:
            origins[wire_name] = around_scope
        else:
            origins[wire_name] = DEFAULT if name == "level" else None
    return Effective(found, origins, _hint(own, around))


def _hint(own: Config | None, around: Config | None) -> str:
    """What surprises: a configuration without a level switches off the level that is set around it."""
    if own is None or own.level is not None or around is None or around.level in (None, DEFAULT_LEVEL):
        return ""
    return (
        f"a configuration of its own that names no level means {DEFAULT_LEVEL}, although {around.level} is set around "
        "it: set the level here too"
    )


def effective(own: Config | None, around: Config | None, default_context: Config | None) -> Config:
    """What counts for a subject that has ``own``, when ``around`` is set for what is around it; the level is never None.

    A subject's own configuration that names no level gets the default level, not the one around it, as Confluent's
    registry has it. What it does not say of the fields below comes from ``default_context``.
    """
    if own is None:
        found = around or Config()
        return msgspec.structs.replace(found, level=found.level or DEFAULT_LEVEL)
    filled = {
        name: getattr(default_context, name)
        for name in _FILLED
        if default_context is not None and getattr(own, name) is None
    }
    return msgspec.structs.replace(own, level=own.level or DEFAULT_LEVEL, **filled)


_FILLED: Final = (
    "normalize",
    "validate_fields",
    "validate_new_schemas",
    "validate_rules",
    "compatibility_policy",
    "compatibility_group",
)
