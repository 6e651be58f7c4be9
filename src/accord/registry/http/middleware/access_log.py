"""One log line for every request: at debug level for reads that went well, at info level for all else."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accord.registry.http.middleware.request_id import REQUEST_ID

logger = logging.getLogger(__name__)


class AccessLog:
    """Tells what was asked, what was answered and how long that took."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or not logger.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_see)
        finally:
            _tell(scope, status, time.perf_counter() - began)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    is_plain_read = scope["method"] in {"GET", "HEAD"} and 0 < status < 400  # noqa: PLR2004 -- HTTP's own line
    level = logging.DEBUG if is_plain_read else logging.INFO
    if not logger.isEnabledFor(level):
        return
    client = scope["client"]
    logger.log(
        level,
        "%s %s %d",
        scope["method"],
        scope["raw_path"].decode("latin-1"),
        status,
        extra={
            "duration_ms": round(seconds * 1000, 3),
            "request_id": scope[REQUEST_ID],
            "client": client[0] if client else "",
        },
    )
