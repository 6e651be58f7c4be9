"""What the registry knows: everything that the events of the log add up to.

``apply`` is the only code that changes it, in place, in time that does not grow with what is there already.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from accord.registry.core.config import Config, effective
from accord.registry.core.events import (
    ConfigDeleted,
    ConfigSet,
    Event,
    SchemaRegistered,
    SubjectPermanentlyDeleted,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.ids import IdSpace, StoredVersion
from accord.schemas import Reference, Subject, Version


@dataclass(slots=True)
class RegistryState:
    """Subjects with their versions in ascending order, ids, configurations, and who refers to whom."""

    ids: IdSpace = field(default_factory=IdSpace)
    subjects: dict[Subject, dict[Version, StoredVersion]] = field(default_factory=dict)
    configs: dict[Subject | None, Config] = field(default_factory=dict)
    referrers: dict[tuple[Subject, Version], dict[tuple[Subject, Version], None]] = field(
        default_factory=dict
    )

    def apply(self, event: Event, at_ms: int) -> None:
        """Take ``event``, which happened ``at_ms`` milliseconds after 1970, into account.

        Raises IdHeld, with nothing changed, if the event contradicts earlier ones.
        """
        match event:
            case SchemaRegistered():
                self._store(event, at_ms, deleted=False)
            case VersionSoftDeleted():
                self._store(event, at_ms, deleted=True)
            case VersionPermanentlyDeleted():
                stored = self.subjects.get(event.subject, {}).get(event.version)
                if stored is not None:
                    self._forget(stored)
            case SubjectSoftDeleted():
                self._hide(event)
            case SubjectPermanentlyDeleted():
                # Versions go one by one before this; whatever is there now came after them.
                pass
            case ConfigSet():
                self.configs[event.subject] = event.config
            case ConfigDeleted():
                self.configs.pop(event.subject, None)

    def versions(self, subject: Subject, *, deleted: bool) -> Iterator[StoredVersion]:
        """The versions of ``subject``, oldest first; with ``deleted`` the hidden ones too."""
        return (stored for stored in self.subjects.get(subject, {}).values() if deleted or not stored.deleted)

    def latest(self, subject: Subject, *, deleted: bool = False) -> StoredVersion | None:
        """The newest version of ``subject``; with ``deleted`` a hidden one counts too."""
        newest_first = reversed(self.subjects.get(subject, {}).values())
        return next((stored for stored in newest_first if deleted or not stored.deleted), None)

    def version(self, subject: Subject, version: Version) -> StoredVersion | None:
        """One version, hidden or not."""
        return self.subjects.get(subject, {}).get(version)

    def effective_config(self, subject: Subject) -> Config:
        """What counts for ``subject``; its level is never None."""
        return effective(self.configs.get(subject), self.configs.get(None))

    def referring(self, subject: Subject, version: Version, *, deleted: bool) -> list[StoredVersion]:
        """The versions that refer to this one; with ``deleted`` the hidden ones too."""
        known = (self.version(*who) for who in self.referrers.get((subject, version), {}))
        return [stored for stored in known if stored is not None and (deleted or not stored.deleted)]

    def _store(self, event: SchemaRegistered | VersionSoftDeleted, at_ms: int, *, deleted: bool) -> None:
        content = self.ids.claim(event.schema_id, event.schema, subject=event.subject, version=event.version)
        before = self.version(event.subject, event.version)
        if before is not None and before.content is content:
            self._put(replace(before, deleted=deleted))
            return
        if before is not None:
            self._forget(before)
        self._put(StoredVersion(event.subject, event.version, content, at_ms, deleted))
        for target in _targets(content.schema.references):
            self.referrers.setdefault(target, {})[event.subject, event.version] = None

    def _hide(self, event: SubjectSoftDeleted) -> None:
        for stored in list(self.versions(event.subject, deleted=False)):
            if stored.version <= event.up_to:
                self._put(replace(stored, deleted=True))

    def _put(self, stored: StoredVersion) -> None:
        versions = self.subjects.setdefault(stored.subject, {})
        out_of_order = stored.version not in versions and stored.version < next(reversed(versions), 0)
        versions[stored.version] = stored
        if out_of_order:
            self.subjects[stored.subject] = dict(sorted(versions.items()))
        self.ids.use(stored)

    def _forget(self, stored: StoredVersion) -> None:
        self.ids.release(stored)
        versions = self.subjects[stored.subject]
        del versions[stored.version]
        if not versions:
            del self.subjects[stored.subject]
        for target in _targets(stored.content.schema.references):
            referrers = self.referrers[target]
            del referrers[stored.subject, stored.version]
            if not referrers:
                del self.referrers[target]


def _targets(references: tuple[Reference, ...]) -> set[tuple[Subject, Version]]:
    return {(reference.subject, reference.version) for reference in references}
