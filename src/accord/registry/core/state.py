"""What the registry knows: everything that the events of the log add up to.

``apply`` is the only code that changes it, in place, in time that does not grow with what is there already.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from accord.registry.core.config import NOTHING_CONFIGURED, Config, effective
from accord.registry.core.contexts import DEFAULT_CONTEXT, Context, Scope, context_of, enclosing, within
from accord.registry.core.errors import ReadOnly
from accord.registry.core.events import (
    ConfigDeleted,
    ConfigSet,
    ContextDeleted,
    ContextSet,
    Event,
    ModeDeleted,
    ModeSet,
    SchemaRegistered,
    SubjectCleared,
    SubjectPermanentlyDeleted,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.ids import IdSpace, StoredVersion
from accord.registry.core.modes import Mode
from accord.registry.core.policy import Policy
from accord.schemas import Reference, SchemaId, Subject, Version


@dataclass(slots=True)
class RegistryState:
    """Subjects with their versions in ascending order, the ids of each context, settings, and who refers to whom.

    ``policy`` is what the operator of this registry chose; it is no part of the log. As long as ``revision`` stays what
    it is, so does every answer.
    """

    policy: Policy = field(default_factory=Policy)
    id_spaces: dict[Context, IdSpace] = field(default_factory=lambda: {DEFAULT_CONTEXT: IdSpace()})
    contexts: set[Context] = field(default_factory=lambda: {DEFAULT_CONTEXT})
    subjects: dict[Subject, dict[Version, StoredVersion]] = field(default_factory=dict)
    configs: dict[Scope, Config] = field(default_factory=dict)
    modes: dict[Scope, Mode] = field(default_factory=dict)
    referrers: dict[tuple[Subject, Version], dict[tuple[Subject, Version], None]] = field(
        default_factory=dict
    )
    revision: int = field(default=0, compare=False, repr=False)

    def apply(self, event: Event, at_ms: int) -> None:
        """Take ``event``, which happened ``at_ms`` milliseconds after 1970, into account.

        Raises IdHeld, with nothing changed, if the event contradicts earlier ones.
        """
        self.revision += 1
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
            case SubjectCleared():
                for stored in list(self.versions(event.subject, deleted=True)):
                    if stored.deleted:
                        self._forget(stored)
            case SubjectPermanentlyDeleted():
                # Versions go one by one before this; whatever is there now came after them.
                pass
            case _:
                self._set(event)

    def take_back(self, event: SchemaRegistered, *, highest: SchemaId) -> None:
        """Undo ``apply`` of ``event``, the last one that was applied, which made a new version in a known context.

        ``highest`` is the highest id that was given before it.
        """
        self.revision += 1
        self._forget(self.subjects[event.subject][event.version])
        self.ids(event.subject).highest = highest

    def ids(self, subject: Subject | None) -> IdSpace:
        """The ids of the context in which ``subject`` is."""
        return self.id_spaces.get(context_of(subject)) or IdSpace()

    def versions(self, subject: Subject, *, deleted: bool) -> Iterator[StoredVersion]:
        """The versions of ``subject``, oldest first; with ``deleted`` the hidden ones too."""
        return (stored for stored in self.subjects.get(subject, {}).values() if deleted or not stored.deleted)

    def latest(self, subject: Subject, *, deleted: bool = False) -> StoredVersion | None:
        """The newest version of ``subject``; with ``deleted`` a hidden one counts too."""
        for stored in reversed(self.subjects.get(subject, {}).values()):
            if deleted or not stored.deleted:
                return stored
        return None

    def version(self, subject: Subject, version: Version) -> StoredVersion | None:
        """One version, hidden or not."""
        return self.subjects.get(subject, {}).get(version)

    def referred(self, reference: Reference, *, context: Context) -> StoredVersion | None:
        """The version that ``reference`` means in a schema in ``context``, hidden or not."""
        return self.version(within(context, reference.subject), reference.version)

    def effective_config(self, scope: Scope) -> Config:
        """What counts for ``scope``; its level is never None."""
        if not self.configs:
            return NOTHING_CONFIGURED
        own, *others = (self.configs.get(place) for place in enclosing(scope))
        around = next((config for config in others if config is not None), None)
        return effective(own, around, self.configs.get(None))

    def effective_mode(self, scope: Scope) -> Mode:
        """The mode that counts for ``scope``."""
        if not self.modes:
            return Mode.READWRITE
        modes = (self.modes.get(around) for around in enclosing(scope))
        return next((mode for mode in modes if mode is not None), Mode.READWRITE)

    def require_writable(self, scope: Scope) -> None:
        """Raise ReadOnly if nothing may be changed in ``scope``."""
        if self.effective_mode(scope).read_only:
            raise ReadOnly(scope)

    def referring(self, subject: Subject, version: Version, *, deleted: bool) -> list[StoredVersion]:
        """The versions that refer to this one; with ``deleted`` the hidden ones too."""
        known = (self.version(*who) for who in self.referrers.get((subject, version), {}))
        return [stored for stored in known if stored is not None and (deleted or not stored.deleted)]

    def _set(
        self, event: ConfigSet | ConfigDeleted | ModeSet | ModeDeleted | ContextSet | ContextDeleted
    ) -> None:
        match event:
            case ConfigSet():
                self.configs[event.scope] = event.config
            case ConfigDeleted():
                self.configs.pop(event.scope, None)
            case ModeSet():
                self.modes[event.scope] = event.mode
            case ModeDeleted():
                self.modes.pop(event.scope, None)
            case ContextSet():
                self.contexts.add(event.context)
                self._remember_highest(event)
            case ContextDeleted():
                self.contexts.discard(event.context)
                self._remember_highest(event)

    def _remember_highest(self, event: ContextSet | ContextDeleted) -> None:
        ids = self._ids_in(event.context)
        ids.highest = max(ids.highest, event.highest_id)

    def _ids_in(self, context: Context) -> IdSpace:
        ids = self.id_spaces.get(context)
        if ids is None:
            ids = self.id_spaces[context] = IdSpace()
        return ids

    def _store(self, event: SchemaRegistered | VersionSoftDeleted, at_ms: int, *, deleted: bool) -> None:
        context = context_of(event.subject)
        ids = self._ids_in(context)
        # All versions of a subject share one string with its name.
        subject, version = Subject(sys.intern(event.subject)), event.version
        content = ids.claim(event.schema_id, event.schema, subject=subject, version=version)
        self.contexts.add(context)
        before = self.version(subject, version)
        if before is not None and before.content == content:
            self._put(replace(before, deleted=deleted), ids)
            return
        if before is not None:
            self._forget(before)
            # With the version that was there, its id may have gone.
            content = ids.claim(event.schema_id, event.schema, subject=subject, version=version)
        self._put(StoredVersion(subject, version, content, at_ms, deleted), ids)
        if content.schema.references:
            who = subject, version
            for target in _targets(subject, content.schema.references):
                self.referrers.setdefault(target, {})[who] = None

    def _hide(self, event: SubjectSoftDeleted) -> None:
        ids = self.ids(event.subject)
        for stored in list(self.versions(event.subject, deleted=False)):
            if stored.version <= event.up_to:
                self._put(replace(stored, deleted=True), ids)

    def _put(self, stored: StoredVersion, ids: IdSpace) -> None:
        versions = self.subjects.setdefault(stored.subject, {})
        out_of_order = stored.version not in versions and stored.version < next(reversed(versions), 0)
        versions[stored.version] = stored
        if out_of_order:
            self.subjects[stored.subject] = dict(sorted(versions.items()))
        ids.use(stored)

    def _forget(self, stored: StoredVersion) -> None:
        self._ids_in(context_of(stored.subject)).release(stored)
        versions = self.subjects[stored.subject]
        del versions[stored.version]
        if not versions:
            del self.subjects[stored.subject]
        for target in _targets(stored.subject, stored.content.schema.references):
            referrers = self.referrers[target]
            del referrers[stored.subject, stored.version]
            if not referrers:
                del self.referrers[target]


def _targets(subject: Subject, references: tuple[Reference, ...]) -> set[tuple[Subject, Version]]:
    context = context_of(subject)
    return {(within(context, reference.subject), reference.version) for reference in references}
