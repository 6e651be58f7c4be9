"""``/config``: what is configured for a subject, a context, or everything.

What is sent, and told after a change, names the level ``compatibility``; what is asked for names it
``compatibilityLevel``.
"""

from starlette.requests import Request
from starlette.responses import Response

from accord.registry.core import errors, queries
from accord.registry.core.commands import DeleteConfig, SetConfig
from accord.registry.core.config import Config, effective
from accord.registry.core.events import ConfigDeleted
from accord.registry.http.bodies import ConfigAnswer, ConfigBody, answer
from accord.registry.http.operation import Operation
from accord.registry.http.parameters import DEFAULT_TO_GLOBAL
from accord.registry.http.requests import body_of, scope_of
from accord.registry.node import RegistryNode


class Configs:
    """Serves one node's configurations."""

    def __init__(self, node: RegistryNode) -> None:
        self._node = node

    def operations(self) -> list[Operation]:
        """What can be done."""
        of_all, of_one = "/config", "/config/{subject}"
        refused = (errors.InvalidLevel, errors.InvalidRuleSet, errors.NotServed, errors.ReadOnly)
        return [
            Operation("GET", of_all, self.read, ConfigAnswer),
            Operation("PUT", of_all, self.change, ConfigAnswer, body=ConfigBody, errors=refused),
            Operation("DELETE", of_all, self.delete, ConfigAnswer, errors=(errors.ReadOnly,)),
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
                errors=(errors.SubjectNotFound, errors.ReadOnly),
            ),
        ]

    async def read(self, request: Request) -> Response:
        """Read the configuration."""
        default_to_global = DEFAULT_TO_GLOBAL.of(request)
        found = queries.config(self._node.state, scope_of(request), default_to_global=default_to_global)
        return answer(ConfigAnswer.found(found))

    async def change(self, request: Request) -> Response:
        """Change the configuration; answers all that is configured after that."""
        change = (await body_of(request, ConfigBody)).to_change()
        scope = scope_of(request)
        await self._node.execute(SetConfig(scope, change))
        return answer(ConfigAnswer.changed(self._node.state.configs.get(scope, Config())))

    async def delete(self, request: Request) -> Response:
        """Take the configuration back; answers what it was."""
        previous = None
        for event in await self._node.execute(DeleteConfig(scope_of(request))):
            if isinstance(event, ConfigDeleted):
                previous = event.previous
        return answer(ConfigAnswer.found(effective(previous, None, None)))
