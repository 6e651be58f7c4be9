"""What can be asked of the registry that changes nothing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from typing import Final

from accord.registry.core.candidates import Candidate
from accord.registry.core.checks import Comparison, comparison, next_comparison
from accord.registry.core.commands import LATEST, NO_VERSION, VersionChoice
from accord.registry.core.config import Config, Effective, effective, effective_with_origins
from accord.registry.core.contexts import (
    DEFAULT_CONTEXT,
    EVERY_CONTEXT,
    Context,
    Scope,
    context_of,
    enclosing,
    is_context,
    is_qualified,
    normalized,
    qualified,
    split,
    within,
)
from accord.registry.core.errors import (
    ConfigNotFound,
    ModeNotFound,
    SchemaNotFound,
    SubjectNotFound,
    VersionNotFound,
)
from accord.registry.core.ids import StoredVersion
from accord.registry.core.likeness import held, holding
from accord.registry.core.modes import Mode
from accord.registry.core.state import RegistryState
from accord.schemas import Metadata, SchemaGuid, SchemaId, SchemaType, Subject

SCHEMA_TYPES: Final = (SchemaType.JSON, SchemaType.PROTOBUF, SchemaType.AVRO)
"""The schema types that can be registered."""


class Show(Enum):
    """Which versions count in a listing."""

    LIVE = "live"
    ALL = "all"
    DELETED = "deleted"

    def shows(self, stored: StoredVersion) -> bool:
        """Whether ``stored`` counts."""
        return self is Show.ALL or stored.deleted is (self is Show.DELETED)


def contexts(state: RegistryState, *, prefix: str = "") -> list[Context]:
    """The contexts whose names begin with ``prefix``, sorted."""
    return sorted(context for context in state.contexts if context.startswith(prefix))


def meant(state: RegistryState, name: str) -> Subject:
    """The subject that ``name`` stands for: an alias, which is one subject's other name, is followed once."""
    subject = normalized(name)
    config = state.configs.get(subject)
    return within(context_of(subject), config.alias) if config is not None and config.alias else subject


def subjects(state: RegistryState, *, prefix: str = EVERY_CONTEXT, show: Show = Show.LIVE) -> list[Subject]:
    """The names that begin with ``prefix`` and have a version that counts, sorted.

    A prefix that names no context means the default one, ``:*:`` means all of them.
    """
    begins = _beginning(prefix)
    # A subject is only deleted if all of it is.
    counts = all if show is Show.DELETED else any
    return sorted(
        subject
        for subject, versions in state.subjects.items()
        if begins(subject) and counts(map(show.shows, versions.values()))
    )


def schemas(
    state: RegistryState,
    *,
    prefix: str = "",
    also: Collection[Subject] = (),
    deleted: bool = False,
    latest_only: bool = False,
) -> Iterator[StoredVersion]:
    """Every version of the subjects that begin with ``prefix``, and of some ``also``; see ``subjects``."""
    found = subjects(state, prefix=prefix, show=Show.ALL if deleted else Show.LIVE)
    for subject in sorted({*found, *also}) if also else found:
        if not latest_only:
            yield from state.versions(subject, deleted=deleted)
        elif latest := state.latest(subject, deleted=deleted):
            yield latest


def aliases(state: RegistryState, *, prefix: str = "") -> Mapping[Subject, list[Subject]]:
    """The subjects that have other names beginning with ``prefix``, with these names, sorted."""
    begins = _beginning(prefix)
    found: dict[Subject, list[Subject]] = {}
    for scope, config in state.configs.items():
        if scope is not None and config.alias and not is_context(scope) and begins(scope):
            found.setdefault(within(context_of(scope), config.alias), []).append(scope)
    return {subject: sorted(names) for subject, names in found.items()}


def versions(state: RegistryState, subject: Subject, *, show: Show = Show.LIVE) -> list[StoredVersion]:
    """The versions of ``subject`` that count, oldest first. Raises SubjectNotFound if there is none."""
    found = [stored for stored in state.versions(subject, deleted=True) if show.shows(stored)]
    if not found:
        raise SubjectNotFound(subject)
    return found


