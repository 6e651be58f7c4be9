"""What has to be asked of a registry so that it holds what another one holds. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from accord.client.config import ConfigChange
from accord.client.config import Mode as ModeWord
from accord.client.exchanges import DeleteMode, DeleteVersion, Exchange, RegisterSchema, SetConfig, SetMode
from accord.registry.core.config import Config
from accord.registry.core.contexts import GLOBAL_CONTEXT, Scope, context_of, is_context
from accord.registry.core.ids import StoredVersion
from accord.registry.core.modes import Mode
from accord.registry.core.state import RegistryState
from accord.schemas import Subject
from accord.transfer.rest.comparison import (
    counted_config,
    counted_mode,
    every_version,
    words_of,
)
from accord.transfer.rest.composition import in_order_of_need
from accord.transfer.words import in_order, scope_words


@dataclass(frozen=True, slots=True)
class Step:
    """One question that changes something, and what it does, in words."""

    words: str
    exchange: Exchange[Any]

    @property
    def is_registration(self) -> bool:
        """Whether a version comes to be."""
        return isinstance(self.exchange, RegisterSchema)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in order, and how many of them are registrations.

    ``opened`` are the subjects that take ids meanwhile, ``crowded`` those of them that are opened by force only, because
    they have versions already. ``beside`` are the scopes whose settings stay as they are unless by force, because other
    subjects are there too.
    """

    steps: tuple[Step, ...]
    registrations: int
    opened: tuple[Subject, ...]
    crowded: tuple[Subject, ...]
    beside: tuple[Scope, ...]


def plan(wanted: RegistryState, found: RegistryState, *, force: bool = False) -> Plan:
    """How ``found``, which nothing in ``wanted`` contradicts, comes to hold all of it; what it holds beside that stays.

    ``force`` opens what has versions already, and sets for all what others share.
    """
    shared = frozenset() if force else _shared(wanted, found)
    missing = [stored for stored in every_version(wanted) if _is_missing(stored, found)]
    subjects = sorted({stored.subject for stored in missing})
    opened = [subject for subject in subjects if found.effective_mode(subject) is not Mode.IMPORT]
    steps = (
        *(_opening(subject, force=force) for subject in opened),
        *(_registration(stored) for stored in in_order_of_need(missing)),
        *_deletions(wanted, found),
        *_configs(wanted, found, shared),
        *_modes(wanted, found, opened, shared, force=force),
    )
    crowded = () if force else tuple(subject for subject in opened if subject in found.subjects)
    return Plan(steps, len(missing), tuple(opened), crowded, tuple(in_order(shared)))


def _is_missing(stored: StoredVersion, found: RegistryState) -> bool:
    there = found.version(stored.subject, stored.version)
    return there is None or (there.deleted and not stored.deleted)


def _opening(subject: Subject, *, force: bool) -> Step:
    return Step(f"opening '{subject}' for import", SetMode(ModeWord.IMPORT, subject, force=force))


def _registration(stored: StoredVersion) -> Step:
    content = stored.content
    question = RegisterSchema(stored.subject, content.schema, schema_id=content.id, version=stored.version)
    return Step(f"registering {words_of(stored)}", question)


def _deletions(wanted: RegistryState, found: RegistryState) -> Iterator[Step]:
    """What refers to something goes before it: a registry keeps what a live version refers to."""
    hidden = [stored for stored in every_version(wanted) if stored.deleted]
    for stored in reversed(in_order_of_need(hidden)):
        there = found.version(stored.subject, stored.version)
        if there is None or not there.deleted:
            yield Step(f"soft-deleting {words_of(stored)}", DeleteVersion(stored.subject, stored.version))


def _shared(wanted: RegistryState, found: RegistryState) -> frozenset[Scope]:
    """Contexts that are to be set otherwise than they are there, and have subjects there that are not in ``wanted``."""
    others = {context_of(subject) for subject in found.subjects if subject not in wanted.subjects}
    return frozenset(
        scope
        for scope in (*wanted.configs, *wanted.modes)
        if is_context(scope)
        and (context_of(scope) in others or (others and context_of(scope) == GLOBAL_CONTEXT))
        and (
            counted_config(wanted, scope) != counted_config(found, scope)
            or counted_mode(wanted, scope) != counted_mode(found, scope)
        )
    )


def _configs(wanted: RegistryState, found: RegistryState, shared: Collection[Scope]) -> Iterator[Step]:
    for scope in in_order(set(wanted.configs).difference(shared)):
        if counted_config(wanted, scope) != counted_config(found, scope):
            change = _change(found.configs.get(scope) or Config(), wanted.configs[scope])
            yield Step(f"configuring {scope_words(scope)}", SetConfig(change, scope))


def _modes(
    wanted: RegistryState,
    found: RegistryState,
    opened: Collection[Subject],
    shared: Collection[Scope],
    *,
    force: bool,
) -> Iterator[Step]:
    """The modes of the source, and none for what was opened, now or by an earlier try, and has none there."""
    open_before = {subject for subject in wanted.subjects if found.modes.get(subject) is Mode.IMPORT}
    for scope in in_order({*wanted.modes, *opened, *open_before}.difference(shared)):
        before = Mode.IMPORT if scope in opened else found.modes.get(scope)
        after = counted_mode(wanted, scope)
        words = f"setting the mode of {scope_words(scope)}"
        if after is None and before is not None:
            yield Step(words, DeleteMode(scope))
        elif after is not None and after is not before:
            yield Step(words, SetMode(ModeWord(after), scope, force=force))


def _change(before: Config, after: Config) -> ConfigChange:
    changes = {
        "compatibility" if name == "level" else name: value
        for name, value in msgspec.structs.asdict(after).items()
        if value != getattr(before, name)
    }
    return ConfigChange(**changes)
