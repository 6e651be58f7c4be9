"""``/config``: what is configured for one subject or for all.

What is sent, and told after a change, names the level ``compatibility``; what is asked for names it
``compatibilityLevel``.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accord.registry.core import queries
from accord.registry.core.commands import DeleteConfig, SetConfig
from accord.registry.core.config import Config, effective
from accord.registry.core.events import ConfigDeleted
from accord.registry.http.bodies import CONFIG_BODY, answer
from accord.registry.http.requests import body_of, flag
from accord.registry.http.resource import resource
from accord.registry.node import RegistryNode
from accord.schemas import Subject


class Configs:
    """Serves one node's configurations."""

    def __init__(self, node: RegistryNode) -> None:
        self._node = node

    def routes(self) -> list[Route]:
        """The paths."""
        methods = {"GET": self.read, "PUT": self.change, "DELETE": self.delete}
        return [resource("/config", **methods), resource("/config/{subject:segment}", **methods)]

    async def read(self, request: Request) -> Response:
        """What is configured."""
        default_to_global = flag(request, "defaultToGlobal")
        found = queries.config(self._node.state, _subject(request), default_to_global=default_to_global)
        return _answer(found, level_name="compatibilityLevel")

    async def change(self, request: Request) -> Response:
        """Change it; answers all that is configured after that."""
        change = (await body_of(request, CONFIG_BODY)).to_change()
        subject = _subject(request)
        await self._node.execute(SetConfig(subject, change))
        return _answer(self._node.state.configs.get(subject, Config()), level_name="compatibility")

    async def delete(self, request: Request) -> Response:
        """Take it back; answers what it was."""
        previous = None
        for event in await self._node.execute(DeleteConfig(_subject(request))):
            if isinstance(event, ConfigDeleted):
                previous = event.previous
        return _answer(effective(previous, None), level_name="compatibilityLevel")


def _subject(request: Request) -> Subject | None:
    name = request.path_params.get("subject")
    return None if name is None else Subject(name)


def _answer(config: Config, *, level_name: str) -> Response:
    named = {"normalize": config.normalize, level_name: config.level}
    return answer({name: value for name, value in named.items() if value is not None})
