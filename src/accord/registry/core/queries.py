"""What can be asked of the registry that changes nothing."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from accord.registry.core.candidates import Candidate, Comparison, comparison, same_references
from accord.registry.core.commands import LATEST, VersionChoice
from accord.registry.core.config import DEFAULT_LEVEL, Config
from accord.registry.core.errors import (
    ConfigNotFound,
    SchemaNotFound,
    SubjectNotFound,
    VersionNotFound,
)
from accord.registry.core.ids import StoredVersion
from accord.registry.core.registration import holding
from accord.registry.core.state import RegistryState
from accord.schemas import SchemaGuid, SchemaId, SchemaType, Subject

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


def subjects(state: RegistryState, *, prefix: str = "", show: Show = Show.LIVE) -> list[Subject]:
    """The names that begin with ``prefix`` and have a version that counts, sorted."""
    return sorted(
        subject
        for subject, versions in state.subjects.items()
        if subject.startswith(prefix) and any(map(show.shows, versions.values()))
    )


def versions(state: RegistryState, subject: Subject, *, show: Show = Show.LIVE) -> list[StoredVersion]:
    """The versions of ``subject`` that count, oldest first. Raises SubjectNotFound if there is none."""
    found = [stored for stored in state.versions(subject, deleted=True) if show.shows(stored)]
    if not found:
        raise SubjectNotFound(subject)
    return found


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


def by_id(state: RegistryState, schema_id: SchemaId, *, subject: Subject | None = None) -> StoredVersion:
    """A version with this id, one of ``subject`` where that has it; hidden ones count. Raises SchemaNotFound."""
    named = None if subject is None else holding(state, subject, schema_id, deleted=True)
    found = named or state.ids.shown(schema_id)
    if found is None:
        raise SchemaNotFound(schema_id, hint="no schema has this id here; was it given by another registry?")
    return found


def uses(state: RegistryState, schema_id: SchemaId, *, deleted: bool = False) -> list[StoredVersion]:
    """The versions with this id; with ``deleted`` the hidden ones too. Raises SchemaNotFound if the id is not known."""
    every = state.ids.versions_of(schema_id)
    if not every:
        raise SchemaNotFound(hint=f"no schema has the id {schema_id}")
    return [stored for stored in every if deleted or not stored.deleted]


def by_guid(state: RegistryState, guid: SchemaGuid) -> StoredVersion:
    """A version of the content with this GUID. Raises SchemaNotFound."""
    try:
        schema_id = state.ids.by_fingerprint.get(bytes.fromhex(guid.replace("-", "")))
    except ValueError:
        schema_id = None
    found = None if schema_id is None else state.ids.shown(schema_id)
    if found is None:
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

    Raises SubjectNotFound, SchemaNotFound.
    """
    if state.latest(subject, deleted=deleted) is None:
        raise SubjectNotFound(subject)
    schema_id = state.ids.by_fingerprint.get(candidate.fingerprint)
    if schema_id is not None and (found := holding(state, subject, schema_id, deleted=deleted)):
        return found
    for stored in reversed(list(state.versions(subject, deleted=deleted))):
        held = stored.content.schema
        same = (held.text, held.type) == (candidate.schema.text, candidate.schema.type)
        if same and same_references(state, held.references, candidate.schema.references):
            return stored
    raise SchemaNotFound(hint=f"register it under '{subject}', or compare it with what is there")


def config(state: RegistryState, subject: Subject | None, *, default_to_global: bool = False) -> Config:
    """The configuration as it counts, its level never None. Raises ConfigNotFound if the subject has none of its own."""
    own = state.configs.get(subject)
    if own is None and subject is not None and not default_to_global:
        raise ConfigNotFound(subject)
    found = own or state.configs.get(None) or Config()
    return Config(level=found.level or DEFAULT_LEVEL, normalize=found.normalize)


def compared(state: RegistryState, subject: Subject, against: VersionChoice | None) -> Comparison:
    """What to hold a new schema against: one version, or (None) all that the level of ``subject`` asks for.

    It is nothing if the subject has no versions. Raises VersionNotFound.
    """
    return comparison(state, subject, _compared(state, subject, against))


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
