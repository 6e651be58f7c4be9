"""One log line for every request: at debug level for reads that went well, at info level for all else."""

import logging
import time

from starlette.types import ASGIApp, Receive, Scope, Send

from accord.registry.http.middleware.exchange import STATUS
from accord.registry.http.middleware.request_id import REQUEST_ID

logger = logging.getLogger(__name__)


class AccessLog:
    """Tells what was asked, what was answered and how long that took."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        began = time.perf_counter()
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "http":
                _tell(scope, time.perf_counter() - began)


def _tell(scope: Scope, seconds: float) -> None:
    status = scope[STATUS]
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
