"""``/compatibility``: whether a schema could be the next version, without making it so."""

from typing import Final

from accord.registry.core import errors, queries
from accord.registry.core.candidates import draft
from accord.registry.core.checks import Check
from accord.registry.core.commands import VersionChoice
from accord.registry.core.errors import EmptySchema, SchemaRefused, UnknownSchemaType
from accord.registry.http.bodies import SchemaBody, VerdictAnswer, answer
from accord.registry.http.exchange import Request, Response
from accord.registry.http.operation import TOO_HARD, Operation, Right
from accord.registry.http.parameters import NORMALIZE, VERBOSE
from accord.registry.http.requests import body_of, subject_of, version_of
from accord.registry.node import RegistryNode

_NO_SCHEMA: Final = (EmptySchema, UnknownSchemaType, SchemaRefused)


class Compatibility:
    """Serves the checks of one node."""

    def __init__(self, node: RegistryNode) -> None:
        self._node = node

    def operations(self) -> list[Operation]:
        """What can be done, the most asked for first."""
        versions = "/compatibility/subjects/{subject}/versions"
        query = (VERBOSE, NORMALIZE)
        return [
            Operation(
                "POST",
                f"{versions}/{{version}}",
                self.with_one,
                VerdictAnswer,
                query=query,
                body=SchemaBody,
                errors=(*_NO_SCHEMA, errors.VersionNotFound, errors.InvalidVersion, *TOO_HARD),
                asks_for=Right.READ,
            ),
            Operation(
                "POST",
                versions,
                self.with_all,
                VerdictAnswer,
                query=query,
                body=SchemaBody,
                errors=(*_NO_SCHEMA, *TOO_HARD),
                asks_for=Right.READ,
            ),
        ]

    async def with_one(self, request: Request) -> Response:
        """Check a schema against one version."""
        return await self._check(request, version_of(request))

    async def with_all(self, request: Request) -> Response:
        """Check a schema against all versions that the compatibility level asks for."""
        return await self._check(request, None)

    async def _check(self, request: Request, against: VersionChoice | None) -> Response:
        request.only_reads = True
        body = await body_of(request, SchemaBody)
        state, verbose = self._node.state, VERBOSE.of(request)
        subject = subject_of(request, state)
        try:
            given = draft(state, subject, body.to_schema(), normalize=NORMALIZE.of(request))
            candidate = await self._node.think(given)
        except _NO_SCHEMA as error:
            # Who asks for words gets them: a schema that is none is a verdict too.
            if not verbose:
                raise
            return answer(VerdictAnswer(is_compatible=False, messages=(error.message,), hint=error.hint))
        compared = queries.compared(state, subject, against, candidate.schema.metadata)
        verdict = await self._node.think(Check(compared, candidate, explained=verbose))
        return answer(VerdictAnswer.explained(verdict) if verbose else VerdictAnswer(verdict.compatible))
