"""What whoever runs the registry asks: is it there, can it work, what did it do."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from accord.registry.http.metrics import CONTENT_TYPE, RegistryMetrics
from accord.registry.http.resource import resource
from accord.registry.node import RegistryNode


class Operations:
    """Serves the health and the metrics of one node."""

    def __init__(self, node: RegistryNode, metrics: RegistryMetrics) -> None:
        self._node = node
        self._metrics = metrics

    def routes(self) -> list[Route]:
        """The paths."""
        return [
            resource("/healthz", GET=self.health),
            resource("/readyz", GET=self.readiness),
            resource("/metrics", GET=self.metrics),
        ]

    async def health(self, request: Request) -> Response:  # noqa: ARG002 -- an endpoint's signature
        """Whether the process is alive."""
        return JSONResponse({"status": "ok"})

    async def readiness(self, request: Request) -> Response:  # noqa: ARG002
        """Whether what is told here is all that the log holds."""
        if self._node.ready:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not in step with the log"}, status_code=503)

    async def metrics(self, request: Request) -> Response:  # noqa: ARG002
        """The metrics, for Prometheus."""
        return Response(self._metrics.exposition(), headers={"content-type": CONTENT_TYPE})
