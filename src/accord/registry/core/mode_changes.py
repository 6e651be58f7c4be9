"""What happens when a mode is changed or taken back."""

from collections.abc import Iterable, Iterator, Sequence

from accord.registry.core.commands import DeleteMode, SetMode
from accord.registry.core.contexts import (
    GLOBAL_CONTEXT,
    Scope,
    context_of,
    is_context,
    qualified,
)
from accord.registry.core.deletion import erased, require_unreferenced
from accord.registry.core.errors import (
    ImportNeedsEmptiness,
    InvalidMode,
    ModesFixed,
    SubjectNotFound,
)
from accord.registry.core.events import Event, ModeDeleted, ModeSet
from accord.registry.core.modes import Mode
from accord.registry.core.names import require_valid_scope
from accord.registry.core.state import RegistryState
from accord.schemas import Subject


def decide_set_mode(state: RegistryState, command: SetMode) -> Sequence[Event]:
    """The mode set, or cleared. IMPORT needs room: what is hidden in its scope is erased for it.

    Raises ModesFixed, InvalidSubject, InvalidMode, ImportNeedsEmptiness, ReferenceExists.
    """
    _require_mutable(state)
    require_valid_scope(command.scope)
    scope, mode = command.scope, command.mode
    before = state.modes.get(scope)
    if mode is None:
        return [] if before is None else [ModeDeleted(scope, before)]
    if mode is Mode.FORWARD and context_of(scope) != GLOBAL_CONTEXT:
        raise InvalidMode(mode, hint="FORWARD can only be set for ':.__GLOBAL:'")
    begins = mode is Mode.IMPORT and state.effective_mode(scope) is not Mode.IMPORT
    cleared = list(_cleared(state, scope)) if begins and not command.force else []
    return cleared if mode is before else [*cleared, ModeSet(scope, mode)]


def decide_delete_mode(state: RegistryState, command: DeleteMode) -> Sequence[Event]:
    """The mode taken back; with ``recursive`` those of all subjects in the context as well.

    Raises ModesFixed, SubjectNotFound.
    """
    _require_mutable(state)
    scope = command.scope
    inside: Iterable[Scope] = ()
    if command.recursive and is_context(scope):
        context = context_of(scope)
        inside = [one for one in state.modes if one != scope and context_of(one) == context]
    if scope not in state.modes and scope is not None and not command.recursive:
        raise SubjectNotFound(scope)
    return [ModeDeleted(one, state.modes[one]) for one in (scope, *inside) if one in state.modes]


def _require_mutable(state: RegistryState) -> None:
    if not state.policy.mutable_modes:
        raise ModesFixed


def _cleared(state: RegistryState, scope: Scope) -> Iterator[Event]:
    """Everything hidden in ``scope`` gone; raises ImportNeedsEmptiness if something there is not hidden."""
    for subject in _subjects_in(state, scope):
        versions = list(state.versions(subject, deleted=True))
        if not all(stored.deleted for stored in versions):
            raise ImportNeedsEmptiness(scope)
        for stored in versions:
            require_unreferenced(state, stored, permanent=True)
        yield from erased(state, versions)


def _subjects_in(state: RegistryState, scope: Scope) -> list[Subject]:
    if scope is not None and not is_context(scope):
        return [scope] if scope in state.subjects else []
    if scope == qualified(GLOBAL_CONTEXT, ""):
        return list(state.subjects)
    return [subject for subject in state.subjects if context_of(subject) == context_of(scope)]
