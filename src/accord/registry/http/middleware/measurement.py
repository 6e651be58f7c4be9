"""Measures every request by its route, never by its path: paths are without number."""

import time
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.middleware.exchange import STATUS

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})


class Measurement:
    """Counts requests and how long they took."""

    def __init__(self, app: ASGIApp, metrics: RegistryMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        began = time.perf_counter()
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "http":
                self._count(scope, time.perf_counter() - began)

    def _count(self, scope: Scope, seconds: float) -> None:
        route = scope.get("route")
        self._metrics.request_took(
            seconds,
            route="unmatched" if route is None else route.path_format,
            method=scope["method"] if scope["method"] in _METHODS else "other",
            status=scope[STATUS],
        )
