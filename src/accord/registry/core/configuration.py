"""What happens when a configuration is changed or taken back."""

from collections.abc import Sequence

from accord.registry.core.commands import DeleteConfig, SetConfig
from accord.registry.core.config import Config
from accord.registry.core.errors import SubjectNotFound
from accord.registry.core.events import ConfigDeleted, ConfigSet, Event
from accord.registry.core.names import require_valid
from accord.registry.core.state import RegistryState


def decide_set_config(state: RegistryState, command: SetConfig) -> Sequence[Event]:
    """The configuration with the change made; nothing if it stands like that already. Raises InvalidSubject."""
    if command.subject is not None:
        require_valid(command.subject)
    before = state.configs.get(command.subject)
    after = command.change.on(before or Config())
    return [] if after == before else [ConfigSet(command.subject, after)]


def decide_delete_config(state: RegistryState, command: DeleteConfig) -> Sequence[Event]:
    """The configuration taken back.

    Raises SubjectNotFound if a subject has none; where none is set for all, there is nothing to do.
    """
    before = state.configs.get(command.subject)
    if before is not None:
        return [ConfigDeleted(command.subject, before)]
    if command.subject is not None:
        raise SubjectNotFound(command.subject)
    return []
