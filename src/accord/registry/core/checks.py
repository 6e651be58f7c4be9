"""Which versions a new one is held against, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.registry.core.candidates import Candidate, Kept, is_quick, kept
from accord.registry.core.config import DEFAULT_LEVEL, Config
from accord.registry.core.ids import StoredVersion
from accord.registry.core.state import RegistryState
from accord.registry.core.verdict import Verdict
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityPolicy,
    CompatibilityReport,
    Earlier,
    Metadata,
    Subject,
    Version,
    check_compatibility,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ``versions`` that a new one is held against, oldest first: independent of any state from here on.

    ``metadata`` is that of the new one; see ``check_compatibility`` for the rest.
    """

    versions: tuple[tuple[Version, Kept], ...]
    level: CompatibilityLevel
    metadata: Metadata | None = None
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT
    strict: bool = False
    validate_fields: bool = False

    @property
    def has_a_say(self) -> bool:
        """Whether there is anything that could be refused at all."""
        return bool(self.versions) or self.strict or self.validate_fields

    def report_on(self, candidate: Candidate) -> CompatibilityReport:
        """How ``candidate`` gets along with them. Raises InvalidSchema if one of them cannot be read or compared."""
        return check_compatibility(
            candidate.parsed(),
            [Earlier(version, one.parsed(), metadata=one.schema.metadata) for version, one in self.versions],
            level=self.level,
            policy=self.policy,
            strict=self.strict,
            validate_fields=self.validate_fields,
            metadata=self.metadata,
        )


@dataclass(frozen=True, slots=True)
class Check:
    """The question how a candidate gets along with earlier versions; the verdict may be ``explained``."""

    comparison: Comparison
    candidate: Candidate
    explained: bool = False

    @property
    def is_quick(self) -> bool:
        """Whether all of them together are short."""
        given = self.candidate.given
        earlier = ((one.schema, one.needed) for _, one in self.comparison.versions)
        # What a strict registry judges is what others only tell.
        explained = self.explained or self.comparison.strict
        return is_quick((given.schema, given.needed), *earlier, explained=explained)

    def answer(self) -> Verdict:
        """The verdict. Raises InvalidSchema if something cannot be read or compared."""
        report = self.comparison.report_on(self.candidate)
        return Verdict.explained(report) if self.explained else Verdict(report.compatible)


def next_comparison(state: RegistryState, subject: Subject, metadata: Metadata | None) -> Comparison:
    """What a schema with ``metadata`` is compared with if it is to be the next version of ``subject``."""
    config = state.effective_config(subject)
    if config.compatibility_group or (config.level or DEFAULT_LEVEL).transitive:
        return comparison(state, subject, list(state.versions(subject, deleted=False)), metadata)
    latest = state.latest(subject)
    return comparison(state, subject, [latest] if latest else [], metadata)


def comparison(
    state: RegistryState, subject: Subject, versions: Sequence[StoredVersion], metadata: Metadata | None
) -> Comparison:
    """What a schema with ``metadata`` is compared with under ``subject``, out of ``versions`` (oldest first)."""
    config = state.effective_config(subject)
    level = config.level or DEFAULT_LEVEL
    group = [stored for stored in versions if _same_group(config, stored.content.schema.metadata, metadata)]
    compared = group if level.transitive else group[-1:]
    return Comparison(
        tuple((stored.version, kept(state, stored)) for stored in compared),
        level,
        metadata,
        config.policy,
        strict=state.policy.strict,
        validate_fields=config.validate_fields is True,
    )


def _same_group(config: Config, one: Metadata | None, other: Metadata | None) -> bool:
    group = config.compatibility_group
    return not group or _property(one, group) == _property(other, group)


def _property(metadata: Metadata | None, name: str) -> str | None:
    return metadata.properties.get(name) if metadata else None
