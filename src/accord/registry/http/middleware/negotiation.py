"""``Accept``: which of the registry's three names for JSON an answer goes out under."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from accord.registry.http.errors import NotAcceptable
from accord.registry.http.media_types import JSON_TYPES
from accord.registry.http.middleware.exchange import HEADERS

_PREFERRED: Final = JSON_TYPES[0].encode()


class Negotiation:
    """Names the kind of every answer, but for ``exempt`` methods and paths, whose answers name it themselves."""

    def __init__(self, app: ASGIApp, exempt: Collection[tuple[str, str]]) -> None:
        self._app = app
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request. Raises NotAcceptable."""
        if scope["type"] == "http" and (scope["method"], scope["path"]) not in self._exempt:
            chosen = choose(b",".join([value for name, value in scope["headers"] if name == b"accept"]))
            scope[HEADERS].append((b"content-type", chosen or _PREFERRED))
            if chosen is None:
                raise NotAcceptable
        await self._app(scope, receive, send)


@lru_cache(maxsize=256)
def choose(accept: bytes) -> bytes | None:
    """The kind of answer to give to an Accept header, None if there is none that it takes."""
    if not accept.strip():
        return _PREFERRED
    ranges = list(_ranges(accept.decode("latin-1").lower()))
    best, chosen = 0.0, None
    for offered in JSON_TYPES:
        quality = _quality(offered, ranges)
        if quality > best:
            best, chosen = quality, offered.encode()
    return chosen


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for item in accept.split(","):
        media_range, *parameters = (part.strip() for part in item.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name == "q":
                quality = _number(value)
        yield media_range, quality


def _quality(offered: str, ranges: list[tuple[str, float]]) -> float:
    """What the most specific range says of ``offered``."""
    kind = offered.partition("/")[0]
    for wanted in (offered, f"{kind}/*", "*/*"):
        for media_range, quality in ranges:
            if media_range == wanted:
                return quality
    return 0.0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
