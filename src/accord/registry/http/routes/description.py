"""``/openapi.json``: what this API can do, in OpenAPI 3.1."""

from collections.abc import Sequence
from functools import cached_property

import msgspec

from accord.registry.http.errors import Codes
from accord.registry.http.exchange import Request, Response
from accord.registry.http.openapi import document
from accord.registry.http.operation import Operation


class Description:
    """Serves the description of ``operations``, and of itself."""

    def __init__(self, operations: Sequence[Operation], codes: Codes) -> None:
        self._operations = operations
        self._codes = codes

    def operations(self) -> list[Operation]:
        """What can be asked."""
        return [
            Operation("GET", "/openapi.json", self.read, dict[str, object], media_type="application/json")
        ]

    async def read(self, request: Request) -> Response:  # noqa: ARG002 -- an endpoint's signature
        """Read this description."""
        return Response(self._encoded, media_type="application/json")

    @cached_property
    def _encoded(self) -> bytes:
        return msgspec.json.encode(document([*self._operations, *self.operations()], self._codes))
