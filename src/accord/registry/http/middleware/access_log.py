"""One log line for every request: at debug level for what went well and changed nothing, at info level for all else."""

import logging

from accord.registry.http.exchange import Request

logger = logging.getLogger(__name__)


def tell(request: Request, status: int, seconds: float) -> None:
    """Log what was asked, what was answered (0: nothing) and how long that took."""
    reads = request.only_reads or request.method in {"GET", "HEAD"}
    level = logging.DEBUG if reads and 0 < status < 400 else logging.INFO  # noqa: PLR2004 -- HTTP's own line
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
