"""The one place that sees answers on their way out; the other middleware says there what it wants of them."""

from http.client import NO_CONTENT
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final = "accord.headers"
"""Where in the scope the headers are that go on the answer, whatever it is."""
STATUS: Final = "accord.status"
"""Where in the scope the status is; 0 as long as no answer has begun."""


def _without_type(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Nothing is of no kind."""
    return [header for header in headers if header[0] != b"content-type"]


class Exchange:
    """Puts headers on every answer and notes its status: one wrapped ``send`` for all, because each costs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: list[tuple[bytes, bytes]] = []
        scope[HEADERS] = headers
        scope[STATUS] = 0

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                scope[STATUS] = message["status"]
                more = headers if message["status"] != NO_CONTENT else _without_type(headers)
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self._app(scope, receive, send_on)
