"""What both services have in common as web servers: running, health and metrics."""

import asyncio
import logging
from collections.abc import Callable

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def operations(metrics: CollectorRegistry, *, healthy: Callable[[], bool]) -> list[Route]:
    """``/healthz`` and ``/metrics``."""

    async def healthz(_: Request) -> Response:
        ok = healthy()
        return JSONResponse({"status": "ok" if ok else "failing"}, status_code=200 if ok else 503)

    async def expose(_: Request) -> Response:
        return Response(generate_latest(metrics), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/metrics", expose)]


def run(app: Starlette, *, port: int) -> None:
    """Serve on loopback until SIGTERM or SIGINT, then finish what is in hand."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, access_log=False, timeout_graceful_shutdown=20
    )
    asyncio.run(uvicorn.Server(config).serve())
