"""What happens when a version, a subject or a context is deleted, softly or for good."""

from collections.abc import Iterable, Iterator, Sequence

from accord.registry.core.commands import LATEST, NO_VERSION, DeleteContext, DeleteSubject, DeleteVersion
from accord.registry.core.contexts import DEFAULT_CONTEXT, context_of, qualified
from accord.registry.core.errors import (
    ContextNotEmpty,
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
    ContextDeleted,
    ContextSet,
    Event,
    ModeDeleted,
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

    Raises SubjectNotFound, VersionNotFound, ReadOnly, VersionAlreadyDeleted, ReferenceExists, VersionNotSoftDeleted.
    """
    stored = _chosen(state, command)
    subject, version = stored.subject, stored.version
    state.require_writable(subject)
    if stored.deleted and not command.permanent:
        raise VersionAlreadyDeleted(subject, version)
    require_unreferenced(state, stored, permanent=command.permanent)
    if command.permanent and not stored.deleted:
        raise VersionNotSoftDeleted(subject, version)
    if not command.permanent:
        return [VersionSoftDeleted(subject, version, stored.content.id, stored.content.schema)]
    is_last = len(state.subjects[subject]) == 1
    return [*erased(state, [stored]), *(_farewell(state, subject) if is_last else ())]


def decide_delete_subject(state: RegistryState, command: DeleteSubject) -> Sequence[Event]:
    """Every version hidden, or every hidden one erased.

    Raises SubjectNotFound, ReadOnly, SubjectAlreadyDeleted, ReferenceExists, SubjectNotSoftDeleted.
    """
    subject = command.subject
    every = list(state.versions(subject, deleted=True))
    live = [stored for stored in every if not stored.deleted]
    if not every:
        raise SubjectNotFound(subject)
    state.require_writable(subject)
    if not live and not command.permanent:
        raise SubjectAlreadyDeleted(subject)
    for stored in every if command.permanent else live:
        require_unreferenced(state, stored, permanent=command.permanent)
    if live and command.permanent:
        raise SubjectNotSoftDeleted(subject)
    if not command.permanent:
        return [SubjectSoftDeleted(subject, every[-1].version, tuple(stored.version for stored in live))]
    return [*erased(state, every), *_farewell(state, subject)]


def decide_delete_context(state: RegistryState, command: DeleteContext) -> Sequence[Event]:
    """A context without subjects is listed no more; one that is not known is not there already.

    Raises ContextNotEmpty.
    """
    context = command.context
    scope = qualified(context, "")
    if any(context_of(subject) == context for subject in state.subjects):
        raise ContextNotEmpty(scope)
    if context not in state.contexts or context == DEFAULT_CONTEXT:
        return []
    return [ContextDeleted(context, state.ids(scope).highest)]


def erased(state: RegistryState, hidden: Sequence[StoredVersion]) -> Iterator[Event]:
    """The versions of one subject gone for good; nothing may refer to them."""
    yield from _retired(state, hidden)
    # The newest first: if the log ends in between, what is left is still a row of versions from the first one on.
    for stored in reversed(hidden):
        yield VersionPermanentlyDeleted(stored.subject, stored.version)


def _retired(state: RegistryState, gone: Iterable[StoredVersion]) -> Iterator[ContextSet]:
    """What keeps the highest id from being given again once the log has forgotten who had it."""
    for stored in gone:
        context, ids = context_of(stored.subject), state.ids(stored.subject)
        if stored.content.id == ids.highest:
            yield ContextSet(context, ids.highest)
            return


def require_unreferenced(state: RegistryState, stored: StoredVersion, *, permanent: bool) -> None:
    """Raise ReferenceExists if others need ``stored``: a hidden schema may lose sight of that, but never lose it."""
    referring = state.referring(stored.subject, stored.version, deleted=permanent)
    if referring:
        raise ReferenceExists(
            stored.subject, stored.version, tuple((who.subject, who.version) for who in referring)
        )


def _chosen(state: RegistryState, command: DeleteVersion) -> StoredVersion:
    """The version that is meant; the latest is one that is not hidden. Raises SubjectNotFound, VersionNotFound."""
    if command.version is LATEST:
        stored = state.latest(command.subject)
    else:
        stored = state.version(command.subject, command.version)
    if stored is not None:
        return stored
    if command.subject not in state.subjects:
        raise SubjectNotFound(command.subject)
    raise VersionNotFound(command.subject, NO_VERSION if command.version is LATEST else command.version)


def _farewell(state: RegistryState, subject: Subject) -> Iterator[Event]:
    """What follows the last version of a subject."""
    if subject in state.configs:
        yield ConfigDeleted(subject, state.configs[subject])
    if subject in state.modes:
        yield ModeDeleted(subject, state.modes[subject])
    yield SubjectPermanentlyDeleted(subject)
