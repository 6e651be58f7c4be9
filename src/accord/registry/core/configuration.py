"""What happens when a configuration is changed or taken back."""

from collections.abc import Sequence

from accord.registry.core.commands import DeleteConfig, SetConfig
from accord.registry.core.config import Config
from accord.registry.core.errors import InvalidRuleSet, SubjectNotFound
from accord.registry.core.events import ConfigDeleted, ConfigSet, Event
from accord.registry.core.names import require_valid_scope
from accord.registry.core.state import RegistryState


def decide_set_config(state: RegistryState, command: SetConfig) -> Sequence[Event]:
    """The configuration with the change made; nothing if it stands like that already.

    Raises InvalidSubject, ReadOnly, InvalidRuleSet.
    """
    require_valid_scope(command.scope)
    state.require_writable(command.scope)
    before = state.configs.get(command.scope)
    after = command.change.on(before or Config())
    problems = [
        problem
        for rule_set in (after.default_rule_set, after.override_rule_set)
        for problem in (rule_set.problems() if rule_set else ())
    ]
    if problems:
        raise InvalidRuleSet(problems)
    return [] if after == before else [ConfigSet(command.scope, after)]


def decide_delete_config(state: RegistryState, command: DeleteConfig) -> Sequence[Event]:
    """The configuration taken back; where none is set for the default context, there is nothing to do.

    Raises SubjectNotFound, ReadOnly.
    """
    before = state.configs.get(command.scope)
    if before is None and command.scope is not None:
        raise SubjectNotFound(command.scope)
    state.require_writable(command.scope)
    return [] if before is None else [ConfigDeleted(command.scope, before)]
