"""Measures every request by its route, never by its path: paths are without number."""

import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accord.registry.http.metrics import RegistryMetrics

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})


class Measurement:
    """Counts requests and how long they took."""

    def __init__(self, app: ASGIApp, metrics: RegistryMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
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
            route = scope.get("route")
            self._metrics.request_took(
                time.perf_counter() - began,
                route="unmatched" if route is None else route.path_format,
                method=scope["method"] if scope["method"] in _METHODS else "other",
                status=status,
            )
