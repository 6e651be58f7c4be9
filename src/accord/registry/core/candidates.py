"""A schema that somebody sent, made ready to be stored or compared: checked, canonical, its references resolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from accord.registry.core.commands import LATEST_IN_REFERENCE
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
    check_compatibility,
    fingerprint,
    parse,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A valid schema: ``schema`` is what would be stored."""

    schema: Schema
    parsed: ParsedSchema

    @property
    def fingerprint(self) -> bytes:
        """The identity of what would be stored."""
        return fingerprint(self.schema.text, self.schema.references)


def read_candidate(
    state: RegistryState, schema: Schema, *, normalize: bool, deleted: bool = False
) -> Candidate:
    """Check ``schema`` and make it canonical; with ``deleted`` it may refer to hidden versions.

    Raises EmptySchema or SchemaRefused.
    """
    if not schema.text.strip():
        raise EmptySchema
    references = tuple(
        _frozen(state, schema.type, reference, deleted=deleted) for reference in schema.references
    )
    if normalize:
        references = tuple(sorted(set(references), key=lambda one: (one.name, one.subject, one.version)))
    try:
        parsed = _parse(Schema(schema.text, schema.type, references), _needed(state, references), strict=True)
    except InvalidSchema as error:
        raise SchemaRefused.because(schema.type, error) from error
    text = parsed.normalized if normalize else parsed.canonical
    return Candidate(Schema(text, schema.type, references), parsed)


def check(
    state: RegistryState,
    candidate: Candidate,
    versions: Sequence[StoredVersion],
    level: CompatibilityLevel,
) -> CompatibilityReport:
    """How ``candidate`` gets along with ``versions`` (oldest first) at ``level``."""
    compared = versions if level.transitive else versions[-1:]
    earlier = [
        Earlier(
            stored.version,
            _parse(stored.content.schema, _needed(state, stored.content.schema.references), strict=False),
        )
        for stored in (compared if level is not CompatibilityLevel.NONE else ())
    ]
    return check_compatibility(candidate.parsed, earlier, level=level)


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


def _needed(state: RegistryState, references: Sequence[Reference]) -> tuple[tuple[str, Schema], ...]:
    """All that ``references`` lead to, by name, each after what it needs itself."""
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


@lru_cache(maxsize=1000)
def _parse(schema: Schema, needed: tuple[tuple[str, Schema], ...], *, strict: bool) -> ParsedSchema:
    """Parsing is most of the work of a check, and the same versions are checked against again and again.

    What is stored was accepted once, perhaps by another registry with other checks: it is taken as it is.
    """
    return parse(schema, referenced=dict(needed), strict=strict)
