"""Where one registry's state differs from another's. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import msgspec

from accord.registry.core.candidates import kept
from accord.registry.core.config import DEFAULT_LEVEL, Config
from accord.registry.core.contexts import Scope
from accord.registry.core.ids import StoredVersion
from accord.registry.core.modes import Mode
from accord.registry.core.state import RegistryState
from accord.schemas import InvalidSchema
from accord.transfer.words import in_order, scope_words, version_words


def differences(
    wanted: RegistryState, found: RegistryState, *, beside: Collection[Scope] = ()
) -> Iterator[str]:
    """What ``found`` lacks of ``wanted`` or has otherwise, and what its subjects have beyond; other subjects may be there.

    What is set for the scopes in ``beside`` is not looked at.
    """
    for stored in every_version(wanted):
        yield from _version_differences(stored, found.version(stored.subject, stored.version))
    for stored in every_version(found):
        if stored.subject in wanted.subjects and wanted.version(stored.subject, stored.version) is None:
            yield f"{words_of(stored)} is there too, with the id {stored.content.id}"
    for scope in in_order(set(wanted.configs).difference(beside)):
        if counted_config(wanted, scope) != counted_config(found, scope):
            yield f"{scope_words(scope)} is configured otherwise"
    for scope in in_order({*wanted.modes, *wanted.subjects}.difference(beside)):
        if counted_mode(wanted, scope) != counted_mode(found, scope):
            there, here = counted_mode(found, scope) or _NO_MODE, counted_mode(wanted, scope) or _NO_MODE
            yield f"{scope_words(scope)} has the mode {there} instead of {here}"


def conflicts(wanted: RegistryState, found: RegistryState) -> Iterator[str]:
    """What ``found`` holds in the place of something else that is in ``wanted``."""
    told = set()
    for stored in every_version(wanted):
        schema_id = stored.content.id
        there = found.version(stored.subject, stored.version)
        if there is not None and there.content.id == schema_id and _is_same(wanted, stored, found, there):
            continue
        if there is not None and there.content.fingerprint != stored.content.fingerprint:
            yield f"{words_of(stored)} has another content there"
        elif there is not None:
            yield f"{words_of(stored)} has the id {there.content.id} there instead of {schema_id}"
        holder = found.ids(stored.subject).shown(schema_id)
        if holder is None or holder.content in told or _is_same(wanted, stored, found, holder):
            continue
        told.add(holder.content)
        yield f"the id {schema_id} of {words_of(stored)} belongs to another content there"


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
    return version_words(stored.subject, stored.version)


_NO_MODE = "none of its own"


def _is_same(wanted: RegistryState, one: StoredVersion, found: RegistryState, other: StoredVersion) -> bool:
    """Whether both have the same content: a registry may print a schema otherwise than it was stored elsewhere."""
    if one.content.fingerprint == other.content.fingerprint:
        return True
    apart = [replace(stored.content.schema, text="") for stored in (one, other)]
    return apart[0] == apart[1] and _canonical(wanted, one) == _canonical(found, other)


def _canonical(state: RegistryState, stored: StoredVersion) -> str:
    try:
        return kept(state, stored).parsed().canonical
    except InvalidSchema:
        return stored.content.schema.text


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
