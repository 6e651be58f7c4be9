"""The border: here an error becomes an answer, and a fault of ours becomes a logged one."""

import logging

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from accord.errors import AccordError
from accord.registry.http.errors import Codes, answer, answer_fault
from accord.registry.http.media_types import JSON_TYPES
from accord.registry.http.middleware.exchange import HEADERS, STATUS
from accord.registry.http.middleware.request_id import REQUEST_ID

logger = logging.getLogger(__name__)


class Faults:
    """Lets no error of a request through to the server, unless its answer has begun."""

    def __init__(self, app: ASGIApp, codes: Codes) -> None:
        self._app = app
        self._codes = codes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            return
        except Exception as error:
            if scope["type"] != "http" or scope[STATUS]:
                raise
            _name_kind(scope[HEADERS])
            await _answer(scope, error, self._codes)(scope, receive, send)


def _name_kind(headers: list[tuple[bytes, bytes]]) -> None:
    """Errors are JSON, also where nobody has negotiated or the answer would have been something else."""
    if all(name != b"content-type" for name, _ in headers):
        headers.append((b"content-type", JSON_TYPES[0].encode()))


def _answer(scope: Scope, error: Exception, codes: Codes) -> Response:
    if isinstance(error, AccordError):
        return answer(error, codes)
    logger.error(
        "a fault while answering %s %s",
        scope["method"],
        scope["raw_path"].decode("latin-1"),
        exc_info=error,
        extra={"request_id": scope[REQUEST_ID]},
    )
    return answer_fault()
