"""What whoever runs the registry asks: is it there, can it work, what did it do, what does it hold."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final, TypeAlias

import msgspec

from accord.registry.core.errors import LogEndsElsewhere, ReadOnly
from accord.registry.http.bodies import answer
from accord.registry.http.errors import MalformedBody
from accord.registry.http.exchange import Request, Response, Streamed
from accord.registry.http.metrics import CONTENT_TYPE, RegistryMetrics
from accord.registry.http.operation import NOT_WRITTEN, Operation
from accord.registry.http.parameters import AFTER
from accord.registry.http.requests import body_of, position_of
from accord.registry.log.lines import RecordLine, record_line
from accord.registry.log.port import LogFailed, LoggedRecord, Position, Record
from accord.registry.node import RegistryNode

_JSON_LINES: Final = "application/jsonl"


class Status(msgspec.Struct):
    """How the server is."""

    status: str


class LogBody(msgspec.Struct):
    """Records to put at the end of the log, in this order."""

    records: list[RecordLine]


class LogEnd(msgspec.Struct):
    """Where the last record of the log lies."""

    position: int


class Operations:
    """Serves the health, the metrics and the logs of one node."""

    def __init__(self, node: RegistryNode, metrics: RegistryMetrics) -> None:
        self._node = node
        self._metrics = metrics

    def operations(self) -> list[Operation]:
        """What can be asked; these answers name their media type themselves."""
        return [
            Operation("GET", "/healthz", self.health, Status, media_type="application/json"),
            Operation("GET", "/readyz", self.readiness, Status, media_type="application/json"),
            Operation("GET", "/metrics", self.metrics, str, media_type=CONTENT_TYPE),
            Operation(
                "GET",
                "/accord/v1/log",
                self.log,
                RecordLine,
                query=(AFTER,),
                errors=(LogFailed,),
                media_type=_JSON_LINES,
            ),
            Operation(
                "POST",
                "/accord/v1/log",
                self.extend,
                LogEnd,
                query=(AFTER,),
                body=LogBody,
                errors=(LogEndsElsewhere, MalformedBody, ReadOnly, *NOT_WRITTEN),
            ),
            Operation(
                "GET",
                "/accord/v1/log/_accord",
                self.second_log,
                RecordLine,
                query=(AFTER,),
                errors=(LogFailed,),
                media_type=_JSON_LINES,
            ),
            Operation(
                "POST",
                "/accord/v1/log/_accord",
                self.extend_second,
                LogEnd,
                query=(AFTER,),
                body=LogBody,
                errors=(LogEndsElsewhere, MalformedBody, *NOT_WRITTEN),
            ),
        ]

    async def health(self, request: Request) -> Response:  # noqa: ARG002 -- an endpoint's signature
        """Tell whether the process is alive."""
        return _told("ok")

    async def readiness(self, request: Request) -> Response:  # noqa: ARG002
        """Tell whether what is told here is all that the log holds."""
        if self._node.ready:
            return _told("ready")
        return _told("not in step with the log", 503)

    async def metrics(self, request: Request) -> Response:  # noqa: ARG002
        """Read the metrics, for Prometheus."""
        return Response(self._metrics.exposition(), media_type=CONTENT_TYPE)

    async def log(self, request: Request) -> Response:
        """Read the records of the log, in order, one JSON object a line: all schemas that this registry holds."""
        return await _streamed(self._node.read_log, position_of(request))

    async def second_log(self, request: Request) -> Response:
        """Read the records of the second log, which holds what was reported; it keeps the last record of each key."""
        # What is reported again moves to the end: who reads while others report would never get there.
        end = self._node.ledger.log_end
        return await _streamed(self._node.ledger.read_log, position_of(request), until=end)

    async def extend(self, request: Request) -> Response:
        """Put records at the end of the log as they are: how a log is restored into a registry that runs.

        Nothing is checked but that the log ends where the asker believes; a log that was exported from a registry is
        the same there and here, ids, times and deletions included.
        """
        after = position_of(request)
        return answer(LogEnd(await self._node.extend_log(await _records_in(request), after=after)))

    async def extend_second(self, request: Request) -> Response:
        """Put records at the end of the second log as they are."""
        after = position_of(request)
        return answer(LogEnd(await self._node.ledger.extend_log(await _records_in(request), after=after)))


Read: TypeAlias = Callable[[Position], Awaitable[Sequence[LoggedRecord]]]


async def _streamed(read: Read, after: Position, *, until: Position | None = None) -> Response:
    # A log that cannot be read is told as long as the answer has not begun.
    first = await read(after)
    return Streamed(_lines(read, first, until), media_type=_JSON_LINES)


async def _lines(read: Read, records: Sequence[LoggedRecord], until: Position | None) -> AsyncIterator[bytes]:
    while records:
        yield b"".join(record_line(one.record, position=one.position) for one in records)
        last = records[-1].position
        records = () if until is not None and last >= until else await read(last)


async def _records_in(request: Request) -> list[Record]:
    """The records that were sent. Raises MalformedBody."""
    body = await body_of(request, LogBody)
    try:
        return [line.record() for line in body.records]
    except ValueError as error:
        raise MalformedBody(
            f"a record cannot be read: {error}", hint="send records as they are read here"
        ) from error


def _told(status: str, code: int = 200) -> Response:
    return Response(msgspec.json.encode(Status(status)), code, media_type="application/json")
