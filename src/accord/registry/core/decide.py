"""From a command to what happens: nothing here changes anything."""

from collections.abc import Sequence

from accord.registry.core.commands import (
    Command,
    DeleteConfig,
    DeleteSubject,
    DeleteVersion,
    RegisterSchema,
    SetConfig,
)
from accord.registry.core.configuration import decide_delete_config, decide_set_config
from accord.registry.core.deletion import decide_delete_subject, decide_delete_version
from accord.registry.core.events import Event
from accord.registry.core.registration import decide_register
from accord.registry.core.state import RegistryState


def decide(state: RegistryState, command: Command) -> Sequence[Event]:
    """What happens if ``command`` is carried out now; empty if all is as asked already. Raises RegistryError."""
    match command:
        case RegisterSchema():
            return decide_register(state, command)
        case DeleteVersion():
            return decide_delete_version(state, command)
        case DeleteSubject():
            return decide_delete_subject(state, command)
        case SetConfig():
            return decide_set_config(state, command)
        case DeleteConfig():
            return decide_delete_config(state, command)
