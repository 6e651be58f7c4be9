"""``/contexts``: which there are. Everything else in a context is reached with its name before the path."""

from accord.registry.core import errors, queries
from accord.registry.core.commands import DeleteContext
from accord.registry.core.contexts import Context
from accord.registry.http.bodies import answer
from accord.registry.http.exchange import Request, Response
from accord.registry.http.operation import NOT_WRITTEN, PAGE, Operation
from accord.registry.http.parameters import CONTEXT_IN_PATH, CONTEXT_PREFIX
from accord.registry.http.requests import page_of
from accord.registry.node import RegistryNode


class Contexts:
    """Serves one node's contexts."""

    def __init__(self, node: RegistryNode) -> None:
        self._node = node

    def operations(self) -> list[Operation]:
        """What can be done."""
        return [
            Operation("GET", "/contexts", self.names, list[str], query=(CONTEXT_PREFIX, *PAGE)),
            Operation(
                "DELETE",
                "/contexts/{context}",
                self.delete,
                None,
                errors=(errors.ContextNotEmpty, *NOT_WRITTEN),
                status=204,
            ),
        ]

    async def names(self, request: Request) -> Response:
        """List the contexts."""
        found = queries.contexts(self._node.state, prefix=CONTEXT_PREFIX.of(request))
        return answer(page_of(request, found))

    async def delete(self, request: Request) -> Response:
        """Forget a context that has no subjects left."""
        name = CONTEXT_IN_PATH.of(request)
        await self._node.execute(DeleteContext(Context(f".{name.strip(':').lstrip('.')}")))
        return Response(status=204)
