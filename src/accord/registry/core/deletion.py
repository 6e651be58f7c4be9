"""What happens when a version or a subject is deleted, softly or for good."""

from collections.abc import Sequence

from accord.registry.core.commands import LATEST, DeleteSubject, DeleteVersion
from accord.registry.core.errors import (
    ReferenceExists,
    SubjectAlreadyDeleted,
    SubjectNotFound,
    SubjectNotSoftDeleted,
    VersionAlreadyDeleted,
    VersionNotFound,
    VersionNotSoftDeleted,
)
from accord.registry.core.events import (
    ConfigDeleted,
    Event,
    SubjectPermanentlyDeleted,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.ids import StoredVersion
from accord.registry.core.state import RegistryState
from accord.schemas import Subject


def decide_delete_version(state: RegistryState, command: DeleteVersion) -> Sequence[Event]:
    """One version hidden, or a hidden one erased.

    Raises SubjectNotFound, VersionNotFound, VersionAlreadyDeleted, VersionNotSoftDeleted, ReferenceExists.
    """
    stored = _chosen(state, command)
    subject, version = stored.subject, stored.version
    if command.permanent and not stored.deleted:
        raise VersionNotSoftDeleted(subject, version)
    if stored.deleted and not command.permanent:
        raise VersionAlreadyDeleted(subject, version)
    _require_unreferenced(state, stored, permanent=command.permanent)
    if not command.permanent:
        return [VersionSoftDeleted(subject, version, stored.content.id, stored.content.schema)]
    gone: Event = VersionPermanentlyDeleted(subject, version)
    is_last = len(state.subjects[subject]) == 1
    return [gone, *_farewell(state, subject)] if is_last else [gone]


def decide_delete_subject(state: RegistryState, command: DeleteSubject) -> Sequence[Event]:
    """Every version hidden, or every hidden one erased.

    Raises SubjectNotFound, SubjectAlreadyDeleted, SubjectNotSoftDeleted, ReferenceExists.
    """
    subject = command.subject
    every = list(state.versions(subject, deleted=True))
    live = [stored for stored in every if not stored.deleted]
    if not every:
        raise SubjectNotFound(subject)
    if not live and not command.permanent:
        raise SubjectAlreadyDeleted(subject)
    if live and command.permanent:
        raise SubjectNotSoftDeleted(subject)
    for stored in every if command.permanent else live:
        _require_unreferenced(state, stored, permanent=command.permanent)
    if not command.permanent:
        return [SubjectSoftDeleted(subject, every[-1].version, tuple(stored.version for stored in live))]
    # The newest first: if the log ends in between, what is left is still a row of versions from the first one on.
    gone = [VersionPermanentlyDeleted(subject, stored.version) for stored in reversed(every)]
    return [*gone, *_farewell(state, subject)]


def _chosen(state: RegistryState, command: DeleteVersion) -> StoredVersion:
    if command.version is not LATEST:
        stored = state.version(command.subject, command.version)
    else:
        stored = state.latest(command.subject) or state.latest(command.subject, deleted=True)
    if stored is not None:
        return stored
    if command.version is LATEST or command.subject not in state.subjects:
        raise SubjectNotFound(command.subject)
    raise VersionNotFound(command.subject, command.version)


def _require_unreferenced(state: RegistryState, stored: StoredVersion, *, permanent: bool) -> None:
    """A hidden schema may lose sight of what it refers to, but never lose it."""
    referring = state.referring(stored.subject, stored.version, deleted=permanent)
    if referring:
        raise ReferenceExists(
            stored.subject, stored.version, tuple((who.subject, who.version) for who in referring)
        )


def _farewell(state: RegistryState, subject: Subject) -> list[Event]:
    """What follows the last version of a subject."""
    configured = state.configs.get(subject)
    config: list[Event] = [ConfigDeleted(subject, configured)] if configured is not None else []
    return [*config, SubjectPermanentlyDeleted(subject)]
