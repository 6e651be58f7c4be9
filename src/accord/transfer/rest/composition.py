"""From what a registry told to the records that say the same. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from accord.registry.core.config import Config
from accord.registry.core.contexts import DEFAULT_CONTEXT, Context, Scope, context_of, within
from accord.registry.core.events import (
    ConfigSet,
    ContextSet,
    Event,
    ModeSet,
    SchemaRegistered,
    VersionSoftDeleted,
)
from accord.registry.core.ids import StoredVersion
from accord.registry.core.modes import Mode
from accord.registry.log import records
from accord.registry.log.port import Record
from accord.schemas import SchemaId, Subject, Version
from accord.transfer.words import in_order

_SET_BY_ITSELF: Final = (None, Mode.READWRITE)
"""What a registry answers that was never told a mode."""


@dataclass(slots=True)
class Told:
    """What a registry told of itself; ``highest_ids`` are those ever given, 0 where that is not told."""

    versions: list[StoredVersion] = field(default_factory=list)
    configs: dict[Scope, Config] = field(default_factory=dict)
    modes: dict[Scope, Mode] = field(default_factory=dict)
    highest_ids: dict[Context, SchemaId] = field(default_factory=dict)


def composed(told: Told, *, at_ms: int) -> Iterator[Record]:
    """The records, what is referred to before what refers to it; ``at_ms`` is the time of all but versions."""
    for context, highest in sorted(told.highest_ids.items()):
        if context != DEFAULT_CONTEXT or highest > _highest_in_use(told, context):
            yield records.encode(ContextSet(context, highest), at_ms)
    for stored in in_order_of_need(told.versions):
        yield records.encode(_event(stored), stored.registered_at_ms)
    for scope in in_order(told.configs):
        yield records.encode(ConfigSet(scope, told.configs[scope]), at_ms)
    for scope in in_order(told.modes):
        if (scope, told.modes[scope]) != _SET_BY_ITSELF:
            yield records.encode(ModeSet(scope, told.modes[scope]), at_ms)


def in_order_of_need(versions: Iterable[StoredVersion]) -> list[StoredVersion]:
    """The versions by id, except that each follows what it refers to."""
    by_place = {(stored.subject, stored.version): stored for stored in versions}
    ordered: dict[tuple[Subject, Version], StoredVersion] = {}
    entered: set[tuple[Subject, Version]] = set()
    to_do = [(stored, False) for stored in sorted(by_place.values(), key=_by_id, reverse=True)]
    while to_do:
        stored, complete = to_do.pop()
        place = (stored.subject, stored.version)
        if complete:
            ordered[place] = stored
        elif place not in entered:
            entered.add(place)
            to_do.append((stored, True))
            targets = (by_place.get(target) for target in _targets(stored))
            to_do.extend((target, False) for target in targets if target is not None)
    return list(ordered.values())


def _targets(stored: StoredVersion) -> Iterator[tuple[Subject, Version]]:
    context = context_of(stored.subject)
    for reference in reversed(stored.content.schema.references):
        yield within(context, reference.subject), reference.version


def _event(stored: StoredVersion) -> Event:
    happened = VersionSoftDeleted if stored.deleted else SchemaRegistered
    return happened(stored.subject, stored.version, stored.content.id, stored.content.schema)


def _highest_in_use(told: Told, context: Context) -> int:
    ids = (stored.content.id for stored in told.versions if context_of(stored.subject) == context)
    return max(ids, default=0)


def _by_id(stored: StoredVersion) -> tuple[str, int, str, int]:
    return context_of(stored.subject), stored.content.id, stored.subject, stored.version
