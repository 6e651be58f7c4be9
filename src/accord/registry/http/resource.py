"""A path and what each method does there. Path segments arrive as they were sent and are decoded one by one."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from urllib.parse import unquote

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from accord.registry.http.errors import MethodNotAllowed, PathNotFound

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def resource(path: str, **methods: Endpoint) -> Route:
    """Serve ``path``; the keywords are HTTP methods."""
    return Route(path, _Resource(methods))


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 -- ASGI's signature
    """What is served where nothing is."""
    raise PathNotFound


class _Resource:
    """HEAD comes with GET, and OPTIONS with everything."""

    def __init__(self, methods: dict[str, Endpoint]) -> None:
        self._methods = methods
        if "GET" in methods:
            self._methods = {**methods, "HEAD": methods["GET"]}
        self._allowed = (*self._methods, "OPTIONS")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._methods.get(scope["method"])
        if endpoint is not None:
            response = await endpoint(Request(scope, receive))
        elif scope["method"] == "OPTIONS":
            response = Response(headers={"allow": ", ".join(self._allowed)})
        else:
            raise MethodNotAllowed(self._allowed)
        await response(scope, receive, send)


class _Segment(Convertor[str]):
    """One segment; a slash in it was sent as %2F."""

    regex = "[^/]+"

    def convert(self, value: str) -> str:
        return unquote(value)

    def to_string(self, value: str) -> str:
        raise NotImplementedError


register_url_convertor("segment", _Segment())
