"""``/compatibility``: whether a schema could be the next version, without making it so."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accord.findings import to_json
from accord.registry.core import queries
from accord.registry.core.candidates import draft
from accord.registry.core.commands import VersionChoice
from accord.registry.core.errors import EmptySchema, SchemaRefused, UnknownSchemaType
from accord.registry.http.bodies import SCHEMA_BODY, answer
from accord.registry.http.requests import body_of, flag, subject_of, version_of
from accord.registry.http.resource import resource
from accord.registry.node import RegistryNode


class Compatibility:
    """Serves the checks of one node."""

    def __init__(self, node: RegistryNode) -> None:
        self._node = node

    def routes(self) -> list[Route]:
        """The paths, the most asked for first."""
        versions = "/compatibility/subjects/{subject:segment}/versions"
        return [
            resource(f"{versions}/{{version:segment}}", POST=self.with_one),
            resource(versions, POST=self.with_all),
        ]

    async def with_one(self, request: Request) -> Response:
        """Check against one version."""
        return await self._check(request, version_of(request))

    async def with_all(self, request: Request) -> Response:
        """Check against all that the level asks for."""
        return await self._check(request, None)

    async def _check(self, request: Request, against: VersionChoice | None) -> Response:
        body = await body_of(request, SCHEMA_BODY)
        subject, normalize, verbose = (
            subject_of(request),
            flag(request, "normalize"),
            flag(request, "verbose"),
        )
        try:
            given = draft(self._node.state, subject, body.to_schema(), normalize=normalize)
            candidate = await self._node.think(given.candidate)
        except (EmptySchema, UnknownSchemaType, SchemaRefused) as error:
            # Who asks for words gets them: a schema that is none is a verdict too.
            if not verbose:
                raise
            return answer({"is_compatible": False, "messages": [error.message]})
        compared = queries.compared(self._node.state, subject, against)
        report = await self._node.think(partial(compared.with_candidate, candidate))
        told: dict[str, object] = {"is_compatible": report.compatible}
        if verbose:
            told["messages"] = report.messages
            if report.findings:
                told["findings"] = [to_json(finding) for finding in report.findings]
        return answer(told)
