"""When a schema counts as one that a subject holds already: the same content, or as good as the same."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from accord.registry.core.candidates import Candidate, stored_as
from accord.registry.core.contexts import Context, context_of
from accord.registry.core.ids import StoredVersion
from accord.registry.core.state import RegistryState
from accord.schemas import Metadata, Reference, Schema, SchemaId, Subject


def held(
    state: RegistryState,
    subject: Subject,
    candidate: Candidate,
    *,
    deleted: bool = False,
    other_references: bool = False,
) -> StoredVersion | None:
    """The version of ``subject`` that holds ``candidate``; with ``deleted`` a hidden one counts too.

    First the same content, then the newest that differs only in the version that a registrant asked for, or with
    ``other_references`` in where the same references are found; then both again with the metadata and the rules of
    the newest version, because clients that send none would never find their schema.
    """
    given = stored_as(candidate.schema)
    find = partial(held_as, state, subject, deleted=deleted, other_references=other_references)
    found = find(given)
    newest = state.latest(subject, deleted=deleted)
    if found or newest is None:
        return found
    before = newest.content.schema
    completed = replace(
        given,
        metadata=before.metadata if candidate.schema.metadata is None else given.metadata,
        rule_set=before.rule_set if candidate.schema.rule_set is None else given.rule_set,
    )
    return None if completed == given else find(completed)


def held_as(
    state: RegistryState,
    subject: Subject,
    schema: Schema,
    *,
    deleted: bool = False,
    other_references: bool = False,
) -> StoredVersion | None:
    """The newest version of ``subject`` that holds ``schema`` just as it would be kept; see ``held``."""
    schema_id = state.ids(subject).id_of(schema)
    found = None if schema_id is None else holding(state, subject, schema_id, deleted=deleted)
    if found is not None:
        return found
    alike = [
        holding(state, subject, content.id, deleted=deleted)
        for content in state.ids(subject).with_text(schema.text)
        if _alike(content.schema, schema)
        and (
            content.schema.references == schema.references
            or (other_references and _same_contents(state, context_of(subject), content.schema, schema))
        )
    ]
    versions = (stored for stored in alike if stored is not None)
    return max(versions, key=lambda stored: stored.version, default=None)


def holding(
    state: RegistryState, subject: Subject, schema_id: SchemaId, *, deleted: bool = False
) -> StoredVersion | None:
    """The newest version of ``subject`` with ``schema_id``; with ``deleted`` a hidden one counts too."""
    versions = state.ids(subject).versions_in(subject, schema_id)
    return max(
        (stored for stored in versions if deleted or not stored.deleted),
        key=lambda stored: stored.version,
        default=None,
    )


def _alike(one: Schema, other: Schema) -> bool:
    same = (one.text, one.type, one.rule_set) == (other.text, other.type, other.rule_set)
    return same and _unversioned(one.metadata) == _unversioned(other.metadata)


def _same_contents(state: RegistryState, context: Context, one: Schema, other: Schema) -> bool:
    return _contents(state, context, one.references) == _contents(state, context, other.references)


def _unversioned(metadata: Metadata | None) -> Metadata | None:
    return (metadata.without_version() or None) if metadata else None


def _contents(
    state: RegistryState, context: Context, references: Sequence[Reference]
) -> dict[str, bytes | None]:
    found = {reference.name: state.referred(reference, context=context) for reference in references}
    return {name: None if stored is None else stored.content.fingerprint for name, stored in found.items()}
