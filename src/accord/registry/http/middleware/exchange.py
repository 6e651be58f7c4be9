"""The one place that sees answers on their way out; the other middleware says there what it wants of them."""

import gzip
from http.client import NO_CONTENT
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final = "accord.headers"
"""Where in the scope the headers are that go on the answer, whatever it is."""
STATUS: Final = "accord.status"
"""Where in the scope the status is; 0 as long as no answer has begun."""

_WORTH_PACKING_BYTES: Final = 2048
_QUICK: Final = 3


class Exchange:
    """Puts headers on every answer, notes its status, and packs large ones (gzip) for who takes that.

    There is one wrapped ``send`` for all of it, because each costs; Starlette's own middleware for gzip takes longer than
    most requests do.
    """

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
        begun: Message | None = None

        async def send_on(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                scope[STATUS] = message["status"]
                more = headers if message["status"] != NO_CONTENT else _without_type(headers)
                message["headers"] = [*message["headers"], *more]
                begun = message
                return
            if begun is not None:
                start, begun = begun, None
                if len(message.get("body", b"")) >= _WORTH_PACKING_BYTES and not message.get("more_body"):
                    start, message = _packed(scope, start, message)
                await send(start)
            await send(message)

        await self._app(scope, receive, send_on)


def _packed(scope: Scope, start: Message, message: Message) -> tuple[Message, Message]:
    """A whole answer, packed if the asker takes that; what keeps answers must know that it may be."""
    headers = [*start["headers"], (b"vary", b"accept-encoding")]
    if not _takes_gzip(scope):
        return {**start, "headers": headers}, message
    body = gzip.compress(message["body"], _QUICK)
    headers = [header for header in headers if header[0] != b"content-length"]
    headers += [(b"content-encoding", b"gzip"), (b"content-length", str(len(body)).encode())]
    return {**start, "headers": headers}, {**message, "body": body}


def _takes_gzip(scope: Scope) -> bool:
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding")
    codings = (coding.replace(b" ", b"").lower() for coding in accepted.split(b","))
    return any(coding.startswith(b"gzip") and not coding.startswith(b"gzip;q=0") for coding in codings)


def _without_type(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Nothing is of no kind."""
    return [header for header in headers if header[0] != b"content-type"]
