"""``/schemas``: by id and by GUID, whatever their subjects."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accord.registry.core import queries
from accord.registry.core.ids import StoredVersion
from accord.registry.http.bodies import answer, render_schema, schema_answer
from accord.registry.http.requests import flag, id_of, page_of, word
from accord.registry.http.resource import resource
from accord.registry.node import RegistryNode
from accord.schemas import SchemaGuid, SchemaId, Subject

_DEFAULT_CONTEXT: Final = "."
_MAX_RENDERED: Final = 10_000


class Schemas:
    """Serves one node's schemas."""

    def __init__(self, node: RegistryNode) -> None:
        self._node = node
        # By id: the version that was told, and its JSON. A version that changes is another object.
        self._rendered: dict[SchemaId, tuple[StoredVersion, bytes]] = {}

    def routes(self) -> list[Route]:
        """The paths, the most asked for first."""
        return [
            resource("/schemas/ids/{id:segment}", GET=self.by_id),
            resource("/schemas/ids/{id:segment}/schema", GET=self.text),
            resource("/schemas/ids/{id:segment}/versions", GET=self.versions),
            resource("/schemas/ids/{id:segment}/subjects", GET=self.subjects),
            resource("/schemas/guids/{guid:segment}", GET=self.by_guid),
            resource("/schemas/guids/{guid:segment}/ids", GET=self.ids),
            resource("/schemas/types", GET=self.types),
        ]

    async def by_id(self, request: Request) -> Response:
        """The schema with an id."""
        stored = self._find(request)
        known = self._rendered.get(stored.content.id)
        if known is None or known[0] is not stored:
            if len(self._rendered) >= _MAX_RENDERED:
                self._rendered.clear()
            known = stored, render_schema(stored, with_id=False)
            self._rendered[stored.content.id] = known
        return Response(known[1])

    async def text(self, request: Request) -> Response:
        """The text of the schema with an id, bare."""
        return Response(self._find(request).content.schema.text)

    async def versions(self, request: Request) -> Response:
        """Every subject and version with an id."""
        return answer(
            [
                {"subject": stored.subject, "version": stored.version}
                for stored in page_of(request, self._uses(request))
            ]
        )

    async def subjects(self, request: Request) -> Response:
        """Every subject with an id."""
        names = list(dict.fromkeys(stored.subject for stored in self._uses(request)))
        return answer(page_of(request, names))

    async def by_guid(self, request: Request) -> Response:
        """The schema with a GUID."""
        return schema_answer(self._find_guid(request), placed=False, with_id=False)

    async def ids(self, request: Request) -> Response:
        """The id that a GUID has in each context."""
        found = self._find_guid(request)
        return answer([{"context": _DEFAULT_CONTEXT, "id": found.content.id}])

    async def types(self, request: Request) -> Response:  # noqa: ARG002 -- an endpoint's signature
        """The schema types that can be registered."""
        return answer(queries.SCHEMA_TYPES)

    def _find(self, request: Request) -> StoredVersion:
        subject = word(request, "subject")
        return queries.by_id(self._node.state, id_of(request), subject=Subject(subject) if subject else None)

    def _uses(self, request: Request) -> list[StoredVersion]:
        return queries.uses(self._node.state, id_of(request), deleted=flag(request, "deleted"))

    def _find_guid(self, request: Request) -> StoredVersion:
        return queries.by_guid(self._node.state, SchemaGuid(request.path_params["guid"]))
