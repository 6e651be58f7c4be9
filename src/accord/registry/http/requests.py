"""What a request says, read the way Confluent's registry reads it."""

import asyncio
import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final, TypeVar

import msgspec

from accord.registry.core import contexts, queries
from accord.registry.core.commands import LATEST, VersionChoice
from accord.registry.core.contexts import Scope
from accord.registry.core.errors import InvalidVersion
from accord.registry.core.state import RegistryState
from accord.registry.core.wire import from_wire
from accord.registry.http.errors import (
    BodyMissing,
    BodyTooLarge,
    MalformedBody,
    PathNotFound,
    UnsupportedMediaType,
)
from accord.registry.http.exchange import Request
from accord.registry.http.media_types import BODY_TYPES
from accord.registry.http.parameters import (
    AFTER,
    ID_IN_PATH,
    LIMIT,
    OFFSET,
    SUBJECT,
    SUBJECT_IN_PATH,
    VERSION_IN_PATH,
)
from accord.registry.log.port import START, Position
from accord.schemas import SchemaId, Subject, Version

Body = TypeVar("Body", bound=msgspec.Struct)
Item = TypeVar("Item")
T = TypeVar("T")

MAX_BODY_BYTES: Final = 16 << 20
_LARGE_BYTES: Final = 256 << 10
"""Reading a body of this size takes milliseconds that others would wait."""

_LATEST: Final = LATEST.value
_NUMBER: Final = re.compile(r"\s*[+-]?[0-9]{1,10}\s*", re.ASCII)
_MAX_NUMBER: Final = 2**31 - 1
_READABLE: Final = frozenset(kind.encode() for kind in BODY_TYPES)
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def subject_of(request: Request, state: RegistryState) -> Subject:
    """The subject in the path, or the one that it is an alias of."""
    return queries.meant(state, SUBJECT_IN_PATH.of(request))


def scope_of(request: Request) -> Scope:
    """What the path sets something for: the subject or the context in it, or everything."""
    return contexts.scope_of(SUBJECT_IN_PATH.of(request))


def version_of(request: Request) -> VersionChoice:
    """The version in the path: a number from 1, ``latest`` or -1. Raises InvalidVersion."""
    text = VERSION_IN_PATH.of(request)
    if text.lower() == _LATEST:
        return LATEST
    number = _number(text)
    if number == -1:
        return LATEST
    if number is None or number < 1:
        raise InvalidVersion(text)
    return Version(number)


def id_of(request: Request) -> SchemaId:
    """The schema id in the path. Raises PathNotFound if it is no number."""
    number = _number(ID_IN_PATH.of(request))
    if number is None:
        raise PathNotFound
    return SchemaId(number)


def place_of(request: Request, state: RegistryState) -> Subject | None:
    """The subject or context that the query names for an id; an alias is followed."""
    name = SUBJECT.of(request)
    return queries.meant(state, name) if name else None


def page_of(request: Request, items: Iterable[Item], *, most: int | None = None) -> list[Item]:
    """The part of ``items`` that ``offset`` and ``limit`` ask for; a limit must lie above 0 and not above ``most``.

    Without one it is ``most``, or all. Raises PathNotFound if one of them is no number, or the offset is negative.
    """
    offset, limit = _number(OFFSET.of(request) or "0"), _number(LIMIT.of(request) or "-1")
    if offset is None or limit is None or offset < 0:
        raise PathNotFound
    count = limit if 0 < limit <= (most or limit) else most
    return list(islice(items, offset, None if count is None else offset + count))


def position_of(request: Request) -> Position:
    """The position to read on from. Raises PathNotFound if it is no number."""
    text = AFTER.of(request).strip() or str(START)
    if not re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
        raise PathNotFound
    return Position(int(text))


async def sent_in(request: Request, *, limit_bytes: int = MAX_BODY_BYTES) -> bytes:
    """The body as it was sent. Raises UnsupportedMediaType, BodyTooLarge, BodyMissing."""
    content_type = request.headers.get(b"content-type")
    if content_type and content_type not in _READABLE:
        media_type = content_type.partition(b";")[0].strip().lower()
        if media_type and media_type not in _READABLE:
            raise UnsupportedMediaType
    sent = (await _bytes_of(request, limit_bytes)).removeprefix(_BYTE_ORDER_MARK)
    if sent.strip() in (b"", b"null"):
        raise BodyMissing
    return sent


async def body_of(request: Request, kind: type[Body]) -> Body:
    """The JSON body. Raises UnsupportedMediaType, BodyTooLarge, BodyMissing, MalformedBody."""
    return await body_from(await sent_in(request), kind)


async def body_from(sent: bytes, kind: type[Body]) -> Body:
    """What was sent. Raises MalformedBody."""
    try:
        return await in_time(sent, lambda: from_wire(sent, kind))
    except RecursionError as error:
        raise MalformedBody("the body is nested too deeply", hint="send less depth") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise MalformedBody(
            f"the body is not what this path takes: {error}",
            hint='send a JSON object; a schema goes into it as text: {"schema": "..."}',
        ) from error


async def in_time(sent: bytes, read: Callable[[], T]) -> T:
    """What ``read`` makes of what was ``sent``, elsewhere if that is so large that others would wait."""
    return await asyncio.to_thread(read) if len(sent) > _LARGE_BYTES else read()


async def _bytes_of(request: Request, limit_bytes: int) -> bytes:
    announced = request.headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > limit_bytes:
        raise BodyTooLarge(limit_bytes)
    sent, more = await request.receive()
    # Most bodies come in one piece.
    if more:
        body = bytearray(sent)
        while more and len(body) <= limit_bytes:
            chunk, more = await request.receive()
            body += chunk
        sent = bytes(body)
    if len(sent) > limit_bytes:
        raise BodyTooLarge(limit_bytes)
    return sent


def _number(text: str) -> int | None:
    """``text`` as a 32-bit integer, or None."""
    if _NUMBER.fullmatch(text) is None:
        return None
    number = int(text)
    return number if -_MAX_NUMBER <= number <= _MAX_NUMBER else None
