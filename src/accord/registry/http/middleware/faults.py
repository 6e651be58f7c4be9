"""The border: here an error becomes an answer, and a fault of ours becomes a logged one."""

import logging

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accord.errors import AccordError
from accord.registry.http.errors import answer, answer_fault
from accord.registry.http.middleware.request_id import REQUEST_ID

logger = logging.getLogger(__name__)


class Faults:
    """Lets no error through to the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_see(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_see)
        except ClientDisconnect:
            return
        except Exception as error:
            response = _answer(scope, error)
            if started:
                raise
            await response(scope, receive, send)


def _answer(scope: Scope, error: Exception) -> Response:
    if isinstance(error, AccordError):
        return answer(error)
    logger.error(
        "a fault while answering %s %s",
        scope["method"],
        scope["raw_path"].decode("latin-1"),
        exc_info=error,
        extra={"request_id": scope[REQUEST_ID]},
    )
    return answer_fault()
