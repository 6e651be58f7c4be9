"""One log line for every request: at debug level for reads that went well, at info level for all else."""

import logging

from accord.registry.http.exchange import Request

logger = logging.getLogger(__name__)


def tell(request: Request, status: int, seconds: float) -> None:
    """Log what was asked, what was answered (0: nothing) and how long that took."""
    is_plain_read = 0 < status < 400 and request.method in {"GET", "HEAD"}  # noqa: PLR2004 -- HTTP's own line
    level = logging.DEBUG if is_plain_read else logging.INFO
    if not logger.isEnabledFor(level):
        return
    client = request.scope["client"]
    logger.log(
        level,
        "%s %s %d",
        request.method,
        request.scope["raw_path"].decode("latin-1"),
        status,
        extra={
            "duration_ms": round(seconds * 1000, 3),
            "request_id": request.id.decode("latin-1"),
            "client": client[0] if client else "",
        },
    )
