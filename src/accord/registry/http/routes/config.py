"""``/config``: what is configured for a subject, a context, or everything.

What is sent, and told after a change, names the level ``compatibility``; what is asked for names it
``compatibilityLevel``.
"""

from accord.registry.core import errors, queries
from accord.registry.core.commands import DeleteConfig, SetConfig
from accord.registry.core.config import Config, effective
from accord.registry.core.events import ConfigDeleted
from accord.registry.http.bodies import ConfigAnswer, ConfigBody, EffectiveConfigAnswer, answer
from accord.registry.http.exchange import Request, Response
from accord.registry.http.operation import NOT_WRITTEN, Operation
from accord.registry.http.parameters import DEFAULT_TO_GLOBAL
from accord.registry.http.requests import body_of, scope_of
from accord.registry.node import RegistryNode


class Configs:
    """Serves one node's configurations."""

    def __init__(self, node: RegistryNode) -> None:
        self._node = node

    def operations(self) -> list[Operation]:
        """What can be done."""
        of_all, of_one, counting = "/config", "/config/{subject}", "/accord/v1/config"
        refused = (
            errors.InvalidLevel,
            errors.InvalidRuleSet,
            errors.NotServed,
            errors.ReadOnly,
            *NOT_WRITTEN,
        )
        return [
            Operation("GET", of_all, self.read, ConfigAnswer),
            Operation("PUT", of_all, self.change, ConfigAnswer, body=ConfigBody, errors=refused),
            Operation("DELETE", of_all, self.delete, ConfigAnswer, errors=(errors.ReadOnly, *NOT_WRITTEN)),
            Operation(
                "GET",
                of_one,
                self.read,
                ConfigAnswer,
                query=(DEFAULT_TO_GLOBAL,),
                errors=(errors.ConfigNotFound,),
            ),
            Operation(
                "PUT",
                of_one,
                self.change,
                ConfigAnswer,
                body=ConfigBody,
                errors=(*refused, errors.InvalidSubject),
            ),
            Operation(
                "DELETE",
                of_one,
                self.delete,
                ConfigAnswer,
                errors=(errors.SubjectNotFound, errors.ReadOnly, *NOT_WRITTEN),
            ),
            Operation("GET", counting, self.effective, EffectiveConfigAnswer),
            Operation("GET", f"{counting}/{{subject}}", self.effective, EffectiveConfigAnswer),
        ]

    async def read(self, request: Request) -> Response:
        """Read the configuration."""
        scope = scope_of(request)
        default_to_global = scope is not None and DEFAULT_TO_GLOBAL.of(request)
        found = queries.config(self._node.state, scope, default_to_global=default_to_global)
        return answer(ConfigAnswer.found(found))

    async def change(self, request: Request) -> Response:
        """Change the configuration; answers all that is configured after that."""
        change = (await body_of(request, ConfigBody)).to_change()
        scope = scope_of(request)
        await self._node.execute(SetConfig(scope, change))
        state = self._node.state
        hint = queries.effective_config(state, scope).hint
        return answer(ConfigAnswer.changed(state.configs.get(scope, Config()), hint=hint))

    async def effective(self, request: Request) -> Response:
        """Tell what counts, and where each setting comes from."""
        return answer(EffectiveConfigAnswer.of(queries.effective_config(self._node.state, scope_of(request))))

    async def delete(self, request: Request) -> Response:
        """Take the configuration back; answers what it was."""
        previous = None
        for event in await self._node.execute(DeleteConfig(scope_of(request))):
            if isinstance(event, ConfigDeleted):
                previous = event.previous
        return answer(ConfigAnswer.found(effective(previous, None, None)))
