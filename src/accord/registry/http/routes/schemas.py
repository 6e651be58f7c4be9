"""``/schemas``: by id and by GUID, whatever their subjects, and all of them."""

from typing import Final

import msgspec

from accord.registry.core import errors, queries
from accord.registry.core.contexts import context_of
from accord.registry.core.ids import StoredVersion
from accord.registry.http.bodies import (
    ContextIdAnswer,
    PlaceAnswer,
    SchemaAnswer,
    SchemaText,
    Shown,
    answer,
    schema_answer,
)
from accord.registry.http.exchange import Request, Response
from accord.registry.http.operation import PAGE, TOO_HARD, Operation
from accord.registry.http.parameters import (
    ALIASES,
    DELETED,
    FETCH_MAX_ID,
    FORMAT,
    GUID_IN_PATH,
    LATEST_ONLY,
    SUBJECT,
    SUBJECT_PREFIX,
    asks_for_more,
)
from accord.registry.http.requests import id_of, page_of, place_of
from accord.registry.http.routes.rendering import TEXT, as_asked, formatted
from accord.registry.node import RegistryNode
from accord.schemas import SchemaGuid

_MOST_LISTED: Final = 1000
_NOT_FOUND: Final = (errors.SchemaNotFound,)
_PLAIN: Final = Shown(with_id=False)


class Schemas:
    """Serves one node's schemas."""

    def __init__(self, node: RegistryNode) -> None:
        self._node = node

    def operations(self) -> list[Operation]:
        """What can be done, the most asked for first."""
        by_id, by_guid = "/schemas/ids/{id}", "/schemas/guids/{guid}"
        used = (SUBJECT, DELETED, *PAGE)
        return [
            Operation(
                "GET",
                by_id,
                self.by_id,
                SchemaAnswer,
                query=(SUBJECT, *TEXT, FETCH_MAX_ID),
                errors=(*_NOT_FOUND, *TOO_HARD),
                recalled=True,
            ),
            Operation(
                "GET",
                f"{by_id}/schema",
                self.text,
                SchemaText,
                query=(SUBJECT, FORMAT),
                errors=(*_NOT_FOUND, *TOO_HARD),
                recalled=True,
            ),
            Operation(
                "GET", f"{by_id}/versions", self.versions, list[PlaceAnswer], query=used, errors=_NOT_FOUND
            ),
            Operation("GET", f"{by_id}/subjects", self.subjects, list[str], query=used, errors=_NOT_FOUND),
            Operation(
                "GET", by_guid, self.by_guid, SchemaAnswer, query=TEXT, errors=(*_NOT_FOUND, *TOO_HARD)
            ),
            Operation("GET", f"{by_guid}/ids", self.ids, list[ContextIdAnswer], errors=_NOT_FOUND),
            Operation("GET", "/schemas/types", self.types, list[str]),
            Operation(
                "GET",
                "/schemas",
                self.every,
                list[SchemaAnswer],
                query=(SUBJECT_PREFIX, ALIASES, DELETED, LATEST_ONLY, *PAGE),
            ),
        ]

    async def by_id(self, request: Request) -> Response:
        """Read the schema with an id."""
        if asks_for_more(request):
            return await self._by_id_as_asked(request)
        return answer(schema_answer(queries.by_id(self._node.state, id_of(request)), _PLAIN))

    async def text(self, request: Request) -> Response:
        """Read the bare text of the schema with an id.

        It goes out as it is, under the media type that every answer has. A Protobuf text is no JSON all the same, nor is
        its descriptor, base64 without quotes, which ``format=serialized`` asks for.
        """
        stored = self._find(request)
        text = await formatted(self._node, request, stored) or stored.content.schema.text
        return Response(text.encode())

    async def versions(self, request: Request) -> Response:
        """List every subject and version with an id."""
        return answer(
            [PlaceAnswer(stored.subject, stored.version) for stored in page_of(request, self._uses(request))]
        )

    async def subjects(self, request: Request) -> Response:
        """List every subject with an id."""
        return answer(page_of(request, dict.fromkeys(stored.subject for stored in self._uses(request))))

    async def by_guid(self, request: Request) -> Response:
        """Read the schema with a GUID."""
        stored, *_ = self._find_guid(request)
        shown = Shown(placed=False, with_id=False)
        return answer(schema_answer(stored, await as_asked(self._node, request, stored, shown)))

    async def ids(self, request: Request) -> Response:
        """List the ids that a GUID has, one for each context."""
        return answer(
            [
                ContextIdAnswer(context_of(stored.subject), stored.content.id)
                for stored in self._find_guid(request)
            ]
        )

    async def types(self, request: Request) -> Response:  # noqa: ARG002 -- an endpoint's signature
        """List the schema types that can be registered."""
        return answer(queries.SCHEMA_TYPES)

    async def every(self, request: Request) -> Response:
        """List versions with their schemas, up to 1000 at a time."""
        state = self._node.state
        prefix = SUBJECT_PREFIX.of(request)
        aliases = queries.aliases(state, prefix=prefix) if ALIASES.of(request) else {}
        found = queries.schemas(
            state,
            prefix=prefix,
            also=aliases.keys(),
            deleted=DELETED.of(request),
            latest_only=LATEST_ONLY.of(request),
        )
        return answer(
            [
                schema_answer(stored, Shown(aliases=tuple(aliases.get(stored.subject, ()))))
                for stored in page_of(request, found, most=_MOST_LISTED)
            ]
        )

    async def _by_id_as_asked(self, request: Request) -> Response:
        stored = self._find(request)
        shown = await as_asked(self._node, request, stored, _PLAIN)
        if FETCH_MAX_ID.of(request):
            shown = msgspec.structs.replace(shown, max_id=self._node.state.ids(stored.subject).highest)
        return answer(schema_answer(stored, shown))

    def _find(self, request: Request) -> StoredVersion:
        return queries.by_id(self._node.state, id_of(request), subject=place_of(request, self._node.state))

    def _uses(self, request: Request) -> list[StoredVersion]:
        return queries.uses(
            self._node.state,
            id_of(request),
            subject=place_of(request, self._node.state),
            deleted=DELETED.of(request),
        )

    def _find_guid(self, request: Request) -> list[StoredVersion]:
        return queries.by_guid(self._node.state, SchemaGuid(GUID_IN_PATH.of(request)))