def version_anywhere(
    state: RegistryState, subject: Subject, choice: VersionChoice, *, deleted: bool = False
) -> StoredVersion:
    """As ``version``; a subject that names no context is looked for in the others too."""
    try:
        return version(state, subject, choice, deleted=deleted)
    except (SubjectNotFound, VersionNotFound):
        if is_qualified(subject):
            raise
        for other in _elsewhere(state, subject):
            with suppress(SubjectNotFound, VersionNotFound):
                return version(state, other, choice, deleted=deleted)
        raise


def version(
    state: RegistryState, subject: Subject, choice: VersionChoice, *, deleted: bool = False
) -> StoredVersion:
    """One version of ``subject``; with ``deleted`` a hidden one counts too, but never as the latest.

    Raises SubjectNotFound, VersionNotFound.
    """
    latest = state.latest(subject)
    if latest is None and state.latest(subject, deleted=deleted) is None:
        raise SubjectNotFound(subject)
    if choice is LATEST:
        if latest is None:
            raise VersionNotFound(subject, NO_VERSION)
        return latest
    stored = state.version(subject, choice)
    if stored is None or (stored.deleted and not deleted):
        raise VersionNotFound(subject, choice)
    return stored


def with_properties(
    state: RegistryState, subject: Subject, wanted: Mapping[str, str], *, deleted: bool = False
) -> StoredVersion:
    """The newest version that has metadata, with these properties in it. Raises SubjectNotFound, SchemaNotFound."""
    for stored in reversed(versions(state, subject, show=Show.ALL if deleted else Show.LIVE)):
        metadata = stored.content.schema.metadata
        if metadata and wanted.items() <= metadata.properties.items():
            return stored
    raise SchemaNotFound(hint=f"no version of '{subject}' has these properties in its metadata")


def by_id(state: RegistryState, schema_id: SchemaId, *, subject: Subject | None = None) -> StoredVersion:
    """A version with this id in the context of ``subject``, one of that subject; hidden ones count.

    A subject that names no context is looked for in the others too, and at last any in the default context will do.
    Raises SchemaNotFound.
    """
    found = None
    if subject is not None:
        found = holding(state, subject, schema_id, deleted=True)
        if found is None and not is_qualified(subject):
            elsewhere = (
                holding(state, other, schema_id, deleted=True) for other in _elsewhere(state, subject)
            )
            found = next((one for one in elsewhere if one is not None), None)
    if found is None and (subject is None or not is_qualified(subject) or is_context(subject)):
        found = state.ids(subject).shown(schema_id)
    if found is None:
        raise SchemaNotFound(schema_id, hint=_where(state, schema_id))
    return found


def uses(
    state: RegistryState, schema_id: SchemaId, *, subject: Subject | None = None, deleted: bool = False
) -> list[StoredVersion]:
    """The versions with this id in the context of ``subject``; with ``deleted`` the hidden ones too.

    A subject that names no context may be in any. Raises SchemaNotFound if the id is not known there.
    """
    places = [subject]
    if subject is not None and not is_qualified(subject):
        places += _elsewhere(state, subject)
    every = next(filter(None, (state.ids(place).versions_of(schema_id) for place in places)), [])
    if not every:
        raise SchemaNotFound(hint=_where(state, schema_id))
    return [stored for stored in every if deleted or not stored.deleted]


def by_guid(state: RegistryState, guid: SchemaGuid) -> list[StoredVersion]:
    """One version of the content with this GUID for each context that has it. Raises SchemaNotFound."""
    try:
        identity = bytes.fromhex(guid.replace("-", ""))
    except ValueError:
        identity = b""
    found = []
    for _, ids in sorted(state.id_spaces.items()):
        schema_id = ids.id_with(identity)
        shown = None if schema_id is None else ids.shown(schema_id)
        if shown is not None:
            found.append(shown)
    if not found:
        raise SchemaNotFound(hint=f"no schema has the GUID {guid}")
    return found


