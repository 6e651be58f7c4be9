"""One connection: uvicorn's, with the bounds that it leaves to others, and without a timer for every answer."""

import asyncio
import re
from collections.abc import Sized
from http import HTTPStatus
from typing import Any, Final

import msgspec
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from accord.registry.http.bodies import ErrorAnswer
from accord.registry.http.media_types import JSON_TYPES

MAX_HEAD_BYTES: Final = 16 << 10
"""How long the line and the headers of a request may be together: twice the default of Confluent's server."""
ARRIVAL_S: Final = 60
"""How long a request may take to come in."""
# Longer than clients keep an idle connection, so that it is they who close it.
IDLE_S: Final = 75

# No head within its bound has as many. What has more of them sends them behind its body.
_MOST_HEADERS: Final = MAX_HEAD_BYTES // len(b"a:\r\n")


class Connection(HttpToolsProtocol):
    """What comes in on it is bounded in size and in time; whoever runs the server calls ``tick`` once a second."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._head_bytes = 0
        self._ticked: object = None
        self._waited_s = 0
        self._refused = False
        # Until its first request has begun, a connection is as one in the middle of a head.
        self.on_message_begin()

    def connection_made(  # type: ignore[override]  # as uvicorn's, which serves streams only
        self, transport: asyncio.Transport
    ) -> None:
        """Take up the connection."""
        super().connection_made(transport)
        self.flow = _Flow(transport, self.pipeline)

    def data_received(self, data: bytes) -> None:
        """Take what came in, of a head no more than it may have."""
        while data and not (self._refused or self.transport.is_closing()):
            room = MAX_HEAD_BYTES - self._head_bytes
            if room == 0:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, _TOO_LONG)
                return
            self._take(data[:room])
            data = data[room:]

    def on_headers_complete(self) -> None:
        """Begin to answer; what names itself a header behind the body is none."""
        offered = self.parser.should_upgrade()
        if offered and _has_body(self.headers):
            raise _BodyLost
        super().on_headers_complete()
        if offered:
            # The parser forgets what came in one piece with this.
            self.cycle.keep_alive = False
        self.headers = []

    def on_message_complete(self) -> None:
        """Note that the body has come in; uvicorn's own does not if the answer went out before."""
        self.cycle.more_body = False
        self.cycle.message_event.set()

    def on_response_complete(self) -> None:
        """Turn to the next request. uvicorn's own also sets a timer for an idle connection; ``tick`` comes cheaper."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self.flow.resume_reading()

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio wants a bool
        """Answer who has sent all that it will send and still listens."""
        if not self._is_answering():
            return False
        self.cycle.keep_alive = False
        return True

    def tick(self) -> None:
        """Let go of who keeps a request back, or asks nothing any more."""
        if self._ticked is not self.scope or self.pipeline or self._is_answering():
            self._ticked = self.scope
            self._waited_s = 0
            return
        self._waited_s += 1
        if self._waited_s > ARRIVAL_S and self._is_arriving():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, _TOO_SLOW)
        elif self._waited_s > IDLE_S:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        del msg
        self._refuse(HTTPStatus.BAD_REQUEST, "send HTTP/1.1")

    def _take(self, data: bytes) -> None:
        begins_in_head = self._is_in_head() or not self.cycle.more_body
        newest = self.cycle
        if begins_in_head and b"pgrade" in data:
            data = _deaf_to_upgrades(data)
        super().data_received(data)
        # Of a head that begins somewhere within a piece, that piece does not count.
        of_one_head = self._is_in_head() and begins_in_head and newest is self.cycle
        self._head_bytes = self._head_bytes + len(data) if of_one_head else 0
        if len(self.headers) > _MOST_HEADERS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, _TOO_LONG)

    def _is_in_head(self) -> bool:
        return "method" not in self.scope

    def _is_arriving(self) -> bool:
        return self._is_in_head() or self._open is not None

    def _is_answering(self) -> bool:
        """Whether it is for us to do something."""
        return self._open is not None and not self._open.more_body

    @property
    def _open(self) -> RequestResponseCycle | None:
        """The request that has not been answered, once its head is there."""
        cycle = self._newest
        return None if cycle is None or cycle.response_complete else cycle

    @property
    def _newest(self) -> RequestResponseCycle | None:
        # What uvicorn says is always there is not there before the first request.
        return self.cycle

    def _refuse(self, status: HTTPStatus, hint: str) -> None:
        if self.transport.is_closing():
            return
        self._refused = True
        if self._open is not None and self._is_answering():
            # What was asked before is answered first; then the connection ends.
            self._open.keep_alive = False
            return
        if not self.pipeline and (self._open is None or not self._open.response_started):
            self.transport.write(_refusal(status, hint))
        if self._open is not None:
            self._open.disconnected = True
            self._open.message_event.set()
        self.transport.close()


class _Flow(FlowControl):
    """Reads no more while requests are ``waiting``: those take fifty times what was sent."""

    def __init__(self, transport: asyncio.Transport, waiting: Sized) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if self.read_paused and not self._waiting:
            super().resume_reading()


class _BodyLost(Exception):
    """A body follows on an offer to speak another protocol that could not be hidden: the parser takes it for a request."""


def _has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0"))
        for name, value in headers
    )


_UPGRADE: Final = re.compile(rb"\r\nupgrade:", re.IGNORECASE)


def _deaf_to_upgrades(data: bytes) -> bytes:
    """``data``, which begins in a head, without the offer to speak another protocol.

    The parser would stop at it, and the body be lost; Java's HttpClient makes such an offer with every first request. One
    that comes in two pieces, or behind another request, is not seen; then the connection ends, with 400 if there is a body.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"\r\nignored:", head) + end + rest


_TOO_LONG: Final = f"the line and the headers of a request may have up to {MAX_HEAD_BYTES >> 10} KiB together"
_TOO_SLOW: Final = f"a request must come in within {ARRIVAL_S} seconds"


def _refusal(status: HTTPStatus, hint: str) -> bytes:
    body = msgspec.json.encode(ErrorAnswer(status, f"HTTP {status} {status.phrase}", hint))
    head = (
        f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: {JSON_TYPES[0]}\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
