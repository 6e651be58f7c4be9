"""What both drivers say to the HTTP library, and take from it."""

import math
from typing import Any, Final

import httpx2

from accord.client.http import Response, unsendable
from accord.client.settings import RegistrySettings
from accord.client.talk import Send
from accord.client.tls import tls_context, trust
from accord.client.troubles import AnswerTooLong

MEDIA_TYPE: Final = "application/vnd.schemaregistry.v1+json"
HEADERS: Final = {
    "Accept": f"{MEDIA_TYPE}, application/json",
    "Content-Type": MEDIA_TYPE,
    # Without it some registries leave out what their oldest clients do not know.
    "Confluent-Accept-Unknown-Properties": "true",
}

_READ_HEADERS: Final = ("content-type", "retry-after", "date", "location")


def client_options(settings: RegistrySettings) -> dict[str, Any]:
    """How to make a client, synchronous or not. Raises ConfigurationError."""
    headers = dict(HEADERS)
    if isinstance(settings.token, str):
        headers |= bearing(settings.token)
    return {
        "auth": settings.auth,
        "headers": headers,
        "verify": tls_context(settings),
        "proxy": _proxy(settings),
        "timeout": settings.timeout_s,
    }


def http_request(client: httpx2.Client | httpx2.AsyncClient, send: Send) -> httpx2.Request:
    """What to give a client to send. Raises ConfigurationError if no address can say what is asked for."""
    try:
        return client.build_request(
            send.request.method,
            send.url + send.request.path,
            params=dict(send.request.query),
            content=send.request.body,
            headers=bearing(send.token) if send.token is not None else None,
        )
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise unsendable(error) from error


def time_for(send: Send, settings: RegistrySettings) -> float | None:
    """How long a whole try may take, in seconds; None if it may last."""
    return None if send.request.answer_limit_bytes is None else settings.longest_try_s


def bearing(token: str) -> dict[str, str]:
    """The header with our token."""
    return {"Authorization": f"Bearer {token}"}


class Receipt:
    """An answer of which part after part comes; it takes no more than ``limit_bytes``, if there is a limit."""

    def __init__(self, answer: httpx2.Response, *, limit_bytes: int | None) -> None:
        self._answer = answer
        self._left_bytes = math.inf if limit_bytes is None else limit_bytes
        self._parts: list[bytes] = []

    def take(self, part: bytes) -> None:
        """The next part. Raises AnswerTooLong."""
        self._left_bytes -= len(part)
        if self._left_bytes < 0:
            raise AnswerTooLong
        self._parts.append(part)

    def response(self) -> Response:
        """The answer as data."""
        told = self._answer.headers
        headers = {name: told[name] for name in _READ_HEADERS if name in told}
        return Response(self._answer.status_code, b"".join(self._parts), headers)


def _proxy(settings: RegistrySettings) -> httpx2.Proxy | None:
    if settings.proxy is None:
        return None
    # Who we are to the registry is none of the proxy's business.
    return httpx2.Proxy(
        settings.proxy, ssl_context=trust(settings) if settings.proxy.startswith("https") else None
    )
