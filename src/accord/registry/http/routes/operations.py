"""What whoever runs the registry asks: is it there, can it work, what did it do, what does it hold."""

from collections.abc import AsyncIterator
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from accord.registry.http.metrics import CONTENT_TYPE, RegistryMetrics
from accord.registry.http.operation import Operation
from accord.registry.http.parameters import AFTER
from accord.registry.http.requests import position_of
from accord.registry.log.port import LoggedRecord, Position
from accord.registry.node import RegistryNode

_JSON_LINES: Final = "application/jsonl"


class Status(msgspec.Struct):
    """How the server is."""

    status: str


class LogLine(msgspec.Struct, rename="camel"):
    """One record of the log; no value means that its key is no more."""

    position: int
    key: str
    value: str | None
    timestamp_ms: int


class Operations:
    """Serves the health, the metrics and the log of one node."""

    def __init__(self, node: RegistryNode, metrics: RegistryMetrics) -> None:
        self._node = node
        self._metrics = metrics

    def operations(self) -> list[Operation]:
        """What can be asked; these answers name their media type themselves."""
        return [
            Operation("GET", "/healthz", self.health, Status, media_type="application/json"),
            Operation("GET", "/readyz", self.readiness, Status, media_type="application/json"),
            Operation("GET", "/metrics", self.metrics, str, media_type=CONTENT_TYPE),
            Operation("GET", "/accord/v1/log", self.log, LogLine, query=(AFTER,), media_type=_JSON_LINES),
        ]

    async def health(self, request: Request) -> Response:  # noqa: ARG002 -- an endpoint's signature
        """Tell whether the process is alive."""
        return JSONResponse({"status": "ok"})

    async def readiness(self, request: Request) -> Response:  # noqa: ARG002
        """Tell whether what is told here is all that the log holds."""
        if self._node.ready:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not in step with the log"}, status_code=503)

    async def metrics(self, request: Request) -> Response:  # noqa: ARG002
        """Read the metrics, for Prometheus."""
        return Response(self._metrics.exposition(), headers={"content-type": CONTENT_TYPE})

    async def log(self, request: Request) -> Response:
        """Read the records of the log, in order, one JSON object a line: everything that this registry holds."""
        return StreamingResponse(self._lines(position_of(request)), media_type=_JSON_LINES)

    async def _lines(self, after: Position) -> AsyncIterator[bytes]:
        while records := await self._node.read_log(after):
            yield b"".join(map(_line, records))
            after = records[-1].position


def _line(logged: LoggedRecord) -> bytes:
    record = logged.record
    value = None if record.value is None else record.value.decode()
    return (
        msgspec.json.encode(LogLine(logged.position, record.key.decode(), value, record.timestamp_ms)) + b"\n"
    )