def referenced_by(
    state: RegistryState, subject: Subject, choice: VersionChoice, *, deleted: bool = False
) -> list[SchemaId]:
    """The ids of what refers to a version, hidden or not; with ``deleted`` hidden referrers count too.

    Raises SubjectNotFound, VersionNotFound.
    """
    chosen = state.latest(subject) if choice is LATEST else None
    target = chosen or version(state, subject, choice, deleted=True)
    referring = state.referring(subject, target.version, deleted=deleted)
    return sorted({stored.content.id for stored in referring})


def lookup(
    state: RegistryState, subject: Subject, candidate: Candidate, *, deleted: bool = False
) -> StoredVersion:
    """The version of ``subject`` that holds ``candidate``; with ``deleted`` a hidden one counts too.

    A subject that names no context is looked for in the others too. Raises SubjectNotFound, SchemaNotFound.
    """
    places = [subject, *(() if is_qualified(subject) else _elsewhere(state, subject))]
    for place in places:
        found = held(state, place, candidate, deleted=deleted, other_references=True)
        if found is not None:
            return found
    if state.latest(subject, deleted=deleted) is None:
        raise SubjectNotFound(subject)
    raise SchemaNotFound(hint=f"register it under '{subject}', or compare it with what is there")


def config(state: RegistryState, scope: Scope, *, default_to_global: bool = False) -> Config:
    """The configuration as it counts, its level never None. Raises ConfigNotFound if ``scope`` has none of its own."""
    if default_to_global:
        return state.effective_config(scope)
    own = state.configs.get(scope)
    if own is None and scope is not None:
        raise ConfigNotFound(scope)
    return effective(own, None, None)


def effective_config(state: RegistryState, scope: Scope) -> Effective:
    """The configuration that counts for ``scope``, and where each part of it was said."""
    return effective_with_origins([(place, state.configs.get(place)) for place in enclosing(scope)])


def mode(state: RegistryState, scope: Scope, *, default_to_global: bool = False) -> Mode:
    """The mode as it counts. Raises ModeNotFound if ``scope`` has none of its own."""
    if scope is not None and scope not in state.modes and not default_to_global:
        raise ModeNotFound(scope)
    return state.effective_mode(scope)


def compared(
    state: RegistryState, subject: Subject, against: VersionChoice | None, metadata: Metadata | None
) -> Comparison:
    """What to hold a new schema against: one version, or (None) all that the level of ``subject`` asks for.

    It is nothing if the subject has no versions. Raises VersionNotFound.
    """
    if against is None:
        return next_comparison(state, subject, metadata)
    if against is LATEST:
        latest = state.latest(subject)
        return comparison(state, subject, [latest] if latest else [], metadata)
    stored = state.version(subject, against)
    if stored is None or stored.deleted:
        raise VersionNotFound(subject, against)
    return comparison(state, subject, [stored], metadata)


def _beginning(prefix: str) -> Callable[[Subject], bool]:
    """Whether a subject begins with ``prefix``."""
    if prefix.startswith(EVERY_CONTEXT):
        rest = prefix.removeprefix(EVERY_CONTEXT)
        return lambda subject: split(subject)[1].startswith(rest)
    if is_qualified(prefix) and ":" not in prefix[1:]:
        return lambda subject: subject.startswith(prefix)
    context, name = split(prefix)
    beginning = qualified(context, name)
    return lambda subject: subject.startswith(beginning) and context_of(subject) == context


def _elsewhere(state: RegistryState, subject: Subject) -> Iterator[Subject]:
    """The subjects of the same name in other contexts."""
    return (qualified(context, subject) for context in contexts(state) if context != DEFAULT_CONTEXT)


def _where(state: RegistryState, schema_id: SchemaId) -> str:
    having = [context for context, ids in sorted(state.id_spaces.items()) if schema_id in ids.contents]
    if not having:
        return "no schema has this id here; was it given by another registry?"
    return f"this id is known in {', '.join(having)}: name a subject there, as in ?subject=:{having[0]}:"
