"""What can be asked of the registry that changes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from typing import Final

import msgspec

from accord.registry.core.candidates import Candidate, Comparison, comparison
from accord.registry.core.commands import LATEST, VersionChoice
from accord.registry.core.config import DEFAULT_LEVEL, Config, Effective, effective_with_origins
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

SCHEMA_TYPES: Final = (SchemaType.AVRO,)
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
    return sorted(
        subject
        for subject, versions in state.subjects.items()
        if begins(subject) and any(map(show.shows, versions.values()))
    )


def schemas(
    state: RegistryState, *, prefix: str = "", deleted: bool = False, latest_only: bool = False
) -> Iterator[StoredVersion]:
    """Every version of the subjects that begin with ``prefix``, subject by subject; see ``subjects``."""
    for subject in subjects(state, prefix=prefix, show=Show.ALL if deleted else Show.LIVE):
        if not latest_only:
            yield from state.versions(subject, deleted=deleted)
        elif latest := state.latest(subject, deleted=deleted):
            yield latest


def aliases_of(state: RegistryState) -> Mapping[Subject, list[Subject]]:
    """The other names of each subject that has some, sorted."""
    found: dict[Subject, list[Subject]] = {}
    for scope, config in state.configs.items():
        if scope is not None and config.alias and not is_context(scope):
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
    """One version of ``subject``; with ``deleted`` a hidden one counts too. Raises SubjectNotFound, VersionNotFound."""
    latest = state.latest(subject, deleted=deleted)
    if latest is None:
        raise SubjectNotFound(subject)
    if choice is LATEST:
        return latest
    stored = state.version(subject, choice)
    if stored is None or (stored.deleted and not deleted):
        raise VersionNotFound(subject, choice)
    return stored


def with_properties(
    state: RegistryState, subject: Subject, wanted: Mapping[str, str | None], *, deleted: bool = False
) -> StoredVersion:
    """The newest version whose metadata has these properties, with any value where None is wanted.

    Raises SubjectNotFound, SchemaNotFound.
    """
    for stored in reversed(versions(state, subject, show=Show.ALL if deleted else Show.LIVE)):
        metadata = stored.content.schema.metadata or Metadata()
        if all(
            name in metadata.properties and value in (None, metadata.properties[name])
            for name, value in wanted.items()
        ):
            return stored
    raise SchemaNotFound(hint=f"no version of '{subject}' has these properties in its metadata")


def by_id(state: RegistryState, schema_id: SchemaId, *, subject: Subject | None = None) -> StoredVersion:
    """A version with this id in the context of ``subject``, one of that subject where it has it; hidden ones count.

    A subject that names no context is looked for in the others too. Raises SchemaNotFound.
    """
    found = None
    if subject is not None:
        found = holding(state, subject, schema_id, deleted=True)
        if found is None and not is_qualified(subject):
            elsewhere = (
                holding(state, other, schema_id, deleted=True) for other in _elsewhere(state, subject)
            )
            found = next((one for one in elsewhere if one is not None), None)
    found = found or state.ids(subject).shown(schema_id)
    if found is None:
        raise SchemaNotFound(schema_id, hint=_where(state, schema_id))
    return found


def uses(
    state: RegistryState, schema_id: SchemaId, *, subject: Subject | None = None, deleted: bool = False
) -> list[StoredVersion]:
    """The versions with this id in the context of ``subject``; with ``deleted`` the hidden ones too.

    Raises SchemaNotFound if the id is not known there.
    """
    every = state.ids(subject).versions_of(schema_id)
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
        schema_id = ids.by_fingerprint.get(identity)
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
    if all(state.latest(place, deleted=deleted) is None for place in places):
        raise SubjectNotFound(subject)
    raise SchemaNotFound(hint=f"register it under '{subject}', or compare it with what is there")


def config(state: RegistryState, scope: Scope, *, default_to_global: bool = False) -> Config:
    """The configuration as it counts, its level never None. Raises ConfigNotFound if ``scope`` has none of its own."""
    own = state.configs.get(scope)
    if own is None and scope is not None and not default_to_global:
        raise ConfigNotFound(scope)
    around = (state.configs.get(one) for one in enclosing(scope))
    found = next((one for one in around if one is not None), Config())
    return msgspec.structs.replace(found, level=found.level or DEFAULT_LEVEL)


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
    return comparison(state, subject, _compared(state, subject, against), metadata)


def _compared(
    state: RegistryState, subject: Subject, against: VersionChoice | None
) -> Sequence[StoredVersion]:
    if against is None:
        return list(state.versions(subject, deleted=False))
    if against is LATEST:
        latest = state.latest(subject)
        return [latest] if latest else []
    stored = state.version(subject, against)
    if stored is None or stored.deleted:
        raise VersionNotFound(subject, against)
    return [stored]


def _beginning(prefix: str) -> Callable[[Subject], bool]:
    """Whether a subject begins with ``prefix``."""
    if prefix.startswith(EVERY_CONTEXT):
        rest = prefix.removeprefix(EVERY_CONTEXT)
        return lambda subject: split(subject)[1].startswith(rest)
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
