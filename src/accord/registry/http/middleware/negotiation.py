"""``Accept``: which of the registry's three names for JSON an answer goes out under."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from accord.registry.http.errors import NotAcceptable
from accord.registry.http.exchange import Request
from accord.registry.http.media_types import JSON_TYPES

_WORTH_KEEPING_BYTES: Final = 1024


def negotiate(request: Request) -> None:
    """Choose the kind of answer to ``request``. Raises NotAcceptable."""
    accept = request.headers.get(b"accept")
    if accept is None:
        return
    chosen = _known(accept) if len(accept) <= _WORTH_KEEPING_BYTES else choose(accept)
    if chosen is None:
        raise NotAcceptable
    request.media_type = chosen


def choose(accept: bytes) -> bytes | None:
    """The kind of answer to give to an Accept header, None if there is none that it takes."""
    if not accept.strip():
        return JSON_TYPES[0].encode()
    qualities: dict[str, float] = {}
    for media_range, quality in _ranges(accept.decode("latin-1").lower()):
        qualities.setdefault(media_range, quality)
    best, chosen = 0.0, None
    for offered in JSON_TYPES:
        quality = _quality(offered, qualities)
        if quality > best:
            best, chosen = quality, offered.encode()
    return chosen


_known = lru_cache(maxsize=256)(choose)


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for item in accept.split(","):
        media_range, *parameters = (part.strip() for part in item.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name == "q":
                quality = _number(value)
        yield media_range, quality


def _quality(offered: str, qualities: Mapping[str, float]) -> float:
    """What the most specific range says of ``offered``."""
    kind = offered.partition("/")[0]
    said = (qualities.get(wanted) for wanted in (offered, f"{kind}/*", "*/*"))
    return next((quality for quality in said if quality is not None), 0.0)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
