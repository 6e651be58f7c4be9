"""The barest ASGI application, under the settings of the registry's own server: ``python -m ... PORT FILE TYPE``.

It answers every request with the bytes of the file under that media type, and reads what is posted first.
"""

import asyncio
import sys
from pathlib import Path

import uvicorn
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from accord.registry.http.server import LOOPBACK, listen


def application(body: bytes, media_type: bytes) -> ASGIApp:
    """The application."""
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-length", str(len(body)).encode()), (b"content-type", media_type)],
    }
    end = {"type": "http.response.body", "body": body}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
        await send(start)
        await send(end)

    return app


def main(port: int, path: Path, media_type: str) -> None:
    """Serve until told to stop."""
    config = uvicorn.Config(
        application(path.read_bytes(), media_type.encode()),
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(config).serve(sockets=[listen(LOOPBACK, port)]))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
