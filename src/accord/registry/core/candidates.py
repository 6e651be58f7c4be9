"""A schema that somebody sent, made ready to be stored or compared: checked, canonical, its references resolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from accord.registry.core.commands import LATEST_IN_REFERENCE
from accord.registry.core.config import DEFAULT_LEVEL
from accord.registry.core.errors import EmptySchema, SchemaRefused
from accord.registry.core.ids import StoredVersion
from accord.registry.core.state import RegistryState
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityReport,
    Earlier,
    InvalidSchema,
    ParsedSchema,
    Reference,
    Schema,
    SchemaType,
    Subject,
    Version,
    check_compatibility,
    fingerprint,
    parse,
)

Needed: TypeAlias = tuple[tuple[str, Schema], ...]
"""All that a schema refers to, by name, each after what it needs itself."""

# The cache of parsed schemas counts them and does not weigh them, and they weigh several times what their text does.
_MOST_KEPT: Final = 500
_LARGEST_KEPT: Final = 100_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A valid schema: ``schema`` is what would be stored."""

    schema: Schema
    parsed: ParsedSchema

    @property
    def fingerprint(self) -> bytes:
        """The identity of what would be stored."""
        return fingerprint(self.schema)


@dataclass(frozen=True, slots=True)
class Draft:
    """A schema that nobody has checked yet, its references resolved: independent of any state from here on."""

    schema: Schema
    needed: Needed
    normalize: bool

    def candidate(self) -> Candidate:
        """Check it and make it canonical, which takes long if it is large. Raises SchemaRefused."""
        given = self.schema
        try:
            parsed = _parsed(given, self.needed, strict=True)
            text = parsed.normalized if self.normalize else parsed.canonical
        except InvalidSchema as error:
            raise SchemaRefused.because(given.type, error) from error
        return Candidate(Schema(text, given.type, given.references), parsed)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ``versions`` that a new one is held against, oldest first: independent of any state from here on."""

    versions: tuple[tuple[Version, Schema, Needed], ...]
    level: CompatibilityLevel

    def with_candidate(self, candidate: Candidate) -> CompatibilityReport:
        """How ``candidate`` gets along with them, which takes long if they are large or many."""
        earlier = [
            Earlier(version, _parsed(schema, needed, strict=False))
            for version, schema, needed in self.versions
        ]
        return check_compatibility(candidate.parsed, earlier, level=self.level)


def draft(
    state: RegistryState, subject: Subject, schema: Schema, *, normalize: bool, deleted: bool = False
) -> Draft:
    """``schema`` as it would stand under ``subject``; with ``deleted`` it may refer to hidden versions.

    Raises EmptySchema, or SchemaRefused if a reference leads nowhere.
    """
    if not schema.text.strip():
        raise EmptySchema
    references = tuple(
        _frozen(state, schema.type, reference, deleted=deleted) for reference in schema.references
    )
    normalize = normalize or state.effective_config(subject).normalize is True
    if normalize:
        references = tuple(sorted(set(references), key=lambda one: (one.name, one.subject, one.version)))
    return Draft(Schema(schema.text, schema.type, references), _needed(state, references), normalize)


def comparison(state: RegistryState, subject: Subject, versions: Sequence[StoredVersion]) -> Comparison:
    """What the level of ``subject`` compares with, out of ``versions`` (oldest first)."""
    level = state.effective_config(subject).level or DEFAULT_LEVEL
    compared = versions if level.transitive else versions[-1:]
    return Comparison(
        tuple(
            (stored.version, stored.content.schema, _needed(state, stored.content.schema.references))
            for stored in (compared if level is not CompatibilityLevel.NONE else ())
        ),
        level,
    )


def same_references(state: RegistryState, one: Sequence[Reference], other: Sequence[Reference]) -> bool:
    """Whether both lists lead to the same contents under the same names, whatever the subjects."""
    if tuple(one) == tuple(other):
        return True
    return _contents(state, one) == _contents(state, other)


def _contents(state: RegistryState, references: Sequence[Reference]) -> dict[str, bytes | None]:
    stored = {reference.name: state.version(reference.subject, reference.version) for reference in references}
    return {name: None if found is None else found.content.fingerprint for name, found in stored.items()}


def _frozen(
    state: RegistryState, schema_type: SchemaType, reference: Reference, *, deleted: bool
) -> Reference:
    """``reference`` with a version that is there."""
    if reference.version == LATEST_IN_REFERENCE:
        stored = state.latest(reference.subject, deleted=deleted)
    else:
        stored = state.version(reference.subject, reference.version)
    if stored is None or (stored.deleted and not deleted):
        raise SchemaRefused(
            schema_type,
            f'No schema reference found for subject "{reference.subject}" and version {reference.version}',
            hint=f"register what '{reference.name}' stands for first, or correct the reference",
        )
    return Reference(reference.name, reference.subject, stored.version)


def _needed(state: RegistryState, references: Sequence[Reference]) -> Needed:
    needed: dict[str, Schema] = {}
    entered: set[Reference] = set()
    to_do: list[tuple[Reference, Schema | None]] = [(one, None) for one in reversed(references)]
    while to_do:
        reference, complete = to_do.pop()
        if complete is not None:
            needed.setdefault(reference.name, complete)
            continue
        stored = state.version(reference.subject, reference.version)
        if stored is None or reference in entered:
            continue
        entered.add(reference)
        schema = stored.content.schema
        to_do.append((reference, schema))
        to_do.extend((one, None) for one in reversed(schema.references))
    return tuple(needed.items())


def _parsed(schema: Schema, needed: Needed, *, strict: bool) -> ParsedSchema:
    """What is stored was accepted once, perhaps by another registry with other checks: it is taken as it is."""
    size = len(schema.text) + sum(len(other.text) for _, other in needed)
    read = _parse if size > _LARGEST_KEPT else _parse_once
    return read(schema, needed, strict=strict)


def _parse(schema: Schema, needed: Needed, *, strict: bool) -> ParsedSchema:
    return parse(schema, referenced=dict(needed), strict=strict)


# Parsing is most of the work of a check, and the same versions are checked against again and again.
_parse_once: Final = lru_cache(maxsize=_MOST_KEPT)(_parse)
