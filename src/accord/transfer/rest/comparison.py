"""Where one registry's state differs from another's. Pure."""

from collections.abc import Iterator

import msgspec

from accord.registry.core.config import DEFAULT_LEVEL, Config
from accord.registry.core.contexts import Scope, is_context
from accord.registry.core.ids import StoredVersion
from accord.registry.core.modes import Mode
from accord.registry.core.state import RegistryState


def differences(wanted: RegistryState, found: RegistryState) -> Iterator[str]:
    """What ``found`` lacks of ``wanted`` or has otherwise, and what its subjects have beyond; other subjects may be there."""
    for stored in every_version(wanted):
        yield from _version_differences(stored, found.version(stored.subject, stored.version))
    for stored in every_version(found):
        if stored.subject in wanted.subjects and wanted.version(stored.subject, stored.version) is None:
            yield f"{words_of(stored)} is there too, with the id {stored.content.id}"
    for scope in sorted(wanted.configs, key=str):
        if counted_config(wanted, scope) != counted_config(found, scope):
            yield f"{scope_words(scope)} is configured otherwise"
    for scope in sorted(wanted.modes, key=str):
        if counted_mode(wanted, scope) != counted_mode(found, scope):
            mode = counted_mode(found, scope) or "none of its own"
            yield f"{scope_words(scope)} has the mode {mode} instead of {wanted.modes[scope]}"


def conflicts(wanted: RegistryState, found: RegistryState) -> Iterator[str]:
    """What ``found`` holds in the place of something else that is in ``wanted``."""
    told = set()
    for stored in every_version(wanted):
        there = found.version(stored.subject, stored.version)
        if there is not None and there.content.fingerprint != stored.content.fingerprint:
            yield f"{words_of(stored)} has another content there"
        elif there is not None and there.content.id != stored.content.id:
            yield f"{words_of(stored)} has the id {there.content.id} there instead of {stored.content.id}"
        held = found.ids(stored.subject).contents.get(stored.content.id)
        if held is not None and held.fingerprint != stored.content.fingerprint and held not in told:
            told.add(held)
            yield f"the id {stored.content.id} of {words_of(stored)} belongs to another content there"


def every_version(state: RegistryState) -> Iterator[StoredVersion]:
    """Every version, soft-deleted ones included."""
    return (stored for versions in state.subjects.values() for stored in versions.values())


def counted_config(state: RegistryState, scope: Scope) -> Config | None:
    """What is configured for ``scope``, with what counts where nothing is said: registries answer that instead."""
    config = state.configs.get(scope)
    if config is None and scope is not None:
        return None
    config = config or Config()
    return msgspec.structs.replace(config, level=config.level or DEFAULT_LEVEL, alias=config.alias or None)


def counted_mode(state: RegistryState, scope: Scope) -> Mode | None:
    """The mode of ``scope``; that of everything is never None."""
    return state.modes.get(scope) or (Mode.READWRITE if scope is None else None)


def words_of(stored: StoredVersion) -> str:
    """A version, for people."""
    return f"version {stored.version} of '{stored.subject}'"


def scope_words(scope: Scope) -> str:
    """What something is set for, for people."""
    if scope is None:
        return "the registry"
    return f"the context '{scope.strip(':')}'" if is_context(scope) else f"'{scope}'"


def _version_differences(stored: StoredVersion, there: StoredVersion | None) -> Iterator[str]:
    if there is None:
        yield f"{words_of(stored)} is not there"
        return
    if there.content.id != stored.content.id:
        yield f"{words_of(stored)} has the id {there.content.id} instead of {stored.content.id}"
    if there.content.fingerprint != stored.content.fingerprint:
        yield f"{words_of(stored)} has the GUID {there.content.guid} instead of {stored.content.guid}"
    if there.deleted != stored.deleted:
        yield f"{words_of(stored)} is {'soft-deleted' if there.deleted else 'live'}"
