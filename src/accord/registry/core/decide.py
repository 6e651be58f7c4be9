"""From a command to what happens: nothing here changes anything."""

from collections.abc import Sequence

from accord.registry.core.commands import (
    Command,
    DeleteConfig,
    DeleteContext,
    DeleteMode,
    DeleteSubject,
    DeleteVersion,
    RegisterSchema,
    SetConfig,
    SetMode,
)
from accord.registry.core.configuration import decide_delete_config, decide_set_config
from accord.registry.core.deletion import decide_delete_context, decide_delete_subject, decide_delete_version
from accord.registry.core.events import Event
from accord.registry.core.mode_changes import decide_delete_mode, decide_set_mode
from accord.registry.core.registration import decide_register
from accord.registry.core.state import RegistryState
from accord.registry.core.thinking import Ask, answer_at_once


def decide(state: RegistryState, command: Command, ask: Ask = answer_at_once) -> Sequence[Event]:
    """What happens if ``command`` is carried out now; empty if all is as asked already.

    Raises RegistryError, and Unanswered where ``ask`` has to be given an answer first.
    """
    match command:
        case RegisterSchema():
            return decide_register(state, command, ask)
        case DeleteVersion():
            return decide_delete_version(state, command)
        case DeleteSubject():
            return decide_delete_subject(state, command)
        case DeleteContext():
            return decide_delete_context(state, command)
        case SetConfig():
            return decide_set_config(state, command)
        case DeleteConfig():
            return decide_delete_config(state, command)
        case SetMode():
            return decide_set_mode(state, command)
        case DeleteMode():
            return decide_delete_mode(state, command)
