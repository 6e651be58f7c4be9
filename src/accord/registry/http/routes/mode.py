"""``/mode``: who may write to a subject, to a context, or at all."""

from accord.registry.core import errors, queries
from accord.registry.core.commands import DeleteMode, SetMode
from accord.registry.core.events import ModeDeleted
from accord.registry.http.bodies import ModeAnswer, ModeBody, answer
from accord.registry.http.exchange import Request, Response
from accord.registry.http.operation import NOT_WRITTEN, Operation
from accord.registry.http.parameters import DEFAULT_TO_GLOBAL, FORCE_MODE, RECURSIVE
from accord.registry.http.requests import body_of, scope_of
from accord.registry.node import RegistryNode


class Modes:
    """Serves one node's modes."""

    def __init__(self, node: RegistryNode) -> None:
        self._node = node

    def operations(self) -> list[Operation]:
        """What can be done."""
        of_all, of_one = "/mode", "/mode/{subject}"
        refused = (
            errors.InvalidMode,
            errors.ModesFixed,
            errors.ImportNeedsEmptiness,
            errors.ReferenceExists,
            *NOT_WRITTEN,
        )
        return [
            Operation("GET", of_all, self.read, ModeAnswer),
            Operation("PUT", of_all, self.change, ModeAnswer, (FORCE_MODE,), ModeBody, refused),
            Operation(
                "DELETE",
                of_all,
                self.delete,
                ModeAnswer,
                (RECURSIVE,),
                errors=(errors.ModesFixed, *NOT_WRITTEN),
            ),
            Operation(
                "GET", of_one, self.read, ModeAnswer, (DEFAULT_TO_GLOBAL,), errors=(errors.ModeNotFound,)
            ),
            Operation(
                "PUT",
                of_one,
                self.change,
                ModeAnswer,
                (FORCE_MODE,),
                ModeBody,
                (*refused, errors.InvalidSubject),
            ),
            Operation(
                "DELETE",
                of_one,
                self.delete,
                ModeAnswer,
                (RECURSIVE,),
                errors=(errors.SubjectNotFound, errors.ModesFixed, *NOT_WRITTEN),
            ),
        ]

    async def read(self, request: Request) -> Response:
        """Read the mode."""
        scope = scope_of(request)
        default_to_global = scope is not None and DEFAULT_TO_GLOBAL.of(request)
        found = queries.mode(self._node.state, scope, default_to_global=default_to_global)
        return answer(ModeAnswer(found))

    async def change(self, request: Request) -> Response:
        """Change the mode; null takes it back."""
        mode = (await body_of(request, ModeBody)).to_mode()
        await self._node.execute(SetMode(scope_of(request), mode, force=FORCE_MODE.of(request)))
        return answer(ModeAnswer(mode))

    async def delete(self, request: Request) -> Response:
        """Take the mode back; answers what it was."""
        scope = scope_of(request)
        counted = self._node.state.effective_mode(scope)
        for event in await self._node.execute(DeleteMode(scope, recursive=RECURSIVE.of(request))):
            if isinstance(event, ModeDeleted) and event.scope == scope and event.previous is not None:
                counted = event.previous
        return answer(ModeAnswer(counted))
