"""What both services have in common as web servers: running, health and metrics."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import accord
from accord.demo.shop import settings

GRACE_S = 15


def operations(metrics: CollectorRegistry, *, healthy: Callable[[], bool]) -> list[Route]:
    """``/healthz`` and ``/metrics``."""

    async def healthz(_: Request) -> Response:
        ok = healthy()
        return JSONResponse({"status": "ok" if ok else "failing"}, status_code=200 if ok else 503)

    async def expose(_: Request) -> Response:
        return Response(generate_latest(metrics), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/metrics", expose)]


def run(create_app: Callable[[settings.Settings], Starlette]) -> None:
    """Serve on loopback until SIGTERM or SIGINT, then finish what is in hand; one sentence if it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        chosen = settings.from_environment()
        asyncio.run(_serve(create_app(chosen), port=chosen.http_port))
    except accord.AccordError as error:
        help_ = f"\n  help: {error.hint}" if error.hint else ""
        print(f"error: {error.message}{help_}", file=sys.stderr)  # noqa: T201 -- its last word
        sys.exit(error.exit_code)


async def _serve(app: Starlette, *, port: int) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_S,
        )
    )
    # uvicorn raises a signal once more when it has served, for the handler that was there before: this one, so that
    # what the lifespan has to finish is finished.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    # uvicorn would turn a failure of the lifespan into a stack trace; here it is a sentence.
    async with app.router.lifespan_context(app):
        await server.serve()
