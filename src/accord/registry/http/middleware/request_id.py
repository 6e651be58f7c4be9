"""``X-Request-ID``: the asker's own if exactly one was sent, else a new one; on every answer and in the logs."""

import uuid
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID: Final = "accord.request_id"
"""Where the request id is in the scope."""

_HEADER: Final = b"x-request-id"


class RequestId:
    """Gives every request its id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = [value for name, value in scope["headers"] if name == _HEADER]
        request_id = sent[0] if len(sent) == 1 else str(uuid.uuid4()).encode()
        scope[REQUEST_ID] = request_id.decode("latin-1")

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((_HEADER, request_id))
            await send(message)

        await self._app(scope, receive, send_with_id)
