"""What happens when a schema is registered."""

from collections.abc import Iterator, Sequence

from accord.registry.core.candidates import Candidate, comparison, draft
from accord.registry.core.commands import RegisterSchema
from accord.registry.core.errors import IncompatibleSchema, NotInImportMode
from accord.registry.core.events import Event, SchemaRegistered, VersionPermanentlyDeleted
from accord.registry.core.ids import StoredVersion
from accord.registry.core.names import require_valid
from accord.registry.core.state import RegistryState
from accord.schemas import SchemaId, Subject, Version


def decide_register(state: RegistryState, command: RegisterSchema) -> Sequence[Event]:
    """A new version, or nothing if the subject holds this content already.

    Raises InvalidSubject, NotInImportMode, EmptySchema, SchemaRefused, IncompatibleSchema.
    """
    require_valid(command.subject)
    candidate = draft(state, command.subject, command.schema, normalize=command.normalize).candidate()
    if find_registered(state, command, candidate):
        return []
    if command.schema_id is not None:
        raise NotInImportMode(command.subject)
    if not command.force:
        live = list(state.versions(command.subject, deleted=False))
        report = comparison(state, command.subject, live).with_candidate(candidate)
        if not report.compatible:
            raise IncompatibleSchema(command.subject, report)
    return _next_version(state, command.subject, candidate)


def find_registered(
    state: RegistryState, command: RegisterSchema, candidate: Candidate
) -> StoredVersion | None:
    """The version that makes ``command``, whose schema is ``candidate``, unnecessary."""
    schema_id = state.ids.by_fingerprint.get(candidate.fingerprint)
    if schema_id is None or command.schema_id not in (None, schema_id):
        return None
    return holding(state, command.subject, schema_id)


def holding(
    state: RegistryState, subject: Subject, schema_id: SchemaId, *, deleted: bool = False
) -> StoredVersion | None:
    """The newest version of ``subject`` with ``schema_id``; with ``deleted`` a hidden one counts too."""
    versions = state.ids.uses.get(schema_id, {}).get(subject, {})
    return max(
        (stored for stored in versions.values() if deleted or not stored.deleted),
        key=lambda stored: stored.version,
        default=None,
    )


def _next_version(state: RegistryState, subject: Subject, candidate: Candidate) -> list[Event]:
    schema_id = state.ids.by_fingerprint.get(candidate.fingerprint)
    # Soft-deleted versions still hold their numbers: whoever remembers (subject, version) must not be misled.
    newest = state.latest(subject, deleted=True)
    version = Version(newest.version + 1 if newest else 1)
    registered = SchemaRegistered(subject, version, schema_id or state.ids.next_id(), candidate.schema)
    return [registered, *_superseded(state, subject, schema_id)]


def _superseded(
    state: RegistryState, subject: Subject, schema_id: SchemaId | None
) -> Iterator[VersionPermanentlyDeleted]:
    """The hidden versions of the same content: the new one takes their place, unless somebody refers to them."""
    if schema_id is None:
        return
    for stored in state.ids.uses.get(schema_id, {}).get(subject, {}).values():
        if not state.referring(subject, stored.version, deleted=True):
            yield VersionPermanentlyDeleted(subject, stored.version)
