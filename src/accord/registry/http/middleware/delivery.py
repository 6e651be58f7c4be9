"""Answers on their way out: which headers they bear, and large ones packed (gzip) for who takes that."""

import asyncio
from http.client import NO_CONTENT
from typing import Final, TypeAlias

from accord.registry.http.exchange import AskerGone, Request, Response, Send, Streamed
from accord.registry.http.middleware.request_id import HEADER

_Headers: TypeAlias = list[tuple[bytes, bytes]]

_WORTH_PACKING_BYTES: Final = 2048
_LARGE_BYTES: Final = 128 << 10
"""Packing a body of this size takes milliseconds that others would wait."""
# What keeps answers must know that this one has two forms.
_VARY: Final = (b"vary", b"accept-encoding")
_PACKED: Final = (b"content-encoding", b"gzip")


async def deliver(response: Response, request: Request, send: Send) -> None:
    """Send ``response`` to who has sent ``request``. Raises AskerGone."""
    body = response.body
    headers = [(HEADER, request.id)]
    if response.status != NO_CONTENT:
        headers.append((b"content-type", response.media_type or request.media_type))
    if response.headers:
        headers += [(name.encode(), value.encode()) for name, value in response.headers.items()]
    if len(body) >= _WORTH_PACKING_BYTES:
        headers.append(_VARY)
        if _takes_gzip(request):
            body = await _packed(response)
            headers.append(_PACKED)
    if isinstance(response, Streamed):
        await _stream(response, headers, request, send)
        return
    if response.status != NO_CONTENT:
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _stream(response: Streamed, headers: _Headers, request: Request, send: Send) -> None:
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if request.method == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    gone = asyncio.create_task(request.gone())
    try:
        async for chunk in response.chunks:
            if gone.done():
                raise AskerGone
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        gone.cancel()
    await send({"type": "http.response.body", "body": b""})


async def _packed(response: Response) -> bytes:
    if len(response.body) >= _LARGE_BYTES:
        return await asyncio.to_thread(response.packed)
    return response.packed()


def _takes_gzip(request: Request) -> bool:
    codings = request.headers.get(b"accept-encoding", b"").replace(b" ", b"").lower().split(b",")
    return any(coding.startswith(b"gzip") and not coding.startswith(b"gzip;q=0") for coding in codings)
