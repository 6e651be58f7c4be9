"""One request and its answer, as endpoints see them."""

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs

from accord.registry.http.media_types import JSON_TYPES

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

UNMATCHED: Final = "unmatched"
"""What goes for the route of a path that is none of ours."""

_PREFERRED: Final = JSON_TYPES[0].encode()
_QUICK: Final = 3


class AskerGone(Exception):
    """Nobody waits for the answer any more."""


class Request:
    """What is asked.

    ``segments`` are what stands in the path where that of ``route`` has names, decoded. ``headers`` go by their names in
    lower case, and repeated ones are joined by commas. ``media_type`` is what answers go out under that name none. A
    request that ``only_reads`` changes nothing, although its method could.
    """

    id = b""
    route = UNMATCHED
    segments: Mapping[str, str] = MappingProxyType({})
    media_type = _PREFERRED
    only_reads = False
    _values: Mapping[str, list[str]] | None = None

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.query: bytes = scope["query_string"]
        sent = scope["headers"]
        headers = dict(sent)
        self.headers: Mapping[bytes, bytes] = headers if len(headers) == len(sent) else _joined(sent)
        self._receive = receive

    def values(self, name: str) -> list[str]:
        """What the query string says of ``name``, in its order."""
        if self._values is None:
            self._values = parse_qs(self.query.decode("latin-1"), keep_blank_values=True)
        return self._values.get(name, [])

    async def receive(self) -> tuple[bytes, bool]:
        """The next piece of the body, and whether more will come. Raises AskerGone."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise AskerGone
        return message.get("body", b""), message.get("more_body", False)

    async def gone(self) -> None:
        """Return when nobody waits for the answer any more; what is sent until then is passed over."""
        with suppress(AskerGone):
            while True:
                await self.receive()


class Response:
    """An answer; without a ``media_type`` it is JSON under the name that was negotiated.

    It can be kept and given again: nothing about the one who asked is in it.
    """

    __slots__ = ("_packed", "body", "headers", "media_type", "status")

    def __init__(
        self,
        body: bytes = b"",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        media_type: str = "",
    ) -> None:
        self.body = body
        self.status = status
        self.headers = headers
        self.media_type = media_type.encode()
        self._packed = b""

    def packed(self) -> bytes:
        """The body as gzip has it."""
        if not self._packed:
            self._packed = gzip.compress(self.body, _QUICK)
        return self._packed


class Streamed(Response):
    """An answer that is made while it goes out."""

    __slots__ = ("chunks",)

    def __init__(self, chunks: AsyncIterator[bytes], *, media_type: str) -> None:
        super().__init__(media_type=media_type)
        self.chunks = chunks


Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def _joined(sent: Sequence[tuple[bytes, bytes]]) -> Mapping[bytes, bytes]:
    headers: dict[bytes, bytes] = {}
    for name, value in sent:
        headers[name] = headers[name] + b", " + value if name in headers else value
    return headers
